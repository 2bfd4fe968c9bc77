"""What is decided when complexity is computed from exports: countries are the regions, products the industries.

Location quotients are shares of world exports (Balassa 1965). Without limits of size the smallest territories lead
every ranking, since one shipment makes them exporters of something rare. The limit for countries is that of the Atlas
of Economic Complexity (Hausmann et al. 2014), which has one of population too; files of trade do not know it. The other
limits are our own choice.
"""

import pandas as pd

from analysis.complexity import Conventions

DIGITS = 4
"""Detail at which complexity is computed: headings of the Harmonised System, subgroups of SITC."""

LEAST_EXPORTS = 1e9
"""Exports in US dollars below which a country does not shape the network and the scores of products."""

LEAST_WORLD_TRADE = 10e6
"""World exports in US dollars below which a product does not."""

FEW = 50
"""Exporters below which a reader is warned: a quotient against a few neighbours is none against the world."""

UNSPECIFIED = {"HS": ("98", "99"), "SITC": ("91", "93", "96", "97")}
"""Chapters of what is not classified by kind, and of coin and gold that is money: nobody becomes good at them."""

CONVENTIONS = Conventions(
    minimum_region=LEAST_EXPORTS,
    minimum_industry=LEAST_WORLD_TRADE,
    minimum_ubiquity=2,
    minimum_diversity=2,
    disconnected="largest",
    eci_for="all",
)
"""Countries outside the core get the mean complexity of what they export."""


def unspecified(classification: str) -> tuple[str, ...]:
    """First digits of what is left out, in a revision of the Harmonised System (``HS92``) or of SITC (``SITC2``)."""
    return UNSPECIFIED["SITC" if classification.startswith("SITC") else "HS"]


def goods(exports: pd.DataFrame, classification: str) -> pd.DataFrame:
    """Exports (exporters x products) without the products that are not classified by kind."""
    return exports.loc[:, ~exports.columns.str.startswith(unspecified(classification))]
