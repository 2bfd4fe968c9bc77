"""Words of the workbook for scenario sets, in the languages in which it is handed out."""

from collections.abc import Mapping, Sequence

LANGUAGES = ("en", "hu")
LANGUAGE_NAMES: Mapping[str, Mapping[str, str]] = {
    "en": {"en": "English", "hu": "Hungarian"},
    "hu": {"en": "angolul", "hu": "magyarul"},
}
EXAMPLE: Mapping[str, str] = {"en": "example", "hu": "példa"}

WRONG: Mapping[str, tuple[str, str]] = {
    "en": ("This does not fit", "Please use what the message beside the cell describes."),
    "hu": ("Ez nem illik ide", "Kérjük, azt írja be, amit a cella melletti üzenet kér."),
}

# By field, or by sheet and field where a field means something of its own there: title (at most 32 characters) and text
# (at most 255), the limits of the file format.
MESSAGES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "en": {
        "#": (
            "Leave out",
            "Anything typed here, such as x, keeps the row from being loaded. The example is marked so.",
        ),
        "code": (
            "Code",
            "A short name for use in this workbook: small letters, digits, - and _. Other sheets refer to it.",
        ),
        "name": ("Name", "As it should stand on the screen. One language is enough; the other may be added later."),
        "description": ("Description", "Optional. A sentence or two."),
        "source": ("Source", "Optional. Where this comes from."),
        "scenario": ("Scenario", "Choose the code of a scenario from the sheet scenarios."),
        "indicator": ("Indicator", "Choose an indicator of the catalogue. Names are on the sheet lists."),
        "region": ("Region", "Choose a region or country. Names are on the sheet lists."),
        "theme": ("Theme", "Optional. Choose one of the themes."),
        "year": ("Year", "Type the year alone, such as 2030. No date."),
        "owner": ("Owner", "Optional. A role, such as cluster office; never a person's name."),
        "in": ("In each scenario", "A column for each row of the sheet scenarios; its head comes from there."),
        "axes.low": ("Low end", "What the axis is called at -1."),
        "axes.high": ("High end", "What the axis is called at +1."),
        "axes.in": (
            "Place of the scenario",
            "Where the scenario lies on this axis: from -1 (low end) to 1 (high end).",
        ),
        "scenarios.summary": ("Summary", "The future in one sentence."),
        "scenarios.story": ("Story", "The future told, at most some paragraphs. Alt+Enter begins a new line."),
        "scenarios.notes": ("Speaker's notes", "Optional. For whoever presents it."),
        "scenarios.prior": (
            "Weight beforehand",
            "Optional. How likely before any evidence, as weights such as 2 and 1. Give all or none.",
        ),
        "assumptions.driver": ("Driver", "Optional. The driver that this is about. Without one, give a subject."),
        "assumptions.subject": (
            "Subject",
            "What the assumption is about, such as energy prices. Needed where there is no driver.",
        ),
        "assumptions.text": ("Assumption", "What this scenario takes for granted."),
        "drivers.kind": (
            "Kind",
            "driver: pushes. trend: goes on. weak_signal: first signs. wild_card: unlikely, large effect.",
        ),
        "drivers.steep": ("STEEP", "social, technological, economic, environmental or political."),
        "drivers.impact": ("Impact", "Median of the panel, 1 (hardly any) to 10 (changes everything)."),
        "drivers.impact_low": ("Impact, low", "Optional. Low end of what the panel said."),
        "drivers.impact_high": ("Impact, high", "Optional. High end of what the panel said."),
        "drivers.uncertainty": ("Uncertainty", "Median of the panel, 1 (known) to 10 (anybody's guess)."),
        "drivers.uncertainty_low": ("Uncertainty, low", "Optional. Low end of what the panel said."),
        "drivers.uncertainty_high": ("Uncertainty, high", "Optional. High end of what the panel said."),
        "drivers.ratings": ("Ratings", "Optional. How many people rated it."),
        "drivers.year": ("Year of effect", "Optional. When it bites: median of the panel."),
        "drivers.year_low": ("Year, earliest", "Optional. Earliest of the range."),
        "drivers.year_high": ("Year, latest", "Optional. Latest of the range."),
        "evidence.driver": ("Driver", "Choose the driver for which this speaks."),
        "evidence.text": ("Evidence", "What was observed or published, in a sentence."),
        "evidence.url": ("Address", "Optional. Web address of the source."),
        "pathways.low": ("Low end", "Optional. Low end of the range, in the indicator's unit; it should hold 90 %."),
        "pathways.median": ("Median", "The figure of this year in the indicator's unit. A number, no formula."),
        "pathways.high": ("High end", "Optional. High end of the range, in the indicator's unit; it should hold 90 %."),
        "signposts.why": ("Why", "Why this tells one future from another."),
        "signposts.indicator": (
            "Indicator",
            "The indicator that tells it. Empty: people say in observed whether it is met.",
        ),
        "signposts.operator": (
            "Met when the figure is",
            "Above (>), at least (>=), below (<) or at most (<=) the threshold.",
        ),
        "signposts.threshold": ("Threshold", "In the indicator's unit."),
        "signposts.window": ("Years in a row", "How many of the newest figures must meet it. Empty means 1."),
        "signposts.due": ("Due", "Optional. Year by which it would be met."),
        "signposts.review": ("Review", "Optional. Day on which it is looked at again, as a date."),
        "signposts.cluster": (
            "Cluster",
            "Optional. The same word for signposts that move together: they then count as one.",
        ),
        "signposts.observed": ("Observed", "Only without an indicator: yes or no. Empty: not known yet."),
        "signposts.observed_on": ("Observed on", "Optional. The day, as a date."),
        "signposts.in": (
            "How likely in this scenario",
            "Choose one of the five words, from very_unlikely to very_likely.",
        ),
        "measures.strategy": ("Strategy", "Optional. The strategy that it belongs to."),
        "measures.instrument": ("Instrument", "Optional. How it is done: grant, training, regulation …"),
        "measures.cost": ("Cost", "Optional. In thousands of the currency, over its whole life."),
        "measures.currency": ("Currency", "Three letters. Empty means EUR."),
        "measures.needs": ("Needs", "Optional. Codes of measures without which it cannot work, with ; between."),
        "measures.excludes": ("Excludes", "Optional. Codes of measures that cannot be taken with it, with ; between."),
        "payoffs.measure": ("Measure", "Choose a measure."),
        "payoffs.group": ("Group", "Who says so: a code of the sheet groups. Empty: agreed by all."),
        "payoffs.score": ("What it brings", "From -2 (does harm) through 0 to 2 (brings much)."),
        "payoffs.reason": ("Reason", "Optional. Why, in a few words."),
        "matrices.kind": (
            "Kind",
            "cib: cross-impact balances. influence: who drives whom (MICMAC). morphology: a box of options.",
        ),
        "matrix": ("Matrix", "Only where there are several of a kind: its code. Empty: the first."),
        "part.code": ("Code", "Short and clear: it heads the rows and columns of the grid."),
        "part.note": ("Note", "Optional. What exactly is meant."),
        "part.ordinal": ("Ordered", "yes, if the values run from less to more."),
        "descriptors.in": ("Variant in this scenario", "Optional. Code of the variant that the scenario has."),
        "variants.descriptor": (
            "Descriptor",
            "Choose the descriptor. All its variants stand together, one below the other.",
        ),
        "values.parameter": ("Parameter", "Choose the parameter. All its values stand together, one below the other."),
        "reasons.group": ("Group", "Whose judgement it is; empty: agreed."),
        "reasons.row": (
            "Row",
            "As in the grid: descriptor.variant, such as access.wide; of an influence grid the code.",
        ),
        "reasons.column": ("Column", "As in the grid: descriptor.variant, such as people.many."),
        "reasons.reason": ("Reason", "Why the judgement is so. The judgement itself stands in the grid."),
        "milestones.goal": ("Goal", "yes for the goal itself; empty for a step on the way."),
        "milestones.indicator": ("Indicator", "Optional. The indicator whose value is meant."),
        "milestones.region": ("Region", "Optional. The region whose value is meant."),
        "milestones.value": ("Value", "Optional. In the indicator's unit."),
        "milestones.duration": ("Duration", "Optional. Years that it takes."),
        "milestones.measure": ("Measure", "Optional. The measure that brings it about."),
        "milestones.needs": ("Needs", "Optional. Codes of milestones that must come first, with ; between."),
        "workshops.title": ("Title", "As it should stand on the screen."),
        "workshops.place": ("Place", "Optional. Town, venue."),
        "workshops.summary": ("Summary", "Optional. What came out of it."),
        "workshops.held_on": ("Day", "Optional. The day, as a date."),
        "workshops.participants": (
            "Participants",
            "Kinds of organisations and how many came: ministry: 4; cluster: 9. No names of persons.",
        ),
        "records.workshop": ("Workshop", "Choose the workshop."),
        "records.kind": (
            "Kind",
            "input: what was brought. challenge: what stands in the way. action: what was agreed.",
        ),
        "records.text": ("Text", "What was said, in a sentence."),
        "records.due": ("Due", "Optional, for actions. The day, as a date."),
        "set.code": (
            "Code",
            "A short name of the set: small letters, digits, - and _. The same code replaces the same set.",
        ),
        "set.title": ("Title", "What the set is called."),
        "set.question": ("Question", "The question that the futures answer."),
        "set.description": ("Description", "What the set is about, for whom, and how it was made."),
        "set.caveat": ("Caveat", "What nobody should conclude from it; it stands on every screen."),
        "set.base_year": ("Base year", "Last year of which figures were known."),
        "set.horizon": ("Horizon", "Year up to which the futures are told."),
        "set.origin": (
            "Origin",
            "own: made by you. published: by others. illustrative: made up; every screen then says so.",
        ),
        "set.regions": ("Regions", "Regions that it is about: codes with ; between. Names are on the sheet lists."),
        "set.source": ("Source", "Who made it, and when."),
        "set.source_url": ("Address", "Optional. Web address of the source."),
        "set.licence": ("Licence", "Optional. Who may use it, and how, such as CC BY 4.0."),
        "set.position": ("Position", "Optional. Place among the sets: 1 comes first."),
    },
    "hu": {
        "#": ("Kihagyás", "Ha ide bármit ír, például x-et, a sort nem töltjük be. A példa is így van megjelölve."),
        "code": ("Kód", "Rövid név e munkafüzeten belül: kisbetű, számjegy, - és _. Más lapok erre hivatkoznak."),
        "name": ("Név", "Ahogyan a képernyőn álljon. Egy nyelv elég, a másik később is pótolható."),
        "description": ("Leírás", "Nem kötelező. Egy-két mondat."),
        "source": ("Forrás", "Nem kötelező. Honnan származik."),
        "scenario": ("Forgatókönyv", "Válassza ki egy forgatókönyv kódját a scenarios lapról."),
        "indicator": ("Mutató", "Válasszon a katalógus mutatói közül. A nevek a lists lapon vannak."),
        "region": ("Régió", "Válasszon régiót vagy országot. A nevek a lists lapon vannak."),
        "theme": ("Téma", "Nem kötelező. Válasszon egyet a témák közül."),
        "year": ("Év", "Csak az évszámot írja be, például 2030. Dátumot ne."),
        "owner": ("Felelős", "Nem kötelező. Szerepkör, például klaszteriroda; személynév soha."),
        "in": ("Forgatókönyvenként", "A scenarios lap minden sorához egy oszlop; a fejléce onnan jön."),
        "axes.low": ("Alsó vége", "Hogyan nevezzük a tengelyt -1-nél."),
        "axes.high": ("Felső vége", "Hogyan nevezzük a tengelyt +1-nél."),
        "axes.in": (
            "A forgatókönyv helye",
            "Hol fekszik a forgatókönyv ezen a tengelyen: -1 (alsó vég) és 1 (felső vég) között.",
        ),
        "scenarios.summary": ("Összefoglaló", "A jövő egy mondatban."),
        "scenarios.story": ("Történet", "A jövő elmesélve, legfeljebb néhány bekezdésben. Új sor: Alt+Enter."),
        "scenarios.notes": ("Előadói jegyzet", "Nem kötelező. Annak, aki bemutatja."),
        "scenarios.prior": (
            "Előzetes súly",
            (
                "Nem kötelező. Mennyire valószínű minden bizonyíték előtt, súlyként, például 2 és 1. Mindnek adjon "
                "vagy egynek se."
            ),
        ),
        "assumptions.driver": ("Hajtóerő", "Nem kötelező. Az a hajtóerő, amelyről szól. Ha nincs, adjon meg tárgyat."),
        "assumptions.subject": ("Tárgy", "Amiről a feltevés szól, például energiaárak. Hajtóerő nélkül kötelező."),
        "assumptions.text": ("Feltevés", "Amit ez a forgatókönyv adottnak vesz."),
        "drivers.kind": (
            "Fajta",
            (
                "driver: hajtóerő. trend: folytatódó irány. weak_signal: gyenge jel. wild_card: valószínűtlen, de "
                "nagy hatású esemény."
            ),
        ),
        "drivers.steep": (
            "STEEP",
            (
                "social: társadalmi, technological: műszaki, economic: gazdasági, environmental: környezeti, "
                "political: politikai."
            ),
        ),
        "drivers.impact": ("Hatás", "A szakértők mediánja 1-től (alig hat) 10-ig (mindent megváltoztat)."),
        "drivers.impact_low": ("Hatás, alsó", "Nem kötelező. A vélemények alsó vége."),
        "drivers.impact_high": ("Hatás, felső", "Nem kötelező. A vélemények felső vége."),
        "drivers.uncertainty": ("Bizonytalanság", "A szakértők mediánja 1-től (ismert) 10-ig (bármi lehet)."),
        "drivers.uncertainty_low": ("Bizonytalanság, alsó", "Nem kötelező. A vélemények alsó vége."),
        "drivers.uncertainty_high": ("Bizonytalanság, felső", "Nem kötelező. A vélemények felső vége."),
        "drivers.ratings": ("Értékelők", "Nem kötelező. Hányan értékelték."),
        "drivers.year": ("Hatás éve", "Nem kötelező. Mikor kezd hatni: a szakértők mediánja."),
        "drivers.year_low": ("Év, legkorábban", "Nem kötelező. A tartomány eleje."),
        "drivers.year_high": ("Év, legkésőbb", "Nem kötelező. A tartomány vége."),
        "evidence.driver": ("Hajtóerő", "Válassza ki, melyik hajtóerő mellett szól."),
        "evidence.text": ("Bizonyíték", "Amit megfigyeltek vagy közzétettek, egy mondatban."),
        "evidence.url": ("Webcím", "Nem kötelező. A forrás címe."),
        "pathways.low": ("Alsó vég", "Nem kötelező. A sáv alsó vége a mutató egységében; a sáv 90%-ot fogjon át."),
        "pathways.median": ("Medián", "Az év adata a mutató egységében. Szám, nem képlet."),
        "pathways.high": ("Felső vég", "Nem kötelező. A sáv felső vége a mutató egységében; a sáv 90%-ot fogjon át."),
        "signposts.why": ("Miért", "Miért különbözteti meg az egyik jövőt a másiktól."),
        "signposts.indicator": ("Mutató", "Amelyik jelzi. Ha üres, az observed oszlopban mondják meg, teljesült-e."),
        "signposts.operator": (
            "Teljesül, ha az adat",
            "a küszöb fölött (>), legalább a küszöb (>=), alatta (<) vagy legfeljebb a küszöb (<=).",
        ),
        "signposts.threshold": ("Küszöb", "A mutató egységében."),
        "signposts.window": ("Egymást követő évek", "A legújabb adatok közül hánynak kell teljesítenie. Üresen 1."),
        "signposts.due": ("Határév", "Nem kötelező. Melyik évre teljesülne."),
        "signposts.review": ("Felülvizsgálat", "Nem kötelező. Mikor nézzük meg újra, dátumként."),
        "signposts.cluster": ("Csoport", "Nem kötelező. Azonos szó az együtt mozgó jelzőknek: így egynek számítanak."),
        "signposts.observed": ("Megfigyelve", "Csak mutató nélkül: yes (igen) vagy no (nem). Üresen: még nem tudjuk."),
        "signposts.observed_on": ("Megfigyelés napja", "Nem kötelező. A nap, dátumként."),
        "signposts.in": (
            "Mennyire valószínű benne",
            (
                "Válasszon az öt szóból, a very_unlikely (nagyon valószínűtlen) szótól a very_likely (nagyon "
                "valószínű) szóig."
            ),
        ),
        "measures.strategy": ("Stratégia", "Nem kötelező. Amelyikhez tartozik."),
        "measures.instrument": ("Eszköz", "Nem kötelező. Hogyan valósul meg: támogatás, képzés, szabályozás …"),
        "measures.cost": ("Költség", "Nem kötelező. A pénznem ezreiben, a teljes időtartamra."),
        "measures.currency": ("Pénznem", "Három betű. Üresen EUR."),
        "measures.needs": (
            "Feltétele",
            "Nem kötelező. Azok az intézkedések, amelyek nélkül nem működik; kódok, köztük ;",
        ),
        "measures.excludes": (
            "Kizárja",
            "Nem kötelező. Azok az intézkedések, amelyekkel együtt nem választható; kódok, köztük ;",
        ),
        "payoffs.measure": ("Intézkedés", "Válasszon intézkedést."),
        "payoffs.group": ("Csoport", "Ki mondja: a groups lap egyik kódja. Üresen: mindenki egyetért."),
        "payoffs.score": ("Mit hoz", "-2-től (árt) 0-n át 2-ig (sokat hoz)."),
        "payoffs.reason": ("Indok", "Nem kötelező. Miért, néhány szóban."),
        "matrices.kind": (
            "Fajta",
            "cib: kereszthatás-egyenleg. influence: ki hat kire (MICMAC). morphology: lehetőségek doboza.",
        ),
        "matrix": ("Mátrix", "Csak ha egy fajtából több van: a kódja. Üresen az első."),
        "part.code": ("Kód", "Rövid és világos: ez áll a rács sorai és oszlopai elején."),
        "part.note": ("Megjegyzés", "Nem kötelező. Pontosan mit értünk rajta."),
        "part.ordinal": ("Sorba rendezett", "yes, ha az értékek a kevesebbtől a több felé haladnak."),
        "descriptors.in": (
            "Változat a forgatókönyvben",
            "Nem kötelező. Annak a változatnak a kódja, amely ebben a forgatókönyvben áll.",
        ),
        "variants.descriptor": ("Leíró", "Válassza ki a leírót. Egy leíró változatai egymás alatt álljanak."),
        "values.parameter": ("Paraméter", "Válassza ki a paramétert. Egy paraméter értékei egymás alatt álljanak."),
        "reasons.group": ("Csoport", "Kinek az ítélete; üresen: közös."),
        "reasons.row": ("Sor", "Mint a rácsban: leíró.változat, például access.wide; hatásmátrixnál csak a kód."),
        "reasons.column": ("Oszlop", "Mint a rácsban: leíró.változat, például people.many."),
        "reasons.reason": ("Indok", "Miért ilyen az ítélet. Maga az ítélet a rácsban áll."),
        "milestones.goal": ("Cél", "yes, ha maga a cél; üresen, ha egy lépés odáig."),
        "milestones.indicator": ("Mutató", "Nem kötelező. Amelyik értékéről szó van."),
        "milestones.region": ("Régió", "Nem kötelező. Amelyik értékéről szó van."),
        "milestones.value": ("Érték", "Nem kötelező. A mutató egységében."),
        "milestones.duration": ("Időtartam", "Nem kötelező. Hány évig tart."),
        "milestones.measure": ("Intézkedés", "Nem kötelező. Amelyik elhozza."),
        "milestones.needs": (
            "Feltétele",
            "Nem kötelező. Azok a mérföldkövek, amelyeknek előbb kell jönniük; kódok, köztük ;",
        ),
        "workshops.title": ("Cím", "Ahogyan a képernyőn álljon."),
        "workshops.place": ("Hely", "Nem kötelező. Város, helyszín."),
        "workshops.summary": ("Összefoglaló", "Nem kötelező. Mi lett az eredménye."),
        "workshops.held_on": ("Nap", "Nem kötelező. A nap, dátumként."),
        "workshops.participants": (
            "Résztvevők",
            "Szervezetfajták és hogy hányan jöttek: ministry: 4; cluster: 9. Személynevet ne.",
        ),
        "records.workshop": ("Műhely", "Válassza ki a műhelyt."),
        "records.kind": ("Fajta", "input: amit hoztak. challenge: ami akadály. action: amiben megállapodtak."),
        "records.text": ("Szöveg", "Ami elhangzott, egy mondatban."),
        "records.due": ("Határidő", "Nem kötelező, teendőknél. A nap, dátumként."),
        "set.code": ("Kód", "A készlet rövid neve: kisbetű, számjegy, - és _. Azonos kód azonos készletet cserél le."),
        "set.title": ("Cím", "Hogyan nevezzük a készletet."),
        "set.question": ("Kérdés", "A kérdés, amelyre a jövők válaszolnak."),
        "set.description": ("Leírás", "Miről és kinek szól, hogyan készült."),
        "set.caveat": ("Figyelmeztetés", "Amit senki ne olvasson ki belőle; minden képernyőn ott áll."),
        "set.base_year": ("Bázisév", "Az utolsó év, amelynek adatai ismertek voltak."),
        "set.horizon": ("Időtáv", "Az az év, ameddig a jövők szólnak."),
        "set.origin": (
            "Eredet",
            "own: Önök készítették. published: mások tették közzé. illustrative: kitalált; ezt minden képernyő jelzi.",
        ),
        "set.regions": ("Régiók", "Amelyekről szól: kódok, köztük ; A nevek a lists lapon vannak."),
        "set.source": ("Forrás", "Ki és mikor készítette."),
        "set.source_url": ("Webcím", "Nem kötelező. A forrás címe."),
        "set.licence": ("Licenc", "Nem kötelező. Ki és hogyan használhatja, például CC BY 4.0."),
        "set.position": ("Sorszám", "Nem kötelező. Hely a készletek között: az 1-es az első."),
    },
}

GRID: Mapping[str, Mapping[str, str]] = {
    "en": {
        "matrix": "matrix",
        "group": "group",
        "cib": (
            "How much does the row promote (+3) or hinder (-3) the column? Empty means no influence. Grey: a "
            "descriptor on itself, usually empty."
        ),
        "influence": (
            "How strongly does the row influence the column? 0 none, 1 weak, 2 medium, 3 strong, P only potential. "
            "The diagonal stays empty."
        ),
        "morphology": (
            "Do row and column go together? From -2 (hardly) to 2 (well), X impossible. Each pair once; grey stays "
            "empty."
        ),
        "labels": (
            "Rows and heads come from the sheet before; fill in the cells only. A grid of one group is a copy of "
            "this sheet with the group's code in D1."
        ),
    },
    "hu": {
        "matrix": "mátrix",
        "group": "csoport",
        "cib": (
            "Mennyire segíti (+3) vagy gátolja (-3) a sor az oszlopot? Üresen: nem hat rá. Szürke: a leíró "
            "önmagára, ez többnyire üres."
        ),
        "influence": (
            "Mennyire hat a sor az oszlopra? 0 nem, 1 gyengén, 2 közepesen, 3 erősen, P csak lehetséges. Az átló "
            "üres marad."
        ),
        "morphology": (
            "Összefér-e a sor és az oszlop? -2-től (alig) 2-ig (jól), X lehetetlen. Minden pár egyszer; a szürke "
            "üres marad."
        ),
        "labels": (
            "A sorok és a fejléc az előző lapról jönnek; csak a cellákat töltse ki. Egy csoport rácsa e lap "
            "másolata, D1-ben a csoport kódjával."
        ),
    },
}

LIST_HEADS: Mapping[str, Mapping[str, str]] = {
    "en": {"code": "code", "name": "name", "meaning": "meaning"},
    "hu": {"code": "kód", "name": "név", "meaning": "jelentés"},
}

MEANINGS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "driver kinds": {
        "driver": {"en": "driver", "hu": "hajtóerő"},
        "trend": {"en": "trend", "hu": "trend"},
        "weak_signal": {"en": "weak signal", "hu": "gyenge jel"},
        "wild_card": {"en": "wild card", "hu": "vadkártya: valószínűtlen, nagy hatású esemény"},
    },
    "steep": {
        "social": {"en": "social", "hu": "társadalmi"},
        "technological": {"en": "technological", "hu": "műszaki"},
        "economic": {"en": "economic", "hu": "gazdasági"},
        "environmental": {"en": "environmental", "hu": "környezeti"},
        "political": {"en": "political", "hu": "politikai"},
    },
    "likelihoods": {
        "very_unlikely": {"en": "very unlikely (5 %)", "hu": "nagyon valószínűtlen (5%)"},
        "unlikely": {"en": "unlikely (25 %)", "hu": "valószínűtlen (25%)"},
        "even": {"en": "as likely as not (50 %)", "hu": "egyformán lehet és nem (50%)"},
        "likely": {"en": "likely (75 %)", "hu": "valószínű (75%)"},
        "very_likely": {"en": "very likely (95 %)", "hu": "nagyon valószínű (95%)"},
    },
    "operators": {
        ">": {"en": "above the threshold", "hu": "a küszöb fölött"},
        ">=": {"en": "at least the threshold", "hu": "legalább a küszöb"},
        "<": {"en": "below the threshold", "hu": "a küszöb alatt"},
        "<=": {"en": "at most the threshold", "hu": "legfeljebb a küszöb"},
    },
    "flags": {"yes": {"en": "yes", "hu": "igen"}, "no": {"en": "no", "hu": "nem"}},
    "origins": {
        "own": {"en": "made by you", "hu": "saját"},
        "published": {"en": "published by others", "hu": "mások tették közzé"},
        "illustrative": {"en": "made up, for illustration", "hu": "kitalált, szemléltetésre"},
    },
    "matrix kinds": {
        "cib": {"en": "cross-impact balances", "hu": "kereszthatás-egyenleg"},
        "influence": {"en": "influence among variables (MICMAC)", "hu": "változók egymásra hatása (MICMAC)"},
        "morphology": {"en": "morphological box", "hu": "morfológiai doboz"},
    },
    "record kinds": {
        "input": {"en": "input", "hu": "bemenet"},
        "challenge": {"en": "challenge", "hu": "akadály"},
        "action": {"en": "action", "hu": "teendő"},
    },
}
"""Codes of lists and what they mean."""

SHEETS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "set": "What the set is called, what it asks, for which years and regions. Needed.",
        "axes": "Up to some axes on which the scenarios lie; two make a cross.",
        "groups": "Kinds of organisations that judge, such as ministries and clusters. Optional.",
        "scenarios": "The futures, one row each. Needed.",
        "drivers": "What shapes the subject, with impact, uncertainty and time.",
        "evidence": "What speaks for a driver.",
        "assumptions": "What each scenario takes for granted.",
        "pathways": "Figures: scenario, region, indicator and year in a row, with median and range.",
        "signposts": "What would tell that one future is coming, and how likely it is in each of them.",
        "strategies": "Ways to act, made of measures.",
        "measures": "What can be done, and what it costs.",
        "payoffs": "What each measure brings in each scenario, as groups say.",
        "matrices": "Names of the matrices below; leave it empty when there is one of a kind.",
        "descriptors": "Cross-impact: the factors, and which variant of each a scenario has.",
        "variants": "Cross-impact: how each factor may develop.",
        "cross_impact": "Cross-impact: the judgements, as a grid with sections.",
        "variables": "Influence: the variables.",
        "influence": "Influence: the judgements, as a grid.",
        "parameters": "Morphological box: the questions.",
        "values": "Morphological box: the answers to each question.",
        "box": "Morphological box: which answers go together.",
        "reasons": "Reasons for single judgements of the grids. Optional.",
        "milestones": "Steps back from the goal, with who answers for them.",
        "workshops": "Where it was worked on: kinds of participants, no persons.",
        "records": "What was brought, named as an obstacle or agreed there.",
        "data": "A scenario table (IAMC), as it came; filled only in files that PoliSEE wrote.",
        "lists": "Codes and what they mean.",
    },
    "hu": {
        "set": "A készlet neve, kérdése, évei és régiói. Kötelező.",
        "axes": "Tengelyek, amelyeken a forgatókönyvek fekszenek; kettő keresztet ad.",
        "groups": "Ítélő szervezetfajták, például minisztériumok és klaszterek. Nem kötelező.",
        "scenarios": "A jövők, egy sorban egy. Kötelező.",
        "drivers": "Ami a tárgyat alakítja: hatás, bizonytalanság, idő.",
        "evidence": "Ami egy hajtóerő mellett szól.",
        "assumptions": "Amit az egyes forgatókönyvek adottnak vesznek.",
        "pathways": "Adatok: soronként forgatókönyv, régió, mutató és év, mediánnal és sávval.",
        "signposts": "Ami jelezné, hogy egy jövő közeleg, és mennyire valószínű ez az egyes jövőkben.",
        "strategies": "Cselekvési irányok, intézkedésekből.",
        "measures": "Amit tenni lehet, és mennyibe kerül.",
        "payoffs": "Mit hoz egy intézkedés az egyes forgatókönyvekben, a csoportok szerint.",
        "matrices": "Az alábbi mátrixok neve; hagyja üresen, ha egy fajtából csak egy van.",
        "descriptors": "Kereszthatás: a tényezők, és melyik változatuk áll az egyes forgatókönyvekben.",
        "variants": "Kereszthatás: hogyan alakulhat egy-egy tényező.",
        "cross_impact": "Kereszthatás: az ítéletek, szakaszokra osztott rácsként.",
        "variables": "Hatásmátrix: a változók.",
        "influence": "Hatásmátrix: az ítéletek rácsa.",
        "parameters": "Morfológiai doboz: a kérdések.",
        "values": "Morfológiai doboz: a kérdések lehetséges válaszai.",
        "box": "Morfológiai doboz: mely válaszok férnek össze.",
        "reasons": "Egyes ítéletek indoka. Nem kötelező.",
        "milestones": "Lépések a céltól visszafelé, felelőssel.",
        "workshops": "Ahol dolgoztak rajta: a résztvevők fajtái, személyek nélkül.",
        "records": "Amit ott hoztak, akadálynak neveztek vagy amiben megállapodtak.",
        "data": "Forgatókönyv-táblázat (IAMC), ahogyan érkezett; csak a PoliSEE által írt fájlban van kitöltve.",
        "lists": "Kódok és jelentésük.",
    },
}

GUIDES: Mapping[str, Sequence[str]] = {
    "en": (
        "A set of scenarios in one workbook",
        "1. Fill in set and scenarios first; all other sheets are optional. Come back to them after each workshop.",
        (
            "2. Each row has a code of your own. Other sheets choose it from a list, so fill in the sheets from "
            "left to right."
        ),
        (
            "3. Texts stand in both languages side by side. One language is enough; a translator later fills the "
            "other columns."
        ),
        (
            "4. The row marked example shows how a row is filled in. It is not loaded, nor is any row with "
            "something under #."
        ),
        (
            "5. Pathways: one row for each scenario, region, indicator and year, in the indicator's unit. Low and "
            "high may stay empty."
        ),
        (
            "6. Grids (cross_impact, influence, box): rows and heads come from the sheets before them; type the "
            "judgements only."
        ),
        (
            "7. Write figures, not formulas. Missing is empty, never 0. Keep names of sheets and columns, merge no "
            "cells, no macros."
        ),
        "8. Save as XLSX and load it: polisee load FILE. Loading it again replaces the set of this code as a whole.",
        (
            "Rows that cannot be taken do not stop the others; polisee quarantine lists them with sheet, row, "
            "column and remedy."
        ),
        (
            "What people changed on the screen is kept in the audit when a file replaces it. To begin from it: "
            "polisee export-set CODE FILE.xlsx."
        ),
    ),
    "hu": (
        "Egy forgatókönyv-készlet egy munkafüzetben",
        (
            "1. Először a set és a scenarios lapot töltse ki; a többi nem kötelező. Minden műhely után "
            "visszatérhet hozzájuk."
        ),
        (
            "2. Minden sornak saját kódja van. A többi lap listából választja, ezért balról jobbra haladva töltse "
            "ki a lapokat."
        ),
        (
            "3. A szövegek két nyelven, egymás mellett állnak. Egy nyelv elég; a fordító később tölti ki a másik "
            "oszlopokat."
        ),
        "4. A példa jelű sor mutatja a kitöltést. Nem töltjük be, ahogyan azt sem, amelynek a # oszlopában bármi áll.",
        (
            "5. Pályák: minden forgatókönyv, régió, mutató és év külön sor, a mutató egységében. Az alsó és felső "
            "vég üres lehet."
        ),
        (
            "6. Rácsok (cross_impact, influence, box): a sorok és a fejléc az előttük álló lapról jönnek; csak az "
            "ítéletet írja be."
        ),
        (
            "7. Számot írjon, ne képletet. A hiány üres, sosem 0. A lapok és oszlopok neve maradjon; ne egyesítsen "
            "cellát, ne legyen makró."
        ),
        "8. Mentse XLSX-ként; betöltés: polisee load FÁJL. Újra betöltve az azonos kódú készlet egészét lecseréli.",
        "A hibás sor a többit nem akasztja meg; a polisee quarantine kiírja a lapot, a sort, az oszlopot és a teendőt.",
        (
            "A képernyőn végzett módosításokat a napló megőrzi, ha fájl váltja fel őket. Ha azokból indulna: "
            "polisee export-set KÓD FÁJL.xlsx."
        ),
    ),
}

EXAMPLES: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "en": {
        "axes": {"code": "markets", "name": "Access to markets", "low": "closed", "high": "open"},
        "groups": {"code": "ministries", "name": "Ministries"},
        "scenarios": {
            "code": "open_door",
            "name": "The open door",
            "summary": "Markets stay open and trained people come back.",
            "story": "In 2035 the clusters of the region sell more abroad than at home …",
            "notes": "Ask who in the room would win and who would lose.",
        },
        "drivers": {"code": "ageing", "name": "Ageing of the workforce", "description": "Fewer people of working age."},
        "evidence": {
            "driver": "ageing",
            "text": "Population projection of 2023.",
            "url": "https://ec.europa.eu/eurostat",
        },
        "assumptions": {
            "scenario": "open_door",
            "code": "ageing",
            "driver": "ageing",
            "text": "Slowed by people who return.",
        },
        "signposts": {
            "code": "jobs",
            "name": "Employment above 75 %",
            "why": "Only open markets bring that many jobs.",
            "owner": "Labour office",
        },
        "strategies": {"code": "skills_first", "name": "Skills first", "description": "Training before buildings."},
        "measures": {"code": "dual_training", "name": "Dual training in ten towns", "instrument": "Grant"},
        "payoffs": {"measure": "dual_training", "scenario": "open_door", "reason": "Firms hire at once."},
        "matrices": {"code": "cib", "name": "Cross-impact of the spring workshop"},
        "descriptors": {"code": "access", "name": "Access to markets", "note": "Tariffs and transport together."},
        "variants": {"descriptor": "access", "code": "wide", "name": "Wide"},
        "variables": {"code": "wages", "name": "Wages"},
        "parameters": {"code": "funding", "name": "Who pays?"},
        "values": {"parameter": "funding", "code": "state", "name": "The state"},
        "reasons": {"row": "access.wide", "column": "people.many", "reason": "Work brings people."},
        "milestones": {"code": "school_open", "name": "Training centre opened", "owner": "County"},
        "workshops": {
            "code": "spring",
            "title": "Spring workshop",
            "place": "Szeged",
            "summary": "Four futures were chosen.",
        },
        "records": {"workshop": "spring", "text": "Ask the chamber for figures.", "owner": "Cluster office"},
    },
    "hu": {
        "axes": {"code": "markets", "name": "Piacra jutás", "low": "zárt", "high": "nyitott"},
        "groups": {"code": "ministries", "name": "Minisztériumok"},
        "scenarios": {
            "code": "open_door",
            "name": "Nyitott kapu",
            "summary": "A piacok nyitva maradnak, és a képzett emberek hazatérnek.",
            "story": "2035-ben a régió klaszterei többet adnak el külföldön, mint itthon …",
            "notes": "Kérdezze meg, ki nyerne és ki veszítene a jelenlévők közül.",
        },
        "drivers": {"code": "ageing", "name": "A munkaerő öregedése", "description": "Kevesebb munkaképes korú."},
        "evidence": {
            "driver": "ageing",
            "text": "2023-as népesség-előreszámítás.",
            "url": "https://ec.europa.eu/eurostat",
        },
        "assumptions": {
            "scenario": "open_door",
            "code": "ageing",
            "driver": "ageing",
            "text": "A hazatérők lassítják.",
        },
        "signposts": {
            "code": "jobs",
            "name": "75% fölötti foglalkoztatás",
            "why": "Ennyi munkahelyet csak nyitott piac hoz.",
            "owner": "Munkaügyi hivatal",
        },
        "strategies": {
            "code": "skills_first",
            "name": "Először a készségek",
            "description": "Képzés az épületek előtt.",
        },
        "measures": {"code": "dual_training", "name": "Duális képzés tíz városban", "instrument": "Támogatás"},
        "payoffs": {"measure": "dual_training", "scenario": "open_door", "reason": "A cégek azonnal felveszik őket."},
        "matrices": {"code": "cib", "name": "A tavaszi műhely kereszthatás-mátrixa"},
        "descriptors": {"code": "access", "name": "Piacra jutás", "note": "Vám és szállítás együtt."},
        "variants": {"descriptor": "access", "code": "wide", "name": "Tág"},
        "variables": {"code": "wages", "name": "Bérek"},
        "parameters": {"code": "funding", "name": "Ki fizet?"},
        "values": {"parameter": "funding", "code": "state", "name": "Az állam"},
        "reasons": {"row": "access.wide", "column": "people.many", "reason": "A munka hozza az embereket."},
        "milestones": {"code": "school_open", "name": "Megnyílt a képzőközpont", "owner": "Vármegye"},
        "workshops": {
            "code": "spring",
            "title": "Tavaszi műhely",
            "place": "Szeged",
            "summary": "Négy jövőt választottunk.",
        },
        "records": {"workshop": "spring", "text": "Adatot kérni a kamarától.", "owner": "Klaszteriroda"},
    },
}
"""Texts of the example rows."""

EXAMPLE_FIGURES: Mapping[str, Mapping[str, object]] = {
    "scenarios": {"prior": None},
    "drivers": {
        "kind": "trend",
        "steep": "social",
        "theme": "skills",
        "impact_low": 6,
        "impact": 8,
        "impact_high": 9,
        "uncertainty_low": 2,
        "uncertainty": 3,
        "uncertainty_high": 5,
        "year_low": 2026,
        "year": 2028,
        "year_high": 2032,
        "ratings": 12,
    },
    "pathways": {
        "scenario": "open_door",
        "region": "HU33",
        "indicator": "employment_rate",
        "year": 2030,
        "low": 70,
        "median": 73.5,
        "high": 76,
    },
    "signposts": {
        "indicator": "employment_rate",
        "region": "HU33",
        "operator": ">=",
        "threshold": 75,
        "window": 2,
        "due": 2030,
    },
    "measures": {"strategy": "skills_first", "theme": "skills", "cost": 1200, "currency": "EUR"},
    "payoffs": {"group": "ministries", "score": 2},
    "matrices": {"kind": "cib"},
    "descriptors": {"ordinal": "yes"},
    "milestones": {"year": 2029, "duration": 2, "measure": "dual_training"},
    "workshops": {"participants": "ministry: 4; cluster: 9"},
    "records": {"kind": "action"},
}
"""Codes and figures of the example rows, the same in every language."""

DEFAULT_MATRICES: Mapping[str, Mapping[str, str]] = {
    "cib": {"en": "Cross-impact matrix", "hu": "Kereszthatás-mátrix"},
    "influence": {"en": "Influence matrix", "hu": "Hatásmátrix"},
    "morphology": {"en": "Morphological box", "hu": "Morfológiai doboz"},
}
"""Names of matrices that the workbook does not name."""
