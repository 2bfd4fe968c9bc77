"""Made input-output tables that balance, for looking at pages before real ones are loaded: never data.

The numbers follow from a fixed seed and stand for nothing; the name of each table says that it is made.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from analysis.input_output import System
from analysis.tables import IOTable
from analysis.value_chain import METHOD, chain_frames
from store import derived
from store.engine import make_engine, version, writing
from store.tables import put_row, write_inverse, write_table
from store.writes import open_load

COUNTRIES = ("AT", "BG", "DE", "EL", "HR", "HU", "RO", "ROW", "SI")
INDUSTRIES = ("A01_02", "B05_06", "C10T12", "C20", "C24", "C25", "C29", "D", "F", "G", "H49", "J62_63", "L", "O")
GOODS = "ABC"


def inter_country(countries: Sequence[str] = COUNTRIES, industries: Sequence[str] = INDUSTRIES) -> IOTable:
    """A table of these countries and industries that balances by construction: x = (I - A)^-1 f."""
    random = np.random.default_rng(20)
    groups, count = len(countries), len(industries)
    goods = np.array([code[0] in GOODS for code in industries])
    sizes = np.exp(random.normal(0.0, 1.0, groups))
    sizes[[code == "ROW" for code in countries]] = sizes.sum() * 3
    abroad = np.where(goods, 0.45, 0.12)
    technology = np.exp(random.normal(0.0, 1.2, (count, count))) + 0.05
    technology /= technology.sum(axis=0)
    inputs = np.where(goods, 0.62, 0.40) * random.uniform(0.8, 1.15, (groups, count))
    wanted = np.exp(random.normal(0.0, 0.8, count))

    def shares(home: int) -> np.ndarray:
        """Origin of each product that a country uses (countries x industries)."""
        others = np.where(np.arange(groups) == home, 0.0, sizes) / (sizes.sum() - sizes[home])
        mix = others[:, None] * abroad * random.uniform(0.3, 1.7, (groups, count))
        mix[home] = 1.0 - abroad
        return mix / mix.sum(axis=0)

    coefficients = np.empty((groups, count, groups, count))
    final = np.empty((groups, count, groups, 2))
    for home in range(groups):
        origin = shares(home)
        coefficients[:, :, home] = origin[:, :, None] * technology * inputs[home]
        final[:, :, home] = (shares(home) * wanted * sizes[home])[:, :, None] * np.array([0.7, 0.3]) * 1000
    n = groups * count
    a, y = coefficients.reshape(n, n), final.reshape(n, groups * 2)
    output = np.linalg.solve(np.eye(n) - a, y.sum(axis=1))
    flows = a * output
    return IOTable(
        name="Made table 2020",
        kind="inter_country",
        year=2020,
        unit="MIO_USD",
        classification="ICIO45",
        countries=tuple(countries),
        industries=tuple(industries),
        flows=flows,
        final=y,
        final_columns=tuple((country, kind) for country in countries for kind in ("households", "investment")),
        output=output,
        value_added=output - flows.sum(axis=0),
        jobs=output * np.repeat(random.uniform(5, 40, groups), count) * np.tile(random.uniform(0.3, 2, count), groups),
        jobs_year=2020,
    )


def national(country: str = "HR") -> IOTable:
    """A table of one country, with exports, imported inputs and taxes, and without jobs."""
    random = np.random.default_rng(7)
    industries = INDUSTRIES
    count = len(industries)
    a = np.exp(random.normal(0.0, 1.0, (count, count)))
    a *= 0.35 / a.sum(axis=0)
    final = np.exp(random.normal(0.0, 0.6, (count, 3))) * np.array([300.0, 100.0, 200.0])
    output = np.linalg.solve(np.eye(count) - a, final.sum(axis=1))
    flows = a * output
    imported, taxes = 0.15 * output, 0.01 * output
    return IOTable(
        name=f"Made table of {country} 2010",
        kind="national",
        year=2010,
        unit="THS_HRK",
        classification="ICIO45",
        countries=(country,),
        industries=industries,
        flows=flows,
        final=final,
        final_columns=((country, "households"), (country, "inventories"), ("ROW", "exports")),
        output=output,
        value_added=output - flows.sum(axis=0) - imported - taxes,
        imported_inputs=imported,
        taxes=taxes,
    )


def store_table(url: str, folder: Path, table: IOTable, dataset: str) -> None:
    """Put a table and its results into a database."""
    system = System(table)
    made = chain_frames(system)
    engine = make_engine(url)
    now = datetime.now(UTC).replace(tzinfo=None)
    with writing(engine) as connection:
        written = write_table(folder, table)
        write_inverse(folder, written.digest, system.inverse)
        load = open_load(
            connection,
            source="made",
            dataset=dataset,
            file_name="made",
            sha256=written.digest,
            bytes=written.bytes,
            started_at=now,
            data_version=version(connection) + 1,
        )
        put_row(connection, table, dataset, written, {}, now, load)
        subject = f"{table.kind}:{dataset}:{table.countries[0] if table.kind == 'national' else ''}:{table.year}"
        state = derived.State("made", METHOD)
        results = {part: derived.Result(frame, made.facts) for part, frame in made.parts.items()}
        derived.write(connection, "chain", subject, state, results, 0.0)
    engine.dispose()
