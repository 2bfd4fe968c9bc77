"""What the catalogue says: themes, sources, datasets and indicators, with their texts in one language."""

import pandas as pd
from sqlalchemy import Connection, select

from store.schema import Dataset, Indicator, Source, Theme
from store.texts import texts

INDICATOR_TEXTS = ("name", "short", "definition", "unit_label", "unit_suffix", "note", "target_law", "target_note")


def indicators(connection: Connection, lang: str = "en") -> pd.DataFrame:
    """Indicators by theme position, then their own; the rows of series by industry (``store.industries``) are none.

    Returns:
        [id, code, theme, dataset, source, filters (dict), aliases (list of dict), live (bool), role, position, unit,
        direction (int), decimals (int), change, lower, upper, target_value, target_year (floats, NaN for none),
        target_url, target_scope (None for none), target_comparable (True, False or None), name, short, definition,
        unit_label, unit_suffix, note, target_law, target_note]; a text that exists in no language is '', a missing
        name is the code, a missing short name is the name.
    """
    query = (
        select(
            Indicator.id,
            Indicator.code,
            Indicator.theme,
            Indicator.dataset,
            Dataset.source,
            Indicator.filters,
            Indicator.aliases,
            Indicator.live,
            Indicator.role,
            Indicator.position,
            Indicator.unit,
            Indicator.direction,
            Indicator.decimals,
            Indicator.change,
            Indicator.lower,
            Indicator.upper,
            Indicator.target_value,
            Indicator.target_year,
            Indicator.target_url,
            Indicator.target_scope,
            Indicator.target_comparable,
        )
        .join(Dataset, Dataset.code == Indicator.dataset)
        .join(Theme, Theme.code == Indicator.theme)
        .where(Indicator.series.is_(None))
        .order_by(Theme.position, Indicator.position, Indicator.code)
    )
    frame = _frame(connection, query, "indicator", lang, INDICATOR_TEXTS)
    numbers = ["lower", "upper", "target_value", "target_year"]
    frame[numbers] = frame[numbers].astype("float64")
    frame["short"] = frame["short"].where(frame["short"] != "", frame["name"])
    return frame


def themes(connection: Connection, lang: str = "en") -> pd.DataFrame:
    """Themes in their order: [code, position, symbol, name, question, summary]."""
    query = select(Theme.code, Theme.position, Theme.symbol).order_by(Theme.position)
    return _frame(connection, query, "theme", lang, ("name", "question", "summary"))


def sources(connection: Connection, lang: str = "en") -> pd.DataFrame:
    """Sources by code: [code, publisher, url, licence, licence_url, name, citation, terms]."""
    query = select(Source.code, Source.publisher, Source.url, Source.licence, Source.licence_url).order_by(Source.code)
    return _frame(connection, query, "source", lang, ("name", "citation", "terms"))


def datasets(connection: Connection, lang: str = "en") -> pd.DataFrame:
    """Datasets by code: [code, source, url, title, updated (datetime64, NaT when its date is unknown)]."""
    query = select(Dataset.code, Dataset.source, Dataset.url, Dataset.updated).order_by(Dataset.code)
    frame = _frame(connection, query, "dataset", lang, ("title",))
    frame["updated"] = pd.to_datetime(frame["updated"])
    return frame[["code", "source", "url", "title", "updated"]]


def _frame(connection: Connection, query: object, entity: str, lang: str, fields: tuple[str, ...]) -> pd.DataFrame:
    result = connection.execute(query)  # type: ignore[call-overload]
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    known = texts(connection, entity, lang)
    for field in fields:
        frame[field] = pd.Series(
            [known.get((code, field), code if field in ("name", "title") else "") for code in frame["code"]],
            dtype="str",
            index=frame.index,
        )
    return frame
