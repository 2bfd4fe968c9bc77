"""One made input-output table, written in every published layout: what is read back must be the same table."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from analysis.tables import IOTable

ISO3 = {"HU": "HUN", "EL": "GRC", "UK": "GBR", "MX": "MEX", "ROW": "ROW"}
CATEGORIES = ("households", "npish", "government", "investment", "inventories")
CODES = {
    "ICIO45": ("A03", "C29", "D", "J61", "T"),
    "WIOD16": ("A03", "C29", "D35", "J61", "T"),
    "WIOD13": ("1", "15", "17", "27", "35"),
    "NACE_A64": ("A03", "C29", "D", "J61", "T"),
}
ICIO_FINAL = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT")
FIGARO_FINAL = ("P3_S14", "P3_S15", "P3_S13", "P51G", "P5M")
WIOD16_FINAL = ("CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN")


def made(classification: str, countries: Sequence[str] = ("HU", "EL", "UK", "ROW"), seed: int = 7) -> IOTable:
    """A balanced table with two decimals: some negative inventories, one industry without output."""
    random = np.random.default_rng(seed)
    codes = CODES[classification]
    n, k = len(countries) * len(codes), len(countries) * len(CATEGORIES)
    flows = np.round(random.lognormal(2, 1, (n, n)), 2)
    final = np.round(random.lognormal(3, 1, (n, k)), 2)
    stocks = np.arange(k) % len(CATEGORIES) == CATEGORIES.index("inventories")
    final[:, stocks] = np.round(final[:, stocks] - 20, 2)
    idle = n - 1
    flows[idle] = flows[:, idle] = final[idle] = 0.0
    # More final use where value added would be negative.
    final[:, 0] += np.round(np.maximum(flows.sum(axis=0) * 1.4 - flows.sum(axis=1) - final.sum(axis=1), 0), 2)
    output = flows.sum(axis=1) + final.sum(axis=1)
    taxes = np.round(0.02 * output, 2)
    return IOTable(
        name="made",
        kind="inter_country",
        year=2019,
        unit="MIO_USD",
        classification=classification,
        countries=tuple(countries),
        industries=codes,
        flows=flows,
        final=final,
        final_columns=tuple((country, category) for country in countries for category in CATEGORIES),
        output=output,
        value_added=output - flows.sum(axis=0) - taxes,
        taxes=taxes,
    )


def _put(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


def _number(value: float) -> object:
    return "" if np.isnan(value) else repr(round(float(value), 6))


def _line(label: str, *parts: Sequence[float]) -> list[object]:
    return [label, *(_number(value) for part in parts for value in part)]


def icio(path: Path, table: IOTable, write: Callable[[Path, list[list[object]]], Path] = _put) -> Path:
    """OECD ICIO: labels HUN_C29, rows TLS, VA, OUT, a column OUT."""
    names = [f"{ISO3[country]}_{code}" for country, code in table.labels]
    ends = dict(zip(CATEGORIES, ICIO_FINAL, strict=True))
    finals = [f"{ISO3[country]}_{ends[category]}" for country, category in table.final_columns]
    blank = [0.0] * len(finals)
    rows: list[list[object]] = [["", *names, *finals, "OUT"]]
    for place, name in enumerate(names):
        rows.append(_line(name, table.flows[place], table.final[place], [table.output[place]]))
    assert table.taxes is not None
    rows.append(_line("TLS", table.taxes, blank, [0.0]))
    rows.append(_line("VA", table.value_added, blank, [0.0]))
    rows.append(_line("OUT", table.output, blank, [0.0]))
    return write(path, rows)


def icio_extended(path: Path, table: IOTable) -> Path:
    """The same with Mexico in two parts: its industries in MX1 and MX2, its final use as MEX, its own rows zero."""
    names, weights = [], []
    for place, (country, code) in enumerate(table.labels):
        if country == "MX":
            names += [(f"MX1_{code}", place, 0.25), (f"MX2_{code}", place, 0.75), (f"MEX_{code}", place, 0.0)]
        else:
            names.append((f"{ISO3[country]}_{code}", place, 1.0))
    places = [place for _, place, _ in names]
    weights = np.array([weight for _, _, weight in names])
    ends = dict(zip(CATEGORIES, ICIO_FINAL, strict=True))
    finals = [f"{ISO3[country]}_{ends[category]}" for country, category in table.final_columns]
    flows = table.flows[np.ix_(places, places)] * weights[:, None] * weights
    final = table.final[places] * weights[:, None]
    rows: list[list[object]] = [["V1", *(name for name, _, _ in names), *finals, "OUT"]]
    for number, (name, place, weight) in enumerate(names):
        rows.append(_line(name, flows[number], final[number], [table.output[place] * weight]))
    assert table.taxes is not None
    blank = [0.0] * (len(finals) + 1)
    for label, values in (("TLS", table.taxes), ("VA", table.value_added), ("OUT", table.output)):
        rows.append(_line(label, values[places] * weights, blank))
    return _put(path, rows)


def figaro_matrix(path: Path, table: IOTable, products: bool = False) -> Path:
    """FIGARO as a matrix, with Eurostat's older GR and GB and the rest of the world as FIGW1."""
    names, finals, below = _figaro(table, products)
    rows: list[list[object]] = [["rowLabels", *names, *finals]]
    for place, name in enumerate(names):
        rows.append(_line(name, table.flows[place], table.final[place]))
    rows += [_line(f"W2_{label}", values, [0.0] * len(finals)) for label, values in below]
    return _put(path, rows)


def figaro_flat(path: Path, table: IOTable, products: bool = False) -> Path:
    """FIGARO as a list of cells."""
    names, finals, below = _figaro(table, products)
    kind = "Pi" if products else "Ii"
    rows: list[list[object]] = [
        ["icioiRow", "icioiCol", "refArea", f"row{kind}", "counterpartArea", f"col{kind}", "obsValue"]
    ]

    def cell(row: str, column: str, value: float) -> None:
        rows.append([row, column, *row.split("_", 1), *column.split("_", 1), _number(value)])

    for place, row in enumerate(names):
        for column, value in zip([*names, *finals], [*table.flows[place], *table.final[place]], strict=True):
            cell(row, column, value)
    for label, values in below:
        for column, value in zip(names, values, strict=True):
            cell(f"W2_{label}", column, value)
    return _put(path, rows)


def _figaro(table: IOTable, products: bool) -> tuple[list[str], list[str], list[tuple[str, np.ndarray]]]:
    areas = {"EL": "GR", "UK": "GB", "ROW": "FIGW1"}
    spelt = {"D": "D35", "T": "T"}
    prefix = "CPA_" if products else ""
    names = [f"{areas.get(country, country)}_{prefix}{spelt.get(code, code)}" for country, code in table.labels]
    ends = dict(zip(CATEGORIES, FIGARO_FINAL, strict=True))
    finals = [f"{areas.get(country, country)}_{ends[category]}" for country, category in table.final_columns]
    wages, other = np.round(0.6 * table.value_added, 2), np.round(0.05 * table.value_added, 2)
    assert table.taxes is not None
    below = [
        ("D21X31", table.taxes),
        ("OP_RES", 0 * wages),
        ("OP_NRES", 0 * wages),
        ("D1", wages),
        ("D29X39", other),
        ("B2A3G", table.value_added - wages - other),
    ]
    return names, finals, below


def _wiod_below(table: IOTable) -> list[tuple[str, str, np.ndarray]]:
    assert table.taxes is not None
    margins = np.round(0.3 * table.taxes, 2)
    return [
        ("II_fob", "Total intermediate consumption", table.flows.sum(axis=0)),
        ("TXSP", "taxes less subsidies on products", table.taxes - margins),
        ("EXP_adj", "Cif/ fob adjustments on exports", 0 * margins),
        ("PURR", "Direct purchases abroad by residents", 0 * margins),
        ("PURNR", "Purchases on the domestic territory by non-residents ", 0 * margins),
        ("VA", "Value added at basic prices", table.value_added),
        ("IntTTM", "International Transport Margins", margins),
        ("GO", "Output at basic prices", table.output),
    ]


def _numbers(table: IOTable) -> tuple[list[int], list[int]]:
    """Numbers of the made industries, and of the categories of final use, in WIOD."""
    from etl.sources.io_base import industries_of

    order = list(industries_of(table.classification))
    finals = [57, 58, 59, 60, 61] if table.classification == "WIOD16" else [37, 38, 39, 41, 42]
    return [order.index(code) + 1 for code in table.industries], finals


def wiod_long(path: Path, table: IOTable) -> Path:
    """WIOD 2016 with a single header: AUS1 ... ROW61, TOT."""
    industries, finals = _numbers(table)
    codes = dict(zip(table.industries, industries, strict=True))
    ends = dict(zip(CATEGORIES, finals, strict=True))
    header = ["IndustryCode", "IndustryDescription", "Country", "RNr", "Year"]
    header += [f"{ISO3[country]}{codes[code]}" for country, code in table.labels]
    header += [f"{ISO3[country]}{ends[category]}" for country, category in table.final_columns]
    rows: list[list[object]] = [[*header, "TOT"]]
    for place, (country, code) in enumerate(table.labels):
        label = [code, f"Industry {code}", ISO3[country], codes[code], table.year]
        rows.append([*label, *_line("", table.flows[place], table.final[place], [table.output[place]])[1:]])
    for number, (code, text, values) in enumerate(_wiod_below(table), start=65):
        blank = [0.0] * (len(table.final_columns) + 1)
        rows.append([code, text, "TOT", number, table.year, *_line("", values, blank)[1:]])
    return _put(path, rows)


def wiod_rows(table: IOTable) -> list[list[object]]:
    """The sheet of WIOD: title, four rows and four columns of labels, numbers."""
    industries, finals = _numbers(table)
    codes = dict(zip(table.industries, industries, strict=True))
    ends = dict(zip(CATEGORIES, finals, strict=True))
    names = dict(zip(CATEGORIES, WIOD16_FINAL, strict=True))
    own = table.classification == "WIOD16"
    columns = [(code if own else f"isic{code}", country, codes[code]) for country, code in table.labels]
    columns += [(names[category], country, ends[category]) for country, category in table.final_columns]
    top: list[list[object]] = [
        ["Intercountry Input-Output Table", *[None] * (len(columns) + 4)],
        ["(industry-by-industry)", *[None] * (len(columns) + 4)],
        [None, None, None, None, *(code for code, _, _ in columns), "GO"],
        [None, None, None, None, *(f"Industry {code}" for code, _, _ in columns), "Gross output"],
        ["(millions of US$)", None, None, None, *(ISO3[country] for _, country, _ in columns), "TOT"],
        [None, None, None, None, *(f"c{number}" for _, _, number in columns), "c62"],
    ]
    body: list[list[object]] = []
    for place, (country, code) in enumerate(table.labels):
        label = [columns[place][0], f"Industry {code}", ISO3[country], f"c{codes[code]}"]
        values = [*table.flows[place], *table.final[place], table.output[place]]
        body.append([*label, *(round(float(value), 6) for value in values)])
    for number, (code, text, values) in enumerate(_wiod_below(table), start=65):
        row = [*values, *[0.0] * (len(table.final_columns) + 1)]
        body.append([code, text, "TOT", f"r{number}", *(round(float(value), 6) for value in row)])
    return top + body


def wiod_csv(path: Path, table: IOTable) -> Path:
    """The sheet saved as CSV."""
    return _put(path, wiod_rows(table))


def wiod_xlsx(path: Path, table: IOTable) -> Path:
    """The sheet as XLSX."""
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for row in wiod_rows(table):
        book.active.append(row)
    book.save(path)
    return path


def national(country: str = "HU", uses: str = "domestic", seed: int = 3) -> IOTable:
    """A balanced national table; with ``total`` the imports are in its uses."""
    random = np.random.default_rng(seed)
    codes = ("A01", "C10-C12", "C31_C32", "D", "J62_J63", "L68A", "L68B", "O", "U")
    n = len(codes)
    categories = ("households", "npish", "government", "investment", "inventories", "valuables", "exports")
    flows, bought = (np.round(random.lognormal(level, 1, (n, n)), 1) for level in (3, 2))
    final, abroad = (np.round(random.lognormal(level, 1, (n, len(categories))), 1) for level in (4, 3))
    final[:, 4] -= np.round(final[:, 4] * 1.5, 1)
    for array in (flows, bought):
        array[-1] = array[:, -1] = 0.0
    final[-1] = abroad[-1] = 0.0
    final[:, 0] += np.round(
        np.maximum((flows + bought).sum(axis=0) * 1.5 - flows.sum(axis=1) - final.sum(axis=1), 0), 1
    )
    output = flows.sum(axis=1) + final.sum(axis=1)
    taxes = np.round(output * 0.03, 1)
    total = uses == "total"
    return IOTable(
        name=f"{country} 2018",
        kind="national",
        year=2018,
        unit="MIO_EUR",
        classification="NACE_A64",
        countries=(country,),
        industries=codes,
        flows=flows + bought if total else flows,
        final=final + abroad if total else final,
        final_columns=tuple(("ROW" if name == "exports" else country, name) for name in categories),
        output=output,
        value_added=output - flows.sum(axis=0) - bought.sum(axis=0) - taxes,
        uses="total" if total else "domestic",
        imports=bought.sum(axis=1) + abroad.sum(axis=1) if total else None,
        imported_inputs=None if total else bought.sum(axis=0),
        taxes=taxes,
    )


FINAL_LABELS = ("P3_S14", "P3_S15", "P3_S13", "P51G", "P52", "P53", "P6")


def wide(path: Path, table: IOTable, facts: Sequence[str] = (), corner: str = "prod_na") -> Path:
    """A national table as one sees it, with sums that a reader must leave out."""
    columns = [f"CPA_{code}" for code in table.industries]
    rows: list[list[object]] = [[fact] for fact in facts]
    rows.append([corner, *columns, "TOTAL", *FINAL_LABELS, "P3", "TFU", "TU"])
    consumption = table.final[:, :3].sum(axis=1)
    for place, label in enumerate(columns):
        used, sold = table.flows[place].sum(), table.final[place].sum()
        rows.append(
            _line(label, table.flows[place], [used], table.final[place], [consumption[place], sold, used + sold])
        )
    extra = table.imports if table.uses == "total" else table.imported_inputs
    assert extra is not None
    assert table.taxes is not None
    rows.append(_line("TOTAL", table.flows.sum(axis=0)))
    rows.append(_line("IMP", extra))
    rows.append(_line("D21X31", table.taxes))
    rows.append(_line("D11", 0.4 * table.value_added))
    rows.append(_line("B1G", table.value_added))
    rows.append(_line("P1", table.output))
    width = len(columns) + len(FINAL_LABELS) + 5
    return _put(path, [row if len(row) == 1 else [*row, *[""] * (width - len(row))] for row in rows])


def sdmx_cells(table: IOTable, flow: str) -> list[tuple[str, str, str, str, float]]:
    """Cells (flow, use, available, country, value) as Eurostat lists them; zeros of U are not listed."""
    labels = [f"CPA_{code}" for code in table.industries]
    cells = []
    for place, row in enumerate(labels):
        values = [*table.flows[place], *table.final[place], table.flows[place].sum() + table.final[place].sum()]
        for column, value in zip([*labels, *FINAL_LABELS, "TU"], values, strict=True):
            if value != 0:
                cells.append((flow, column, row, table.countries[0], value))
    extra = table.imports if table.uses == "total" else table.imported_inputs
    for label, line in (("IMP", extra), ("D21X31", table.taxes), ("B1G", table.value_added), ("P1", table.output)):
        if line is not None:
            cells += [
                (flow, column, label, table.countries[0], value) for column, value in zip(labels, line, strict=True)
            ]
    return cells


def sdmx(
    path: Path,
    cells: Sequence[tuple[str, str, str, str, float]],
    dims: tuple[str, str] = ("prd_use", "prd_ava"),
    version: int = 1,
    labels: bool = False,
    year: int = 2018,
    updated: str = "28/08/26 23:00:00",
) -> Path:
    """Cells as SDMX-CSV 1.0 or 2.0, with or without columns of labels."""
    columns = ["freq", "unit", "stk_flow", *dims, "geo", "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG"]
    head = ["DATAFLOW", "LAST UPDATE"] if version == 1 else ["STRUCTURE", "STRUCTURE_ID"]
    start = ["ESTAT:NAIO_10_CP1700(1.0)", updated] if version == 1 else ["dataflow", "ESTAT:NAIO_10_CP1700(1.0)"]
    rows: list[list[object]] = [head + ([part for name in columns for part in (name, name)] if labels else columns)]
    for flow, use, available, country, value in cells:
        row: list[object] = ["A", "MIO_EUR", flow, use, available, country, year, _number(value), ""]
        rows.append([*start, *([part for cell in row for part in (cell, "label")] if labels else row)])
    return _put(path, rows)
