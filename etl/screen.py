"""What a person sees in the terminal: progress on standard error, tables on standard output."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from etl.loading import Bar, NoBar
from etl.pipeline import Progress

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
def progress_bar(wanted: bool, steps: bool = False) -> Iterator[Bar]:
    """A progress bar that counts bytes, or steps, or nothing where nobody watches."""
    if not wanted:
        yield NoBar()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Rich

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn() if steps else DownloadColumn(),
        TimeElapsedColumn(),
    )
    with Rich(*columns, console=Console(stderr=True), transient=True) as rich:

        class Shown:
            @contextmanager
            def task(self, name: str) -> Iterator[Progress]:
                line = rich.add_task(name, total=None)
                yield lambda done, total: rich.update(line, completed=done, total=total or None)
                rich.remove_task(line)

        yield Shown()


def show_status(version: int, rows: Sequence[dict[str, Any]]) -> None:
    """Print what is loaded; datasets without figures are counted below the table."""
    from rich.console import Console
    from rich.table import Table

    table = Table("Dataset", "Indicators", "Rows", "Regions", "Years", "Edition", "Days old", "Complete", box=None)
    for column in (1, 2, 3, 6, 7):
        table.columns[column].justify = "right"
    for shown in table.columns:
        shown.no_wrap = True
    filled = [row for row in rows if row["rows"]]
    for row in filled:
        years = f"{row['first']}–{row['last']}" + ("*" if row["stands_still"] else "")
        table.add_row(
            row["dataset"],
            f"{row['indicators']} of {row['of_indicators']}",
            f"{row['rows']:,}",
            str(row["regions"]),
            years,
            row["vintage"].strftime("%Y-%m-%d") if row["vintage"] else "no date",
            str(row["age_days"]),
            "–" if row["share"] is None else f"{row['share']:.0%}",
        )
    console = Console(width=None if len(filled) else 80)
    console.print(f"Data version {version}, {sum(row['rows'] for row in rows):,} figures.")
    if filled:
        console.print(table)
        console.print(
            "Complete: figures of today's level-2 regions, over regions × years of each indicator's own span."
        )
    if any(row["stands_still"] for row in filled):
        console.print("* Ended more than four years ago: the publisher may have moved it to another dataset.")
    if len(rows) > len(filled):
        console.print(f"{len(rows) - len(filled)} datasets of the catalogue have no figures yet: polisee load --live")


def show_sets(rows: Sequence[dict[str, Any]]) -> None:
    """Print the scenario sets; nothing when there is none."""
    if not rows:
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("Scenario set", "Title", "Origin", "Scenarios", "Pathways", "Edited", box=None)
    for column in (3, 4):
        table.columns[column].justify = "right"
    for row in rows:
        title = row["title"].get("en") or next(iter(row["title"].values()), "")
        edited = row["edited_at"].strftime("%Y-%m-%d") if row["edited_at"] else "no"
        table.add_row(row["code"], title, row["origin"], str(row["scenarios"]), f"{row['pathways']:,}", edited)
    Console().print(table)


def show_quarantine(rows: "pd.DataFrame", limit: int) -> None:
    """Print rejected rows, newest load first."""
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if rows.empty:
        console.print("No rows were rejected.")
        return
    table = Table("Load", "File", "Line", "Column", "Value", "Reason", "What would be right", box=None)
    for row in rows.head(limit).itertuples():
        line = "" if pd.isna(row.line) else str(row.line)
        table.add_row(str(row.load_id), row.file_name, line, row.column, row.value, row.reason, row.remedy)
    console.print(table)
    if len(rows) > limit:
        console.print(f"{len(rows) - limit} more; all of them: polisee quarantine --export rejected.csv")


def show_tracking(set_code: str, day: str, rows: Sequence[dict[str, Any]]) -> None:
    """Print tracking weights of a set by region, and whether they are what was told on that day."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not rows:
        console.print(f"{set_code}: no figures of its indicators were known on {day}.", markup=False, highlight=False)
        return
    table = Table("Region", "State", "Weights", "Told on", "Same", box=None)
    for row in rows:
        weights = ", ".join(
            f"{one['scenario']} {one['weight']:.2f}" for one in row["weights"] if one["weight"] is not None
        )
        told = row["told"]
        table.add_row(
            row["region"],
            row["state"].replace("_", " ") + (", off the map" if row["off_map"] else ""),
            weights or ", ".join(note["issue"].replace("_", " ") for note in row["notes"]),
            told["as_of"] if told else "",
            ("yes" if told["same"] else "no") if told else "",
        )
    console.print(
        f"{set_code}, as known on {day}. Tracking weights are no probabilities.", markup=False, highlight=False
    )
    console.print(table)
