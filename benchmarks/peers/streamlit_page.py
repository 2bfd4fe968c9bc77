"""Peer (b): the region's trend beside its peers, as a Streamlit script."""

import os

import pandas as pd
import plotly.express as px
import streamlit as st
from sqlalchemy import create_engine, text

from benchmarks.peers.naive_dash import QUERY


@st.cache_resource
def _engine():
    return create_engine(os.environ["POLISEE_DATABASE_URL"])


region = st.query_params.get("region", "HU33")
with _engine().connect() as connection:
    observations = pd.read_sql(text(QUERY + " WHERE i.code = 'gdp_pps_per_head_eu'"), connection)
chosen = observations[observations["region"].isin([region, *sorted(observations["region"].unique())[:10]])]
st.plotly_chart(px.line(chosen, x="period", y="value", color="region"))
st.dataframe(chosen)
