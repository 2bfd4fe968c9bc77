"""Regions, how they changed between versions of the classification, and their boundaries."""

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import Connection, select

from store.schema import Geometry, Region, RegionChange
from store.texts import texts


def regions(connection: Connection, lang: str = "en") -> pd.DataFrame:
    """All regions by country, level and code.

    Returns:
        [id, code, level, kind, country, parent (None for none), nuts_versions (list), valid_from, valid_to,
        tile_column, tile_row (Int64, NA for none), name, name_local, name_latin].
    """
    query = select(
        Region.id,
        Region.code,
        Region.level,
        Region.kind,
        Region.country,
        Region.parent,
        Region.nuts_versions,
        Region.valid_from,
        Region.valid_to,
        Region.tile_column,
        Region.tile_row,
    ).order_by(Region.country, Region.level, Region.code)
    result = connection.execute(query)
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    whole = ["valid_from", "valid_to", "tile_column", "tile_row"]
    frame[whole] = frame[whole].astype("Int64")
    wanted, local, latin = (texts(connection, "region", one) for one in (lang, "local", "latin"))
    for column, known in (("name", wanted), ("name_local", local), ("name_latin", latin)):
        names = [known.get((code, "name"), code) for code in frame["code"]]
        frame[column] = pd.Series(names, dtype="str", index=frame.index)
    return frame


def region_changes(connection: Connection) -> pd.DataFrame:
    """How regions changed: [from_code, to_code, from_version, to_version, kind, population_share (NaN), source]."""
    query = select(
        RegionChange.from_code,
        RegionChange.to_code,
        RegionChange.from_version,
        RegionChange.to_version,
        RegionChange.kind,
        RegionChange.population_share,
        RegionChange.source,
    ).order_by(RegionChange.from_version, RegionChange.from_code, RegionChange.to_code)
    result = connection.execute(query)
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    frame["population_share"] = frame["population_share"].astype("float64")
    return frame


def geometries(connection: Connection, codes: Sequence[str] | None = None) -> pd.DataFrame:
    """Boundaries of the given regions, or all: [region, nuts_version, scale, shape (GeoJSON geometry), credit]."""
    query = select(Geometry.region, Geometry.nuts_version, Geometry.scale, Geometry.shape, Geometry.credit)
    if codes is not None:
        query = query.where(Geometry.region.in_(list(codes)))
    result = connection.execute(query.order_by(Geometry.region, Geometry.nuts_version))
    return pd.DataFrame(result.all(), columns=list(result.keys()))
