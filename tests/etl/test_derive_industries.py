"""What goes into the results by industry, and that they say what the measures say."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, select

from analysis import complexity, relatedness, specialisation
from etl.derive import Done, run_jobs
from etl.derive_industries import growth, parts
from etl.pipeline import load_extract
from store.derived import Result, read
from store.schema import Region
from tests.etl.extracts import extract

MEMBERS = ["A", "B-E", "F", "G-I", "J", "K", "L", "M_N", "O-Q", "R-U"]
COLUMNS = {
    *("industry", "value", "flags", "share", "lq", "lq_symmetric", "present", "density", "relative_density"),
    *("distance", "pci", "gain", "related", "holders", "quadrant", "stars", "size_star", "specialisation_star"),
    *("focus_star", "growth"),
}


def made(count: int = 12, seed: int = 1) -> pd.DataFrame:
    values = np.random.default_rng(seed).lognormal(2, 1.2, (count, len(MEMBERS))).round(1) + 0.1
    return pd.DataFrame(values, index=[f"R{number:02}" for number in range(count)], columns=MEMBERS)


def load(engine: Engine, folder: Path, rows: list[tuple[Any, ...]], name: str = "figures.csv") -> None:
    outcome = load_extract(engine, extract(folder, rows, name=name))
    assert outcome.counts["rejected"] == 0


def result(engine: Engine, subject: str, part: str) -> Result:
    with engine.connect() as connection:
        found = read(connection, "industries", subject, part)
    assert found is not None, (subject, part)
    return found


def row(engine: Engine, subject: str, region: str, industry: str) -> pd.Series:
    return result(engine, subject, region).frame.set_index("industry").loc[industry]


def computed(done: list[Done]) -> list[str]:
    assert {one.state for one in done} <= {"computed"}, done
    return [one.subject for one in done]


def test_the_parts_are_what_the_measures_say() -> None:
    x = made()
    x.iloc[3, 4] = np.nan
    found = parts(x)
    assert set(found) == {"regions", "industries", "proximity", *x.index}
    told = complexity.portfolio(x)
    structure, stars = specialisation.structure(x), specialisation.stars(x).cells
    regions = found["regions"].frame.set_index("region")
    for name, expected in {"eci": told.eci, "outlook": told.outlook, "krugman": structure["krugman"]}.items():
        np.testing.assert_allclose(regions[name], expected.loc[regions.index], err_msg=name)
    assert (regions["dropped"] == "").all()
    assert found["regions"].facts["diagnostics"]["unknown"] == 1
    industries = found["industries"].frame.set_index("industry")
    np.testing.assert_allclose(industries["pci"], told.pci.loc[MEMBERS])
    assert industries["share"].sum() == pytest.approx(1)
    assert industries["x"].between(0, 1).all()
    assert industries["y"].between(0, 1).all()
    pd.testing.assert_frame_equal(found["proximity"].frame, relatedness.network_layout(told.proximity).edges)
    for region in x.index:
        frame = found[region].frame
        assert set(frame.columns) >= COLUMNS
        assert list(frame["industry"]) == MEMBERS
        here = frame.set_index("industry")
        np.testing.assert_allclose(here["lq"], told.lq.loc[region])
        np.testing.assert_allclose(here["gain"], told.gain.loc[region])
        assert here["share"].sum() == pytest.approx(1)
        mine = stars[stars["region"] == region].set_index("industry")
        np.testing.assert_array_equal(here["stars"], mine["stars"].loc[MEMBERS])
        held = set(here.index[here["present"] == True])  # noqa: E712 - None is neither
        assert here.loc[sorted(held), "quadrant"].isna().all()
        for industry in MEMBERS:
            assert set(here.loc[industry, "related"]) <= held - {industry}
            others = here.loc[industry, "holders"]
            assert region not in others
            assert all(told.presence.loc[other, industry] == 1 for other in others)
            assert len(others) == min(5, int(told.presence[industry].drop(region).sum()))
    unknown = found["R03"].frame.set_index("industry").loc["J"]
    assert unknown["present"] is None
    assert np.isnan(unknown["value"])
    assert np.isnan(unknown["lq"])


def test_negative_amounts_are_unknown_and_counted() -> None:
    x = made()
    x.iloc[2, 3] = -4.0
    found = parts(x)
    assert found["regions"].facts["negative"] == 1
    unknown = x.where(x >= 0)
    pd.testing.assert_frame_equal(found["R02"].frame, parts(unknown)["R02"].frame)


def test_a_region_that_is_hardly_known_bears_no_scores_and_gets_one() -> None:
    x = made()
    x.iloc[5, :7] = np.nan
    found = parts(x)
    regions = found["regions"].frame.set_index("region")
    assert regions.loc["R05", "dropped"] == "coverage"
    assert (regions["dropped"] == "").sum() == len(x) - 1
    alone = parts(x.drop("R05"))["industries"].frame
    assert found["regions"].facts["diagnostics"]["regions"] == len(x) - 1
    # Quotients are against all regions, so that scores are near those without it, not the same.
    assert np.corrcoef(found["industries"].frame["pci"], alone["pci"])[0, 1] > 0.9
    assert np.isfinite(regions.loc["R05", "eci"])


def test_few_regions_or_industries_are_no_error() -> None:
    for x in (made(1), made(2), made(3)[["A", "F"]], made(12) * 0, made(2) * np.nan):
        found = parts(x)
        assert len(found["regions"].frame) == len(x)
        assert found[str(x.index[0])].frame["stars"].isna().all() or len(x) >= 10


def test_growth_by_hand() -> None:
    def frame(a: float, b: float, c: float) -> pd.DataFrame:
        return pd.DataFrame([[a, b, c]], index=["R"], columns=["A", "F", "J"])

    def mark(a: str, b: str, c: str) -> pd.DataFrame:
        return pd.DataFrame([[a, b, c]], index=["R"], columns=["A", "F", "J"])

    frames = {2010: frame(100, np.nan, 0), 2013: frame(110, 10, np.nan), 2015: frame(161.051, 5, 3)}
    marks = {2010: mark("b", "", ""), 2013: mark("", "bu", ""), 2015: mark("", "", "b")}
    rate, span, broken = growth(frames, marks, 2015)
    np.testing.assert_allclose(rate.loc["R"], [0.1, 0.5**0.5 - 1, np.nan])
    np.testing.assert_allclose(span.loc["R"], [5, 2, np.nan])
    assert list(broken.loc["R"]) == [False, False, False], "a break in the first year lies behind it"
    marks[2013] = mark("b", "", "")
    assert list(growth(frames, marks, 2015)[2].loc["R"]) == [True, False, False]
    assert growth({2015: frames[2015]}, marks, 2015)[0].isna().all(axis=None)


def test_from_figures_to_results(engine: Engine, tmp_path: Path) -> None:
    x = made(4)
    x.index = pd.Index(["HU21", "HU22", "HU23", "AT11"])
    rows = [
        (f"employment_nace:{industry}", region, 2014, float(x.loc[region, industry]), "u" if industry == "J" else "")
        for region in x.index
        for industry in MEMBERS
    ]
    # A country, an extra-regio part and a series of positions are no regions of a structure.
    others = [("employment_nace:A", "HU", 2014, 9e9), ("employment_nace:A", "HUZZ", 2014, 9e9)]
    positions = [("position_upstreamness:1", "HU", 2014, 2.0)]
    load(engine, tmp_path, [*rows, *others, *positions])
    assert computed(run_jobs(engine)) == ["employment_nace:2014"]
    frame = result(engine, "employment_nace:2014", "HU22").frame.set_index("industry")
    np.testing.assert_allclose(frame["lq"], specialisation.location_quotients(x).loc["HU22"])
    assert frame["flags"].to_dict() == {industry: "u" if industry == "J" else "" for industry in MEMBERS}
    assert list(result(engine, "employment_nace:2014", "regions").frame["region"]) == ["AT11", "HU21", "HU22", "HU23"]
    assert run_jobs(engine) == []


def test_a_new_figure_makes_its_years_stale_and_no_others(engine: Engine, tmp_path: Path) -> None:
    def rows(value: float, *years: int) -> list[tuple[Any, ...]]:
        return [
            (f"employment_nace:{industry}", region, year, value + len(region + industry))
            for year in years
            for region in ("HU21", "HU22")
            for industry in MEMBERS
        ]

    load(engine, tmp_path, rows(5.0, 2005, 2008, 2012))
    assert computed(run_jobs(engine)) == [f"employment_nace:{year}" for year in (2005, 2008, 2012)]
    load(engine, tmp_path, [("employment_rate", "HU21", 2008, 50.0)], "other.csv")
    assert run_jobs(engine) == []
    load(engine, tmp_path, [*rows(5.0, 2005, 2012), ("employment_nace:A", "HU21", 2008, 77.0)], "changed.csv")
    assert computed(run_jobs(engine)) == ["employment_nace:2008", "employment_nace:2012"], "2012 grows since 2008"
    assert row(engine, "employment_nace:2008", "HU21", "A")["value"] == 77
    assert row(engine, "employment_nace:2012", "HU21", "A")["growth"] == pytest.approx((10 / 77) ** 0.25 - 1)


def test_an_older_region_gives_way_to_those_that_took_its_place(engine: Engine, tmp_path: Path) -> None:
    def rows(*regions: str) -> list[tuple[Any, ...]]:
        return [(f"employment_nace:{one}", region, 2014, 5.0) for region in regions for one in MEMBERS]

    load(engine, tmp_path, rows("HU10", "AT11", "HR04"))
    run_jobs(engine)
    assert set(result(engine, "employment_nace:2014", "regions").frame["region"]) == {"HU10", "AT11", "HR04"}
    load(engine, tmp_path, rows("HU11", "HU12"), "new.csv")
    run_jobs(engine)
    found = result(engine, "employment_nace:2014", "regions")
    assert set(found.frame["region"]) == {"HU11", "HU12", "AT11", "HR04"}
    assert found.facts["superseded"] == ["HU10"]
    with engine.connect() as connection:
        assert read(connection, "industries", "employment_nace:2014", "HU10") is None
        assert connection.scalar(select(Region.id).where(Region.code == "HU10")) is not None
