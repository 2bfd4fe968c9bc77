"""What can be said about the figures themselves: how many, how old, how marked, how they changed. No Dash, no SQL.

Everything here is in the language of the request. 'Marked' means a publisher's letter; missing is never zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd

from analysis.model import UNCERTAIN
from dashboard import choices, frames
from dashboard.filters import Filters, Option, one_of
from dashboard.i18n import N_, SOURCE, _, language, number, percent, sort_key
from dashboard.i18n import date as day_in_words

STALE_YEARS = 2
"""All our sources publish yearly, at most two years after the year they speak of; more than that is old."""

EDITION_DAYS = 400
"""A yearly edition, and a month of grace: an older one has most likely been followed by another."""

SMALLEST_SHARE = 0.0001
SMALL_SHARE = 0.01
"""Shares of inhabitants: below the first only that is said, below the second two decimals are shown."""

ALL = "all"
"""Choice of every theme or every country."""

PARTS: Mapping[str, str] = {
    "catalogue": N_("Catalogue"),
    "indicator": N_("One indicator"),
    "tables": N_("Industries & tables"),
    "quality": N_("Quality report"),
    "loads": N_("Loads"),
    "methods": N_("Methods"),
    "accessibility": N_("Accessibility"),
    "privacy": N_("Privacy"),
    "licence": N_("Licence & citation"),
}
"""The parts of the page, in their order."""

DIRECTIONS: Mapping[int, str] = {1: N_("more is better"), -1: N_("less is better"), 0: N_("neither is better")}

CATALOGUE_WORDS = (
    N_("Eurostat, European Commission"),
    N_("Eurostat GISCO and EuroGeographics"),
    N_("Joint Research Centre, European Commission"),
    N_("The ministry or body that loads the workbook"),
    N_("Set by the owner"),
    N_("EuroGeographics, non-commercial use"),
    N_("CEPII"),
    N_("Etalab Open Licence 2.0"),
    N_("United Nations Statistics Division"),
    N_("UN Comtrade terms of use"),
    N_("Growth Lab at Harvard University"),
    N_("Organisation for Economic Co-operation and Development"),
    N_("Groningen Growth and Development Centre, University of Groningen"),
    N_("Pol Antràs and Davin Chor"),
    N_("Published results, to be cited"),
)
"""Publishers and licences that the catalogue names in English only; ``_`` is asked for them by value."""


def parts() -> list[Option]:
    """The parts of the page."""
    return [Option(code, _(label)) for code, label in PARTS.items()]


def themes() -> list[Option]:
    """All themes, or one of them."""
    return [Option(ALL, _("All themes")), *choices.themes()]


def countries() -> list[Option]:
    """All countries, or one of them."""
    return [Option(ALL, _("All countries")), *choices.countries()]


@dataclass(frozen=True)
class DataFilters(Filters):
    """What a reader may choose on the page; an indicator in the address without a part means its own page."""

    part: str = one_of(parts, default="catalogue", label=N_("Part"))
    indicator: str = one_of(lambda: choices.indicators(with_data=False), label=N_("Indicator"))
    country: str = one_of(countries, default=ALL, label=N_("Country"))
    theme: str = one_of(themes, default=ALL, label=N_("Theme"))

    @classmethod
    def parse(cls, query: Mapping[str, object] | None = None) -> "DataFilters":
        """Read anything; see ``Filters.parse``."""
        chosen = super().parse(query)
        asked = query or {}
        named = asked.get("indicator")
        if not asked.get("part") and named and named == chosen.indicator:
            return chosen.but(part="indicator")
        return chosen


def today() -> date:
    """The day in Universal Time."""
    return datetime.now(UTC).date()


def years_in_words(years: Iterable[int]) -> str:
    """Years as ranges: 2013–2015, 2018."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def years_spanned(first: float, last: float) -> str:
    """First and last year as words; empty when there is none."""
    return "" if pd.isna(first) else f"{int(first)}–{int(last)}"


def summary() -> pd.DataFrame:
    """Counts for each indicator that has any record, at every level of region.

    Returns:
        [indicator, figures (with a value), missing (published without one), estimated, provisional, unreliable,
        breaks, marked (any letter), records, first, last (years with a value, NaN for none), regions, countries (with a
        value, level 2 today)], one row an indicator.
    """
    return frames.remember("trust-summary", (), _summary)


def _summary() -> pd.DataFrame:
    codes = sorted(frames.coverage()["indicator"].unique())
    rows = []
    current = frames.current_regions().set_index("code")["country"]
    for code in codes:
        frame = frames.observations([code])
        there = frame["value"].notna()
        flags = frame["flags"].fillna("")
        places = [region for region in frame.loc[there, "region"].unique() if region in current.index]
        rows.append(
            {
                "indicator": code,
                "figures": int(there.sum()),
                "missing": int((~there).sum()),
                "estimated": int((there & flags.str.contains("[esi]")).sum()),
                "provisional": int((there & flags.str.contains("p")).sum()),
                "unreliable": int((there & flags.str.contains("u")).sum()),
                "breaks": int((there & flags.str.contains("b")).sum()),
                "marked": int((there & (flags != "")).sum()),
                "records": len(frame),
                "first": float(frame.loc[there, "period"].min()) if there.any() else np.nan,
                "last": float(frame.loc[there, "period"].max()) if there.any() else np.nan,
                "regions": len(places),
                "countries": len({current[place] for place in places}),
            }
        )
    return pd.DataFrame(rows, columns=SUMMARY_COLUMNS)


SUMMARY_COLUMNS = [
    "indicator",
    "figures",
    "missing",
    "estimated",
    "provisional",
    "unreliable",
    "breaks",
    "marked",
    "records",
    "first",
    "last",
    "regions",
    "countries",
]


def command(dataset: str, live: bool) -> str:
    """What loads a dataset: a query for what the source answers, a file for the rest."""
    return f"polisee load --live {dataset}" if live else "polisee load FILE"


def catalogue(theme: str = ALL, now: date | None = None) -> pd.DataFrame:
    """The catalogue of indicators with what is loaded of each, in the order of themes.

    Args:
        theme: only this theme, or all.
        now: the day from which age is counted; today by default.

    Returns:
        The columns of ``frames.indicators`` and [theme_name, better, publisher, licence, target, edition (datetime64),
        figures, first, last, years (words), regions, loaded (bool), old (bool: newest year too long ago), old_edition
        (bool), state
        (words)].
    """
    day = now or today()
    return frames.remember("trust-catalogue", (theme, day), lambda: _catalogue(theme, day))


def _catalogue(theme: str, now: date) -> pd.DataFrame:
    frame = frames.indicators()
    frame = frame if theme == ALL else frame[frame["theme"] == theme]
    names = dict(zip(frames.themes()["code"], frames.themes()["name"], strict=True))
    sources = frames.sources().set_index("code")
    editions = frames.datasets().set_index("code")["updated"]
    counted = summary().rename(columns={"indicator": "code"})
    result = frame.merge(counted, on="code", how="left")
    result["figures"] = result["figures"].fillna(0).astype("int64")
    result["loaded"] = result["figures"] > 0
    result["theme_name"] = result["theme"].map(names)
    result["better"] = [_(DIRECTIONS[way]) for way in result["direction"]]
    for name in ("publisher", "licence"):
        known = {code: _(words) for code, words in sources[name].items()}
        result[name] = [known.get(code, code) for code in result["source"]]
    result["target"] = [target_in_words(row) for _place, row in result.iterrows()]
    result["years"] = [years_spanned(a, b) for a, b in zip(result["first"], result["last"], strict=True)]
    result["edition"] = pd.to_datetime(pd.Series([editions.get(code) for code in result["dataset"]], dtype="object"))
    result["old"] = result["loaded"] & (now.year - result["last"] > STALE_YEARS)
    age = (pd.Timestamp(now) - result["edition"]).dt.days.astype("float64")
    result["old_edition"] = result["loaded"] & (age > EDITION_DAYS)
    result["state"] = [_state(row) for _place, row in result.iterrows()]
    return result


def target_in_words(row: pd.Series) -> str:
    """Target value and year of an indicator, with a word when it cannot be compared; empty without a target."""
    if pd.isna(row["target_value"]):
        return ""
    words = number(row["target_value"], int(row["decimals"])) + (row["unit_suffix"] or "")
    if not pd.isna(row["target_year"]):
        words += f" ({int(row['target_year'])})"
    return words if row["target_comparable"] else _("{target}, not comparable").format(target=words)


def _state(row: pd.Series) -> str:
    if not row["loaded"]:
        return _("not loaded: {command}").format(command=command(row["dataset"], bool(row["live"])))
    if row["old"]:
        return _("loaded; no figure newer than {year}").format(year=int(row["last"]))
    if row["old_edition"]:
        return _("loaded; the edition is old")
    return _("loaded")


def quality(theme: str = ALL, now: date | None = None) -> pd.DataFrame:
    """Of each loaded indicator: shares of what is marked and missing, newest year, edition, warnings in words.

    Returns:
        [indicator, records, figures, filled, missing_share, estimated_share, provisional_share, unreliable_share
        (percent of records or figures), last, edition, warning], in the order of the catalogue.
    """
    frame = catalogue(theme, now)
    frame = frame[frame["records"] > 0].rename(columns={"code": "indicator"})
    result = frame[["indicator", "records", "figures", "last", "edition", "old", "old_edition"]].copy()
    result["missing_share"] = frame["missing"] / frame["records"] * 100
    for name in ("estimated", "provisional", "unreliable"):
        result[f"{name}_share"] = frame[name] / frame["figures"].where(frame["figures"] > 0) * 100
    result["warning"] = [_warning(row) for _place, row in result.iterrows()]
    return result.reset_index(drop=True)


def _warning(row: pd.Series) -> str:
    words = []
    if row["old"]:
        words.append(_("no figure newer than {year}").format(year=int(row["last"])))
    if row["old_edition"]:
        words.append(_("edition older than {days} days").format(days=EDITION_DAYS))
    return "; ".join(words)


def country_shares(theme: str = ALL) -> pd.DataFrame:
    """How complete each indicator is in each country: percent of region-years that have a value.

    A country's region-years are its regions of level 2 today times the years from the first to the last that the
    indicator has anywhere, so that a country without any figure shows 0.

    Returns:
        [indicator, one column a country (by code)], indicators that have figures, in the order of the catalogue.
    """
    current = frames.current_regions()
    sizes = current.groupby("country")["code"].nunique()
    codes = [option.value for option in choices.countries()]
    coverage = frames.coverage()
    here = coverage[coverage["region"].isin(current["code"])]
    counts = here.groupby(["indicator", "country"])["count"].sum()
    rows = []
    for _place, row in catalogue(theme).iterrows():
        if not row["loaded"]:
            continue
        span = row["last"] - row["first"] + 1
        shares = {code: counts.get((row["code"], code), 0) / (sizes[code] * span) * 100 for code in codes}
        rows.append({"indicator": row["code"], **shares})
    return pd.DataFrame(rows, columns=["indicator", *codes])


CELL_COLUMNS = ["region", "name", "country", "country_name", "old", "period", "state", "flags", "value"]


def cells(indicator: str, country: str = ALL) -> pd.DataFrame:
    """Region by year: what is there of one indicator at level 2, old codes included.

    Returns:
        [region, name, country, country_name, old (bool: code of an older version), period (int; NA for a region
        without any record), state ("value" | "uncertain" | "break" | "missing"), flags, value], by country and region
        in the order of the reader's alphabet. A year without a record has no row.
    """
    regions = frames.regions().set_index("code", drop=False)
    names = frames.region_names()
    today_codes = set(frames.current_regions()["code"])
    frame = frames.observations([indicator]) if indicator else frames.observations([])
    second = set(regions.loc[regions["level"] == 2, "code"])
    frame = frame[frame["region"].isin(second)]
    if frame.empty:
        return pd.DataFrame(columns=CELL_COLUMNS)
    flags = frame["flags"].fillna("")
    states = np.select(
        [frame["value"].isna(), flags.str.contains("b"), flags.map(lambda text: bool(UNCERTAIN & set(text)))],
        ["missing", "break", "uncertain"],
        "value",
    )
    filled = frame[["region", "period", "value"]].assign(flags=flags, state=states)
    bare = sorted(today_codes - set(filled["region"]))
    result = pd.concat([filled.astype({"period": "Int64"}), pd.DataFrame({"region": bare})], ignore_index=True)
    result["country"] = result["region"].map(regions["country"])
    if country != ALL:
        result = result[result["country"] == country].reset_index(drop=True)
    result["name"] = result["region"].map(names)
    result["country_name"] = result["country"].map(names)
    result["old"] = ~result["region"].isin(today_codes)
    result[["state", "flags"]] = result[["state", "flags"]].fillna("")
    pairs = result[["region", "country"]].drop_duplicates()
    order = {row.region: (sort_key(names.get(row.country, "")), row.region) for row in pairs.itertuples()}
    place = {code: position for position, code in enumerate(sorted(order, key=lambda code: order[code]))}
    keys = result["region"].map(place)
    return result.assign(key=keys).sort_values(["key", "period"], ignore_index=True)[CELL_COLUMNS]


def years_by_region(found: pd.DataFrame) -> pd.DataFrame:
    """``cells`` in words, one row a region: the same facts as the heat map.

    Returns:
        [region, name, country_name, figures (years with a value), marks (letters and their years), missing (years
        published without a value), note]; years in words.
    """
    rows: dict[str, dict[str, Any]] = {}
    years: dict[str, dict[str, list[int]]] = {}
    for cell in found.to_dict("records"):
        region = cell["region"]
        note = _("code of an older classification") if cell["old"] else ""
        rows.setdefault(region, {"region": region, "name": cell["name"], "country_name": cell["country_name"]})
        mine = years.setdefault(region, {})
        if pd.isna(cell["period"]):
            rows[region]["note"] = note or _("no record")
            continue
        rows[region]["note"] = note
        for kind in ("missing" if cell["state"] == "missing" else "figures", f"letters {cell['flags']}"):
            mine.setdefault(kind, []).append(int(cell["period"]))
    for region, row in rows.items():
        mine = years[region]
        marks = {kind.removeprefix("letters "): spans for kind, spans in mine.items() if kind.startswith("letters ")}
        row["figures"] = years_in_words(mine.get("figures", ()))
        row["missing"] = years_in_words(mine.get("missing", ()))
        row["marks"] = "; ".join(f"{flags}: {years_in_words(spans)}" for flags, spans in sorted(marks.items()) if flags)
    return pd.DataFrame(
        list(rows.values()), columns=["region", "name", "country_name", "figures", "marks", "missing", "note"]
    )


CHANGE_SOURCES: Mapping[str, str] = {
    "Commission Regulation (EU) No 1319/2013": N_("Commission Regulation (EU) No 1319/2013"),
    "European Commission, Joint Research Centre": N_(
        "European Commission, Joint Research Centre, NUTS 2 conversion matrices, release 2025.08, CC BY 4.0"
    ),
}
"""Sources of the table of changes, by how their text begins."""


def changes(regions: Iterable[str] | None = None) -> pd.DataFrame:
    """Changes of the classification, in words.

    Args:
        regions: only changes of one of these codes; None for all.

    Returns:
        [from_code, version (which brought it), text, source], oldest first, one row for each region that changed.
    """
    frame = frames.region_changes()
    wanted = None if regions is None else set(regions)
    names = frames.region_names()
    rows = []
    for (code, version), part in frame.groupby(["from_code", "to_version"], sort=False):
        if wanted is not None and code not in wanted:
            continue
        start = str(part["source"].iloc[0])
        known = next((words for begin, words in CHANGE_SOURCES.items() if start.startswith(begin)), start)
        rows.append(
            {
                "from_code": code,
                "version": version,
                "text": _change_in_words(str(code), str(version), part, names),
                "source": _(known),
            }
        )
    result = pd.DataFrame(rows, columns=["from_code", "version", "text", "source"])
    return result.sort_values(["version", "from_code"], ignore_index=True)


def _change_in_words(code: str, version: str, part: pd.DataFrame, names: Mapping[str, str]) -> str:
    def called(region: str) -> str:
        name = names.get(region, region)
        return region if name == region else f"{name} ({region})"

    kind = part["kind"].iloc[0]
    if kind == "recode":
        return _("NUTS {version}: {old} has the new code {new}; the territory is the same.").format(
            version=version, old=called(code), new=part["to_code"].iloc[0]
        )
    if kind == "split":
        pieces = ", ".join(
            _("{region} with {share} of its inhabitants").format(region=called(row.to_code), share=_share(row))
            for row in part.itertuples()
        )
        return _("NUTS {version}: {old} was divided into {parts}. No series is carried across.").format(
            version=version, old=called(code), parts=pieces
        )
    moved = part[part["to_code"] != code]
    if len(moved) == len(part):
        return _("NUTS {version}: {old} has a new code, {new}, and a moved boundary.").format(
            version=version, old=called(code), new=part["to_code"].iloc[0]
        )
    pieces = ", ".join(f"{called(row.to_code)}: {_share(row)}" for row in moved.itertuples())
    return _("NUTS {version}: {old} gave a small part of its inhabitants to another region ({parts}).").format(
        version=version, old=called(code), parts=pieces
    )


def _share(row: object) -> str:
    share = float(row.population_share)  # type: ignore[attr-defined]
    if share != share:
        return _("an unknown share")
    if share < SMALLEST_SHARE:
        return _("less than {share}").format(share=percent(SMALLEST_SHARE, 2))
    return percent(share, 1 if share >= SMALL_SHARE else 2)


def revised(indicator: str) -> pd.DataFrame:
    """Figures of an indicator that later loads changed, newest change first.

    Returns:
        [region (name), code, period, before, after, difference, flags_before, data_version, changed_on (datetime64)].
    """
    columns = [
        "region",
        "code",
        "period",
        "before",
        "after",
        "difference",
        "flags_before",
        "data_version",
        "changed_on",
        "decimals",
    ]
    frame = frames.revisions([indicator]) if indicator else pd.DataFrame()
    if frame.empty:
        return pd.DataFrame(columns=columns)
    now = frames.observations([indicator])[["region", "period", "value"]]
    frame = frame.sort_values(["region", "period", "replaced_by"], ignore_index=True)
    # What came after is the next older value of the same cell, and for the newest change what stands today.
    later = frame.groupby(["region", "period"])["value"].shift(-1)
    newest = ~frame.duplicated(["region", "period"], keep="last")
    standing = frame[["region", "period"]].merge(now, on=["region", "period"], how="left")["value"]
    frame["after"] = later.where(~newest, standing)
    runs = frames.loads(10_000).set_index("id")
    names = frames.region_names()
    return (
        frame.assign(
            code=frame["region"],
            region=frame["region"].map(names),
            before=frame["value"],
            difference=frame["after"] - frame["value"],
            flags_before=frame["flags"],
            data_version=frame["replaced_by"].map(runs["data_version"]),
            changed_on=frame["replaced_by"].map(runs["started_at"]),
            decimals=int(frames.indicator(indicator)["decimals"]),
        )
        .sort_values(["replaced_by", "region", "period"], ascending=[False, True, True], ignore_index=True)
        .reindex(columns=columns)
    )


def values(indicators: Iterable[str]) -> pd.DataFrame:
    """All figures of some indicators with names, for downloads.

    Returns:
        [indicator, indicator_name, region, region_name, level, country, period, value, unit, flags, dataset].
    """
    frame = frames.observations(indicators)
    catalogue_rows = frames.indicators().set_index("code")
    places = frames.regions().set_index("code")
    return pd.DataFrame(
        {
            "indicator": frame["indicator"],
            "indicator_name": frame["indicator"].map(catalogue_rows["name"]),
            "region": frame["region"],
            "region_name": frame["region"].map(places["name"]),
            "level": frame["region"].map(places["level"]),
            "country": frame["region"].map(places["country"]),
            "period": frame["period"],
            "value": frame["value"],
            "unit": frame["indicator"].map(catalogue_rows["unit_label"]),
            "flags": frame["flags"],
            "dataset": frame["indicator"].map(catalogue_rows["dataset"]),
        }
    )


REASONS: Mapping[str, tuple[str, str]] = {
    "ambiguous-date": (N_("a day that can be read in two ways"), N_("Write the day as year-month-day.")),
    "ambiguous-number": (N_("a number that can be read in two ways"), N_("Write the number without thousands marks.")),
    "asynchronous": (N_("the service prepares the answer"), N_("Try later, or ask for fewer regions.")),
    "bad-code": (
        N_("a code with signs that are not allowed"),
        N_("Use the letters and digits that the template allows."),
    ),
    "bad-mapping": (
        N_("a table of names that is not as it should be"),
        N_("Mend the table of regions and variables as the loader says."),
    ),
    "bad-matrix": (
        N_("a cross-impact matrix that does not hold together"),
        N_("Give each descriptor its variants and each pair a number."),
    ),
    "bad-name": (N_("a name that cannot be kept"), N_("Shorten the name; it must stand in one line.")),
    "bad-yaml": (
        N_("text that is no proper YAML"),
        N_("Mend the line that is named: indents, colons and quotation marks."),
    ),
    "block-missing": (N_("a part of the project is missing"), N_("Save the project again in ScenarioWizard.")),
    "broken-quotes": (N_("quotation marks that do not close"), N_("Close each quotation mark.")),
    "cannot-export": (N_("something that cannot be written"), N_("Look at what is named, and ask again.")),
    "certified-above-declared": (
        N_("certified above declared"),
        N_("Certified money cannot exceed what was declared; check the amounts."),
    ),
    "circle": (N_("needs that go in a circle"), N_("Take one of the needs out.")),
    "damaged": (N_("damaged file"), N_("Download or save the file again.")),
    "damaged-topology": (N_("damaged boundaries"), N_("Download the file again.")),
    "date-as-text": (N_("a date where a text belongs"), N_("Write the cell as text.")),
    "date-in-year": (N_("a date where a year belongs"), N_("Write the year alone.")),
    "duplicate-column": (N_("a column twice"), N_("Keep one column of each name.")),
    "duplicate-key": (N_("the same figure twice"), N_("Keep one row for each indicator, region and year.")),
    "duplicate-row": (N_("a row or column twice"), N_("Keep each row and column of the table once.")),
    "empty-cell": (N_("an empty cell"), N_("Fill in the cell that is named.")),
    "empty-file": (N_("empty file"), N_("Download or save the file again.")),
    "encrypted": (N_("file with a password"), N_("Save it without a password.")),
    "entity": (N_("file that points outside itself"), N_("Save it again as a plain workbook.")),
    "error-value": (N_("a formula that failed"), N_("Mend the formula, then save values only.")),
    "external-link": (N_("links to other files"), N_("Save values only.")),
    "falling-output": (N_("a sum that falls"), N_("Check the figure; what is summed up cannot fall.")),
    "formula": (N_("a formula without a value"), N_("Save values only.")),
    "formula-injection": (
        N_("a text that could run something"),
        N_("Write plain text or a figure, without an equals sign in front."),
    ),
    "fraction-of-cent": (N_("an amount with fractions of a cent"), N_("Round the amount to whole cents.")),
    "invalid-geometry": (N_("outline cannot be drawn"), N_("Take the publisher's own file in WGS 84.")),
    "larger-than-parent": (N_("outline larger than the region around it"), N_("Check the code of the region.")),
    "level-mismatch": (N_("code and level do not fit"), N_("Check the code of the region.")),
    "lost-zeros": (
        N_("product codes without their leading zeros"),
        N_("Export the codes as text, so that they keep their zeros."),
    ),
    "low-above-high": (N_("a range whose low is above its high"), N_("Check the two percentiles.")),
    "macro": (N_("workbook with macros"), N_("Save it as a workbook without macros.")),
    "maintenance-page": (N_("the service is being maintained"), N_("Try later.")),
    "merged-cells": (N_("merged cells"), N_("Undo the merging and fill in each cell.")),
    "missing-block": (N_("a part of the table is missing"), N_("Download the whole table.")),
    "missing-column": (N_("a column is missing"), N_("Add the column that is named.")),
    "missing-country": (
        N_("it is not said of which country the table is"),
        N_("Name the country in the file, or in its name."),
    ),
    "missing-key": (N_("a row without one of its names"), N_("Fill in the cell that is named.")),
    "missing-sheet": (N_("a sheet is missing"), N_("Use the template and keep the names of its sheets.")),
    "missing-unit": (N_("a row without a unit"), N_("Name the unit; a pure number has the unit 1.")),
    "missing-value": (N_("an empty cell where a figure is needed"), N_("Take the table with all its figures.")),
    "missing-year": (N_("it is not said of which year the table is"), N_("Name the year in the file, or in its name.")),
    "mixed-classifications": (
        N_("products of another classification"),
        N_("Ask for all countries in one classification."),
    ),
    "mixed-currencies": (N_("several currencies"), N_("Give all amounts in the currency of the programme.")),
    "mixed-layout": (
        N_("years both as columns and as rows"),
        N_("Give one column for each year, or the columns Year and Value."),
    ),
    "mixed-levels": (
        N_("products at another level of detail"),
        N_("Ask for all countries at one level of detail."),
    ),
    "mixed-parts": (N_("figures and boundaries in one file"), N_("Put them into files of their own.")),
    "needs-set": (N_("it is not said into which scenario set it goes"), N_("Name the set when you load the file.")),
    "negative-output": (N_("negative output"), N_("Check the figure; output cannot be negative.")),
    "negative-value": (N_("a negative value"), N_("Check the figure; exports cannot be negative.")),
    "no-classification": (
        N_("classification of products unknown"),
        N_("Put the classification into the file's name, such as HS17."),
    ),
    "no-code": (N_("a shape without a code"), N_("Give each shape the code of its region.")),
    "no-file": (N_("no such file"), N_("Check name and place of the file.")),
    "no-regions": (N_("no region of the area"), N_("Check what the file is about.")),
    "no-rows": (N_("no rows"), N_("Nothing is published for this query; ask for something else.")),
    "no-sheet": (N_("a sheet is missing"), N_("Give the sheet with the figures the name data.")),
    "no-version": (N_("version of the classification unknown"), N_("Put the NUTS version into the file's name.")),
    "no-weight": (
        N_("weights that sum to nothing or are incomplete"),
        N_("Give every scenario a weight above zero, or none."),
    ),
    "not-a-date": (N_("not a date"), N_("Write the day as a date, or as year-month-day.")),
    "not-a-list": (N_("a list that is not written as it should be"), N_("Write it as the template shows.")),
    "not-a-member": (N_("a partner outside its time in the programme"), N_("Check the partner and the period.")),
    "not-a-name": (N_("a line that is no name"), N_("Begin descriptors with & and their variants with a hyphen.")),
    "not-a-number": (N_("not a number"), N_("Write the figure with digits and one decimal mark.")),
    "not-a-text": (
        N_("no text where one is needed"),
        N_("Write a text, with its language where the file has several."),
    ),
    "not-a-year": (N_("not a year"), N_("Write the year with four digits.")),
    "not-finite": (N_("not a finite number"), N_("Check the figure and its unit.")),
    "not-in-list": (N_("not one of the values that are allowed"), N_("Choose a value from the template's list.")),
    "not-square": (
        N_("a judgement section that is not square"),
        N_("Give each descriptor as many rows as columns in the grid."),
    ),
    "not-utf8": (N_("text in another encoding"), N_("Save the file as UTF-8.")),
    "not-yaml": (
        N_("text that is no proper YAML"),
        N_("Mend the line that is named: indents, colons and quotation marks."),
    ),
    "number-as-text": (N_("a number written as text"), N_("Write the figure with digits and one decimal mark.")),
    "old-or-encrypted": (N_("old or protected workbook"), N_("Save it as XLSX without a password.")),
    "other-dataset": (N_("another dataset"), N_("Put each dataset into a file of its own.")),
    "outside-limits": (N_("outside the possible range"), N_("Check the figure and its unit.")),
    "outside-update": (
        N_("a row that the update does not cover"),
        N_("Give an update only rows of its own partner and period."),
    ),
    "range-order": (N_("ends of a range in the wrong order"), N_("Write low, median and high in this order.")),
    "range-without-value": (N_("a range without its figure"), N_("Give the figure itself too, as the median.")),
    "repeated-row": (N_("the same thing twice"), N_("Keep one row of each.")),
    "service-error": (N_("the service refused"), N_("Try later; if it stays so, check the query.")),
    "service-fault": (N_("the service refused"), N_("Try later; if it stays so, check the query.")),
    "sum-differs": (
        N_("a figure that is not the sum of its parts"),
        N_("Check the breakdown; the figures were loaded as they are."),
    ),
    "swapped": (N_("rows and columns swapped"), N_("Rows must supply and columns use; turn the table round.")),
    "swapped-coordinates": (N_("longitude and latitude swapped"), N_("Write longitude first.")),
    "timeout": (N_("no answer in time"), N_("Try later.")),
    "too-big": (N_("file too big"), N_("Take a coarser scale or a smaller selection.")),
    "too-long": (N_("a text that is too long"), N_("Shorten the text.")),
    "too-many-names": (N_("too many different names"), N_("Divide the file.")),
    "too-many-rows": (N_("too many rows"), N_("Divide the file.")),
    "truncated": (N_("file cut short"), N_("Download the file again.")),
    "unbalanced": (
        N_("a table that does not balance"),
        N_("Check the row or column that is named, or take the publisher's own file."),
    ),
    "unknown-code": (
        N_("a code that leads nowhere"),
        N_("Use a code that stands in the same file, or add what is missing."),
    ),
    "unknown-column": (
        N_("a column that the format does not have"),
        N_("Delete the column, or name it as the format does."),
    ),
    "unknown-country": (N_("unknown country"), N_("Use a country code of ISO 3166.")),
    "unknown-dataset": (N_("unknown dataset"), N_("Use a dataset of the catalogue.")),
    "unknown-dimension": (N_("unknown dimension"), N_("Ask by the dimensions that the dataset has.")),
    "unknown-field": (N_("an entry that the format does not have"), N_("Delete it, or name it as the template does.")),
    "unknown-flag": (N_("unknown mark"), N_("Use the letters that the template lists.")),
    "unknown-flags": (N_("unknown marks"), N_("Use the letters that the template lists.")),
    "unknown-format": (N_("unknown form of file"), N_("Take one of the forms that the README lists.")),
    "unknown-indicator": (N_("unknown indicator"), N_("Use a code of the catalogue.")),
    "unknown-industry": (N_("unknown industry"), N_("Use the codes of the classification that the table follows.")),
    "unknown-programme": (N_("unknown programme"), N_("Load the whole programme first.")),
    "unknown-reference": (
        N_("a code that leads nowhere"),
        N_("Use a code that stands in the same file, or add what is missing."),
    ),
    "unknown-region": (N_("unknown region"), N_("Use a code of the table of regions.")),
    "unknown-set": (N_("unknown scenario set"), N_("Use the code of a set that is loaded.")),
    "unsupported-action": (N_("file with instructions"), N_("Save it as plain data.")),
    "value-outside-range": (N_("a figure outside its range"), N_("Check the figure and its two percentiles.")),
    "verified-above-certified": (
        N_("verified above certified"),
        N_("Verified money cannot exceed what was certified; check the amounts."),
    ),
    "wrong-code": (
        N_("a code with signs that are not allowed"),
        N_("Use the letters and digits that the template allows."),
    ),
    "wrong-columns": (N_("wrong number of columns"), N_("Give the row as many cells as the header has.")),
    "wrong-indicator": (N_("an indicator that does not hold together"), N_("Mend what the loader says of it.")),
    "wrong-order": (N_("an end before its beginning"), N_("Check the two dates or periods.")),
    "bad-map": (
        N_("a column map that is not built as it should be"),
        N_("Mend the map as the loader says; the shipped ones are examples."),
    ),
    "layout-lacks": (
        N_("something that the layout does not have"),
        N_("Nothing to do: what is stored stays."),
    ),
    "unknown-layout": (
        N_("a layout that is not known"),
        N_("Name one of the shipped layouts, or give a column map of your own."),
    ),
    "which-project": (
        N_("a file with several projects"),
        N_("Say which of them the programme is."),
    ),
    "wrong-product": (
        N_("a product code that does not fit the classification"),
        N_("Check the code and its leading zeros."),
    ),
    "wrong-projection": (N_("other coordinates"), N_("Take the file in WGS 84 (EPSG:4326).")),
    "wrong-shape": (N_("something of another shape than is needed"), N_("Write it as the template shows.")),
    "wrong-throughout": (N_("nearly every row is wrong"), N_("Check that the file is what its name says.")),
    "zero-after-recode": (
        N_("zero under a code that is no longer used"),
        N_("Leave the cell empty; missing is never zero."),
    ),
    "zero-output": (N_("flows of an industry without output"), N_("Check the output of the industry that is named.")),
    "zip-bomb": (
        N_("file that unpacks to an unreasonable size"),
        N_("Save the workbook again with the figures alone."),
    ),
}
"""Words and remedy for each reason for which rows are refused; the loader's own remedy is more exact, in English."""


def reason_in_words(code: str) -> str:
    """The words of a reason for refusal; its code when it has none."""
    return _(REASONS[code][0]) if code in REASONS else code


def remedy_in_words(code: str, said: str) -> str:
    """What mends a refused row: what the loader said where that is the reader's language or all there is."""
    return said if language() == SOURCE or code not in REASONS else _(REASONS[code][1])


def quarantine() -> pd.DataFrame:
    """Refused rows in words.

    Returns:
        [load_id, day, file_name, line, column, value, reason, remedy], newest load first.
    """
    frame = frames.quarantine()
    runs = frames.loads(10_000).set_index("id")
    return frame.assign(
        day=frame["load_id"].map(runs["started_at"]) if len(runs) else pd.NaT,
        remedy=[remedy_in_words(c, said) for c, said in zip(frame["reason"], frame["remedy"], strict=True)],
        reason=[reason_in_words(code) for code in frame["reason"]],
    )[["load_id", "day", "file_name", "line", "column", "value", "reason", "remedy"]]


def edition_in_words(dataset: str) -> str:
    """The publisher's date of the edition of a dataset, or that it is not known."""
    editions = frames.datasets().set_index("code")["updated"]
    found = editions.get(dataset)
    return _("at an unknown date") if found is None or pd.isna(found) else day_in_words(found)
