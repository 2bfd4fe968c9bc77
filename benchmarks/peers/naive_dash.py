"""Peer (a): the same pages as most people write them first. Plotly Express, a query in each callback, no cache.

It has the same region and indicator controls and shows the same kinds of content: the home map and lists, the
region's trend, tiles and table, the comparison with peers, an indicator's heat map of years. It uses our measures, so
that only the way of writing differs.
"""

import os

import dash_bootstrap_components as dbc
import pandas as pd
import plotly.express as px
from dash import Dash, Input, Output, dcc, html
from sqlalchemy import create_engine, text

from analysis import peers, progress
from analysis.model import specs_of

engine = create_engine(os.environ["POLISEE_DATABASE_URL"])
app = Dash(__name__)
server = app.server

QUERY = """SELECT i.code AS indicator, r.code AS region, o.period, o.value, o.flags
FROM observation o JOIN indicator i ON i.id = o.indicator_id JOIN region r ON r.id = o.region_id"""
NAMES = "SELECT code, value AS name FROM text WHERE entity = 'region' AND field = 'name' AND lang = 'en'"

app.layout = html.Div(
    [
        dcc.Input(id="region", value="HU33"),
        dcc.Input(id="indicator", value="gdp_pps_per_head_eu"),
        *(html.Div(id=page) for page in ("home", "region-page", "compare", "data")),
    ]
)


def _read() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    with engine.connect() as connection:
        observations = pd.read_sql(text(QUERY), connection)
        indicators = pd.read_sql(text("SELECT * FROM indicator"), connection)
        regions = pd.read_sql(text(f"SELECT r.*, n.name FROM region r JOIN ({NAMES}) n ON n.code = r.code"), connection)
    return observations, indicators, regions


def _table(frame: pd.DataFrame) -> dbc.Table:
    return dbc.Table.from_dataframe(frame.round(2))


def _structural(observations: pd.DataFrame, indicators: pd.DataFrame, regions: pd.DataFrame, region: str) -> list[str]:
    variables = list(indicators.loc[indicators["role"] == "structural", "code"])
    current = regions[(regions["level"] == 2) & regions["tile_column"].notna()]
    countries = dict(zip(current["code"], current["country"], strict=True))
    chosen = observations[observations["indicator"].isin(variables) & observations["region"].isin(countries)]
    found = peers.structural_peers(peers.structural_matrix(chosen, variables), region, n=10, countries=countries)
    return list(found.frame["region"]) if found.refused is None else list(current["code"][:10])


@app.callback(Output("home", "children"), Input("indicator", "value"))
def home(indicator: str) -> list:
    """Map, list, news."""
    observations, indicators, regions = _read()
    newest = progress.latest(observations[observations["indicator"] == indicator]).merge(
        regions, left_on="region", right_on="code"
    )
    newest = newest[newest["tile_column"].notna()]
    figure = px.scatter(newest, x="tile_column", y="tile_row", color="value", text="region", hover_name="name")
    moved = progress.direction(observations, specs_of(indicators)).head(5)
    return [dcc.Graph(figure=figure), _table(newest[["name", "value", "period"]]), _table(moved)]


@app.callback(Output("region-page", "children"), Input("region", "value"), Input("indicator", "value"))
def region_page(region: str, indicator: str) -> list:
    """Tiles with small trends, the trend beside peers, targets, the table of everything."""
    observations, indicators, regions = _read()
    chosen = _structural(observations, indicators, regions, region)
    specs = specs_of(indicators)
    own = observations[observations["region"] == region]
    newest, moved = progress.latest(own), progress.direction(own, specs)
    gaps = progress.distance_to_target(own, specs)
    trend = observations[
        (observations["indicator"] == indicator) & observations["region"].isin([region, *chosen, "EU27_2020"])
    ]
    small = [
        dcc.Graph(figure=px.line(own[own["indicator"] == code], x="period", y="value"))
        for code in indicators.loc[indicators["role"] == "headline", "code"]
    ]
    table = newest.merge(moved, on=["indicator", "region"], how="left")
    return [
        *small,
        dcc.Graph(figure=px.line(trend, x="period", y="value", color="region")),
        dcc.Graph(figure=px.bar(gaps, x="indicator", y="value")),
        _table(table),
    ]


@app.callback(Output("compare", "children"), Input("region", "value"))
def compare(region: str) -> list:
    """Each indicator beside the peers' range."""
    observations, indicators, regions = _read()
    chosen = _structural(observations, indicators, regions, region)
    newest = progress.latest(observations[observations["region"].isin([region, *chosen])])
    return [
        dcc.Graph(figure=px.strip(newest, x="value", y="indicator", hover_name="region")),
        _table(newest.pivot_table(index="region", columns="indicator", values="value").reset_index()),
    ]


@app.callback(Output("data", "children"), Input("indicator", "value"))
def data(indicator: str) -> list:
    """The coverage of one indicator as a heat map, and all its values."""
    observations, _indicators, _regions = _read()
    wide = observations[observations["indicator"] == indicator].pivot_table(
        index="region", columns="period", values="value"
    )
    return [dcc.Graph(figure=px.imshow(wide)), _table(wide.reset_index())]
