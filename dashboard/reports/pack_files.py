"""Files that come out the same each time: archives without the time of day, documents with the time of the pack."""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping, Sequence

FIRST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that an archive can name; all its parts have it."""

LEVEL = 4
"""How hard is tried to make files small: more costs twice the time for a twentieth of the size."""

PROPERTIES = "docProps/core.xml"
"""Where documents say when they were made."""

_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms)")


def archive(files: Sequence[tuple[str, bytes]]) -> bytes:
    """A ZIP archive of these files, in their order; what is packed already is only put in."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in files:
            entry = zipfile.ZipInfo(name, FIRST)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".gz") else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            made.writestr(entry, content, compresslevel=LEVEL)  # an entry does not take over that of its archive
    return buffer.getvalue()


def steady(document: bytes, at: str) -> bytes:
    """An office document with the time of the pack in the place of now, also in the sheets that lie in it.

    Args:
        document: DOCX, PPTX or XLSX.
        at: when the pack was frozen, ISO.
    """
    files = []
    with zipfile.ZipFile(io.BytesIO(document)) as found:
        for name in found.namelist():
            content = found.read(name)
            if name == PROPERTIES:
                content = _TIMES.sub(rb"\g<1>" + f"{at[:19]}Z".encode() + rb"\g<2>", content)
            elif name.endswith(".xlsx"):
                content = steady(content, at)
            files.append((name, content))
    return archive(files)


def checksums(files: Sequence[tuple[str, bytes]]) -> bytes:
    """The SHA-256 of each file, as ``sha256sum`` writes and checks them."""
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files).encode()


MIMETYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
"""Forms of a pack."""
