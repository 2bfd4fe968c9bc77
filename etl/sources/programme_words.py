"""Words of the workbook for programmes, in the languages in which it is handed out."""

from collections.abc import Mapping, Sequence

LANGUAGES = ("en", "hu")
LANGUAGE_NAMES: Mapping[str, Mapping[str, str]] = {
    "en": {"en": "English", "hu": "Hungarian"},
    "hu": {"en": "angolul", "hu": "magyarul"},
}
WRONG: Mapping[str, tuple[str, str]] = {
    "en": ("This does not fit", "Please use what the message beside the cell describes."),
    "hu": ("Ez nem illik ide", "Kérjük, azt írja be, amit a cella melletti üzenet kér."),
}
EXAMPLE: Mapping[str, str] = {"en": "example", "hu": "példa"}
LIST_HEADS: Mapping[str, Mapping[str, str]] = {
    "en": {"code": "code", "name": "name", "what": "what"},
    "hu": {"code": "kód", "name": "név", "what": "mi ez"},
}

# By field, or by sheet and field where a field means something of its own there: title and text in English, then in
# Hungarian. Titles have at most 32 characters and texts 255, the limits of the file format.
MESSAGES: Mapping[str, tuple[str, str, str, str]] = {
    "#": (
        *("Leave out", "Anything typed here, such as x, keeps the row from being loaded. The example is marked so."),
        *("Kihagyás", "Ha ide bármit ír, például x-et, a sor nem kerül be. A példasor így van megjelölve."),
    ),
    "code": (
        *("Code", "A short name for use in this workbook, such as p01 or d2_1. Other sheets refer to it."),
        *("Kód", "Rövid név a munkafüzeten belül, például p01 vagy d2_1. A többi lap erre hivatkozik."),
    ),
    "position": (
        *("Order", "Optional. Empty: as the rows stand."),
        *("Sorrend", "Nem kötelező. Üresen: ahogy a sorok állnak."),
    ),
    "theme": (
        *("Theme", "Optional. Choose one of the themes on the sheet lists."),
        *("Téma", "Nem kötelező. Válasszon a lists lap témái közül."),
    ),
    "region": (
        *("Region", "Optional. Code of a region; names are on the sheet lists."),
        *("Régió", "Nem kötelező. A régió kódja; a nevek a lists lapon állnak."),
    ),
    "regions": (
        *("Regions", "Codes of regions with ; between, such as HU31; RO11."),
        *("Régiók", "Régiókódok pontosvesszővel elválasztva, például HU31; RO11."),
    ),
    "country": ("Country", "Two letters, such as HU or EL.", "Ország", "Két betű, például HU vagy EL."),
    "partner": (
        *("Partner", "Code of the partner, from the sheet partners."),
        *("Partner", "A partner kódja a partners lapról."),
    ),
    "partners": (
        *("Partners", "Codes of partners with ; between, such as p01; p07."),
        *("Partnerek", "Partnerkódok pontosvesszővel elválasztva, például p01; p07."),
    ),
    "lead": (
        *("Leads", "Optional. Code of the partner that leads."),
        *("Vezető", "Nem kötelező. A vezető partner kódja."),
    ),
    "work_package": (
        *("Work package", "Code of the work package, from its sheet."),
        *("Munkacsomag", "A munkacsomag kódja a saját lapjáról."),
    ),
    "period": (
        *("Period", "Number of the reporting period, such as 4."),
        *("Időszak", "A jelentéstételi időszak száma, például 4."),
    ),
    "pilot": ("Pilot", "Code of the pilot, from the sheet pilots.", "Kísérlet", "A kísérlet kódja a pilots lapról."),
    "indicator": (
        *("Indicator", "Code of the indicator, from the sheet result_indicators."),
        *("Mutató", "A mutató kódja a result_indicators lapról."),
    ),
    "start": ("Start", "First day, as a date.", "Kezdet", "Az első nap, dátumként."),
    "end": ("End", "Last day, as a date.", "Vége", "Az utolsó nap, dátumként."),
    "start_period": (
        *("First period", "Number of the period in which it begins."),
        *("Első időszak", "Annak az időszaknak a száma, amelyben kezdődik."),
    ),
    "end_period": (
        *("Last period", "Number of the period in which it ends."),
        *("Utolsó időszak", "Annak az időszaknak a száma, amelyben véget ér."),
    ),
    "budget": (
        *("Budget", "Planned money in the programme's currency, with at most two decimals."),
        *("Költségvetés", "A tervezett összeg a program pénznemében, legfeljebb két tizedessel."),
    ),
    "source_url": (
        *("Source", "Optional. Web address at which this is stated."),
        *("Forrás", "Nem kötelező. A webcím, ahol ez olvasható."),
    ),
    "url": (
        "Address",
        "Optional. Web address of the thing itself.",
        "Webcím",
        "Nem kötelező. Magának a dolognak a címe.",
    ),
    "title": (
        *("Title", "As it should stand on the screen. One language is enough."),
        *("Cím", "Ahogy a képernyőn álljon. Elég egy nyelven."),
    ),
    "name": (
        *("Name", "As it should stand on the screen. One language is enough."),
        *("Név", "Ahogy a képernyőn álljon. Elég egy nyelven."),
    ),
    "place": ("Place", "Optional. Town or online.", "Helyszín", "Nem kötelező. Város vagy online."),
    "comment": ("Comment", "Optional. A sentence or two.", "Megjegyzés", "Nem kötelező. Egy-két mondat."),
    "note": ("Note", "Optional. A sentence or two.", "Megjegyzés", "Nem kötelező. Egy-két mondat."),
    "status": ("Status", "Choose one of the list.", "Állapot", "Válasszon a listából."),
    "state": ("State", "Choose one of the list.", "Állapot", "Válasszon a listából."),
    "kind": ("Kind", "Choose one of the list.", "Fajta", "Válasszon a listából."),
    "owner_role": (
        *("Who answers", "A role, such as pilot lead; never a person's name."),
        *("Felelős", "Szerepkör, például kísérletvezető; soha nem személynév."),
    ),
    "submitted_on": ("Submitted on", "The day, as a date.", "Benyújtva", "A nap, dátumként."),
    "category": ("Cost category", "Choose one of the list.", "Költségkategória", "Válasszon a listából."),
    "fund": ("Fund", "Such as ERDF or IPA.", "Alap", "Például ERDF vagy IPA."),
    "amount": (
        *("Amount", "Planned money with at most two decimals. A number, no formula."),
        *("Összeg", "Tervezett összeg legfeljebb két tizedessel. Szám, ne képlet."),
    ),
    "common_code": (
        *("Common indicator", "Optional. Code of the common indicator, such as RCO84."),
        *("Közös mutató", "Nem kötelező. A közös mutató kódja, például RCO84."),
    ),
    "score": ("Score", "Optional. From 1 to 5.", "Pontszám", "Nem kötelező. 1-től 5-ig."),
    "currency": (
        *("Currency", "Three letters. Empty: the programme's. Another one needs a rate."),
        *("Pénznem", "Három betű. Üresen: a programé. Másikhoz árfolyam is kell."),
    ),
    # The programme and the update
    "programme.code": (
        *("Code", "Small letters, digits, - and _. The programme is found again by it."),
        *("Kód", "Kisbetűk, számjegyek, - és _. A program erről ismerhető fel újra."),
    ),
    "programme.origin": (
        *("Origin", "own: yours. published: from public sources. demonstration: made up, and labelled so."),
        *("Eredet", "own: saját. published: nyilvános forrásból. demonstration: kitalált, így is jelöljük."),
    ),
    "programme.acronym": ("Acronym", "Short name.", "Rövid név", "A program rövid neve."),
    "programme.reference": (
        *("Reference", "Number of the project or programme elsewhere; exports of others are matched by it."),
        *("Azonosító", "A projekt vagy program száma máshol; mások exportjait ez alapján párosítjuk."),
    ),
    "programme.fund": ("Fund", "Such as Interreg.", "Alap", "Például Interreg."),
    "programme.currency": ("Currency", "Three letters, such as EUR.", "Pénznem", "Három betű, például EUR."),
    "programme.cofinancing": (
        *("Co-financing", "Share of the fund between 0 and 1, such as 0.8."),
        *("Társfinanszírozás", "Az alap hányada 0 és 1 között, például 0,8."),
    ),
    "programme.area": (
        *("Area", "Countries with ; between, such as AT; HU."),
        *("Terület", "Országok pontosvesszővel, például AT; HU."),
    ),
    "programme.languages": ("Languages", "Such as en; hu.", "Nyelvek", "Például en; hu."),
    "programme.today": (
        *("Today", "Only for finished or demonstration programmes: the day from which one looks. Else leave it empty."),
        *("Mai nap", "Csak lezárt vagy bemutató programnál: a nap, ahonnan nézzük. Egyébként üres."),
    ),
    "programme.settings": (
        *("Thresholds", "Optional. JSON: since when which thresholds hold."),
        *("Küszöbök", "Nem kötelező. JSON: mely küszöbök mikortól érvényesek."),
    ),
    "programme.source": ("Source", "Who says all this.", "Forrás", "Kitől származik mindez."),
    "programme.description": ("Description", "A sentence or two.", "Leírás", "Egy-két mondat."),
    "programme.notice": (
        *("Notice", "Optional. What must stand beside its figures."),
        *("Figyelmeztetés", "Nem kötelező. Aminek a számai mellett állnia kell."),
    ),
    "update.programme": (
        *("Programme", "Code of the programme. Do not change."),
        *("Program", "A program kódja. Ne változtassa meg."),
    ),
    "update.partner": (
        *("Partner", "Whose report this is. Do not change."),
        *("Partner", "Kinek a jelentése ez. Ne változtassa meg."),
    ),
    "update.period": (
        *("Period", "The period that is reported. Do not change."),
        *("Időszak", "A jelentett időszak. Ne változtassa meg."),
    ),
    # Sheet by sheet
    "facts.subject": (
        *("Subject", "What it is about, such as partner:p01."),
        *("Tárgy", "Miről szól, például partner:p01."),
    ),
    "facts.field": ("Field", "Which property, such as budget.", "Mező", "Melyik tulajdonság, például budget."),
    "facts.position": (
        *("Number", "1, 2 … where sources disagree on the same field."),
        *("Sorszám", "1, 2 …, ha a források eltérnek ugyanarról a mezőről."),
    ),
    "facts.value": ("Value", "What the source says.", "Érték", "Amit a forrás mond."),
    "facts.mark": (
        *("Mark", "S stated by the source, I inferred by us, ? sources disagree."),
        *("Jel", "S: a forrás állítja, I: mi következtettük, ?: a források eltérnek."),
    ),
    "partners.abbreviation": (
        "Abbreviation",
        "Short name of the organisation.",
        "Rövidítés",
        "A szervezet rövid neve.",
    ),
    "partners.role": (
        "Role",
        "lead, partner or associated.",
        "Szerep",
        "lead (vezető), partner vagy associated (társult).",
    ),
    "partners.kind": (
        *("Kind", "Such as regional public authority."),
        *("Fajta", "Például regionális közigazgatási szerv."),
    ),
    "partners.scope": (
        *("Scope", "region, county, national, research or network."),
        *("Hatókör", "region, county (megye), national, research vagy network."),
    ),
    "partners.joined": (
        *("Joined in period", "First period for which it reports. Empty means 1."),
        *("Belépés időszaka", "Az első időszak, amelyről jelent. Üresen: 1."),
    ),
    "partners.left": (
        *("Left after period", "Empty: stays to the end. No report is taken after it."),
        *("Kilépés időszaka", "Üresen: végig marad. Ezután jelentése nem vehető fel."),
    ),
    "partners.original": ("Original name", "Name in its own language.", "Eredeti név", "A saját nyelvén."),
    "working_groups.task": ("Task", "What it is about.", "Feladat", "Mivel foglalkozik."),
    "periods.number": ("Number", "1, 2, 3 …", "Szám", "1, 2, 3 …"),
    "periods.report_due": (
        *("Reports due", "Day by which partners report."),
        *("Jelentések határideje", "A nap, ameddig a partnerek jelentenek."),
    ),
    "periods.control_due": (
        *("Control due", "Day by which control is to be done."),
        *("Ellenőrzés határideje", "A nap, ameddig az ellenőrzésnek le kell zárulnia."),
    ),
    "work_packages.status": ("Status", "Empty, fully, partly or not.", "Állapot", "Üres, fully, partly vagy not."),
    "work_packages.objective": ("Objective", "A sentence or two.", "Cél", "Egy-két mondat."),
    "activities.progress": ("Progress", "Optional. How it goes.", "Előrehaladás", "Nem kötelező. Hogyan halad."),
    "deliverables.activity": ("Activity", "Optional. Its code.", "Tevékenység", "Nem kötelező. A kódja."),
    "deliverables.due_period": (
        "Due in period",
        "Number of a period of the programme.",
        "Esedékes",
        "A program egyik időszakának száma.",
    ),
    "deliverables.due_on": ("Due on", "The day, as a date.", "Határidő", "A nap, dátumként."),
    "deliverables.planned": ("Planned", "How many. Empty means 1.", "Tervezett", "Hány darab. Üresen: 1."),
    "deliverables.delivered": ("Delivered", "How many so far. Empty means 0.", "Elkészült", "Eddig hány. Üresen: 0."),
    "deliverables.delivered_on": ("Delivered on", "Empty: not yet.", "Elkészült ekkor", "Üresen: még nem."),
    "deliverables.new_date": (
        "New date",
        "For late ones: the day now promised.",
        "Új határidő",
        "Késésnél: a most vállalt nap.",
    ),
    "deliverables.quality": (
        "Quality",
        "accepted, returned or not_reviewed.",
        "Minőség",
        "accepted, returned vagy not_reviewed.",
    ),
    "deliverables.consequence": (
        "Consequence",
        "For late ones: what it holds up.",
        "Következmény",
        "Késésnél: mit tart vissza.",
    ),
    "pilots.moves": (
        *("Wants to move", "Regional indicators: indicator=…, region=…, direction=up; and so on."),
        *("Mit mozdít", "Regionális mutatók: indicator=…, region=…, direction=up; és így tovább."),
    ),
    "pilots.signposts": (
        *("Signposts", "Of scenarios: set=…, signpost=…; and so on."),
        *("Jelzők", "Forgatókönyvekből: set=…, signpost=…; és így tovább."),
    ),
    "pilots.verdict": ("Verdict", "Empty, stop, change or scale.", "Döntés", "Üres, stop, change vagy scale."),
    "pilots.problem": ("Problem", "What it answers.", "Probléma", "Mire válaszol."),
    "pilots.hypothesis": ("Hypothesis", "What is thought to happen.", "Feltevés", "Mit várunk tőle."),
    "pilots.method": ("Method", "How it is tried.", "Módszer", "Hogyan próbáljuk ki."),
    "pilot_reports.light": (
        *("Own light", "How those who run it see it: on_track, watch, off_track, done or empty."),
        *("Saját jelzés", "Hogyan látják, akik végzik: on_track, watch, off_track, done vagy üres."),
    ),
    "pilot_reports.confirmed_by": ("Confirmed by", "A role, no person.", "Megerősítette", "Szerepkör, nem személy."),
    "pilot_reports.evidence_url": ("Evidence", "Web address.", "Bizonyíték", "Webcím."),
    "pilot_reports.narrative": ("Narrative", "What happened.", "Leírás", "Mi történt."),
    "pilot_reports.reply": (
        *("Reply", "Optional. Answer to the computed light."),
        *("Válasz", "Nem kötelező. Válasz a számított jelzésre."),
    ),
    "result_indicators.owner_kind": (
        "Belongs to a",
        "pilot, measure or programme.",
        "Mihez tartozik",
        "pilot, measure vagy programme.",
    ),
    "result_indicators.owner": ("Belongs to", "Code of it.", "Kódja", "Annak a kódja, amihez tartozik."),
    "result_indicators.unit": ("Unit", "Such as firms.", "Mértékegység", "Például cég."),
    "result_indicators.decimals": (
        "Decimals",
        "Digits shown. Empty means 0.",
        "Tizedesek",
        "A megjelenített tizedesjegyek. Üresen: 0.",
    ),
    "result_indicators.direction": ("Direction", "up, down, keep or range.", "Irány", "up, down, keep vagy range."),
    "result_indicators.profile": (
        "Between milestones",
        "linear or step. Empty means linear.",
        "Mérföldkövek közt",
        "linear vagy step. Üresen: linear.",
    ),
    "result_indicators.cumulative": (
        *("Cumulative", "yes: values add up, and a fall needs a comment."),
        *("Halmozott", "yes: az értékek összeadódnak, csökkenéshez megjegyzés kell."),
    ),
    "result_indicators.baseline": ("Baseline", "Value at the beginning.", "Kiinduló érték", "Az érték a kezdetkor."),
    "result_indicators.baseline_period": ("Baseline period", "Empty means 0.", "Kiinduló időszak", "Üresen: 0."),
    "result_indicators.milestones": (
        *("Milestones", "Period: value; and so on, such as 2: 10; 4: 25."),
        *("Mérföldkövek", "Időszak: érték; és így tovább, például 2: 10; 4: 25."),
    ),
    "result_indicators.target": ("Target", "Value at the end.", "Cél", "Az érték a végén."),
    "result_indicators.target_period": ("Target period", "By when.", "Cél időszaka", "Mikorra."),
    "result_indicators.low": ("Low end", "For keep and range.", "Alsó határ", "keep és range esetén."),
    "result_indicators.high": ("High end", "For keep and range.", "Felső határ", "keep és range esetén."),
    "result_indicators.tolerance": (
        "Tolerance",
        "Outside the band, still to watch.",
        "Tűrés",
        "A sávon kívül, még figyelendő.",
    ),
    "result_indicators.definition": ("Definition", "What is counted.", "Meghatározás", "Mit számolunk."),
    "result_values.value": (
        *("Value", "At the end of the period. A number, no formula. No row is no report."),
        *("Érték", "Az időszak végén. Szám, ne képlet. Ha nincs sor, nincs jelentés."),
    ),
    "result_values.status": (
        *("Status", "SDMX letter: A normal, E estimated, P provisional. Empty means A."),
        *("Állapot", "SDMX-betű: A rendes, E becsült, P előzetes. Üresen: A."),
    ),
    "result_values.reported_on": ("Reported on", "The day, as a date.", "Jelentve", "A nap, dátumként."),
    "result_values.source": ("Source", "Where it comes from.", "Forrás", "Honnan származik."),
    "result_values.comment": (
        *("Comment", "Needed where a cumulative value falls: why."),
        *("Megjegyzés", "Kell, ha egy halmozott érték csökken: miért."),
    ),
    "partner_reports.status": (
        "Status",
        "draft, submitted, in_control or certified.",
        "Állapot",
        "draft, submitted, in_control vagy certified.",
    ),
    "partner_reports.resubmitted_on": ("Submitted again on", "Optional.", "Újra benyújtva", "Nem kötelező."),
    "partner_reports.control_end": ("Control ended on", "Empty: not yet.", "Ellenőrzés vége", "Üresen: még nem."),
    "partner_reports.problems": ("Problems", "In a sentence or two.", "Nehézségek", "Egy-két mondatban."),
    "partner_reports.deviations": ("Deviations", "From the plan.", "Eltérések", "A tervtől."),
    "expenditure.line": (
        *("Line", "Number of the line, unique for partner and period."),
        *("Sor", "A tétel sorszáma, partneren és időszakon belül egyedi."),
    ),
    "expenditure.declared": (
        *("Declared", "In the programme's currency. A number, no formula."),
        *("Bejelentett", "A program pénznemében. Szám, ne képlet."),
    ),
    "expenditure.certified": (
        "Certified",
        "By control; at most what was declared.",
        "Igazolt",
        "Az ellenőrzés által; legfeljebb a bejelentett.",
    ),
    "expenditure.verified": (
        "Verified",
        "By the programme; at most what was certified.",
        "Hitelesített",
        "A program által; legfeljebb az igazolt.",
    ),
    "expenditure.deducted": ("Deducted", "Optional.", "Levont", "Nem kötelező."),
    "expenditure.parked": ("Parked", "Optional.", "Félretett", "Nem kötelező."),
    "expenditure.rate": (
        *("Rate", "Only for another currency: at which it was turned into the programme's."),
        *("Árfolyam", "Csak más pénznemnél: amelyen a program pénznemére váltották."),
    ),
    "expenditure.paid_on": ("Paid on", "The day, as a date.", "Kifizetve", "A nap, dátumként."),
    "expenditure.error_kind": (
        "Kind of error",
        "Optional, where something was deducted.",
        "Hiba fajtája",
        "Nem kötelező, levonásnál.",
    ),
    "risks.category": ("Category", "Such as delivery or money.", "Kategória", "Például teljesítés vagy pénz."),
    "risks.response": (
        "Response",
        "avoid, reduce, transfer or accept.",
        "Válasz",
        "avoid, reduce, transfer vagy accept.",
    ),
    "risks.mitigation_due": (
        "Mitigation due",
        "An active risk needs this day.",
        "Intézkedés határideje",
        "Élő kockázatnál kötelező.",
    ),
    "risks.opened_on": ("Opened on", "The day, as a date.", "Felvéve", "A nap, dátumként."),
    "risks.reviewed_on": ("Reviewed on", "Optional.", "Áttekintve", "Nem kötelező."),
    "risks.closed_on": ("Closed on", "Empty: still active.", "Lezárva", "Üresen: még él."),
    "risks.indicators": (
        "Indicators",
        "Codes of result indicators with ; between.",
        "Mutatók",
        "Eredménymutatók kódjai pontosvesszővel.",
    ),
    "risks.cause": ("Cause", "Because of …", "Ok", "Mi okozza."),
    "risks.event": ("Event", "… it may happen that …", "Esemény", "Mi történhet."),
    "risks.effect": ("Effect", "… so that …", "Hatás", "Mivel jár."),
    "risks.mitigation": ("Mitigation", "What is done about it.", "Intézkedés", "Mit teszünk ellene."),
    "risks.closing_reason": ("Why closed", "Optional.", "Lezárás oka", "Nem kötelező."),
    "risk_scores.risk": ("Risk", "Code of the risk.", "Kockázat", "A kockázat kódja."),
    "risk_scores.likelihood": ("Likelihood", "1 to 5.", "Valószínűség", "1-től 5-ig."),
    "risk_scores.impact": ("Impact", "1 to 5.", "Hatás", "1-től 5-ig."),
    "meetings.body": (
        "Body",
        "sc steering committee, tsc technical and scientific, wg.",
        "Testület",
        "sc irányító, tsc szakmai bizottság, wg munkacsoport.",
    ),
    "meetings.held_on": ("Held on", "The day, as a date.", "Napja", "A nap, dátumként."),
    "decisions.meeting": ("Meeting", "Optional. Its code.", "Ülés", "Nem kötelező. A kódja."),
    "decisions.body": ("Body", "sc, tsc or wg.", "Testület", "sc, tsc vagy wg."),
    "decisions.decided_on": ("Decided on", "Empty: not yet.", "Döntés napja", "Üresen: még nem."),
    "decisions.subjects": (
        "About",
        "kind=pilot, code=…; and so on.",
        "Miről szól",
        "kind=pilot, code=…; és így tovább.",
    ),
    "decisions.evidence": (
        "Evidence",
        "kind=…, code=…, period=…, value=…; and so on.",
        "Bizonyíték",
        "kind=…, code=…, period=…, value=…; és így tovább.",
    ),
    "decisions.pack": (
        "Pack",
        "Number of the frozen pack that it rests on.",
        "Anyag",
        "A lezárt anyag száma, amelyen alapul.",
    ),
    "decisions.effect_period": ("Effect seen in period", "Optional.", "Hatás időszaka", "Nem kötelező."),
    "decisions.effect": (
        "Effect",
        "Empty, better, same, worse or unknown.",
        "Hatás",
        "Üres, better, same, worse vagy unknown.",
    ),
    "decisions.effect_text": ("Effect in words", "Optional.", "A hatás szavakban", "Nem kötelező."),
    "decisions.question": ("Question", "What was asked.", "Kérdés", "Mi volt a kérdés."),
    "decisions.options": ("Options", "What could be done.", "Lehetőségek", "Mit lehetett tenni."),
    "decisions.because": ("Because", "Why it was decided so.", "Indoklás", "Miért így döntöttek."),
    "decisions.decision": ("Decision", "In a sentence.", "Döntés", "Egy mondatban."),
    "decisions.dissent": ("Dissent", "Optional.", "Különvélemény", "Nem kötelező."),
    "actions.decision": ("Decision", "Optional. Its code.", "Döntés", "Nem kötelező. A kódja."),
    "actions.risk": ("Risk", "Optional. Its code.", "Kockázat", "Nem kötelező. A kódja."),
    "actions.due": ("Due", "The day, as a date.", "Határidő", "A nap, dátumként."),
    "actions.done_on": ("Done on", "Empty: not yet.", "Elvégezve", "Üresen: még nem."),
    "actions.cancelled": ("Cancelled", "yes or no. Empty means no.", "Törölve", "yes vagy no. Üresen: no."),
    "actions.text": ("Action", "What is to be done.", "Teendő", "Mit kell tenni."),
    "events.online": ("Online", "yes or no. Empty means no.", "Online", "yes vagy no. Üresen: no."),
    "events.organiser": ("Organiser", "Code of a partner.", "Szervező", "Egy partner kódja."),
    "events.counts": (
        "Participants",
        "Target group: number; and so on. No names.",
        "Résztvevők",
        "Célcsoport: létszám; és így tovább. Név nem.",
    ),
    "communications.channel": ("Channel", "Choose one of the list.", "Csatorna", "Válasszon a listából."),
    "communications.published_on": ("Published on", "The day, as a date.", "Megjelent", "A nap, dátumként."),
    "communications.language": ("Language", "Two letters.", "Nyelv", "Két betű."),
    "communications.reach": ("Reached", "How many.", "Elért", "Hányan."),
    "communications.clicks": ("Clicks", "How many.", "Kattintás", "Hány."),
    "communications.downloads": ("Downloads", "How many.", "Letöltés", "Hány."),
    "communications.citations": ("Citations", "How many.", "Hivatkozás", "Hány."),
    "communications.uptake": ("Uptake", "How many took it over.", "Átvétel", "Hányan vették át."),
    "adoptions.stage": ("Stage", "understand, adapt or reuse.", "Szakasz", "understand, adapt vagy reuse."),
    "adoptions.since": ("Since", "The day, as a date.", "Mióta", "A nap, dátumként."),
    "adoptions.confirmed_on": ("Confirmed on", "Empty: not yet.", "Megerősítve", "Üresen: még nem."),
    "adoptions.what": ("What", "What was taken over.", "Mit", "Mit vettek át."),
    "adoptions.adopter": ("Adopter", "Which organisation.", "Átvevő", "Melyik szervezet."),
    "adoptions.evidence": ("Evidence", "What shows it.", "Bizonyíték", "Mi mutatja."),
    "strategies.area": ("Area", "Region, country or SEE.", "Terület", "Régió, ország vagy SEE."),
    "strategies.first_year": ("First year", "The year alone.", "Első év", "Csak az évszám."),
    "strategies.last_year": ("Last year", "The year alone.", "Utolsó év", "Csak az évszám."),
    "strategies.confirmed_on": (
        "Confirmed on",
        "Day on which the region last confirmed it.",
        "Megerősítve",
        "Amikor a régió utoljára megerősítette.",
    ),
    "strategies.aim": ("Aim", "What it wants.", "Cél", "Mit akar."),
    "measures.strategy": ("Strategy", "Its code.", "Stratégia", "A kódja."),
    "measures.instrument": ("Instrument", "Choose one of the list.", "Eszköz", "Válasszon a listából."),
    "measures.level": (
        "Level",
        "Who acts: eu, national, regional, local or joint.",
        "Szint",
        "Ki cselekszik: eu, national, regional, local vagy joint.",
    ),
    "measures.target": ("For whom", "Target group.", "Kinek", "Célcsoport."),
    "chain_links.from_kind": (
        "From: kind",
        "problem, measure, pilot, deliverable, result, indicator or aim.",
        "Honnan: fajta",
        "problem, measure, pilot, deliverable, result, indicator vagy aim.",
    ),
    "chain_links.from_code": ("From", "Its code.", "Honnan", "A kódja."),
    "chain_links.to_kind": ("To: kind", "As for from.", "Hová: fajta", "Mint a honnan esetében."),
    "chain_links.to_code": ("To", "Its code.", "Hová", "A kódja."),
    "chain_links.because": ("Because", "Why this leads to that.", "Mert", "Miért vezet az egyik a másikhoz."),
    "evaluations.subject_kind": ("What is evaluated", "pilot or measure.", "Mit értékelünk", "pilot vagy measure."),
    "evaluations.subject": ("Code", "Of the pilot or measure.", "Kód", "A kísérleté vagy intézkedésé."),
    "evaluations.criterion": ("Criterion", "Choose one of the list.", "Szempont", "Válasszon a listából."),
    "evaluations.evaluator": ("Evaluator", "A role, no person.", "Értékelő", "Szerepkör, nem személy."),
    "evaluations.step": ("Step", "1 to 4.", "Fokozat", "1-től 4-ig."),
    "evaluations.grade": (
        "Grade of evidence",
        "A evaluated, B measured, C described.",
        "Bizonyíték foka",
        "A értékelt, B mért, C leírt.",
    ),
}

SHEETS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "programme": "The programme itself: code, title, dates, money.",
        "update": "Whose report this is. Nothing else of the programme changes.",
        "facts": "What public sources say, each with its address.",
        "partners": "Organisations, and from which period to which they report.",
        "working_groups": "Working groups and who leads them.",
        "periods": "Reporting periods with their due days.",
        "work_packages": "Work packages.",
        "activities": "Activities of the work packages.",
        "deliverables": "What is promised for which day.",
        "pilots": "Pilots: problem, hypothesis, who and where.",
        "pilot_reports": "What those who run a pilot say of a period.",
        "result_indicators": "What is counted, with baseline, milestones and target.",
        "result_values": "Values by period. No row is no report, and never zero.",
        "partner_reports": "Reports of the partners.",
        "budget": "Planned money by partner, work package, category, fund and period.",
        "expenditure": "Money declared and what became of it, line by line.",
        "risks": "Risks with their mitigation.",
        "risk_scores": "Likelihood and impact by period.",
        "meetings": "Meetings of the committees.",
        "decisions": "Decisions and why.",
        "actions": "What is to be done by when.",
        "events": "Events with counts of participants.",
        "communications": "Publications and how far they came.",
        "adoptions": "Who takes over what.",
        "strategies": "Strategies that the programme serves.",
        "measures": "Measures of the strategies.",
        "chain_links": "The theory of change: what leads to what.",
        "evaluations": "What evaluators say.",
        "lists": "Codes of themes and regions, and the words that columns take.",
    },
    "hu": {
        "programme": "Maga a program: kód, cím, dátumok, pénz.",
        "update": "Kinek a jelentése ez. A programból más nem változik.",
        "facts": "Amit nyilvános források mondanak, mindegyik a címével.",
        "partners": "Szervezetek, és hogy melyik időszaktól meddig jelentenek.",
        "working_groups": "Munkacsoportok és vezetőik.",
        "periods": "Jelentéstételi időszakok a határidőkkel.",
        "work_packages": "Munkacsomagok.",
        "activities": "A munkacsomagok tevékenységei.",
        "deliverables": "Mit melyik napra ígértek.",
        "pilots": "Kísérletek: probléma, feltevés, kik és hol.",
        "pilot_reports": "Mit mondanak egy időszakról, akik a kísérletet végzik.",
        "result_indicators": "Mit számolunk, kiinduló értékkel, mérföldkövekkel és céllal.",
        "result_values": "Értékek időszakonként. Ha nincs sor, nincs jelentés, és soha nem nulla.",
        "partner_reports": "A partnerek jelentései.",
        "budget": "Tervezett pénz partner, munkacsomag, kategória, alap és időszak szerint.",
        "expenditure": "A bejelentett pénz és a sorsa, tételenként.",
        "risks": "Kockázatok és intézkedések.",
        "risk_scores": "Valószínűség és hatás időszakonként.",
        "meetings": "A bizottságok ülései.",
        "decisions": "Döntések és indoklásuk.",
        "actions": "Mit meddig kell elvégezni.",
        "events": "Rendezvények, a résztvevők számával.",
        "communications": "Megjelenések és hogy meddig jutottak.",
        "adoptions": "Ki mit vesz át.",
        "strategies": "Stratégiák, amelyeket a program szolgál.",
        "measures": "A stratégiák intézkedései.",
        "chain_links": "A változás logikája: mi mihez vezet.",
        "evaluations": "Mit mondanak az értékelők.",
        "lists": "Témák és régiók kódjai, és a szavak, amelyeket az oszlopok elfogadnak.",
    },
}

GUIDES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        "programme": (
            "A whole programme in one workbook",
            "Fill in programme first, then partners, periods and work_packages; the other sheets refer to them.",
            "Sheets that you do not need stay empty. Do not rename sheets or heads: the workbook is read by them.",
            "Each head carries a note. A cell with a list takes only what the list offers; see the sheet lists.",
            "Money and figures are numbers, days are dates. Formulas are not taken: paste their results as values.",
            "Loading replaces the programme as a whole: a row that is no longer here is removed. Nothing happens half.",
            "A row that cannot be taken is told with sheet, row, column and remedy; the others are taken.",
            "No names of persons: owners and authors are roles and organisations.",
        ),
        "partner-report": (
            "The report of a partner on one period",
            "Only this partner's report, expenditure and pilots are changed, and only for this period.",
            "The sheets hold what is stored already. Change it, and add lines of expenditure at the end.",
            "An empty sheet changes nothing. A line of expenditure that is deleted here is removed.",
            "Money and figures are numbers, days are dates. Formulas are not taken: paste their results as values.",
            "A row that cannot be taken is told with sheet, row, column and remedy; the others are taken.",
        ),
    },
    "hu": {
        "programme": (
            "Egy teljes program egyetlen munkafüzetben",
            "Először a programme, majd a partners, periods és work_packages lapot töltse ki; a többi rájuk épül.",
            "Amelyik lap nem kell, maradjon üres. A lapokat és a fejléceket ne nevezze át: ezekről ismerjük fel őket.",
            "Minden fejléchez tartozik megjegyzés. A listás cella csak a lista elemeit veszi át; lásd a lists lapot.",
            "A pénz és a mutató szám, a nap dátum. Képletet nem veszünk át: az eredményét illessze be értékként.",
            "A betöltés az egész programot cseréli: ami már nincs a lapon, törlődik. Félig soha semmi nem történik.",
            "A hibás sorról megmondjuk a lapot, a sort, az oszlopot és a helyes alakot; a többi sor bekerül.",
            "Személyek neve ne szerepeljen: a felelősök szerepkörök és szervezetek.",
        ),
        "partner-report": (
            "Egy partner jelentése egy időszakról",
            "Csak e partner jelentése, költségei és kísérletei változnak, és csak erre az időszakra.",
            "A lapokon az áll, ami már be van töltve. Javítsa, és a költségtételeket a végén folytassa.",
            "Az üres lap semmit sem változtat. Az innen törölt költségtétel kikerül.",
            "A pénz és a mutató szám, a nap dátum. Képletet nem veszünk át: az eredményét illessze be értékként.",
            "A hibás sorról megmondjuk a lapot, a sort, az oszlopot és a helyes alakot; a többi sor bekerül.",
        ),
    },
}
"""Title and sentences of the sheet ``guide``, by kind of workbook."""


def message(sheet: str, field: str, lang: str) -> tuple[str, str]:
    """Title and text for a column, the most particular there is."""
    place = 0 if lang == "en" else 2
    for key in (f"{sheet}.{field}", f"{sheet}.{field.removesuffix('_text')}", field):
        if key in MESSAGES:
            said = MESSAGES[key]
            return said[place], said[place + 1]
    if field.startswith("step"):
        number = field.removeprefix("step")
        return (
            (f"Step {number}", "For qualitative ones: what this step means.")
            if lang == "en"
            else (f"{number}. fokozat", "Minőségi mutatónál: mit jelent ez a fokozat.")
        )
    return field, "Optional." if lang == "en" else "Nem kötelező."
