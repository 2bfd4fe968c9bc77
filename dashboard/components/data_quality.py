"""Parts 'quality' and 'loads': how complete, marked and old the figures are; what was loaded and what was refused."""

from typing import Any

import pandas as pd
from dash import html

from dashboard import frames, trust
from dashboard.components.data_parts import PATH, table_card
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.i18n import _, date, ngettext, number
from dashboard.trust import DataFilters

HASH_SHOWN = 12
"""Signs of a file's SHA-256 that are shown; the download holds all of them."""


@exhibit("data-quality", DataFilters)
def quality_exhibit(chosen: DataFilters) -> Exhibit:
    """Shares of marked and missing figures, newest year, edition and warnings, one row an indicator."""
    table = trust.quality(chosen.theme)
    warned = int((table["warning"] != "").sum())
    figures, missing = int(table["figures"].sum()), int(table["records"].sum() - table["figures"].sum())
    answer = ngettext(
        "{n} figures, {missing} published as missing; {k} of {all} indicators carries a warning.",
        "{n} figures, {missing} published as missing; {k} of {all} indicators carry a warning.",
        warned,
    ).format(n=number(figures), missing=number(missing), k=number(warned), all=number(len(table)))
    return Exhibit(
        key="data-quality",
        answer=answer if len(table) else _("No figures are loaded, so there is no quality to report."),
        subtitle=_("Quality of each loaded indicator"),
        table=table,
        columns=(
            Column("indicator", _("Indicator"), "indicator"),
            Column("figures", _("Figures"), "number"),
            Column("missing_share", _("Missing, %"), "number", 1),
            Column("estimated_share", _("Estimated, %"), "number", 1),
            Column("provisional_share", _("Provisional, %"), "number", 1),
            Column("unreliable_share", _("Low reliability, %"), "number", 1),
            Column("last", _("Newest year"), "year"),
            Column("edition", _("Edition"), "date"),
            Column("warning", _("Warning")),
        ),
        how=_(
            "Missing is the share of records that the publisher left without a value; the other shares are of the "
            "figures. Missing is never counted as zero."
        ),
        notes=(
            _(
                "Sources publish yearly. A warning says that the newest figure lies more than {years} years before "
                "this year, or that the edition is older than {days} days; a dash stands for an edition without a date."
            ).format(years=trust.STALE_YEARS, days=trust.EDITION_DAYS),
        )
        if len(table)
        else (),
        query=chosen.but(part="quality").query(),
        path=PATH,
    )


@exhibit("data-countries", DataFilters)
def countries_exhibit(chosen: DataFilters) -> Exhibit:
    """Completeness, country by indicator."""
    table = trust.country_shares(chosen.theme)
    codes = [code for code in table.columns if code != "indicator"]
    names = frames.region_names()
    bare = [code for code in codes if len(table) and not table[code].gt(0).any()]
    if table.empty:
        answer = _("No figures are loaded, so no country can be compared.")
    elif bare:
        answer = ngettext(
            "{k} of {n} countries has no regional figure at all: {names}.",
            "{k} of {n} countries have no regional figure at all: {names}.",
            len(bare),
        ).format(k=number(len(bare)), n=number(len(codes)), names=", ".join(names.get(code, code) for code in bare))
    else:
        answer = _("All {n} countries have regional figures.").format(n=number(len(codes)))
    return Exhibit(
        key="data-countries",
        answer=answer,
        subtitle=_("Percent of region-years with a figure, by indicator and country"),
        table=table,
        columns=(
            Column("indicator", _("Indicator"), "indicator"),
            *(Column(code, code, "number") for code in codes),
        ),
        how=_(
            "A country's region-years are its regions of level 2 today times the years from the first to the last that "
            "the indicator has anywhere. Figures under codes of older classifications are not counted."
        ),
        notes=(", ".join(f"{code} {names.get(code, code)}" for code in codes),) if len(table) else (),
        query=chosen.but(part="quality").query(),
        path=PATH,
    )


@exhibit("data-quarantine", DataFilters)
def quarantine_exhibit(chosen: DataFilters) -> Exhibit:
    """Rows that were refused, with reason and remedy."""
    table = trust.quarantine()
    loads = table["load_id"].nunique()
    answer = ngettext(
        "{n} row was refused in {loads} loads; each says why and what mends it.",
        "{n} rows were refused in {loads} loads; each says why and what mends it.",
        len(table),
    ).format(n=number(len(table)), loads=number(loads))
    return Exhibit(
        key="data-quarantine",
        answer=answer if len(table) else _("No row was refused."),
        subtitle=_("Quarantine: rows that were not loaded"),
        table=table,
        columns=(
            Column("load_id", _("Load"), "number"),
            Column("day", _("Day"), "date"),
            Column("file_name", _("File")),
            Column("line", _("Line"), "number"),
            Column("column", _("Column")),
            Column("value", _("Value")),
            Column("reason", _("Reason")),
            Column("remedy", _("Remedy")),
        ),
        query=chosen.but(part="quality").query(),
        path=PATH,
    )


@exhibit("data-loads", DataFilters)
def loads_exhibit(chosen: DataFilters) -> Exhibit:
    """The ledger: every load with its file, counts and the data version it gave."""
    table = frames.loads(1000)
    done = int((table["state"] == "done").sum())
    failed = len(table) - done
    newest = table["started_at"].max() if len(table) else None
    answer = (
        _("{n} loads, {failed} of them failed; the last one on {day} gave data version {version}.").format(
            n=number(len(table)),
            failed=number(failed),
            day=date(newest, "long"),
            version=frames.data_version(),
        )
        if len(table)
        else _("Nothing has been loaded yet.")
    )
    names = dict(zip(frames.sources()["code"], frames.sources()["name"], strict=True))
    states = {"done": _("done"), "failed": _("failed")}
    return Exhibit(
        key="data-loads",
        answer=answer,
        subtitle=_("Load ledger, newest first; times are Universal Time"),
        table=table.assign(
            started=[_moment(value) for value in table["started_at"]],
            source=[_source(row.source, row.file_name, names) for row in table.itertuples()],
            # A load of our own tidy files names indicators, not one dataset.
            dataset=[_dataset(code) for code in table["dataset"]],
            state=[states.get(state, state) for state in table["state"]],
            file_hash=[digest[:HASH_SHOWN] for digest in table["sha256"]],
        ),
        columns=(
            Column("id", _("Load"), "number"),
            Column("started", _("Started")),
            Column("source", _("Source")),
            Column("dataset", _("Dataset")),
            Column("file_name", _("File")),
            Column("file_hash", _("SHA-256 begins")),
            Column("rows_read", _("Rows read"), "number"),
            Column("rows_new", _("New rows"), "number"),
            Column("rows_changed", _("Changed rows"), "number"),
            Column("rows_unchanged", _("Unchanged rows"), "number"),
            Column("rows_rejected", _("Refused rows"), "number"),
            Column("duration_s", _("Seconds"), "number", 1),
            Column("data_version", _("Data version"), "number"),
            Column("state", _("Result")),
        ),
        how=_("A load is taken whole or not at all. Loading the same file twice changes nothing."),
        query=chosen.but(part="loads").query(),
        path=PATH,
    )


def _source(code: str, file_name: str, names: dict[str, str]) -> str:
    if code == "catalogue":
        return _("Catalogue")
    if code == "polisee":
        return _("Own calculation")
    # The starter file holds figures of several publishers in our own form.
    return _("Starter data") if file_name.startswith("starter/") else names.get(code, code)


def _dataset(code: str) -> str:
    return {"INDICATOR": _("several"), "CATALOGUE": "", "DERIVED": _("computed results")}.get(code, code)


def _moment(value: pd.Timestamp) -> str:
    return "" if pd.isna(value) else value.strftime("%Y-%m-%d %H:%M")


def draw_quality(chosen: DataFilters) -> list[Any]:
    """The quality report as components."""
    shown = [table_card(quality_exhibit(chosen)), table_card(countries_exhibit(chosen))]
    return [*shown, table_card(quarantine_exhibit(chosen))]


def draw_loads(chosen: DataFilters) -> list[Any]:
    """The ledger as components."""
    return [
        table_card(loads_exhibit(chosen)),
        html.P(
            _("From a command line: {command}").format(command="polisee status, polisee quarantine"), className="muted"
        ),
    ]
