"""Languages: catalogues read as they are, numbers and dates by locale, all at call time.

The language of a request lives in a context variable, so pages, callbacks, exports and reports all speak it.
Catalogues are plain ``.po`` files, one per room, in ``locales/<language>/``; English is the source language.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date as Date
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, dates, negotiate_locale
from babel import numbers as babel_numbers
from babel.messages.pofile import read_po

LANGUAGES: Mapping[str, str] = {"en": "English", "hu": "Magyar"}
"""The languages that are complete, with their own names."""

SOURCE = "en"
DATES: Mapping[str, str] = {"en": "en_GB"}
"""Languages whose dates are written as in Europe, where the bare language means another custom."""
LOCALES = Path(__file__).parent / "locales"
DASH = "–"
"""What stands where there is no number."""

_language: ContextVar[str] = ContextVar("language", default=SOURCE)


def language() -> str:
    """The language of this request."""
    return _language.get()


def set_language(code: str) -> None:
    """Speak this language from here on in this context; an unknown code means English."""
    _language.set(code if code in LANGUAGES else SOURCE)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language for the length of a ``with`` block."""
    token = _language.set(code if code in LANGUAGES else SOURCE)
    try:
        yield
    finally:
        _language.reset(token)


def negotiate(asked: str | None, remembered: str | None, accepted: str, default: str) -> str:
    """Choose a language: what the address asks, else what the cookie remembers, else what the browser accepts.

    Args:
        asked: ``?lang=`` of the address.
        remembered: value of the language cookie.
        accepted: the ``Accept-Language`` header.
        default: the installation's language.
    """
    for code in (asked, remembered):
        if code in LANGUAGES:
            return str(code)
    return negotiate_locale(_by_wish(accepted), list(LANGUAGES)) or (default if default in LANGUAGES else SOURCE)


def _by_wish(accepted: str) -> list[str]:
    """Languages of an ``Accept-Language`` header, most wanted first; a weight of 0 refuses one."""
    wanted: list[tuple[float, str]] = []
    for part in accepted.split(",")[:12]:
        code, _sign, weight = part.replace(" ", "").partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            quality = 0.0
        if code and quality > 0:
            wanted.append((quality, code.replace("-", "_")))
    return [code for _quality, code in sorted(wanted, key=lambda pair: -pair[0])]


@cache
def catalogue(code: str) -> dict[str, tuple[str, ...]]:
    """All messages of a language: msgid to its forms (one, or singular and plural)."""
    messages: dict[str, tuple[str, ...]] = {}
    for path in sorted((LOCALES / code).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=code):
                if not message.id or message.fuzzy:
                    continue
                key = message.id if isinstance(message.id, str) else message.id[0]
                forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
                if forms and all(forms):
                    messages[key] = forms
    return messages


def _(message: str) -> str:
    """The message in the language of this request."""
    if language() == SOURCE:
        return message
    return catalogue(language()).get(message, (message,))[0]


def ngettext(singular: str, plural: str, n: float) -> str:
    """The message in the form that the number asks for, in the language of this request."""
    if language() == SOURCE:
        return singular if n == 1 else plural
    forms = catalogue(language()).get(singular)
    if forms is None:
        return singular if n == 1 else plural
    return forms[min(_plural_form(language(), n), len(forms) - 1)]


@lru_cache(maxsize=4096)
def _plural_form(code: str, n: float) -> int:
    tags = {*Locale.parse(code).plural_form.tags, "other"}
    order: list[str] = [tag for tag in ("one", "two", "few", "many", "other") if tag in tags]
    return order.index(Locale.parse(code).plural_form(n))


def N_(message: str) -> str:
    """Mark a module-level text for extraction; translate it with ``_`` when it is used."""
    return message


LARGEST_IN_FULL = 1e15
"""Beyond this a number is written with a power of ten: no one reads sixteen digits."""


@cache
def _marks(code: str) -> dict[int, str]:
    """How a language writes the marks of an English number."""
    return str.maketrans({",": babel_numbers.get_group_symbol(code), ".": babel_numbers.get_decimal_symbol(code)})


@lru_cache(maxsize=65536)
def _decimal(value: float, decimals: int, code: str) -> str:
    if abs(value) < LARGEST_IN_FULL:
        # Rounded as it is written, not as it is held (2.675 is 2.68): what Babel does, thirty times as fast, and a page
        # writes thousands of numbers.
        text = format(Decimal(repr(value)), f",.{max(decimals, 0)}f").translate(_marks(code))
    elif math.isinf(value):
        text = babel_numbers.format_decimal(value, format="#,##0", locale=code)
    else:
        text = babel_numbers.format_scientific(value, format="0.###E0", locale=code)
    # A true minus is as wide as the digits, and no value rounds to minus zero.
    return text.replace("-", "−") if any(c in "123456789∞" for c in text) else text.replace("-", "")


def number(value: float | None, decimals: int = 0) -> str:
    """A number with the locale's separators; a dash when missing."""
    if value is None or value != value:  # NaN is the only value that differs from itself
        return DASH
    return _decimal(float(value), decimals, language())


def signed(value: float | None, decimals: int = 0) -> str:
    """A difference, with its sign always shown."""
    text = number(value, decimals)
    return "+" + text if value is not None and value > 0 and text != number(0, decimals) else text


def percent(value: float | None, decimals: int = 0) -> str:
    """A share (0.123) as per cent, spaced as the language does."""
    if value is None or value != value:
        return DASH
    return number(value * 100, decimals) + "%"


def year(value: float | None) -> str:
    """A year, never with a thousands separator."""
    return DASH if value is None or value != value else str(int(value))


def date(value: Date | datetime | None, form: str = "medium") -> str:
    """A day as the language writes it."""
    return DASH if value is None or value != value else _written(value, form, DATES.get(language(), language()))


@lru_cache(maxsize=20_000)
def _written(value: Date | datetime, form: str, locale: str) -> str:
    return dates.format_date(value, form, locale=locale)


TERRITORIES: Mapping[str, str] = {"EL": "GR", "UK": "GB"}
"""Eurostat's codes of countries that differ from those of ISO 3166."""


def territory(code: str) -> str:
    """Name of a country by its two letters, Eurostat's or ISO's, in the language of this request; else the code."""
    return Locale.parse(language()).territories.get(TERRITORIES.get(code, code), code)


def separators() -> str:
    """Decimal and thousands mark, in the order in which figures want them."""
    return babel_numbers.get_decimal_symbol(language()) + babel_numbers.get_group_symbol(language())


_ALPHABET = "a b c cs d dz dzs e f g gy h i j k l ly m n ny o ö p q r s sz t ty u ü v w x y z zs"
_HUNGARIAN = {letter: place for place, letter in enumerate(_ALPHABET.split(" "))}
_HUNGARIAN_SAME = {"á": "a", "é": "e", "í": "i", "ó": "o", "ő": "ö", "ú": "u", "ű": "ü"}
_HUNGARIAN_LETTER = re.compile("dzs|cs|dz|gy|ly|ny|sz|ty|zs|.", re.DOTALL)
_PLAIN = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i"})
"""Letters of neighbours that Unicode does not take apart."""


def sort_key(text: str) -> tuple[object, ...]:
    """Key that sorts names as a reader of this language expects: accents second, blanks and hyphens not at all.

    In Hungarian ö, ü and the letters of two signs (cs, gy, sz, …) have places of their own in the alphabet; digits
    stand before letters.
    """
    low = unicodedata.normalize("NFC", text.casefold()).translate(_PLAIN)
    if language() == "hu":
        known = "".join(c for c in map(_hungarian, low) if c.isalnum())
        first = tuple(_place(letter) for letter in _HUNGARIAN_LETTER.findall(known))
        return (first, low)
    plain = "".join(c for c in unicodedata.normalize("NFD", low) if not unicodedata.combining(c))
    return (tuple(ord(c) for c in plain if c.isalnum()), low)


def _place(letter: str) -> int:
    return _HUNGARIAN.get(letter, ord(letter[0]) + (-1000 if letter.isdigit() else 1000))


def _hungarian(char: str) -> str:
    """A letter as the alphabet places it: á as a, ő as ö, and foreign accents taken off."""
    same = _HUNGARIAN_SAME.get(char, char)
    return same if same in _HUNGARIAN else unicodedata.normalize("NFD", same)[0]
