"""The rooms stay rooms: imports, style and types are held by the tools, languages are complete, settings documented."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from config import ROOT, Settings

PACKAGES = ("analysis", "config", "dashboard", "etl", "store")
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "ngettext": (1, 2)}


def _run(*command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_keep_to_the_contracts() -> None:
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    _run("ruff", "check", ".")


def test_code_is_formatted() -> None:
    _run("ruff", "format", "--check", ".")


def test_types_hold() -> None:
    _run("mypy")


def _messages() -> Iterator[tuple[str, str]]:
    for ending, method in (("py", "python"), ("html", "jinja2.ext:babel_extract")):
        for path in sorted((ROOT / "dashboard").rglob(f"*.{ending}")):
            for _line, message, _comments, _context in extract_from_file(method, path, keywords=KEYWORDS):
                yield (message if isinstance(message, str) else message[0]), path.name


def _catalogue(language: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in sorted((ROOT / "dashboard" / "locales" / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    assert not message.fuzzy, f"{path.name}: {message.id!r} is fuzzy"
                    found[message.id if isinstance(message.id, str) else message.id[0]] = message.string
    return found


@pytest.mark.parametrize("language", ["hu"])
def test_language_is_complete(language: str) -> None:
    from analysis.sentences import all_msgids

    wanted = dict(_messages()) | {message: "sentences.py" for message, _plural in all_msgids()}
    have = _catalogue(language)
    lacking = {
        message: place
        for message, place in wanted.items()
        if not have.get(message) or (isinstance(have[message], tuple | list) and not all(have[message]))  # type: ignore[call-overload]
    }
    assert not lacking


@pytest.mark.parametrize("language", ["hu"])
def test_language_has_no_stale_messages(language: str) -> None:
    from analysis.sentences import all_msgids

    wanted = set(dict(_messages())) | {message for message, _plural in all_msgids()}
    assert not sorted(set(_catalogue(language)) - wanted)


def test_placeholders_survive_translation() -> None:
    import string

    def fields(text: str) -> set[str]:
        return {name for _text, name, _form, _conv in string.Formatter().parse(text) if name}

    for message, translated in _catalogue("hu").items():
        forms = [translated] if isinstance(translated, str) else list(translated)  # type: ignore[call-overload]
        for form in forms:
            assert fields(form) <= fields(message) | {"n"}, message


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"POLISEE_{name.upper()}" not in readme]
    assert not missing


def test_every_command_is_in_the_readme_or_its_guide() -> None:
    from typer.main import get_command

    from etl.cli import app

    text = "".join(p.read_text(encoding="utf-8") for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    missing = [name for name in get_command(app).commands if f"polisee {name}" not in text]  # type: ignore[attr-defined]
    assert not missing


def test_publiccode_names_what_it_must() -> None:
    content = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    for key in ("publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType", "legal"):
        assert content.get(key), key
    assert content["legal"]["license"] == "EUPL-1.2"


def test_pages_never_import_one_another_and_registry_is_used() -> None:
    pages = sorted(path.stem for path in (ROOT / "dashboard" / "pages").glob("*.py") if path.stem != "__init__")
    assert {"home", "region", "compare", "data"} <= set(pages)
    for page in pages:
        source = Path(ROOT / "dashboard" / "pages" / f"{page}.py").read_text(encoding="utf-8")
        assert "register_page" in source


def test_no_graph_without_the_house_configuration() -> None:
    """Trap 1: ``dcc.Graph`` may be called in one place only, where the configuration is given."""
    places = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "dashboard").rglob("*.py")
        if "dcc.Graph(" in path.read_text(encoding="utf-8")
    ]
    assert places == ["dashboard/components/card.py"]
    from dashboard.components.card import GRAPH_CONFIG

    assert GRAPH_CONFIG["showSendToCloud"] is False
    assert GRAPH_CONFIG["displayModeBar"] is False


def test_nothing_third_party_is_linked() -> None:
    """Trap 2, read off the sources: no address of another host in what the browser is given to load."""
    for path in [*(ROOT / "dashboard" / "assets").rglob("*"), ROOT / "dashboard" / "shell.py"]:
        if path.is_file():
            text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "//cdn" not in text, path
            assert "https://" not in text, path
