"""How an exhibit is cited: by publishers, datasets, edition, data version and address."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pandas as pd
from flask import has_request_context, request

from dashboard import frames
from dashboard.exhibits import Exhibit, Source
from dashboard.i18n import _, date, language


def address(shown: Exhibit) -> str:
    """The full address that shows the exhibit again, language included."""
    root = request.host_url.rstrip("/") if has_request_context() else ""
    return root + frames.href(shown.path) + "?" + urlencode({**shown.query, "lang": language()}, safe=",")


def datasets(shown: Exhibit) -> str:
    """Publishers and dataset codes of an exhibit, each with its edition: 'Eurostat TGS00042 (12 Mar 2026)'."""
    known = frames.provenance() if shown.indicators else {}
    seen: dict[str, str] = {}
    for row in [known[code] for code in shown.indicators if code in known]:
        edition = "" if pd.isna(row["updated"]) else f" ({date(row['updated'])})"
        seen[row["dataset"]] = f"{_(row['publisher'])}, {row['dataset']}{edition}"
    return "; ".join([*seen.values(), *(_named(source) for source in shown.sources)])


def _named(source: Source) -> str:
    """A source outside the catalogue in a citation: 'PoliSEE, SEE clusters 2035 (Illustrative: made up …)'."""
    name = ", ".join(part for part in (source.publisher, source.name) if part)
    return f"{name} ({source.note.rstrip('.')})" if source.note else name


def text(shown: Exhibit) -> str:
    """The citation in words."""
    named = datasets(shown)
    words = (
        _("{answer} Source: {datasets}; own calculation, PoliSEE, data version {version}. {address}, {day}.")
        if named
        else _("{answer} PoliSEE, data version {version}. {address}, {day}.")
    )
    return words.format(
        answer=shown.answer if shown.answer.endswith((".", "?", "!")) else f"{shown.answer}.",
        datasets=named,
        version=frames.data_version(),
        address=address(shown),
        day=date(datetime.now(UTC)),
    )


def _edition(shown: Exhibit) -> str:
    return "; ".join(part for part in (datasets(shown), f"data version {frames.data_version()}") if part)


def bibtex(shown: Exhibit) -> str:
    """The citation as a BibTeX entry."""
    today = datetime.now(UTC)
    fields = {
        "title": shown.answer,
        "author": "{PoliSEE}",
        "year": str(today.year),
        "note": _edition(shown),
        "url": address(shown),
        "urldate": today.date().isoformat(),
    }
    lines = [f"  {name} = {{{_braced(value)}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{polisee-{shown.key}-{frames.data_version()},", *lines, "}", ""])


def _braced(value: str) -> str:
    return value.replace("\\", "").replace("%", "\\%").replace("&", "\\&")


def ris(shown: Exhibit) -> str:
    """The citation as a RIS record."""
    today = datetime.now(UTC)
    fields = [
        ("TY", "DATA"),
        ("TI", shown.answer),
        ("AU", "PoliSEE"),
        ("PY", str(today.year)),
        ("N1", _edition(shown)),
        ("UR", address(shown)),
        ("Y2", today.strftime("%Y/%m/%d")),
        ("ER", ""),
    ]
    return "\r\n".join(f"{tag}  - {value}" for tag, value in fields) + "\r\n"
