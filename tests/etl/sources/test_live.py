"""The live client against a local service that answers, refuses and fails as the real one does."""

import io
import json
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from fake_eurostat import (
    BAD_DIMENSION,
    DATASET,
    DIMS,
    FOOTER,
    MAINTENANCE,
    NO_RESULTS,
    QUEUED,
    ROWS,
    SDMX_ERROR,
    WARNING,
    Answer,
    FakeEurostat,
    cut,
    cut_gzip,
)
from formats import Row, csv2, long

from config.settings import settings
from etl.sources.base import SourceError
from etl.sources.detect import checksum, open_extract
from etl.sources.live import OfflineError, fetch, fetch_dataset, retry_after

PAGE = csv2(DATASET, DIMS, ROWS)
LONG_PAGE = PAGE + PAGE.splitlines(keepends=True)[-1] * 5000
REGIONS = ["HU11", "HU12", "HU31", "RO11", "EL30", "HR02"]


def expected(geos: list[str] | None = None, unit: str = "", since: str = "0") -> list[tuple]:
    return sorted(
        (row.codes, row.geo, row.time, float(row.value), row.flags, row.conf)
        for row in ROWS
        if (not geos or row.geo in geos) and (not unit or row.codes[1] == unit) and row.time >= since
    )


def data_requests(service: FakeEurostat) -> list[str]:
    return [asked.path for asked in service.asked if "/data/" in asked.path]


@pytest.mark.parametrize("flavour", ["sdmx-3.0", "sdmx-2.1", "statistics"])
def test_every_interface_gives_what_was_asked(service: FakeEurostat, flavour: str) -> None:
    extract = fetch_dataset("tgs00042", {"unit": "PC_GDP"}, ["HU31", "RO11"], 2017, flavour=flavour)
    assert (extract.source, extract.dataset, extract.dims) == ("eurostat", DATASET, DIMS)
    assert extract.query == "TGS00042 unit=PC_GDP geo=HU31+RO11 since=2017"
    assert long(extract) == expected(["HU31", "RO11"], "PC_GDP", "2017")
    if flavour != "sdmx-3.0":
        assert extract.vintage == datetime.fromisoformat("2026-08-28T21:00")


def test_a_query_without_regions_brings_all(service: FakeEurostat) -> None:
    assert long(fetch_dataset(DATASET)) == expected()


def test_the_copy_has_a_record_and_is_asked_for_conditionally(service: FakeEurostat) -> None:
    first = fetch_dataset(DATASET, geos=["HU31"])
    records = list(first.path.parent.glob("*.json"))
    record = json.loads(records[0].read_bytes())
    assert len(records) == 1
    assert record["url"].startswith(service.url)
    assert record["sha256"] == checksum(first.path)
    assert "CC BY 4.0" in record["licence"]
    assert datetime.fromisoformat(record["fetched"]).tzinfo is not None
    stamp = first.path.stat().st_mtime_ns

    again = fetch_dataset(DATASET, geos=["HU31"])
    assert service.asked[-1].headers["if-none-match"] == record["etag"]
    assert again.path == first.path
    assert again.path.stat().st_mtime_ns == stamp
    assert long(again) == expected(["HU31"])

    service.rows = [*service.rows[:-1], Row(("A", "PC_GDP"), "HU31", "2021", "9.5")]
    assert ("HU31", "2021", 9.5) in [row[1:4] for row in long(fetch_dataset(DATASET, geos=["HU31"]))]


def test_a_damaged_copy_is_fetched_anew(service: FakeEurostat) -> None:
    first = fetch_dataset(DATASET, geos=["HU31"])
    first.path.write_bytes(b"spoilt")
    assert long(fetch_dataset(DATASET, geos=["HU31"])) == expected(["HU31"])
    assert "if-none-match" not in service.asked[-1].headers


@pytest.mark.parametrize("flavour", ["sdmx-3.0", "sdmx-2.1", "statistics"])
def test_a_too_big_query_is_split_by_region(service: FakeEurostat, flavour: str) -> None:
    service.limit = 2
    extract = fetch_dataset(DATASET, geos=REGIONS, flavour=flavour)
    assert long(extract) == expected()
    assert extract.path.name.endswith(".parts.json")
    assert extract.consumed == extract.size_hint > 0
    reopened = open_extract(extract.path)
    assert reopened.query == extract.query
    assert long(reopened) == expected()
    assert service.busiest == 1


def test_lines_run_on_through_the_parts(service: FakeEurostat) -> None:
    service.limit = 3
    lines = [line for chunk in fetch_dataset(DATASET, geos=REGIONS).chunks for line in chunk["line"].to_pylist()]
    assert len(lines) == len(set(lines)) == len(ROWS)


def test_a_part_without_rows_is_passed_over(service: FakeEurostat) -> None:
    service.limit = 3
    service.rows = [row for row in ROWS if row.geo in REGIONS[:3]]
    assert long(fetch_dataset(DATASET, geos=REGIONS)) == expected(REGIONS[:3])


def test_a_changed_part_is_noticed(service: FakeEurostat) -> None:
    service.limit = 3
    extract = fetch_dataset(DATASET, geos=REGIONS)
    part = json.loads(extract.path.read_bytes())["polisee-parts"][0]["file"]
    (extract.path.parent / part).write_bytes(b"x")
    with pytest.raises(SourceError) as caught:
        open_extract(extract.path)
    assert caught.value.problem.reason == "truncated"


def test_one_region_too_big_says_so(service: FakeEurostat) -> None:
    service.limit = 0
    with pytest.raises(SourceError, match="EXTRACTION_TOO_BIG") as caught:
        fetch_dataset(DATASET, geos=["HU31"])
    assert caught.value.problem.reason == "too-big"


def test_too_big_without_regions_cannot_be_split(service: FakeEurostat) -> None:
    service.limit = 2
    with pytest.raises(SourceError, match="EXTRACTION_TOO_BIG"):
        fetch_dataset(DATASET)


@pytest.mark.parametrize("status", [200, 413])
def test_an_asynchronous_warning_is_polled(service: FakeEurostat, status: int) -> None:
    service.script = [Answer(status, WARNING), Answer(status, WARNING)]
    assert long(fetch_dataset(DATASET)) == expected()
    assert service.pauses == [1.0, 2.0]


def test_a_queued_job_is_followed(service: FakeEurostat) -> None:
    service.script = [Answer(200, QUEUED)]
    service.states = ["SUBMITTED", "PROCESSING", "AVAILABLE"]
    assert long(fetch_dataset(DATASET)) == expected()
    assert [asked.path for asked in service.asked][1:] == [
        *["/1.0/async/status/98de05ea-540a-43d3"] * 3,
        "/1.0/async/data/98de05ea-540a-43d3",
    ]


def test_an_expired_job_is_asked_anew(service: FakeEurostat) -> None:
    service.script = [Answer(200, QUEUED)]
    service.states = ["EXPIRED"]
    assert long(fetch_dataset(DATASET)) == expected()


def test_a_zip_that_comes_later_is_waited_for(service: FakeEurostat) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", PAGE)
    service.script = [
        Answer(200, FOOTER.format(url=f"{service.url}/file/7JUd/data/x.zip")),
        Answer(404, "not yet"),
        Answer(200, packed.getvalue()),
    ]
    extract = fetch_dataset(DATASET)
    assert extract.path.suffix == ".zip"
    assert long(extract) == expected()


def test_a_reply_cannot_send_us_elsewhere(service: FakeEurostat) -> None:
    service.script = [Answer(200, FOOTER.format(url="http://attacker.example/x.zip"))]
    with pytest.raises(SourceError, match=r"another host \(attacker\.example\)"):
        fetch_dataset(DATASET)


def test_an_answer_never_ready_is_split_then_given_up(service: FakeEurostat) -> None:
    service.script = [Answer(200, WARNING)] * 12
    assert long(fetch_dataset(DATASET, geos=REGIONS)) == expected()
    assert len(data_requests(service)) == 14
    service.script = [Answer(200, WARNING)] * 12
    with pytest.raises(SourceError) as caught:
        fetch_dataset(DATASET)
    assert caught.value.problem.reason == "asynchronous"
    assert max(service.pauses) <= 60


@pytest.mark.parametrize(
    "body",
    [SDMX_ERROR, json.dumps({"error": [{"status": 400, "label": "Invalid value 'XX' of parameter startPeriod"}]})],
)
def test_a_refusal_carries_the_services_own_words(service: FakeEurostat, body: str) -> None:
    service.script = [Answer(400, body)]
    with pytest.raises(SourceError, match="Invalid value 'XX' of parameter startPeriod") as caught:
        fetch_dataset(DATASET)
    assert caught.value.problem.reason in ("service-fault", "service-error")
    assert len(service.asked) == 1
    assert not list((settings().raw_dir / "eurostat").glob("*"))


def test_an_unknown_code_is_named(service: FakeEurostat) -> None:
    with pytest.raises(SourceError, match="INVALID_QUERY_DIMENSION_VALUE: Dimension unit does not allow the value PC"):
        fetch_dataset(DATASET, {"unit": "PC"}, ["HU31"])


def test_an_unknown_dimension_is_named_before_asking(service: FakeEurostat) -> None:
    with pytest.raises(SourceError, match="dimensions freq, unit, geo, not nace_r2"):
        fetch_dataset(DATASET, {"nace_r2": "C"}, flavour="sdmx-2.1")
    assert not data_requests(service)


def test_regions_that_the_dataset_lacks_do_not_spoil_the_rest(service: FakeEurostat) -> None:
    extract = fetch_dataset(DATASET, geos=["HU31", "XK00", "BA"])
    assert long(extract) == expected(["HU31"])
    assert [asked.query["c[geo]"] for asked in service.asked] == [["HU31,XK00,BA"], ["HU31,BA"], ["HU31"]]


def test_503_then_200(service: FakeEurostat) -> None:
    service.script = [Answer(503, "busy", {"Retry-After": "7"}), Answer(429, "slow down")]
    assert long(fetch_dataset(DATASET)) == expected()
    assert service.pauses == [7.0, 2.0]


def test_503_for_good_is_an_error_and_leaves_the_copy(service: FakeEurostat) -> None:
    kept = fetch_dataset(DATASET).path
    before = kept.read_bytes()
    service.script = [Answer(503, MAINTENANCE)] * 3
    with pytest.raises(SourceError, match="HTTP 503"):
        fetch_dataset(DATASET)
    assert kept.read_bytes() == before
    assert len(service.asked) == 4


@pytest.mark.parametrize("broken", [cut(PAGE), cut_gzip(LONG_PAGE)], ids=["body", "gzip"])
def test_a_truncated_body_is_tried_again(service: FakeEurostat, broken: Answer) -> None:
    service.script = [broken]
    assert long(fetch_dataset(DATASET)) == expected()
    service.script = [broken] * 3
    with pytest.raises(SourceError, match="cut short") as caught:
        fetch_dataset(DATASET, geos=["HU31"])
    assert caught.value.problem.reason == "truncated"
    assert not list((settings().raw_dir / "eurostat").glob(".*"))


@pytest.mark.parametrize(
    "slow", [Answer(200, PAGE, hold=1.2), Answer(200, PAGE, drip=0.05)], ids=["silent", "dripping"]
)
def test_a_slow_body_times_out(service: FakeEurostat, slow: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLISEE_HTTP_RETRIES", "1")
    settings.cache_clear()
    service.script = [slow] * 2
    with pytest.raises(SourceError, match=r"nothing usable for 0\.6 seconds") as caught:
        fetch_dataset(DATASET)
    assert caught.value.problem.reason == "timeout"


def test_header_without_rows_is_an_error_and_leaves_the_copy(service: FakeEurostat) -> None:
    kept = fetch_dataset(DATASET).path
    before = kept.read_bytes()
    service.rows = []
    with pytest.raises(SourceError, match="no rows") as caught:
        fetch_dataset(DATASET)
    assert caught.value.problem.reason == "no-rows"
    assert kept.read_bytes() == before
    service.script = [Answer(404, NO_RESULTS)]
    with pytest.raises(SourceError) as caught:
        fetch_dataset(DATASET)
    assert caught.value.problem.reason == "no-rows"


def test_a_web_page_with_200_is_an_error(service: FakeEurostat) -> None:
    service.script = [Answer(200, MAINTENANCE)]
    assert long(fetch_dataset(DATASET)) == expected()
    service.script = [Answer(200, MAINTENANCE)] * 3
    with pytest.raises(SourceError, match="Eurostat is being updated") as caught:
        fetch_dataset(DATASET, geos=["HU31"])
    assert caught.value.problem.reason == "maintenance-page"


def test_another_dataset_than_asked_is_refused(service: FakeEurostat) -> None:
    with pytest.raises(SourceError, match="Asked for TGS00010, the service sent TGS00042"):
        fetch_dataset("tgs00010")


def test_offline_is_one_sentence_and_touches_nothing(service: FakeEurostat) -> None:
    kept = fetch_dataset(DATASET).path
    files = {path: path.read_bytes() for path in kept.parent.iterdir()}
    service.close()
    with pytest.raises(OfflineError, match=r"127\.0\.0\.1 cannot be reached") as caught:
        fetch_dataset(DATASET)
    assert "\n" not in str(caught.value)
    assert {path: path.read_bytes() for path in kept.parent.iterdir()} == files
    service.server.server_close = lambda: None
    service.server.shutdown = lambda: None


def test_one_request_at_a_time(service: FakeEurostat) -> None:
    service.script = [Answer(200, PAGE, hold=0.1)] * 3
    threads = [
        threading.Thread(target=fetch_dataset, args=(DATASET,), kwargs={"since": year}) for year in (2015, 2016, 2017)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(service.asked) == 3
    assert service.busiest == 1


def test_any_file_with_progress(service: FakeEurostat) -> None:
    shapes = json.dumps({"type": "FeatureCollection", "features": [], "pad": "x" * 300_000})
    service.script = [Answer(200, shapes)]
    seen: list[tuple[int, int]] = []
    path = fetch(
        f"{service.url}/nuts/data/NUTS_RG_20M.geojson", licence="EuroGeographics", progress=lambda *n: seen.append(n)
    )
    assert path == settings().raw_dir / "gisco" / "NUTS_RG_20M.geojson.gz"
    assert seen[-1][0] == seen[-1][1] == path.stat().st_size
    record = json.loads((path.parent / "NUTS_RG_20M.geojson.json").read_bytes())
    assert record["licence"] == "EuroGeographics"
    service.script = [Answer(200, shapes)]
    assert fetch(f"{service.url}/nuts/data/NUTS_RG_20M.geojson") == path


def test_a_file_is_named_safely(service: FakeEurostat) -> None:
    service.script = [Answer(200, "a,b\n1,2\n")]
    path = fetch(f"{service.url}/x/..%2f..%2fevil file.csv", folder="own", params={"q": "1"})
    assert path.parent == settings().raw_dir / "own"
    assert path.exists()


def test_retry_after_reads_seconds_and_dates() -> None:
    assert retry_after("12") == 12.0
    soon = retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True))
    assert soon is not None
    assert 25 <= soon <= 30
    assert retry_after("") is None
    assert retry_after("soon") is None


def test_bad_dimension_text_is_the_services(service: FakeEurostat) -> None:
    service.script = [Answer(400, BAD_DIMENSION.format(dim="age", code="Y15-64"))]
    with pytest.raises(SourceError, match=r"code 150.*Dimension age does not allow the value Y15-64"):
        fetch_dataset(DATASET, geos=["HU31", "RO11"])


def test_the_cache_survives_a_kill_between_file_and_record(service: FakeEurostat) -> None:
    path: Path = fetch_dataset(DATASET).path
    record = next(path.parent.glob("*.json"))
    record.unlink()
    assert long(fetch_dataset(DATASET)) == expected()
    assert record.exists()
