"""The command ``polisee``: prepare the database, load, look, export, serve.

Exit codes are the same for every command and stand in ``polisee --help``. Imports are made inside the commands, since
most calls need few of them and a start is a person waiting.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from config import ROOT, settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from etl.derive import Done
    from etl.pipeline import Outcome

OK, UNEXPECTED, USAGE, REJECTED, UNREADABLE, OFFLINE, NO_DATABASE = range(7)
"""Exit codes."""

STARTER = ROOT / "data" / "starter"
"""Folder of the starter data; each of its files is a load of its own."""

HELP = """PoliSEE: figures on the regions of South East Europe, loaded, checked and served.

Exit codes: 0 done; 1 unexpected error; 2 wrong use; 3 done, but rows were rejected (see polisee quarantine), a check
found something or a result could not be computed; 4 a file or the catalogue cannot be used, nothing of it was loaded;
5 no connection to a service, what was there is untouched; 6 the database cannot be used.
"""

app = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document for machines.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing when there is nothing to do.")]
Lang = Annotated[str, typer.Option(help="Language of names and texts.")]


@contextmanager
def _database() -> "Iterator[Engine]":
    """The engine of the settings; whatever keeps it from being used becomes one sentence and exit code 6."""
    from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

    from store.engine import make_engine
    from store.migrate import NewerDatabaseError, NoTablesError

    try:
        engine = make_engine(settings().database_url)
        try:
            yield engine
        finally:
            engine.dispose()
    except (NewerDatabaseError, NoTablesError) as error:
        _stop(str(error), NO_DATABASE)
    except ArgumentError:
        _stop("POLISEE_DATABASE_URL is not a database address that SQLAlchemy can read.", NO_DATABASE)
    except (OperationalError, ProgrammingError, OSError) as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()
        _stop(f"The database cannot be used: {cause[0] if cause else type(error).__name__}", NO_DATABASE)


def _stop(sentence: str, code: int) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def _ready(engine: "Engine") -> None:
    """Refuse to work on a database that ``polisee init`` has not prepared, or that is newer than the code."""
    from store.migrate import require_current

    with engine.connect() as connection:
        require_current(connection)


def _emit(document: Any) -> None:
    import orjson

    options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
    typer.echo(orjson.dumps(document, default=str, option=options).decode())


@app.command()
def init(json: Json = False, quiet: Quiet = False) -> None:
    """Make or upgrade the tables and load the catalogue. Does nothing when all is in place."""
    from etl.catalogue import CatalogueError, load_catalogue
    from store.migrate import upgrade

    with _database() as engine:
        migrated = upgrade(engine)
        try:
            outcome = load_catalogue(engine)
        except CatalogueError as error:
            _stop("The catalogue was not loaded:\n" + str(error), UNREADABLE)
    if json:
        _emit({"migrated": migrated, **outcome.__dict__})
    elif outcome.load_id is not None:
        typer.echo(
            f"Catalogue: {outcome.entries} entries; {outcome.new} rows new, {outcome.changed} changed, "
            f"{outcome.removed} removed."
        )
    elif not quiet:
        typer.echo("The database is up to date." if not migrated else "The tables were upgraded.")


@app.command()
def load(
    what: Annotated[
        list[str] | None, typer.Argument(help="Files or folders; with --live, codes of datasets.", show_default=False)
    ] = None,
    starter: Annotated[bool, typer.Option("--starter", help="Load the starter data that come with PoliSEE.")] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Ask Eurostat for the datasets named, or for all that the catalogue knows.")
    ] = False,
    boundaries: Annotated[
        bool, typer.Option("--boundaries", help="Ask GISCO for the regions' boundaries (non-commercial terms).")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Let an older edition replace newer figures.")] = False,
    into: Annotated[
        str, typer.Option("--set", help="Scenario set that scenario tables (IAMC) and .scw projects go into.")
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="A scenario table is the whole of its models: what it lacks is removed.")
    ] = False,
    lang: Annotated[str, typer.Option(help="Language of the names in a .scw project.")] = "en",
    by_map: Annotated[
        str, typer.Option("--map", help="Column map for a file of others: a name of ours, a YAML file, or auto.")
    ] = "",
    programme: Annotated[str, typer.Option(help="Programme that such a file goes into.")] = "",
    project: Annotated[str, typer.Option(help="Which project of such a file, by number or acronym.")] = "",
    fill: Annotated[
        list[str] | None, typer.Option(help="What a column holds that such a file lacks: work_package=wp1.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Load figures, boundaries or scenario sets. Each file is one transaction: as a whole or not at all.

    Files: SDMX-CSV, bulk TSV, JSON-stat, our own CSV, workbooks (polisee template), GeoJSON or TopoJSON; scenario sets
    as YAML or workbook, and into a set (--set CODE) scenario tables of the IAMC and ScenarioWizard projects; programmes
    as YAML or workbook, and into a programme (--map, --programme CODE) exports of Jems and lists of keep.eu. Results
    that rest on what was loaded are then computed (polisee derive).
    """
    if not (what or starter or live or boundaries):
        _stop("Say what to load: files, folders, --starter, --live or --boundaries. See: polisee load --help", USAGE)
    from etl.loading import Loader, Offline
    from etl.screen import progress_bar

    outcomes: list[Outcome] = []
    offline = ""
    with _database() as engine:
        _ready(engine)
        with progress_bar(sys.stdout.isatty() and not json) as bar:
            layout = _layout(by_map, programme, project, fill or [])
            loader = Loader(engine, force=force, bar=bar, into=into, lang=lang, replace=replace, layout=layout)
            try:
                if starter:
                    outcomes.extend(loader.starter(path, f"{STARTER.name}/{path.name}") for path in _starter_files())
                if live:
                    outcomes.extend(loader.live(what or []))
                elif what:
                    outcomes.extend(loader.paths([Path(name) for name in what]))
                if boundaries:
                    outcomes.extend(loader.boundaries())
            except Offline as error:
                offline = str(error)
        _report(outcomes, json, quiet)
        derived = _derive(engine, bar_wanted=sys.stdout.isatty() and not json, quiet=quiet or json)
    if offline:
        _stop(offline, OFFLINE)
    if any(outcome.state == "failed" for outcome in outcomes):
        raise typer.Exit(UNREADABLE)
    if any(outcome.counts.get("rejected") for outcome in outcomes) or any(one.state == "failed" for one in derived):
        raise typer.Exit(REJECTED)


def _layout(by_map: str, programme: str, project: str, fill: Sequence[str]) -> Any:
    """How files of others are read; None for our own."""
    from etl.programmes import Layout

    if not by_map:
        return None
    pairs = [one.partition("=") for one in fill]
    if not all(sign and name for name, sign, _value in pairs):
        _stop("Write --fill as name=value, such as --fill work_package=wp1.", USAGE)
    named = "" if by_map == "auto" else by_map
    return Layout(named, programme, project, {name.strip(): value.strip() for name, _sign, value in pairs})


def _starter_files() -> list[Path]:
    """The starter data: the figures of regions first, since what comes after them may rest on them."""
    figures = sorted(STARTER.glob("*.csv"), key=lambda path: (path.name != "observations.csv", path.name))
    sets = sorted((STARTER / "scenarios").glob("*.yaml"))
    programmes = sorted((STARTER / "programmes").glob("*.yaml"))
    return [*figures, *sorted((STARTER / "tables").glob("*.csv")), *sets, *programmes]


@app.command()
def derive(
    force: Annotated[bool, typer.Option("--force", help="Compute everything anew, also what is up to date.")] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compute the results that pages show and that are older than their figures; load and start do so by themselves."""
    with _database() as engine:
        _ready(engine)
        done = _derive(engine, bar_wanted=sys.stdout.isatty() and not json, quiet=quiet or json, force=force)
    if json:
        _emit([one.__dict__ for one in done])
    elif not (done or quiet):
        typer.echo("All results are up to date.")
    if any(one.state == "failed" for one in done):
        raise typer.Exit(REJECTED)


def _derive(engine: "Engine", *, bar_wanted: bool, quiet: bool, force: bool = False) -> "list[Done]":
    """Compute what is stale; failures are told on standard error, the rest in one line."""
    from etl.derive import run_jobs
    from etl.screen import progress_bar

    with progress_bar(bar_wanted, steps=True) as bar:
        done = run_jobs(engine, bar, force=force)
    for one in done:
        if one.state == "failed":
            typer.echo(f"{one.name} {one.subject}: not computed, the older result stays. {one.message}", err=True)
    computed = [one for one in done if one.state == "computed"]
    removed = sum(one.state == "removed" for one in done)
    if not quiet and (computed or removed):
        spent = sum(one.duration_s for one in computed)
        typer.echo(
            f"Results: {len(computed)} computed in {spent:.1f} s" + (f", {removed} removed." if removed else ".")
        )
    return done


def _report(outcomes: "Sequence[Outcome]", json: bool, quiet: bool) -> None:
    if json:
        _emit([outcome.__dict__ for outcome in outcomes])
        return
    for outcome in outcomes:
        if outcome.state == "failed":
            typer.echo(f"{outcome.file_name}: not loaded. {outcome.message}", err=True)
        elif not (quiet and outcome.state == "known"):
            typer.echo(_line(outcome))


def _line(outcome: "Outcome") -> str:
    if outcome.state == "known":
        return f"{outcome.file_name}: {outcome.message}"
    counts = ", ".join(
        f"{outcome.counts[name]:,} {name.replace('_', ' ')}"
        for name in ("new", "changed", "unchanged", "rejected", "passed_over")
        if outcome.counts.get(name)
    )
    text = f"{outcome.file_name}: {counts or 'no rows'}."
    if outcome.counts.get("rejected"):
        text += f" Rejected rows: polisee quarantine --load {outcome.load_id}"
    return f"{text} {outcome.message}".strip()


@app.command()
def freeze(
    programme: Annotated[str, typer.Option(help="Code of the programme.")],
    period: Annotated[int, typer.Option(help="Number of a period that has ended.")],
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Freeze a period of a programme: a numbered pack that never changes, as PDF, DOCX, PPTX, XLSX and ZIP."""
    import subprocess

    from store import jobs
    from store.engine import writing

    with _database() as engine:
        _ready(engine)
        with writing(engine) as connection:
            asked = {"programme": programme, "period": period, "role": "command", "lang": lang}
            number = jobs.ask(connection, "pack", asked)
        # Packs are made by the dashboard, which this program does not know: they meet in the table of jobs.
        known = {**os.environ, "POLISEE_DATABASE_URL": settings().database_url}
        subprocess.run([sys.executable, "-m", "dashboard.work"], cwd=ROOT, env=known, check=False)
        with engine.connect() as connection:
            job = jobs.read(connection, number)
    if job is None or job.state != jobs.DONE:
        _stop(job.message if job and job.message else "The pack was not made.", REJECTED)
    if json:
        _emit(job.result)
    else:
        print(job.message)


@app.command()
def status(json: Json = False) -> None:
    """What is loaded, how old it is and how complete."""
    from datetime import UTC, datetime

    from store.engine import version
    from store.status import dataset_status, set_status

    with _database() as engine:
        _ready(engine)
        with engine.connect() as connection:
            rows, number, sets = dataset_status(connection), version(connection), set_status(connection)
    now = datetime.now(UTC).replace(tzinfo=None)
    found = [
        {
            **row.__dict__,
            "share": row.share,
            "age_days": None if row.loaded_at is None else (now - (row.vintage or row.loaded_at)).days,
            "stands_still": row.last is not None and row.last < now.year - 4,
        }
        for row in rows
    ]
    if json:
        _emit({"data_version": number, "datasets": found, "scenario_sets": [one.__dict__ for one in sets]})
        return
    from etl.screen import show_sets, show_status

    show_status(number, found)
    show_sets([one.__dict__ for one in sets])


@app.command()
def export(
    out: Annotated[Path | None, typer.Argument(help="File (.csv, .xlsx, .json); standard output without one.")] = None,
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", "-i", help="Indicator; may be repeated.")
    ] = None,
    region: Annotated[list[str] | None, typer.Option("--region", "-r", help="Region; may be repeated.")] = None,
    first: Annotated[int | None, typer.Option(help="First year.")] = None,
    last: Annotated[int | None, typer.Option(help="Last year.")] = None,
    format: Annotated[str, typer.Option(help="csv, xlsx or json; else what the file's name says.")] = "",
    bare: Annotated[bool, typer.Option("--bare", help="CSV without citation lines, as polisee load reads it.")] = False,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Write figures with their citation. Missing figures are empty, never zero."""
    from etl.export import figures, kind_of, write

    kind = "json" if json else format or kind_of(out)
    if kind not in ("csv", "xlsx", "json"):
        _stop(f"There is no format {kind}; choose csv, xlsx or json.", USAGE)
    if kind == "xlsx" and out is None:
        _stop("An XLSX needs a file name: polisee export figures.xlsx", USAGE)
    with _database() as engine:
        _ready(engine)
        with engine.connect() as connection:
            try:
                table, cited = figures(connection, indicator or (), region or (), first, last, lang)
            except KeyError as error:
                _stop(str(error.args[0]), USAGE)
    content = write(table, [] if bare else cited, kind)  # type: ignore[arg-type]
    _put(content, out, f"{len(table):,} figures")


def _put(content: bytes, out: Path | None, what: str) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        _stop(f"{out} cannot be written: {error.strerror}.", USAGE)
    typer.echo(f"{what} written to {out}", err=True)


@app.command()
def quarantine(
    load_id: Annotated[int | None, typer.Option("--load", help="Number of a load; all without one.")] = None,
    out: Annotated[Path | None, typer.Option("--export", help="Write all rows to this CSV.")] = None,
    limit: Annotated[int, typer.Option(help="Rows shown.")] = 50,
    json: Json = False,
) -> None:
    """Rows that were rejected: where they stand, why, and what would be right."""
    from store.ledger import quarantine as refused

    with _database() as engine:
        _ready(engine)
        with engine.connect() as connection:
            rows = refused(connection, load_id)
    if out is not None:
        from etl.export import write

        _put(write(rows, [], "csv"), out, f"{len(rows):,} rejected rows")
    elif json:
        records = rows.astype(object).where(rows.notna(), None).to_dict("records")
        _emit(records)
    else:
        from etl.screen import show_quarantine

        show_quarantine(rows, limit)


LOOSE = {
    "points": "figures of pathways have no line.",
    "links": "links of scenario tables lead to indicators that the catalogue does not have.",
    "regions": "lines of scenario tables are of regions that the catalogue does not have.",
}
"""What a check says of rows of scenario sets that point at nothing."""


@app.command()
def check(json: Json = False) -> None:
    """Check the catalogue's files, and the stored figures against the catalogue."""
    from etl.catalogue import CatalogueError, fingerprint, loaded_fingerprint, read_catalogue
    from store.scenario_writes import orphans as scenario_orphans
    from store.status import outside_limits
    from store.writes import count_orphans

    found: list[str] = []
    try:
        read_catalogue()
    except CatalogueError as error:
        found.extend(error.problems)
    with _database() as engine:
        _ready(engine)
        with engine.connect() as connection:
            if not found and loaded_fingerprint(connection) != fingerprint():
                found.append("The catalogue's files have changed since they were loaded. Run: polisee init")
            orphans = count_orphans(connection)
            if orphans:
                found.append(f"{orphans} figures have no indicator, region or load.")
            found.extend(f"{count} {LOOSE[what]}" for what, count in scenario_orphans(connection).items() if count)
            found.extend(
                f"{code}, {place}, {year}: {value:g} is outside the indicator's limits."
                for code, place, year, value in outside_limits(connection)
            )
    if json:
        _emit({"problems": found})
    else:
        typer.echo("\n".join(found) or "No problems found.")
    if found:
        raise typer.Exit(REJECTED)


@app.command()
def tracking(
    of_set: Annotated[str, typer.Option("--set", help="Scenario set; see polisee status.")],
    as_of: Annotated[str, typer.Option("--as-of", help="Day (2026-03-31) whose knowledge counts; today without.")] = "",
    region: Annotated[list[str] | None, typer.Option("--region", "-r", help="Region; may be repeated.")] = None,
    json: Json = False,
) -> None:
    """Which scenario the figures follow, as known on a day, beside what was told then.

    Figures are those that were loaded here by that day, revisions taken back; pathways are the present ones.
    """
    from datetime import UTC, date, datetime

    from etl.derive_tracking import replay

    try:
        day = date.fromisoformat(as_of) if as_of else datetime.now(UTC).date()
    except ValueError:
        _stop(f"{as_of} is no day; write it as 2026-03-31.", USAGE)
    with _database() as engine:
        _ready(engine)
        with engine.connect() as connection:
            try:
                rows = replay(connection, of_set, day, region)
            except KeyError:
                _stop(f"There is no scenario set {of_set}.", USAGE)
    if json:
        _emit(rows)
        return
    from etl.screen import show_tracking

    show_tracking(of_set, day.isoformat(), rows)


TEMPLATES = ("figures", "scenarios", "programme", "partner-report")


@app.command()
def template(
    target: Annotated[Path | None, typer.Argument(help="File to write, .xlsx or .csv.", show_default=False)] = None,
    kind: Annotated[
        str,
        typer.Option(
            help="figures: a ministry's own. scenarios: a whole set of scenarios. programme: a whole programme. "
            "partner-report: what a partner reports on a period."
        ),
    ] = "figures",
    lang: Lang = "en",
    programme: Annotated[str, typer.Option(help="Programme of a partner's report.")] = "",
    partner: Annotated[str, typer.Option(help="Partner that reports.")] = "",
    period: Annotated[int, typer.Option(help="Number of the period.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="The file, said as an option.")] = None,
) -> None:
    """Write the workbook in which figures, a set of scenarios, a programme or a partner's report are handed in."""
    out = target or out
    if out is None:
        _stop("Say which file to write: polisee template --kind programme programme.xlsx", USAGE)
    if kind not in TEMPLATES:
        _stop(f"There is no template of the kind {kind}; choose {', '.join(TEMPLATES)}.", USAGE)
    if kind == "partner-report" and not (programme and partner and period):
        _stop("A partner's report needs --programme, --partner and --period.", USAGE)
    if lang not in ("en", "hu"):
        _stop(f"The template does not speak {lang}; choose en or hu.", USAGE)
    endings = (".xlsx", ".csv") if kind == "figures" else (".xlsx",)
    if out.suffix.lower() not in endings:
        _stop(f"The template is a file ending in {' or '.join(endings)}.", USAGE)
    with _database() as engine:
        _ready(engine)
        try:
            if kind == "figures":
                _figures_template(engine, out, lang)
            elif kind in ("programme", "partner-report"):
                _programme_template(engine, out, lang, (programme, partner, period) if partner else None)
            else:
                from etl.scenario_export import form_catalogue
                from etl.sources.scenario_form import write_form

                with engine.connect() as connection:
                    catalogue = form_catalogue(connection, lang)
                write_form(out, catalogue, lang)
        except OSError as error:
            _stop(f"{out} cannot be written: {error.strerror}.", USAGE)
    typer.echo(f"Template written to {out}", err=True)


def _programme_template(engine: "Engine", out: Path, lang: str, report: tuple[str, str, int] | None) -> None:
    from etl.programme_export import CannotExport, write_partner_report, write_template

    with engine.connect() as connection:
        try:
            if report is None:
                write_template(connection, out, lang)
            else:
                write_partner_report(connection, out, *report, lang)
        except CannotExport as error:
            _stop(str(error), USAGE)


def _figures_template(engine: "Engine", out: Path, lang: str) -> None:
    from etl.sources.workbook import write_csv_template, write_template
    from store.catalogue import indicators
    from store.regions import regions

    if out.suffix.lower() == ".csv":
        write_csv_template(out, lang)
        return
    with engine.connect() as connection:
        known, area = indicators(connection, lang), regions(connection, lang)
    write_template(out, known, area, lang)


@app.command("export-set")
def export_set(
    code: Annotated[str, typer.Argument(help="Code of a scenario set (polisee status lists them).")],
    out: Annotated[
        Path, typer.Argument(help="File: .yaml or .xlsx the whole set, .csv its pathways, .scw its matrix.")
    ],
    audit: Annotated[
        int | None, typer.Option(help="Entry of the audit: write the former content that it keeps.")
    ] = None,
    lang: Lang = "en",
) -> None:
    """Write a scenario set: YAML, filled workbook, scenario table (IAMC) or ScenarioWizard project."""
    from etl.scenario_export import CannotExport
    from etl.scenario_export import export_set as write_set

    if lang not in ("en", "hu"):
        _stop(f"Names and guide are in en or hu, not in {lang}.", USAGE)
    with _database() as engine:
        _ready(engine)
        with engine.connect() as connection:
            try:
                what = write_set(connection, code, out, lang, audit)
            except CannotExport as error:
                _stop(str(error), USAGE)
            except OSError as error:
                _stop(f"{out} cannot be written: {error.strerror}.", USAGE)
    typer.echo(f"{what} written to {out}", err=True)


@app.command("export-programme")
def export_programme(
    code: Annotated[str, typer.Argument(help="Code of a programme.")],
    target: Annotated[
        Path | None, typer.Argument(help="File: .xlsx the filled workbook, .yaml the text form.", show_default=False)
    ] = None,
    lang: Lang = "en",
    out: Annotated[Path | None, typer.Option("--out", help="The file, said as an option.")] = None,
) -> None:
    """Write a whole programme, as polisee load takes it back: loading it again changes nothing."""
    from etl.programme_export import CannotExport
    from etl.programme_export import export_programme as write_programme

    path = target or out or Path(f"{code}.xlsx")
    if lang not in ("en", "hu"):
        _stop(f"Guide and notes are in en or hu, not in {lang}.", USAGE)
    with _database() as engine:
        _ready(engine)
        with engine.connect() as connection:
            try:
                what = write_programme(connection, code, path, lang)
            except CannotExport as error:
                _stop(str(error), USAGE)
            except OSError as error:
                _stop(f"{path} cannot be written: {error.strerror}.", USAGE)
    typer.echo(f"{what} written to {path}", err=True)


@app.command()
def serve() -> None:
    """Serve the dashboard with gunicorn; address and processes come from the settings."""
    os.chdir(ROOT)
    sys.stdout.flush()
    # This process becomes the server, so that signals reach it directly.
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "dashboard.wsgi:server"]
    os.execv(sys.executable, command)  # noqa: S606 - no shell is wanted


@app.command()
def start() -> None:
    """Prepare the database, load the starter data and compute results when they are new, and serve: all of make run."""
    init(quiet=True)
    try:
        load(starter=True, quiet=True)
    except typer.Exit as stop:
        # Refused rows or a result that cannot be computed are told above and keep nobody from the rest.
        if stop.exit_code != REJECTED:
            raise
    serve()


def main(run: Callable[[], object] = app) -> None:
    """Run the command line; an error nobody foresaw is one line, or a traceback when POLISEE_LOG_LEVEL is DEBUG."""
    try:
        run()
    except Exception as error:
        if settings().log_level.upper() == "DEBUG":
            raise
        typer.echo(f"Unexpected error: {type(error).__name__}: {error}", err=True)
        typer.echo("POLISEE_LOG_LEVEL=DEBUG shows where it came from. Nothing was half loaded.", err=True)
        sys.exit(UNEXPECTED)


if __name__ == "__main__":
    main()
