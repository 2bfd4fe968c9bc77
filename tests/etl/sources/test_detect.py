"""Formats are recognised by content, refusals are said clearly, and every format gives the same figures."""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_eurostat import FOOTER, MAINTENANCE, NO_RESULTS, QUEUED, SDMX_ERROR, TOO_BIG, WARNING
from formats import Row, csv1, csv1_labels, csv2, csv2_labels, jsonstat, long, rows_of, tsv, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources.base import SourceError
from etl.sources.detect import open_extract

Write = Callable[[tuple[str, ...], list[Row]], bytes]
FORMATS: dict[str, Write] = {
    "csv1": lambda dims, rows: csv1("X_1", dims, rows),
    "csv1-labels": lambda dims, rows: csv1_labels("X_1", dims, rows),
    "csv2": lambda dims, rows: csv2("X_1", dims, rows),
    "csv2-labels": lambda dims, rows: csv2_labels("X_1", dims, rows),
    "tsv-new": lambda dims, rows: tsv(dims, rows),
    "tsv-old": lambda dims, rows: tsv(dims, rows, old=True),
    "jsonstat": lambda dims, rows: jsonstat("X_1", dims, rows),
}


def save(folder: Path, data: bytes | str, name: str = "x_1") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("pack", [bytes, zipped])
@pytest.mark.parametrize("name", ["tgs00007_employment_rate.sdmx.csv", "tgs00042_gerd_rd_expenditure.sdmx.csv"])
def test_a_real_table_is_the_same_in_every_format(
    raw: Callable[[str], Path], tmp_path: Path, format_name: str, pack: Callable[[bytes], bytes], name: str
) -> None:
    real = open_extract(raw(name))
    rows = rows_of(real)
    extract = open_extract(save(tmp_path, pack(FORMATS[format_name](real.dims, rows))))
    assert (extract.dataset, extract.dims) == ("X_1", real.dims)
    # In TSV a cell that has no row must be written as missing, so silent cells cannot be told from absent rows.
    assert long(extract, speaking=True) == long(open_extract(raw(name)), speaking=True)
    assert extract.problems == []
    assert len(rows) == sum(1 for row in rows if row.value or row.flags or row.conf)


codes = st.text("ABCDEXYZ0123456789_-", min_size=1, max_size=6)
numbers = st.floats(allow_nan=False, allow_infinity=False, width=64).map(repr)
flags = st.sets(st.sampled_from("bdefnpsuz"), max_size=3).map(lambda letters: "".join(sorted(letters)))


@st.composite
def frames(draw: st.DrawFn) -> tuple[tuple[str, ...], list[Row]]:
    dims = draw(st.sampled_from([("freq",), ("freq", "unit"), ("freq", "nace_r2", "age", "unit")]))
    keys = draw(
        st.sets(st.tuples(*[codes] * len(dims), codes, st.integers(1990, 2030).map(str)), min_size=1, max_size=12)
    )
    rows = []
    for key in sorted(keys):
        value, letters = draw(st.one_of(st.just(""), numbers)), draw(flags)
        secret = "" if value or letters else "C"
        rows.append(Row(key[:-2], key[-2], key[-1], value, letters, secret))
    return dims, rows


@settings(max_examples=60, deadline=None)
@given(frames(), st.booleans())
def test_any_table_is_the_same_in_every_format(frame: tuple[tuple[str, ...], list[Row]], packed: bool) -> None:
    dims, rows = frame
    expected = sorted(
        (row.codes, row.geo, row.time, float(row.value) if row.value else None, row.flags, row.conf) for row in rows
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, write in FORMATS.items():
            data = write(dims, rows)
            extract = open_extract(save(Path(folder), zipped(data) if packed else data))
            assert long(extract, speaking=True) == expected, name
            assert extract.problems == []


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)), st.sampled_from(list(FORMATS)))
def test_garbage_is_refused_or_reported_and_never_crashes(noise: bytes, format_name: str) -> None:
    good = FORMATS[format_name](("freq",), [Row(("A",), "AT", "2020", "1"), Row(("A",), "BG", "2020", "2")])
    with tempfile.TemporaryDirectory() as folder:
        for data in (noise, good + noise, good[: len(good) // 2] + noise, zipped(good)[:-9] + noise):
            remedy = refused(save(Path(folder), data))
            assert remedy is None or (remedy and "\n" not in remedy)


def refused(path: Path) -> str | None:
    """The sentence that a file is refused with, None when it is read to its end."""
    try:
        for _ in open_extract(path).chunks:
            pass
    except SourceError as error:
        return error.problem.remedy
    return None


@pytest.mark.parametrize(
    ("data", "reason", "words"),
    [
        (b"", "empty-file", "empty"),
        (b" \n\n", "empty-file", "empty"),
        (MAINTENANCE, "maintenance-page", "Eurostat is being updated"),
        ("<!-- x -->\n<HTML><body><h1>Service <b>down</b></h1>", "maintenance-page", "Service down"),
        (SDMX_ERROR, "service-fault", "Invalid value 'XX' of parameter startPeriod"),
        (TOO_BIG, "too-big", "7644780 rows"),
        (NO_RESULTS, "no-rows", "did not return any results"),
        (QUEUED, "asynchronous", "come back later"),
        (FOOTER.format(url="http://ec.europa.eu/x"), "asynchronous", "come back later"),
        (WARNING, "asynchronous", "come back later"),
        (
            json.dumps({"error": [{"status": 400, "id": 150, "label": "Dimension X unknown"}]}),
            "service-error",
            "Dimension X",
        ),
        (json.dumps({"error": {"message": "Gone"}}), "service-error", "Gone"),
        (json.dumps({"warning": {"status": 500, "label": "Odd"}}), "service-error", "Odd"),
        ("<genericData/>", "unknown-format", "XML"),
        ("name,age\nAnna,3\n", "unknown-format", "format is not known"),
        (b"\x89PNG\r\n\x1a\n0000", "unknown-format", "format is not known"),
        ("{}", "unknown-format", "format is not known"),
        ("DATAFLOW,LAST UPDATE,freq,geo,TIME_PERIOD,OBS_VALUE\n", "no-rows", "nothing is published"),
        ("STRUCTURE,STRUCTURE_ID,freq,geo,TIME_PERIOD,OBS_VALUE\r\n\r\n", "no-rows", "nothing is published"),
        (zipped(b"DATAFLOW,LAST UPDATE,geo,TIME_PERIOD,OBS_VALUE\n" * 9)[:20], "truncated", "cut short"),
        (b"\x1f\x8bnot gzip at all", "truncated", "cut short"),
        (b"PK\x03\x04nonsense", "truncated", "cut short"),
    ],
)
def test_what_is_no_extract_says_what_it_is(tmp_path: Path, data: bytes | str, reason: str, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        open_extract(save(tmp_path, data, "reply.csv"))
    assert caught.value.problem.reason == reason
    assert caught.value.file_name == "reply.csv"


def test_a_gzip_cut_short_further_down_raises_while_it_is_read(tmp_path: Path) -> None:
    rows = [Row(("A",), f"R{n}", str(year), f"{n * year % 9973 / 7}") for n in range(400) for year in range(1990, 2020)]
    data = zipped(csv2("X_1", ("freq",), rows))
    extract = open_extract(save(tmp_path, data[:-2000]))
    with pytest.raises(SourceError) as caught:
        list(extract.chunks)
    assert caught.value.problem.reason == "truncated"


def test_a_zip_with_one_file_is_opened_and_one_with_more_is_not(tmp_path: Path) -> None:
    data = csv2("X_1", ("freq",), [Row(("A",), "AT", "2020", "1")])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", data)
    assert long(open_extract(save(tmp_path, packed.getvalue()))) == [(("A",), "AT", "2020", 1.0, "", "")]
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("b.csv", data)
    with pytest.raises(SourceError, match="holds 2 files"):
        open_extract(save(tmp_path, packed.getvalue()))


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist") as caught:
        open_extract(tmp_path / "none.csv")
    assert caught.value.problem.reason == "no-file"
    with pytest.raises(SourceError) as caught:
        open_extract(tmp_path)
    assert caught.value.problem.reason == "no-file"


def test_the_name_shown_replaces_the_files_own(tmp_path: Path) -> None:
    path = save(tmp_path, tsv(("freq",), [Row(("A",), "AT", "2020", "1")]), "upload-77")
    extract = open_extract(path, name="nama_10r_2gdp.tsv")
    assert (extract.file_name, extract.dataset) == ("nama_10r_2gdp.tsv", "NAMA_10R_2GDP")
