"""A made series by industry on the real regions of the starter data: 46 regions, 36 industries, two years.

The numbers are drawn from a fixed seed and stand for nothing; results come from the measures themselves.
"""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import complexity, relatedness
from analysis import specialisation as measures
from dashboard import frames
from dashboard.i18n import language
from store.derived import Result

SERIES = "made"
YEARS = (2015, 2020)
INDUSTRIES = tuple(
    [f"C{n}" for n in range(10, 34)]
    + ["J58", "J61", "J62", "K64", "M71", "M72", "N79", "O84", "P85", "Q86", "S95", "T97"]
)
PUBLIC = {"O84", "P85", "Q86", "T97"}
PROVENANCE: dict[str, Any] = {
    "code": SERIES,
    "name": "Made jobs",
    "definition": "Drawn from a seed.",
    "unit_label": "thousands",
    "publisher": "Made",
    "dataset": "MADE",
    "dataset_url": "https://example.org",
    "licence": "CC BY 4.0",
    "licence_url": "https://example.org/licence",
    "updated": None,
    "note": "",
}


def table(regions: list[str], year: int) -> pd.DataFrame:
    """Regions x industries: each region has a taste for some part of a circle of industries."""
    random = np.random.default_rng(year)
    places = np.arange(len(INDUSTRIES)) / len(INDUSTRIES)
    tastes = np.random.default_rng(1).random(len(regions))
    width = 0.05 + 0.3 * np.random.default_rng(2).random(len(regions))
    far = np.abs(places[None, :] - tastes[:, None])
    far = np.minimum(far, 1 - far)
    size = 20 + 400 * np.random.default_rng(3).random(len(regions))
    pull = 0.03 + np.exp(-((far / width[:, None]) ** 2)) * (1 + 0.1 * random.random(far.shape))
    values = size[:, None] * pull / pull.sum(axis=1, keepdims=True)
    return pd.DataFrame(values.round(1) + 0.1, index=regions, columns=list(INDUSTRIES))


def results(x: pd.DataFrame) -> dict[str, Result]:
    """The parts of one year as the derived results hold them."""
    found = complexity.portfolio(x)
    m, near = found.presence, found.proximity
    structure = measures.structure(x)
    relative = relatedness.relative_density(m, found.density)
    quadrants = complexity.diamond(m, found.density, found.pci).options.set_index(["region", "industry"])["quadrant"]
    stars = measures.stars(x).cells.set_index(["region", "industry"])
    network = relatedness.network_layout(near)
    parts = {
        "regions": Result(
            pd.DataFrame(
                {
                    "region": x.index,
                    "total": structure["total"],
                    "diversity": structure["diversity"],
                    "eci": found.eci,
                    "fitness": np.nan,
                    "outlook": found.outlook,
                    **{name: structure[name] for name in ("krugman", "herfindahl", "entropy", "hachman")},
                    "dropped": "",
                }
            ).reset_index(drop=True),
            {
                "conventions": found.conventions.as_text(),
                "diagnostics": found.diagnostics.as_dict(),
                "reference": "all",
            },
        ),
        "industries": Result(
            pd.DataFrame(
                {
                    "industry": x.columns,
                    "total": x.sum().to_numpy(),
                    "share": (x.sum() / x.sum().sum()).to_numpy(),
                    "ubiquity": found.ubiquity.to_numpy(),
                    "pci": found.pci.to_numpy(),
                }
            ).merge(network.nodes, on="industry")
        ),
        "proximity": Result(network.edges),
    }
    for region in x.index:
        related = relatedness.related(m, near, region).groupby("industry")["related"].apply(list)
        holders = relatedness.holders(m, region).groupby("industry")["holder"].apply(list)
        lq = found.lq.loc[region]
        frame = pd.DataFrame(
            {
                "industry": x.columns,
                "value": x.loc[region].to_numpy(),
                "flags": ["u" if value < 0.3 else "" for value in x.loc[region]],
                "share": (x.loc[region] / x.loc[region].sum()).to_numpy(),
                "lq": lq.to_numpy(),
                "lq_symmetric": ((lq - 1) / (lq + 1)).to_numpy(),
                "present": [None if v != v else bool(v) for v in m.loc[region]],
                "density": found.density.loc[region].to_numpy(),
                "relative_density": relative.loc[region].to_numpy(),
                "distance": 1 - found.density.loc[region].to_numpy(),
                "pci": found.pci.to_numpy(),
                "gain": found.gain.loc[region].to_numpy(),
                "related": [related.get(code, []) for code in x.columns],
                "holders": [holders.get(code, []) for code in x.columns],
                "quadrant": [quadrants.get((region, code)) for code in x.columns],
                "stars": stars.loc[region]["stars"].reindex(x.columns).to_numpy(),
                **{
                    f"{name}_star": [
                        None if v != v else bool(v) for v in stars.loc[region][f"{name}_star"].reindex(x.columns)
                    ]
                    for name in ("size", "specialisation", "focus")
                },
                "growth": np.nan,
            }
        )
        parts[region] = Result(frame)
    return parts


@cache
def _everything(regions: tuple[str, ...]) -> tuple[dict[int, pd.DataFrame], dict[int, dict[str, Result]]]:
    tables = {year: table(list(regions), year) for year in YEARS}
    return tables, {year: results(x) for year, x in tables.items()}


def install(patch: pytest.MonkeyPatch, series: str = SERIES) -> dict[int, pd.DataFrame]:
    """Put the made series into ``frames``; returns its tables by year."""
    regions = [
        str(code) for code in frames.current_regions()["code"] if str(code)[:2] in ("HU", "RO", "IT", "SK", "SI")
    ]
    tables, parts = _everything(tuple(regions))
    kept: dict[Any, Any] = {}
    long = pd.concat(
        [
            x.rename_axis("region").reset_index().melt("region", var_name="industry").assign(period=year)
            for year, x in tables.items()
        ],
        ignore_index=True,
    ).assign(flags="")
    known = pd.DataFrame(
        [
            {
                "code": series,
                "kind": "structure",
                "classification": "NACE2",
                "dataset": "MADE",
                "unit": "THS_PER",
                "decimals": 1,
                "members": list(INDUSTRIES),
                "total": "",
                "name": PROVENANCE["name"],
                "note": "",
            }
        ]
    )
    names = {code: f"Nace {code}" for code in INDUSTRIES}
    before = frames.provenance()

    def derived(name: str, subject: str, part: str = "") -> Result | None:
        year = int(subject.rsplit(":", 1)[1])
        return parts.get(year, {}).get(part) if name == "industries" and subject.startswith(f"{series}:") else None

    def figures(_series: str, regions: Any = None) -> pd.DataFrame:
        return long if regions is None else long[long["region"].isin(list(regions))]

    def remember(name: str, arguments: tuple[Any, ...], compute: Any) -> Any:
        key = (name, language(), arguments)
        if key not in kept:
            kept[key] = compute()
        return kept[key]

    for name, made in {
        "derived": derived,
        "industry_series": lambda: known,
        "series_years": lambda _series: sorted(YEARS, reverse=True),
        "industry_figures": figures,
        "industry_names": lambda _classification, short=False: names,
        "industries": lambda _classification: pd.DataFrame(
            {"code": list(INDUSTRIES), "section": [code[0] for code in INDUSTRIES]}
        ),
        "provenance": lambda: before | {series: PROVENANCE | {"code": series}},
        "remember": remember,
    }.items():
        patch.setattr(frames, name, made, raising=False)
    return tables
