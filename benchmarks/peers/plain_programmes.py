"""Peer: the pages on a programme as they are written first. Plain pandas on the tables, in each callback, no cache."""

import os

import dash_bootstrap_components as dbc
import pandas as pd
import plotly.express as px
from dash import Dash, Input, Output, dcc, html
from sqlalchemy import create_engine, text

engine = create_engine(os.environ["POLISEE_DATABASE_URL"])
app = Dash(__name__)
server = app.server
PAGES = ("pilots", "money", "workplan", "decisions")
app.layout = html.Div([dcc.Input(id="programme", value="made"), *(html.Div(id=page) for page in PAGES)])


def _read(table: str, programme: str) -> pd.DataFrame:
    with engine.connect() as connection:
        return pd.read_sql(text(f'SELECT * FROM "{table}" WHERE programme = :p'), connection, params={"p": programme})


@app.callback(Output("pilots", "children"), Input("programme", "value"))
def pilots(programme: str) -> list:
    """Share of the target that each pilot reached by period, and its light: a table of pilots by periods."""
    indicators, values = _read("result_indicator", programme), _read("result_value", programme)
    last = int(values["period"].max())
    table = values.merge(indicators[["code", "owner", "target"]], left_on="indicator", right_on="code")
    table["share"] = table["value"] / (table["target"] * table["period"] / last)
    worst = table.groupby(["owner", "period"])["share"].min().unstack()
    lights = worst.map(lambda share: "on track" if share >= 0.9 else "watch" if share >= 0.7 else "off track")
    return [dbc.Table.from_dataframe(lights.reset_index())]


@app.callback(Output("money", "children"), Input("programme", "value"))
def money(programme: str) -> list:
    """Curve, and certified money by partner beside its plan."""
    plan, spent = _read("budget_line", programme), _read("expenditure", programme)
    periods = pd.DataFrame(
        {
            "plan": plan.groupby("period")["amount"].sum(),
            "declared": spent.groupby("period")["declared"].sum(),
            "certified": spent.groupby("period")["certified"].sum(),
        }
    ).cumsum()
    partners = pd.DataFrame(
        {
            "plan": plan.groupby("partner")["amount"].sum(),
            "certified": spent.groupby("partner")["certified"].sum(),
        }
    )
    partners["share"] = partners["certified"] / partners["plan"]
    return [
        dcc.Graph(figure=px.line(periods)),
        dcc.Graph(figure=px.bar(partners.reset_index(), x="share", y="partner", orientation="h")),
        dbc.Table.from_dataframe(partners.reset_index().head(60)),
    ]


@app.callback(Output("workplan", "children"), Input("programme", "value"))
def workplan(programme: str) -> list:
    """Timeline, late deliverables, who reported."""
    table, reports = _read("deliverable", programme), _read("partner_report", programme)
    late = table[table["delivered_on"].isna()].sort_values("due_on")
    grid = reports.pivot_table(index="partner", columns="period", values="submitted_on", aggfunc="first")
    figure = px.scatter(table, x="due_on", y="work_package", color="quality", hover_name="code")
    return [
        dcc.Graph(figure=figure),
        dbc.Table.from_dataframe(late.head(25)[["code", "due_on", "new_date", "lead"]]),
        dbc.Table.from_dataframe(grid.notna().reset_index()),
    ]


@app.callback(Output("decisions", "children"), Input("programme", "value"))
def decisions(programme: str) -> list:
    """Open risks and their scores, decisions and overdue actions."""
    risks, scores = _read("risk", programme), _read("risk_score", programme)
    made, actions = _read("decision", programme), _read("action", programme)
    newest = scores.sort_values("period").groupby("risk").tail(1)
    board = risks[risks["closed_on"].isna()].merge(newest, left_on="code", right_on="risk")
    board["score"] = board["likelihood"] * board["impact"]
    figure = px.density_heatmap(board, x="likelihood", y="impact")
    overdue = actions[actions["done_on"].isna()]
    tables = (board.sort_values("score").tail(40)[["code", "score"]], made.tail(48)[["code", "decided_on"]], overdue)
    return [dcc.Graph(figure=figure), *(dbc.Table.from_dataframe(one[list(one.columns[:4])]) for one in tables)]
