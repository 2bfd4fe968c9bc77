"""Make a database with the starter figures, by the very commands that a person uses."""

import fcntl
import os
import shutil
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
    """A SQLite database at this path, with catalogue and starter figures; returns its URL.

    It is loaded once in a test run, whichever process asks first; everybody else gets a copy.
    """
    template = _template(_shared(path))
    shutil.copy(template, path)
    shutil.copytree(template.parent / "tables", path.parent / "tables", dirs_exist_ok=True)
    return f"sqlite:///{path}"


def _shared(path: Path) -> Path:
    """The folder that all processes of this run have in common: what pytest makes for the run."""
    return next((parent for parent in path.parents if parent.parent.name.startswith("pytest-of-")), path.parent)


def _template(folder: Path) -> Path:
    made = folder / "starter" / "polisee.sqlite"
    made.parent.mkdir(exist_ok=True)
    with (folder / "starter.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = made.with_suffix(".done")
        if not done.exists():
            for arguments in (("init", "--quiet"), ("load", "--starter", "--quiet")):
                told = polisee(f"sqlite:///{made}", *arguments)
                assert told.returncode == 0, told.stdout + told.stderr
            done.touch()
    return made
