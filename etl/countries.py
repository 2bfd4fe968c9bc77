"""Codes of countries in the world's trade statistics as the codes of this house.

Ours are those of Eurostat: two letters of ISO 3166 with EL for Greece and UK for the United Kingdom. Trade statistics
write three letters or a number, with habits of their own: 251 is France with Monaco, 757 Switzerland with
Liechtenstein, 842 the United States with Puerto Rico, 490 "Other Asia, not elsewhere specified", which is Taiwan.
"""

import re
from functools import cache

from babel.core import get_global

OURS = {"GR": "EL", "GB": "UK"}
"""Codes of ISO 3166 that Eurostat writes otherwise."""

HABITS = {
    "251": "FR",
    "381": "IT",
    "412": "XK",
    "490": "TW",
    "579": "NO",
    "699": "IN",
    "736": "SD",
    "757": "CH",
    "842": "US",
    "KOS": "XK",
    "KSV": "XK",
    "ROM": "RO",
    "S19": "TW",
    "TMP": "TL",
    "UNK": "XK",
    "UVK": "XK",
    "XKX": "XK",
    "ZAR": "CD",
}
"""Codes of statistics on trade that ISO 3166 does not have, or no longer has for the same country."""

FORMER = {
    "056058": "BLX",
    "58": "BLX",
    "058": "BLX",
    "BLX": "BLX",
    "200": "CSK",
    "CSK": "CSK",
    "CSHH": "CSK",
    "278": "DDR",
    "DDR": "DDR",
    "280": "DE",
    "530": "ANT",
    "ANT": "ANT",
    "711": "SACU",
    "ZA1": "SACU",
    "720": "YMD",
    "YMD": "YMD",
    "810": "SUN",
    "SUN": "SUN",
    "890": "YUG",
    "YUG": "YUG",
    "891": "SCG",
    "SCG": "SCG",
}
"""States and customs unions of former years keep a code of their own: their trade is nobody's alone today."""

NO_COUNTRY = frozenset(
    (
        *("0", "97", "129", "221", "290", "471", "472", "473", "492", "527", "536", "568", "577", "636", "637", "697"),
        *("837", "838", "839", "849", "879", "899", "975", "WLD", "W00", "WORLD", "ALL", "EUR", "EUU", "EU2", "EU27"),
        *("R20", "E19", "F19", "A49", "A59", "A79", "O19", "O59", "S59", "X1", "X2", "XX", "_X", "ANS", "XXA", "XXB"),
        *("XXC", "XXD", "XXX"),
    )
)
"""Codes of the world, of groups of countries and of places nobody knows: their rows repeat others or name no exporter.
492 is Monaco in ISO 3166, but in trade, where France includes it, the unspecified rest of the European Union.
"""

PRIVATE = re.compile(r"AA|Q[M-Z]|X[A-JL-Z]|ZZ")
"""Letters that ISO 3166 leaves to everybody's own use; they name no country."""


@cache
def country_code(text: str) -> str | None:
    """Our code of a country that a statistic on trade names by two or three letters or by a number.

    Args:
        text: such as ``HU``, ``HUN``, ``348`` or ``48`` (the leading zero may be lost).

    Returns:
        two letters for countries of today, three or four for former states and customs unions; '' for the world,
        groups of countries and unspecified places; None for a code that nobody knows.
    """
    code = text.strip().upper()
    if code in NO_COUNTRY or code.lstrip("0") == "":
        return "" if code else None
    if code in HABITS or code in FORMER:
        return HABITS.get(code) or FORMER[code]
    if code.isdigit():
        # Leading zeros are lost as soon as a spreadsheet touches the file.
        short = code.lstrip("0")
        if short in HABITS or short in FORMER or short in NO_COUNTRY:
            return HABITS.get(short) or FORMER.get(short, "")
        return _of_iso(short.zfill(3))
    if code in OURS.values():
        return code
    if len(code) == 2 and code.isalpha():
        return OURS.get(code, code) if code in _two_letters() else None
    return _of_iso(code)


def _of_iso(code: str) -> str | None:
    found = get_global("territory_aliases").get(code, [])
    return OURS.get(found[0], found[0]) if len(found) == 1 and not PRIVATE.fullmatch(found[0]) else None


@cache
def _two_letters() -> frozenset[str]:
    """The two letters of every country and territory that has three letters too."""
    aliases = get_global("territory_aliases")
    codes = {now[0] for old, now in aliases.items() if len(old) == 3 and old.isalpha() and len(now) == 1}
    return frozenset(code for code in codes if not PRIVATE.fullmatch(code))
