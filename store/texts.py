"""Texts of catalogue entries in the language asked for, with one fallback order everywhere."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from store.schema import Label

FALLBACK = ("en", "latin", "local")
"""Languages tried after the one asked for; ``latin`` and ``local`` are scripts of place names."""


def texts(connection: Connection, entity: str, lang: str) -> dict[tuple[str, str], str]:
    """All texts of one kind of thing as {(code, field): text}, each in the first language of the fallback that has it.

    Args:
        entity: ``theme``, ``source``, ``dataset``, ``indicator`` or ``region``.
        lang: language code such as ``hu``.
    """
    order = tuple(dict.fromkeys((lang, *FALLBACK)))
    query = select(Label.code, Label.field, Label.lang, Label.value).where(
        Label.entity == entity, Label.lang.in_(order), Label.value != ""
    )
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for code, field, language, value in connection.execute(query):
        rank = order.index(language)
        if (code, field) not in found or rank < found[code, field][0]:
            found[code, field] = (rank, value)
    return {key: value for key, (_, value) in found.items()}


def names(connection: Connection, entity: str, lang: str, codes: Iterable[str]) -> list[str]:
    """Names of the given codes in order; a thing without any name is called by its code."""
    known = texts(connection, entity, lang)
    return [known.get((code, "name"), code) for code in codes]
