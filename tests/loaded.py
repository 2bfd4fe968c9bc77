"""Make a database with the starter figures, by the very commands that a person uses."""

import os
import subprocess
import sys
from pathlib import Path

from config import ROOT


def polisee(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on a database and hand back what it said."""
    return subprocess.run(
        [sys.executable, "-m", "etl.cli", *arguments],
        cwd=ROOT,
        env=os.environ | {"POLISEE_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def load_starter(path: Path) -> str:
    """A SQLite database at this path, with catalogue and starter figures; returns its URL."""
    url = f"sqlite:///{path}"
    for arguments in (("init", "--quiet"), ("load", "--starter", "--quiet")):
        done = polisee(url, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    return url
