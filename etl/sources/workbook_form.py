"""The workbook that a ministry fills in: its columns, its words, and how it is written.

Headers and codes are the same in every language, so that a filled workbook can be read wherever it comes from; guide
and messages are in the language asked for.
"""

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

DATA, OWN, LISTS, GUIDE = "data", "indicators", "lists", "guide"
"""Names of the four sheets."""

COLUMNS = ("indicator", "region", "year", "value", "flags", "note")
NEEDED = COLUMNS[:4]
OWN_COLUMNS = (
    "code",
    "name_en",
    "name_hu",
    "theme",
    "unit",
    "unit_label_en",
    "unit_label_hu",
    "unit_suffix",
    "direction",
    "decimals",
    "change",
    "definition_en",
    "definition_hu",
    "publisher",
    "licence",
)
OWN_NEEDED = ("code", "name_en", "theme", "unit", "unit_label_en", "direction", "definition_en", "publisher")

THEMES = ("innovation", "sustainability", "internationalisation", "finance", "specialisation", "skills")
DIRECTIONS = ("up", "down", "neutral")
CHANGES = ("relative", "points")
UNITS = ("PC", "NR", "PERS", "THS", "EUR", "MIO_EUR", "EUR_HAB", "PPS_HAB", "IDX", "P_THAB")

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years that the sheet lets people type; the reader takes any year of four digits."""

MAX_ROWS = 100_000
"""Rows of figures in one workbook: a hundred indicators for all regions of the area over ten years."""

MAX_OWN = 200
"""Own indicators in one workbook."""

FLAGS: Mapping[str, Mapping[str, str]] = {
    "b": {
        "en": "break in the series: not comparable with earlier years",
        "hu": "törés az idősorban: nem vethető össze",
    },
    "c": {"en": "confidential", "hu": "bizalmas"},
    "d": {"en": "definition differs", "hu": "eltérő fogalom"},
    "e": {"en": "estimated", "hu": "becsült"},
    "f": {"en": "forecast", "hu": "előrejelzés"},
    "i": {"en": "imputed", "hu": "pótolt"},
    "n": {"en": "not significant", "hu": "nem jelentős"},
    "p": {"en": "provisional", "hu": "előzetes"},
    "r": {"en": "revised", "hu": "felülvizsgált"},
    "s": {"en": "estimated by another body", "hu": "más szerv becslése"},
    "u": {"en": "low reliability", "hu": "kevéssé megbízható"},
    "z": {"en": "cannot exist", "hu": "nem értelmezhető"},
}

# Each message: title (at most 32 characters) and text (at most 255), the limits of the file format.
MESSAGES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "en": {
        "indicator": (
            "Indicator",
            "Choose a code. Codes and names are on the sheet lists; your own come from indicators.",
        ),
        "region": ("Region", "Choose the code of a region or country. Names are on the sheet lists."),
        "year": ("Year", "Type the year alone, such as 2024. No date."),
        "value": ("Value", "Type a number. Leave the cell empty when the figure is missing; never type 0 for missing."),
        "flags": (
            "Flags",
            "Optional. One letter, or several without blanks (be). Their meaning is on the sheet lists.",
        ),
        "note": ("Note", "Optional. For you and your colleagues; it is not loaded."),
        "code": ("Code", "Small letters, digits and _ only, beginning with a letter, such as cluster_members."),
        "name_en": ("Name in English", "Needed. A short name as it should stand above a chart."),
        "name_hu": ("Name in Hungarian", "Optional. The English name is shown when this is empty."),
        "theme": ("Theme", "Choose the theme under which the indicator is shown."),
        "unit": (
            "Unit code",
            "Choose a code, or type one of capital letters, digits and _. Names are on the sheet lists.",
        ),
        "unit_label_en": ("Unit in words, English", "Needed. As it stands at an axis, such as % of enterprises."),
        "unit_label_hu": ("Unit in words, Hungarian", "Optional. The English text is shown when this is empty."),
        "unit_suffix": ("Mark behind numbers", "Optional. What follows each number, such as %."),
        "direction": ("Which way is better", "up: higher is better. down: lower is better. neutral: neither."),
        "decimals": ("Decimals", "How many decimals are shown: 0 to 6. Empty means 1."),
        "change": (
            "How change is measured",
            "relative: in per cent of the value. points: as a difference; right for shares.",
        ),
        "definition_en": ("Definition, English", "Needed. What is counted, of whom, and when."),
        "definition_hu": ("Definition, Hungarian", "Optional. The English text is shown when this is empty."),
        "publisher": ("Publisher", "Needed. Who answers for the figures."),
        "licence": ("Licence", "Optional. Who may use the figures, and how, such as CC BY 4.0."),
        "wrong": ("This does not fit", "Please use what the message beside the cell describes."),
    },
    "hu": {
        "indicator": (
            "Mutató",
            "Válasszon kódot. A kódok és nevek a lists lapon vannak, a sajátok az indicators lapról jönnek.",
        ),
        "region": ("Régió", "Válassza ki egy régió vagy ország kódját. A nevek a lists lapon vannak."),
        "year": ("Év", "Csak az évszámot írja be, például 2024. Dátumot ne."),
        "value": (
            "Érték",
            "Számot írjon be. Ha az adat hiányzik, hagyja üresen a cellát; hiány helyett soha ne írjon 0-t.",
        ),
        "flags": ("Jelölés", "Nem kötelező. Egy betű, vagy több szóköz nélkül (be). Jelentésük a lists lapon van."),
        "note": ("Megjegyzés", "Nem kötelező. Önnek és munkatársainak szól, nem töltjük be."),
        "code": ("Kód", "Csak kisbetű, számjegy és _ lehet, betűvel kezdődik, például cluster_members."),
        "name_en": ("Angol név", "Kötelező. Rövid név, ahogyan az ábra fölött álljon."),
        "name_hu": ("Magyar név", "Nem kötelező. Ha üres, az angol név látszik."),
        "theme": ("Téma", "Válassza ki a témát, amely alatt a mutató megjelenik."),
        "unit": ("Egység kódja", "Válasszon kódot, vagy írjon be egyet nagybetűkből, számjegyekből és _ jelből."),
        "unit_label_en": ("Egység szavakkal, angolul", "Kötelező. Ahogyan a tengelynél áll, például % of enterprises."),
        "unit_label_hu": ("Egység szavakkal, magyarul", "Nem kötelező. Ha üres, az angol szöveg látszik."),
        "unit_suffix": ("Jel a számok után", "Nem kötelező. Ami minden szám után áll, például %."),
        "direction": ("Melyik irány a jobb", "up: a több a jobb. down: a kevesebb a jobb. neutral: egyik sem."),
        "decimals": ("Tizedesek", "Hány tizedes látszik: 0-tól 6-ig. Üresen 1."),
        "change": ("A változás mértéke", "relative: az érték százalékában. points: különbségként; arányokhoz ez való."),
        "definition_en": ("Meghatározás, angolul", "Kötelező. Mit számolunk, kikre és mikorra."),
        "definition_hu": ("Meghatározás, magyarul", "Nem kötelező. Ha üres, az angol szöveg látszik."),
        "publisher": ("Közzétevő", "Kötelező. Aki az adatokért felel."),
        "licence": ("Licenc", "Nem kötelező. Ki és hogyan használhatja az adatokat, például CC BY 4.0."),
        "wrong": ("Ez nem illik ide", "Kérjük, azt írja be, amit a cella melletti üzenet kér."),
    },
}

GUIDES: Mapping[str, Sequence[str]] = {
    "en": (
        "How to fill in this workbook",
        "1. Own indicator? Describe it on the sheet indicators, one row each. Indicators of the catalogue need no row.",
        "2. Put your figures on the sheet data, one row for each indicator, region and year.",
        "3. Missing figure: leave the value empty. A zero means that you counted and found none.",
        "4. Flags tell readers what to beware of: e estimated, p provisional, b not comparable with earlier years.",
        "5. Write figures, not formulas. From another sheet, copy and then paste as values.",
        "6. Keep sheet names and headers, merge no cells, add no macros and no links to other workbooks.",
        "7. Save as XLSX and load it: polisee load <file>. Loading it again after changes replaces the figures.",
        "Rows that cannot be taken do not stop the others; polisee quarantine lists them with row, column and remedy.",
    ),
    "hu": (
        "A munkafüzet kitöltése",
        "1. Saját mutató? Írja le az indicators lapon, egy sorban egyet. A katalógus mutatóihoz nem kell sor.",
        "2. Az adatok a data lapra kerülnek: minden mutató, régió és év külön sor.",
        "3. Hiányzó adat: az érték cellája maradjon üres. A nulla azt jelenti, hogy megszámoltuk, és nem volt.",
        "4. A jelölés arra int, mire figyeljen az olvasó: e becsült, p előzetes, b korábbi évekkel nem vethető össze.",
        "5. Számot írjon, ne képletet. Más lapról másolva értékként illessze be.",
        "6. A lapok neve és a fejléc maradjon; ne legyen egyesített cella, makró, más munkafüzetre mutató hivatkozás.",
        "7. Mentse XLSX-ként; betöltés: polisee load <fájl>. Módosítás után újra; az új adat lép a régi helyére.",
        "A hibás sor a többit nem akasztja meg; a polisee quarantine kiírja a sort, az oszlopot és a teendőt.",
    ),
}

LIST_HEADS: Mapping[str, Sequence[str]] = {
    "en": ("indicator", "name", "region", "name", "flag", "meaning", "theme", "direction", "change", "unit"),
    "hu": ("mutató", "név", "régió", "név", "jelölés", "jelentés", "téma", "irány", "változás", "egység"),
}

_RISKY = ("=", "+", "-", "@", "\t", "\r")
_WIDTHS = {"note": 40, "definition_en": 50, "definition_hu": 50, "name_en": 32, "name_hu": 32, "indicator": 28}


def guarded(text: str) -> str:
    """A text for CSV that no spreadsheet takes for a formula; ``unguarded`` undoes it."""
    return f"'{text}" if text.startswith((*_RISKY, "'")) else text


def unguarded(text: str) -> str:
    """The text without the apostrophe that ``guarded`` put before it."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*_RISKY, "'")) else text


def write_template(
    path: Path, indicators: pd.DataFrame, regions: pd.DataFrame, lang: str = "en", rows: pd.DataFrame | None = None
) -> None:
    """Write the XLSX that a ministry fills in.

    Args:
        path: where to.
        indicators: at least ``code`` and ``name``, as ``store.catalogue.indicators`` gives them.
        regions: at least ``code`` and ``name``, as ``store.regions.regions`` gives them.
        lang: language of guide and messages, ``en`` or ``hu``; headers and codes are the same in both.
        rows: figures that stand in it already: indicator, region, year, value and, when wanted, flags and note.

    Raises:
        KeyError: a column or the language is missing.
        OSError: the file cannot be written.
    """
    import xlsxwriter

    messages, guide, heads = MESSAGES[lang], GUIDES[lang], LIST_HEADS[lang]
    # Texts stay texts, whatever they begin with.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "locked": True})
        text = book.add_format({"quote_prefix": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        data, own, lists, page = (book.add_worksheet(name) for name in (DATA, OWN, LISTS, GUIDE))
        for sheet, columns in ((data, COLUMNS), (own, OWN_COLUMNS)):
            sheet.freeze_panes(1, 0)
            for place, name in enumerate(columns):
                sheet.write_string(0, place, name, head)
                sheet.set_column(place, place, _WIDTHS.get(name, 16))
                title, message = messages[name]
                sheet.write_comment(0, place, f"{title}: {message}")
        known = [
            [str(code) for code in indicators["code"]],
            [str(name) for name in indicators["name"]],
            [str(code) for code in regions["code"]],
            [str(name) for name in regions["name"]],
            list(FLAGS),
            [meaning[lang] for meaning in FLAGS.values()],
            list(THEMES),
            list(DIRECTIONS),
            list(CHANGES),
            list(UNITS),
        ]
        lists.freeze_panes(1, 0)
        for place, (name, entries) in enumerate(zip(heads, known, strict=True)):
            lists.write_string(0, place, name, head)
            lists.set_column(place, place, 34 if place in (1, 3, 5) else 18)
            for row, entry in enumerate(entries, start=1):
                lists.write_string(row, place, entry, text)
        # Codes of own indicators join the drop-down list below those of the catalogue as soon as they are typed.
        count = len(known[0])
        for row in range(MAX_OWN):
            lists.write_formula(count + 1 + row, 0, f'=IF({OWN}!A{row + 2}="","",{OWN}!A{row + 2})', None, "")
        own_codes = f"COUNTA({OWN}!$A$2:$A${MAX_OWN + 1})"
        sources: dict[str, dict[str, Any]] = {
            "indicator": {"validate": "list", "source": f"=OFFSET({LISTS}!$A$2,0,0,{count}+{own_codes},1)"},
            "region": {"validate": "list", "source": _listed("C", known[2])},
            "year": {"validate": "integer", "criteria": "between", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
            "value": {"validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15},
            "flags": {"validate": "list", "source": _listed("E", known[4]), "error_type": "information"},
            "theme": {"validate": "list", "source": _listed("G", known[6])},
            "unit": {"validate": "list", "source": _listed("J", known[9]), "error_type": "information"},
            "direction": {"validate": "list", "source": _listed("H", known[7])},
            "decimals": {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 6},
            "change": {"validate": "list", "source": _listed("I", known[8])},
        }
        wrong = messages["wrong"]
        for sheet, columns, last in ((data, COLUMNS, MAX_ROWS), (own, OWN_COLUMNS, MAX_OWN)):
            for place, name in enumerate(columns):
                title, message = messages[name]
                rule = sources.get(name, {"validate": "any"})
                told = {
                    "input_title": title,
                    "input_message": message,
                    "error_title": wrong[0],
                    "error_message": wrong[1],
                }
                sheet.data_validation(1, place, last, place, {**rule, **told, "ignore_blank": True})
        if rows is not None:
            for line, filled in enumerate(_filled(rows), start=1):
                for place, cell in enumerate(filled):
                    if isinstance(cell, str):
                        data.write_string(line, place, cell, text)
                    elif cell is not None:
                        data.write_number(line, place, cell)
        page.set_column(0, 0, 110)
        for line, sentence in enumerate(guide):
            page.write_string(line, 0, sentence, head if line == 0 else wrapped)
    path.write_bytes(content.getvalue())


def _listed(column: str, entries: Sequence[str]) -> str:
    return f"={LISTS}!${column}$2:${column}${len(entries) + 1}"


def write_csv_template(path: Path, lang: str = "en", rows: pd.DataFrame | None = None) -> None:
    """Write the same columns as CSV: UTF-8 with BOM; semicolon and decimal comma for ``hu``, comma and point else.

    Raises:
        OSError: the file cannot be written.
    """
    comma = lang == "hu"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";" if comma else ",")
        writer.writerow(COLUMNS)
        for row in _filled(rows) if rows is not None else ():
            cells = [guarded(cell) if isinstance(cell, str) else "" if cell is None else repr(cell) for cell in row]
            cells[3] = cells[3].replace(".", ",") if comma else cells[3]
            writer.writerow(cells)


def _filled(rows: pd.DataFrame) -> Iterator[list[str | int | float | None]]:
    """Rows of a frame in the order of the columns; None for an empty cell."""
    for row in rows.to_dict("records"):
        value = row["value"]
        yield [
            str(row["indicator"]),
            str(row["region"]),
            int(row["year"]),
            None if value is None or math.isnan(value) else float(value),
            str(row.get("flags") or "") or None,
            str(row.get("note") or "") or None,
        ]
