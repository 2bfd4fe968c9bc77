"""The words of the synthetic programme DEMO-6 in English and Hungarian. Nothing here is a fact: ``starter_demo``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Text = dict[str, str]


def _t(en: str, hu: str) -> Text:
    return {"en": en, "hu": hu}


NOTICE: dict[str, Text] = {
    "title": _t("DEMO-6 – a demonstration programme", "DEMO-6 – bemutató program"),
    "description": _t(
        "24 partners of 12 countries try 12 pilots on six themes of cluster policy, in six half-years with 5 million "
        "euros. All of it is made up, so that every page can be tried.",
        "12 ország 24 partnere 12 kísérletet végez a klaszterpolitika hat témájában, hat féléven át, 5 millió euróból. "
        "Az egész kitalált, hogy minden oldal kipróbálható legyen.",
    ),
    "notice": _t(
        "Demonstration data: no organisation, figure or event here is real.",
        "Bemutató adatok: itt egyetlen szervezet, szám vagy esemény sem valódi.",
    ),
}

WORKING_GROUPS: dict[str, dict[str, Text]] = {
    "innovation": {
        "name": _t("Innovation and R&D driven cluster development", "Innovációra és K+F-re épülő klaszterfejlesztés"),
        "short": _t("innovation", "innováció"),
        "task": _t("Bring research and firms of clusters together.", "Összehozza a kutatást és a klaszterek cégeit."),
    },
    "sustainability": {
        "name": _t("Sustainability through cluster development", "Fenntarthatóság klaszterfejlesztéssel"),
        "short": _t("sustainability", "fenntarthatóság"),
        "task": _t("Make clusters carriers of eco-innovation.", "A klasztereket az ökoinnováció hordozóivá teszi."),
    },
    "internationalisation": {
        "name": _t("International cluster cooperation", "Nemzetközi klaszteregyüttműködés"),
        "short": _t("cooperation", "együttműködés"),
        "task": _t("Connect clusters across borders.", "Határokon át köti össze a klasztereket."),
    },
    "finance": {
        "name": _t("Financial framework improvement", "A pénzügyi keretek javítása"),
        "short": _t("finance", "finanszírozás"),
        "task": _t("Find ways to pay for cluster services.", "Utat keres a klaszterszolgáltatások finanszírozásához."),
    },
    "specialisation": {
        "name": _t("Clusters and regional specialisation", "Klaszterek és regionális szakosodás"),
        "short": _t("specialisation", "szakosodás"),
        "task": _t("Tie clusters to smart specialisation.", "A klasztereket az intelligens szakosodáshoz köti."),
    },
    "skills": {
        "name": _t("New skills and jobs creation", "Új készségek és munkahelyek"),
        "short": _t("skills", "készségek"),
        "task": _t("Train people for what clusters need.", "Arra képez, amire a klasztereknek szükségük van."),
    },
}

ORGANISATIONS: tuple[tuple[str, Text], ...] = (
    ("regional public authority", _t("Demonstration region", "Bemutató régió")),
    ("business support organisation", _t("Demonstration development agency", "Bemutató fejlesztési ügynökség")),
    ("higher education and research", _t("Demonstration research institute", "Bemutató kutatóintézet")),
    ("national public authority", _t("Demonstration ministry", "Bemutató minisztérium")),
    ("business support organisation", _t("Demonstration cluster organisation", "Bemutató klaszterszervezet")),
    ("sectoral agency", _t("Demonstration chamber", "Bemutató kamara")),
)

WORK_PACKAGES: tuple[tuple[int, Text, Text], ...] = (
    (
        1,
        _t("Management", "Irányítás"),
        _t(
            "Keep the partnership, its reports and money on course.",
            "Rendben tartja a partnerséget, jelentéseit, pénzét.",
        ),
    ),
    (
        6,
        _t("Communication", "Kommunikáció"),
        _t("Tell what is learnt, and to whom it matters.", "Elmondja a tanulságokat azoknak, akiket érintenek."),
    ),
    (
        2,
        _t("Analysis of policies", "Szakpolitikai elemzés"),
        _t("See what regions do and what it brings.", "Megmutatja, mit tesznek a régiók, és mit ér el vele."),
    ),
    (
        7,
        _t("Pilots", "Kísérletek"),
        _t("Try twelve ways to strengthen clusters.", "Tizenkét utat próbál ki a klaszterek erősítésére."),
    ),
    (
        13,
        _t("Learning and transfer", "Tanulás és átadás"),
        _t("Carry what works to other regions.", "Ami bevált, azt átadja más régióknak."),
    ),
    (
        18,
        _t("Joint strategy", "Közös stratégia"),
        _t("Agree on measures beyond the programme.", "Megállapodás a programon túlmutató intézkedésekről."),
    ),
)

ACTIVITIES: tuple[tuple[str, str | None, int, int, tuple[int, ...], Text], ...] = (
    ("a1.1", None, 1, 6, (1,), _t("Coordination and reports", "Koordináció és jelentések")),
    ("a1.2", None, 1, 6, (1, 2, 3), _t("Financial management", "Pénzügyi irányítás")),
    ("a2.1", None, 1, 6, (6, 12), _t("Website and newsletter", "Honlap és hírlevél")),
    ("a2.2", None, 2, 6, (6, 9, 21), _t("Regional events", "Regionális rendezvények")),
    ("a3.1", "innovation", 1, 3, (2, 8, 14), _t("Regional analyses", "Regionális elemzések")),
    ("a3.2", "specialisation", 2, 3, (3, 10, 15), _t("Peer review of analyses", "Az elemzések társértékelése")),
    ("a4.1", "innovation", 1, 2, (7, 1, 13), _t("Design of the pilots", "A kísérletek megtervezése")),
    ("a4.2", "sustainability", 2, 5, (7, 5, 17, 20), _t("Running the pilots", "A kísérletek lefolytatása")),
    ("a4.3", "skills", 5, 6, (7, 19), _t("Evaluation of the pilots", "A kísérletek értékelése")),
    ("a5.1", "internationalisation", 2, 5, (13, 4, 22), _t("Study visits", "Tanulmányutak")),
    ("a5.2", "skills", 3, 6, (13, 16, 24), _t("Training package", "Képzési csomag")),
    ("a6.1", "finance", 3, 5, (18, 11, 23), _t("Drafting the joint strategy", "A közös stratégia kidolgozása")),
    ("a6.2", "finance", 5, 6, (18, 1), _t("Adoption and sustainability plan", "Elfogadás és fenntarthatósági terv")),
)


@dataclass(frozen=True)
class Kind:
    """A kind of deliverable."""

    package: int
    quantity: int
    title: Text
    consequence: Text


DELIVERABLES: tuple[Kind, ...] = (
    Kind(
        3,
        1,
        _t("Regional analysis", "Regionális elemzés"),
        _t("The peer review starts later.", "Csúszik a társértékelés."),
    ),
    Kind(
        4,
        1,
        _t("Guideline for the pilot", "Útmutató a kísérlethez"),
        _t("The pilot works to a draft.", "A kísérlet tervezet alapján halad."),
    ),
    Kind(
        5,
        1,
        _t("Report on the study visit", "Jelentés a tanulmányútról"),
        _t("Lessons reach the training late.", "A tanulságok későn érik el a képzést."),
    ),
    Kind(
        2,
        1,
        _t("Newsletter issue", "Hírlevélszám"),
        _t("The event is announced by other means.", "A rendezvényt más úton kell meghirdetni."),
    ),
    Kind(
        5,
        2,
        _t("Training modules", "Képzési modulok"),
        _t("One training is put off to the next period.", "Egy képzés a következő időszakra marad."),
    ),
    Kind(
        6,
        1,
        _t("Policy paper", "Szakpolitikai anyag"),
        _t("The committee discusses it one meeting later.", "A bizottság egy üléssel később tárgyalja."),
    ),
    Kind(
        1,
        1,
        _t("Progress report", "Előrehaladási jelentés"),
        _t("The payment request waits.", "A kifizetési kérelem vár."),
    ),
)


@dataclass(frozen=True)
class PilotText:
    """A pilot in words, with whom, where and what it wants to move."""

    partners: tuple[int, ...]
    budget: int
    moves: str
    wanted: str
    signposts: tuple[str, ...]
    title: Text
    problem: Text
    hypothesis: Text
    method: Text


PILOTS: tuple[PilotText, ...] = (
    PilotText(
        (1, 6, 2),
        180_000,
        "rd_expenditure_gdp",
        "up",
        ("hu22_rd",),
        _t("Innovation vouchers in clusters", "Innovációs utalványok klaszterekben"),
        _t("Small firms seldom buy research.", "A kis cégek ritkán vesznek kutatást."),
        _t("A small voucher starts a first contract.", "Egy kis utalvány elindít egy első szerződést."),
        _t("Vouchers for 40 firms, a control group without.", "Utalvány 40 cégnek, kontrollcsoport nélküle."),
    ),
    PilotText(
        (18, 15, 8),
        160_000,
        "rd_expenditure_gdp",
        "up",
        ("ro42_rd",),
        _t("Open laboratories", "Nyitott laboratóriumok"),
        _t("Laboratories stand idle half of the time.", "A laboratóriumok fele idejében kihasználatlanok."),
        _t("Shared use brings firms to research.", "A közös használat kutatáshoz viszi a cégeket."),
        _t("Three laboratories with a booking desk.", "Három laboratórium foglalási pulttal."),
    ),
    PilotText(
        (4, 14, 9),
        140_000,
        "gva_volume_index",
        "up",
        (),
        _t("Eco-design for suppliers", "Ökodizájn beszállítóknak"),
        _t("Suppliers do not know what buyers will ask of them.", "A beszállítók nem tudják, mit kérnek majd a vevők."),
        _t("Joint audits lead to cheaper changes.", "A közös auditok olcsóbb változásokhoz vezetnek."),
        _t("40 audits in two clusters.", "40 audit két klaszterben."),
    ),
    PilotText(
        (5, 16, 19),
        120_000,
        "gva_volume_index",
        "up",
        (),
        _t("Industrial symbiosis", "Ipari szimbiózis"),
        _t("Waste of one firm is lost to another.", "Az egyik cég hulladéka elvész a másik számára."),
        _t(
            "A broker finds uses that firms do not see.",
            "Egy közvetítő olyan felhasználást talál, amelyet a cégek nem.",
        ),
        _t("A broker in two industrial parks.", "Közvetítő két ipari parkban."),
    ),
    PilotText(
        (3, 12, 10),
        150_000,
        "gdp_pps_per_head_eu",
        "up",
        ("ro11_gdp",),
        _t("Twin clusters", "Ikerklaszterek"),
        _t("Clusters know few partners abroad.", "A klaszterek kevés külföldi partnert ismernek."),
        _t("A year of twinning leads to joint offers.", "Egy év párban közös ajánlatokhoz vezet."),
        _t("Six pairs of clusters, visits and a joint offer.", "Hat klaszterpár, látogatások és közös ajánlat."),
    ),
    PilotText(
        (22, 11, 7),
        130_000,
        "gdp_pps_per_head_eu",
        "up",
        (),
        _t("Market entry desk", "Piacra lépési iroda"),
        _t("Firms fail at rules of new markets.", "A cégek elbuknak az új piacok szabályain."),
        _t("A shared desk is cheaper than advisers.", "A közös iroda olcsóbb, mint a tanácsadók."),
        _t("A desk for three markets.", "Iroda három piacra."),
    ),
    PilotText(
        (13, 20, 17),
        110_000,
        "employment_rate",
        "up",
        ("rs12_employment",),
        _t("Guarantee pool", "Garanciaalap"),
        _t("Banks lend little to young firms.", "A bankok keveset hiteleznek fiatal cégeknek."),
        _t("A cluster knows whom to trust.", "A klaszter tudja, kiben lehet bízni."),
        _t("A small pool, decided by a panel.", "Kis alap, testületi döntéssel."),
    ),
    PilotText(
        (21, 6, 23),
        110_000,
        "employment_rate",
        "up",
        (),
        _t("Fees for cluster services", "Díjak klaszterszolgáltatásokért"),
        _t("Cluster offices end with their grant.", "A klaszterirodák a támogatással megszűnnek."),
        _t("Members pay for what they use.", "A tagok fizetnek azért, amit használnak."),
        _t("A price list in four clusters.", "Árjegyzék négy klaszterben."),
    ),
    PilotText(
        (10, 1, 24),
        130_000,
        "gva_volume_index",
        "up",
        ("ro11_gva",),
        _t("Entrepreneurial discovery rooms", "Vállalkozói felfedezés műhelyei"),
        _t("Priorities are set without firms.", "A prioritásokat cégek nélkül jelölik ki."),
        _t("Rooms with data lead to fewer, better priorities.", "Adatokkal kevesebb és jobb prioritás születik."),
        _t("Four rooms of three sessions.", "Négy műhely, három-három ülés."),
    ),
    PilotText(
        (15, 2, 5),
        120_000,
        "gva_volume_index",
        "up",
        (),
        _t("Map of value chains", "Értékláncok térképe"),
        _t("Gaps in chains stay unseen.", "A láncok hiányai láthatatlanok."),
        _t("A map helps to find missing suppliers.", "A térkép segít hiányzó beszállítót találni."),
        _t("Maps of two chains with firms.", "Két lánc térképe cégekkel."),
    ),
    PilotText(
        (7, 19, 16),
        140_000,
        "tertiary_attainment",
        "up",
        ("ro21_tertiary",),
        _t("Dual master in clusters", "Duális mesterképzés klaszterekben"),
        _t("Graduates leave the region.", "A diplomások elhagyják a régiót."),
        _t("Who studies in a firm stays.", "Aki cégnél tanul, az marad."),
        _t("Two programmes with 30 students.", "Két képzés 30 hallgatóval."),
    ),
    PilotText(
        (12, 9, 22),
        110_000,
        "unemployment_rate",
        "down",
        ("el52_unemployment",),
        _t("Short courses for changers", "Rövid képzések váltóknak"),
        _t("Jobs change faster than schools.", "A munkák gyorsabban változnak, mint az iskolák."),
        _t("Six weeks are enough for a first job.", "Hat hét elég egy első álláshoz."),
        _t("Eight courses chosen by firms.", "Nyolc, cégek által választott képzés."),
    ),
)


@dataclass(frozen=True)
class Counted:
    """An indicator in words and numbers."""

    code: str
    kind: str
    unit: str
    direction: str
    target: float
    goal: Mapping[int, float]
    name: Text
    definition: Text
    decimals: int = 0
    cumulative: bool = True
    common: str = ""
    baseline: float | None = 0.0
    low: float | None = None
    high: float | None = None
    tolerance: float = 0.0
    path: tuple[float | None, ...] = field(default=())


INDICATORS: dict[str, tuple[Counted, ...]] = {
    "pilot": (
        Counted(
            "firms",
            "output",
            "firms",
            "up",
            60,
            {2: 10, 4: 40},
            _t("Firms that take part", "Részt vevő cégek"),
            _t(
                "Firms that used what the pilot offers, each once.",
                "A kísérlet kínálatát igénybe vevő cégek, egyszer számolva.",
            ),
        ),
        Counted(
            "days",
            "result",
            "days",
            "down",
            20,
            {4: 30},
            _t("Days from request to answer", "Napok a kéréstől a válaszig"),
            _t("Median of the period.", "Az időszak mediánja."),
            baseline=50,
            cumulative=False,
        ),
        Counted(
            "partners",
            "output",
            "organisations",
            "up",
            12,
            {3: 6},
            _t("Organisations that cooperate", "Együttműködő szervezetek"),
            _t(
                "Organisations with a written role in the pilot.",
                "A kísérletben írásban vállalt szereppel bíró szervezetek.",
            ),
        ),
    ),
    "programme": (
        Counted(
            "rco84",
            "output",
            "pilots",
            "up",
            12,
            {4: 6},
            _t("Pilots jointly developed and finished", "Közösen kidolgozott és befejezett kísérletek"),
            _t("Common output indicator RCO 84.", "RCO 84 közös kimeneti mutató."),
            common="RCO 84",
            path=(0.0, 0.0, 0.9, 1.0),
        ),
        Counted(
            "rco83",
            "output",
            "strategies",
            "up",
            4,
            {4: 2},
            _t("Strategies and action plans jointly developed", "Közösen kidolgozott stratégiák, cselekvési tervek"),
            _t("Common output indicator RCO 83.", "RCO 83 közös kimeneti mutató."),
            common="RCO 83",
            path=(0.0, 1.0, 1.0, 1.0),
        ),
        Counted(
            "rcr79",
            "result",
            "strategies",
            "up",
            3,
            {4: 1},
            _t("Strategies and action plans taken up", "Átvett stratégiák, cselekvési tervek"),
            _t("Common result indicator RCR 79.", "RCR 79 közös eredménymutató."),
            common="RCR 79",
            path=(0.0, 0.0, 0.0, 1.0),
        ),
        Counted(
            "women",
            "context",
            "%",
            "range",
            0,
            {},
            _t("Women among participants of trainings", "Nők a képzések résztvevői között"),
            _t("Share of women, counts only.", "A nők aránya, csak létszámból."),
            baseline=None,
            cumulative=False,
            low=40,
            high=60,
            tolerance=5,
            path=(44, 38, 41, 47),
        ),
    ),
}

ROLES: dict[str, Text] = {
    "lead": _t("Lead partner", "Vezető partner"),
    "group_lead": _t("Working group lead", "Munkacsoport-vezető"),
    "pilot_lead": _t("Pilot coordinator", "Kísérletkoordinátor"),
    "finance": _t("Financial manager", "Pénzügyi vezető"),
    "communication": _t("Communication officer", "Kommunikációs felelős"),
}

COMMENTS: dict[str, Any] = {
    "activity": _t("As planned, with small shifts between partners.", "Terv szerint, kisebb átcsoportosításokkal."),
    "pilot": (
        _t("Firms come as planned; the waiting list is short.", "A cégek a terv szerint jönnek; rövid a várólista."),
        _t(
            "Fewer firms than planned came in the last half-year; a second call is out.",
            "Az utolsó félévben a tervezettnél kevesebb cég jött; kint van a második felhívás.",
        ),
        _t(
            "The main partner changed its rules; most firms wait.",
            "A fő partner szabályt változtatott; a cégek többsége vár.",
        ),
    ),
    "reply": _t(
        "The number counts contracts signed; twelve more wait for a signature.",
        "A szám az aláírt szerződéseket mutatja; további tizenkettő aláírásra vár.",
    ),
    "evidence": _t("Minutes and a letter of the adopter.", "Jegyzőkönyv és az átvevő levele."),
}


@dataclass(frozen=True)
class RiskText:
    """A risk in words."""

    category: str
    score: tuple[int, int]
    response: str
    owner: str
    pilot: int
    cause: Text
    event: Text
    effect: Text
    mitigation: Text


def _risk(
    category: str, score: tuple[int, int], response: str, owner: str, pilot: int, *texts: tuple[str, str]
) -> RiskText:
    return RiskText(category, score, response, owner, pilot, *(_t(en, hu) for en, hu in texts))


RISKS: tuple[RiskText, ...] = (
    _risk(
        "delivery",
        (4, 4),
        "reduce",
        "pilot_lead",
        6,
        ("Rules of a market changed", "Változtak egy piac szabályai"),
        ("Firms leave the pilot", "A cégek elhagyják a kísérletet"),
        ("The target is missed", "A cél elmarad"),
        ("A second market is prepared", "Egy második piac előkészítése"),
    ),
    _risk(
        "finance",
        (3, 5),
        "reduce",
        "finance",
        0,
        ("Control takes longer than planned", "Az ellenőrzés a tervezettnél tovább tart"),
        ("Certified spending falls behind", "A hitelesített költés elmarad"),
        ("Money may be lost", "Pénz veszhet el"),
        ("Controllers get files monthly", "Az ellenőrök havonta kapnak iratokat"),
    ),
    _risk(
        "partnership",
        (3, 5),
        "transfer",
        "lead",
        0,
        ("A partner is being reorganised", "Egy partnert átszerveznek"),
        ("Reports do not come", "Nem érkeznek jelentések"),
        ("The joint report waits", "A közös jelentés vár"),
        ("Another partner takes over its tasks", "Más partner veszi át a feladatait"),
    ),
    _risk(
        "delivery",
        (3, 4),
        "reduce",
        "pilot_lead",
        3,
        ("Fewer firms apply", "Kevesebb cég jelentkezik"),
        ("The pilot runs below its size", "A kísérlet kisebb lesz"),
        ("Results say little", "Az eredmény keveset mond"),
        ("A second call", "Második felhívás"),
    ),
    _risk(
        "delivery",
        (3, 4),
        "reduce",
        "pilot_lead",
        8,
        ("Members expect free services", "A tagok ingyenes szolgáltatást várnak"),
        ("Few pay", "Kevesen fizetnek"),
        ("The office cannot be kept", "Az iroda nem tartható fenn"),
        ("Trial months", "Próbahónapok"),
    ),
    _risk(
        "quality",
        (2, 5),
        "reduce",
        "group_lead",
        0,
        ("Analyses differ in method", "Az elemzések módszere eltér"),
        ("They cannot be compared", "Nem vethetők össze"),
        ("The strategy lacks a base", "A stratégiának nincs alapja"),
        ("A common template", "Közös sablon"),
    ),
    _risk(
        "communication",
        (2, 4),
        "reduce",
        "communication",
        0,
        ("Texts come late from partners", "A partnerek későn küldenek szöveget"),
        ("Newsletters slip", "Csúsznak a hírlevelek"),
        ("Fewer people are reached", "Kevesebb emberhez jut el"),
        ("A calendar of texts", "Szövegnaptár"),
    ),
    _risk(
        "external",
        (2, 4),
        "accept",
        "lead",
        0,
        ("Elections in several countries", "Választások több országban"),
        ("Decisions are put off", "Elhalasztott döntések"),
        ("Take-up is later", "Későbbi átvétel"),
        ("Talks with both sides", "Egyeztetés minden oldallal"),
    ),
    _risk(
        "delivery",
        (2, 3),
        "reduce",
        "pilot_lead",
        11,
        ("Students find other jobs", "A hallgatók máshol kapnak állást"),
        ("Places stay empty", "Üres helyek maradnak"),
        ("Less effect", "Kisebb hatás"),
        ("Earlier contracts", "Korábbi szerződések"),
    ),
    _risk(
        "finance",
        (2, 3),
        "reduce",
        "finance",
        0,
        ("Prices rise", "Emelkednek az árak"),
        ("Equipment costs more", "Drágább az eszköz"),
        ("Budget moves between lines", "Átcsoportosítás kell"),
        ("Joint purchase", "Közös beszerzés"),
    ),
    _risk(
        "partnership",
        (2, 3),
        "reduce",
        "lead",
        0,
        ("Staff changes", "Munkatársak cserélődnek"),
        ("Knowledge is lost", "Tudás vész el"),
        ("Delays", "Késések"),
        ("A hand-over file", "Átadási dosszié"),
    ),
    _risk(
        "quality",
        (2, 2),
        "reduce",
        "group_lead",
        0,
        ("Few evaluators", "Kevés értékelő"),
        ("Judgements rest on two views", "Az ítélet két véleményen áll"),
        ("Doubt about results", "Kétely az eredményben"),
        ("A third evaluator", "Harmadik értékelő"),
    ),
    _risk(
        "external",
        (1, 4),
        "accept",
        "lead",
        0,
        ("Travel is restricted", "Korlátozzák az utazást"),
        ("Visits cannot take place", "Elmaradnak a látogatások"),
        ("Learning suffers", "Kárt szenved a tanulás"),
        ("Visits online", "Online látogatások"),
    ),
    _risk(
        "communication",
        (2, 2),
        "reduce",
        "communication",
        0,
        ("The website is hard to find", "A honlap nehezen található"),
        ("Few visits", "Kevés látogatás"),
        ("Low use", "Csekély használat"),
        ("Links from partners", "Hivatkozás a partnerektől"),
    ),
    _risk(
        "delivery",
        (2, 3),
        "reduce",
        "pilot_lead",
        1,
        ("The voucher's rules were unclear", "Homályos volt az utalvány szabálya"),
        ("Few applied", "Kevesen pályáztak"),
        ("A late start", "Késői kezdés"),
        ("New rules", "Új szabályok"),
    ),
    _risk(
        "partnership",
        (1, 3),
        "reduce",
        "lead",
        0,
        ("The agreement was not signed", "Nem írták alá a megállapodást"),
        ("Work cannot start", "Nem indul a munka"),
        ("Delay", "Késés"),
        ("Signed in person", "Személyes aláírás"),
    ),
    _risk(
        "finance",
        (1, 4),
        "avoid",
        "finance",
        0,
        ("The first control was not appointed", "Nem jelölték ki az ellenőrt"),
        ("No certified spending", "Nincs hitelesítés"),
        ("No payment", "Nincs kifizetés"),
        ("Appointed", "Kijelölve"),
    ),
    _risk(
        "quality",
        (1, 2),
        "reduce",
        "group_lead",
        0,
        ("Definitions of indicators differed", "Eltértek a mutatók meghatározásai"),
        ("Numbers could not be added", "Nem voltak összeadhatók"),
        ("Wrong totals", "Hibás összegek"),
        ("Sheets with definitions", "Meghatározási lapok"),
    ),
)


@dataclass(frozen=True)
class DecisionText:
    """A decision and its action in words."""

    question: Text
    options: Text
    because: Text
    decision: Text
    action: Text


def _decide(
    question: tuple[str, str], because: tuple[str, str], decision: tuple[str, str], action: tuple[str, str]
) -> DecisionText:
    options = _t("Yes; later; no", "Igen; később; nem")
    return DecisionText(_t(*question), options, _t(*because), _t(*decision), _t(*action))


_AGENDA: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("Start the pilots now?", "Induljanak most a kísérletek?"),
        ("Designs are accepted.", "A terveket elfogadták."),
        ("The pilots start.", "A kísérletek elindulnak."),
        ("Sign the pilot contracts.", "A kísérleti szerződések aláírása."),
    ),
    (
        ("One template for all analyses?", "Egy sablon minden elemzéshez?"),
        ("First drafts cannot be compared.", "Az első tervezetek nem vethetők össze."),
        ("A common template holds.", "Közös sablon érvényes."),
        ("Send the template to all partners.", "A sablon elküldése minden partnernek."),
    ),
    (
        ("Open a second call for firms?", "Nyíljon második felhívás cégeknek?"),
        ("Fewer firms than planned came.", "A tervezettnél kevesebb cég jött."),
        ("A second call opens.", "Megnyílik a második felhívás."),
        ("Publish the second call.", "A második felhívás közzététele."),
    ),
    (
        ("Move money between partners?", "Legyen átcsoportosítás partnerek között?"),
        ("Two partners spend faster than planned.", "Két partner gyorsabban költ a tervezettnél."),
        ("Up to 20 % may move.", "Legfeljebb 20% csoportosítható át."),
        ("Update the budget tables.", "A költségtáblák frissítése."),
    ),
    (
        ("Add a study visit?", "Legyen még egy tanulmányút?"),
        ("Partners ask for it.", "A partnerek kérik."),
        ("One more visit is held.", "Még egy út lesz."),
        ("Fix host and date.", "Házigazda és időpont kijelölése."),
    ),
    (
        ("Ask controllers for monthly files?", "Kapjanak az ellenőrök havonta iratot?"),
        ("Control takes 60 days and more.", "Az ellenőrzés 60 napnál tovább tart."),
        ("Files go out monthly.", "Az iratok havonta mennek."),
        ("Agree on the calendar with controllers.", "Naptár egyeztetése az ellenőrökkel."),
    ),
    (
        ("Change how a pilot counts firms?", "Változzon a cégek számolása?"),
        ("Firms were counted twice.", "Cégeket kétszer számoltak."),
        ("Each firm counts once.", "Minden cég egyszer számít."),
        ("Correct the earlier values.", "A korábbi értékek javítása."),
    ),
    (
        ("Publish results in all languages?", "Megjelenjenek minden nyelven?"),
        ("Use is highest in the own language.", "Saját nyelven a legtöbbet használják."),
        ("Summaries appear in all languages.", "Összefoglaló minden nyelven készül."),
        ("Order the translations.", "A fordítások megrendelése."),
    ),
    (
        ("Return the deliverable to its authors?", "Visszakapják a szerzők az anyagot?"),
        ("Section four is missing.", "Hiányzik a negyedik fejezet."),
        ("It is returned.", "Visszakerül."),
        ("Hand in the missing section.", "A hiányzó fejezet leadása."),
    ),
    (
        ("Give the weakest pilot half a year?", "Kapjon fél évet a leggyengébb kísérlet?"),
        ("It stands at half of what was expected.", "A várt érték felénél tart."),
        ("It has until the next meeting.", "A következő ülésig kap időt."),
        ("Bring a plan with dates.", "Ütemezett terv bemutatása."),
    ),
    (
        ("Invite other regions to the training?", "Hívjunk más régiókat a képzésre?"),
        ("Places are free.", "Vannak szabad helyek."),
        ("Ten places are offered.", "Tíz hely felajánlása."),
        ("Send the invitation.", "A meghívó elküldése."),
    ),
    (
        ("Take the map of chains as a model?", "Legyen minta az értéklánctérkép?"),
        ("Two regions ask for it.", "Két régió kéri."),
        ("It is documented for transfer.", "Átadásra dokumentálják."),
        ("Write the transfer sheet.", "Az átadási lap megírása."),
    ),
    (
        ("Close the risk of late contracts?", "Lezárható a késő szerződések kockázata?"),
        ("All contracts are signed.", "Minden szerződést aláírtak."),
        ("The risk is closed.", "A kockázat lezárva."),
        ("Note the reason in the register.", "Az ok rögzítése a nyilvántartásban."),
    ),
)

DECISIONS: tuple[DecisionText, ...] = tuple(_decide(*one) for one in (*_AGENDA, *_AGENDA))

BODIES: dict[str, Text] = {
    "sc": _t("Steering committee", "Irányítóbizottság,"),
    "tsc": _t("Technical and scientific committee", "Szakmai és tudományos bizottság,"),
    "place": _t("Online", "Online"),
}

CHANNELS: dict[str, Text] = {
    "website": _t("Web article", "Webcikk"),
    "social": _t("Series of posts", "Bejegyzéssorozat"),
    "press": _t("Press article", "Sajtócikk"),
    "publication": _t("Report", "Jelentés"),
    "newsletter": _t("Newsletter", "Hírlevél"),
}

_VISIT, _TRAINING = _t("Study visit", "Tanulmányút"), _t("Training", "Képzés")
_WORKSHOP, _WEBINAR = _t("Workshop", "Műhely"), _t("Webinar", "Webinárium")
EVENTS: tuple[tuple[str, Text], ...] = (
    ("conference", _t("Opening conference", "Nyitókonferencia")),
    *((("study_visit", _VISIT), ("training", _TRAINING), ("workshop", _WORKSHOP)) * 9)[:27],
    ("webinar", _WEBINAR),
    ("webinar", _WEBINAR),
    ("conference", _t("Closing conference", "Zárókonferencia")),
)

STRATEGIES: tuple[tuple[str, Text, Text], ...] = (
    (
        "joint",
        _t("Joint cluster strategy (demonstration)", "Közös klaszterstratégia (bemutató)"),
        _t("Clusters that carry regions through change.", "Klaszterek, amelyek átviszik a régiókat a változáson."),
    ),
    (
        "s3",
        _t("Smart specialisation of the area (demonstration)", "A térség intelligens szakosodása (bemutató)"),
        _t("Fewer priorities, better founded.", "Kevesebb, jobban megalapozott prioritás."),
    ),
)

PROBLEMS: tuple[tuple[str, Text], ...] = (
    ("little-research", _t("Firms do little research", "A cégek keveset kutatnak")),
    ("wasteful-production", _t("Production is wasteful", "Pazarló a termelés")),
    ("closed-clusters", _t("Clusters stay at home", "A klaszterek otthon maradnak")),
    ("short-money", _t("Money for clusters is short-lived", "Rövid életű a klaszterek pénze")),
    ("vague-priorities", _t("Priorities are many and vague", "Sok és homályos a prioritás")),
    ("missing-skills", _t("Skills are missing", "Hiányoznak a készségek")),
)


@dataclass(frozen=True)
class MeasureText:
    """A measure in words."""

    strategy: int
    theme: int
    instrument: str
    level: str
    budget: int
    pilots: tuple[int, ...]
    title: Text
    target: Text
    because: Text


MEASURES: tuple[MeasureText, ...] = (
    MeasureText(
        1,
        0,
        "voucher",
        "regional",
        900_000,
        (1,),
        _t("Vouchers for innovation", "Innovációs utalványok"),
        _t("Small firms", "Kis cégek"),
        _t("A first contract is the hardest.", "Az első szerződés a legnehezebb."),
    ),
    MeasureText(
        1,
        0,
        "service",
        "regional",
        700_000,
        (2,),
        _t("Shared laboratories", "Közös laboratóriumok"),
        _t("Firms and institutes", "Cégek és intézetek"),
        _t("Equipment is there but closed.", "Van eszköz, de zárva."),
    ),
    MeasureText(
        1,
        1,
        "service",
        "regional",
        600_000,
        (3, 4),
        _t("Circular clusters", "Körforgásos klaszterek"),
        _t("Suppliers", "Beszállítók"),
        _t("Neighbours can use what is wasted.", "A hulladék másnak jó."),
    ),
    MeasureText(
        1,
        2,
        "network",
        "joint",
        650_000,
        (5, 6),
        _t("Clusters abroad", "Klaszterek külföldön"),
        _t("Cluster organisations", "Klaszterszervezetek"),
        _t("Trust takes visits.", "A bizalomhoz látogatás kell."),
    ),
    MeasureText(
        1,
        3,
        "finance",
        "national",
        800_000,
        (7,),
        _t("Guarantees", "Garanciák"),
        _t("Young firms", "Fiatal cégek"),
        _t("Banks lack information.", "A bankoknak nincs információjuk."),
    ),
    MeasureText(
        1,
        3,
        "service",
        "regional",
        300_000,
        (8,),
        _t("Services for fees", "Díjas szolgáltatások"),
        _t("Cluster organisations", "Klaszterszervezetek"),
        _t("Fees show what is wanted.", "A díj mutatja, mi kell."),
    ),
    MeasureText(
        2,
        4,
        "network",
        "regional",
        500_000,
        (9, 10),
        _t("Discovery with data", "Felfedezés adatokkal"),
        _t("Regional authorities", "Regionális hatóságok"),
        _t("Firms know what is possible.", "A cégek tudják, mi lehetséges."),
    ),
    MeasureText(
        2,
        5,
        "training",
        "regional",
        750_000,
        (11, 12),
        _t("Learning in firms", "Tanulás a cégeknél"),
        _t("Students and workers", "Hallgatók és dolgozók"),
        _t("Skills grow where they are used.", "A készség ott nő, ahol kell."),
    ),
)

REASONS: dict[str, Text] = {
    "closed": _t("No longer possible.", "Már nem következhet be."),
    "tests": _t("The pilot tries it on a small scale.", "A kísérlet kicsiben próbálja ki."),
    "written": _t("What works is written down for others.", "Ami működik, azt leírják másoknak."),
    "used": _t("A clear guideline brings more firms in.", "A világos útmutató több céget von be."),
    "counts": _t("Reach comes first.", "Az elérés az első lépés."),
    "moves": _t(
        "If enough firms change, the region does; contribution, not proof.",
        "Ha elég cég változik, a régió is; hozzájárulás, nem bizonyíték.",
    ),
    "aim": _t("It is what the strategy is judged by.", "Ezen mérik a stratégiát."),
}

REVIEWS: tuple[Text, ...] = (
    _t("Sources of the figures are missing.", "Hiányoznak a számok forrásai."),
    _t(
        "Say what the findings mean for the partners' strategies.",
        "Mondja meg, mit jelent ez a partnerek stratégiáinak.",
    ),
    _t("The summary does not fit the annex.", "Az összefoglaló nem egyezik a melléklettel."),
)
"""Why the technical and scientific committee returned a deliverable."""
