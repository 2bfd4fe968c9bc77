"""Input-output tables as arrays with labels: what loaders make and what the measures of chains take."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class IOTable:
    """One symmetric input-output table of one year, national (one country) or inter-country.

    Rows and columns run country by country, in each country industry by industry: n = countries x industries.

    Attributes:
        name: what people call it, such as ``FIGARO 2022``.
        kind: ``national`` or ``inter_country``.
        year: its year.
        unit: unit of all amounts, such as ``MIO_EUR``.
        classification: of the industries, a code of the catalogue.
        countries: codes (EL for Greece, two letters elsewhere; ``ROW`` for the rest of the world), length G.
        industries: codes in the order of the table, the same for each country, length N.
        flows: Z (n x n), row supplies column. In a national table of ``uses="total"`` imports are in it.
        final: Y (n x k), final use, one column for each of ``final_columns``.
        final_columns: (country, category) of each column of ``final``. Categories: ``households``, ``npish``,
            ``government``, ``investment``, ``inventories``, ``valuables``, ``discrepancy``, ``other``; and in national
            tables ``exports`` under the country ``ROW``.
        output: x (n), gross output at basic prices.
        value_added: v x (n), gross value added at basic prices.
        uses: ``domestic`` when ``flows`` and ``final`` hold domestic production alone, ``total`` with imports in it.
        imports: m (n), imports of each row's product; only in a national table of ``uses="total"``, else None.
        imported_inputs: (n), imports that each column uses; None when unknown (inter-country tables: in ``flows``).
        taxes: (n), taxes less subsidies on products that each column pays; None when unknown.
        jobs: (n), persons employed; NaN where unknown, None when nothing is known.
        jobs_year: year of ``jobs``, when it is another than the table's.
    """

    name: str
    kind: Literal["national", "inter_country"]
    year: int
    unit: str
    classification: str
    countries: tuple[str, ...]
    industries: tuple[str, ...]
    flows: np.ndarray
    final: np.ndarray
    final_columns: tuple[tuple[str, str], ...]
    output: np.ndarray
    value_added: np.ndarray
    uses: Literal["domestic", "total"] = "domestic"
    imports: np.ndarray | None = None
    imported_inputs: np.ndarray | None = None
    taxes: np.ndarray | None = None
    jobs: np.ndarray | None = None
    jobs_year: int | None = None
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        n = len(self.countries) * len(self.industries)
        shapes = {
            "flows": (n, n),
            "final": (n, len(self.final_columns)),
            "output": (n,),
            "value_added": (n,),
            "imports": (n,),
            "imported_inputs": (n,),
            "taxes": (n,),
            "jobs": (n,),
        }
        for name, shape in shapes.items():
            array = getattr(self, name)
            if array is not None and array.shape != shape:
                raise ValueError(f"{name} has the shape {array.shape}, not {shape} for {n} rows.")

    @cached_property
    def labels(self) -> pd.MultiIndex:
        """(country, industry) of each row, length n."""
        return pd.MultiIndex.from_product([self.countries, self.industries], names=["country", "industry"])

    def place(self, country: str, industry: str) -> int:
        """Row of an industry of a country. Raises KeyError when the table has none."""
        try:
            return self.countries.index(country) * len(self.industries) + self.industries.index(industry)
        except ValueError:
            raise KeyError(f"{self.name} has no {industry} in {country}.") from None

    def rows(self, country: str) -> slice:
        """Rows of one country. Raises KeyError when the table does not have it."""
        if country not in self.countries:
            raise KeyError(f"{self.name} has no country {country}.")
        start = self.countries.index(country) * len(self.industries)
        return slice(start, start + len(self.industries))
