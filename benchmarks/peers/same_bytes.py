"""Peer (c): a bare Flask view that returns bytes it has in memory; what no application on this server can beat."""

import os
from pathlib import Path

from flask import Flask, Response, request

server = Flask(__name__)
BODIES = {path.name: path.read_bytes() for path in Path(os.environ["BENCH_BODIES"]).iterdir()}


@server.post("/<name>")
def answer(name: str) -> Response:
    """Read the question, as an application must, and return the bytes."""
    request.get_data()
    return Response(BODIES[name], mimetype="application/json", headers={"Content-Encoding": "gzip"})
