"""What a request says of its visitor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.visitor import visitor


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, ("en", "light")),
        ({"QUERY_STRING": "lang=hu"}, ("hu", "light")),
        ({"QUERY_STRING": "lang=hu", "HTTP_COOKIE": "polisee_lang=en; polisee_scheme=dark"}, ("hu", "dark")),
        ({"HTTP_COOKIE": "polisee_lang=hu"}, ("hu", "light")),
        # A callback belongs to the page that asks, even with a second tab in another language.
        ({"HTTP_REFERER": "http://x/region?lang=hu", "HTTP_COOKIE": "polisee_lang=en"}, ("hu", "light")),
        ({"HTTP_REFERER": "http://x/region?lang=hu", "QUERY_STRING": "lang=en"}, ("en", "light")),
        ({"HTTP_REFERER": "http://[broken", "HTTP_ACCEPT_LANGUAGE": "hu"}, ("hu", "light")),
        ({"HTTP_COOKIE": "polisee_scheme=<b>; polisee_lang=kl"}, ("en", "light")),
        ({"QUERY_STRING": "&".join(f"a{n}=1" for n in range(100)) + "&lang=hu"}, ("en", "light")),
    ],
)
def test_visitor(environ: dict[str, str], expected: tuple[str, str]) -> None:
    assert visitor(environ) == expected


HEADERS = ("QUERY_STRING", "HTTP_REFERER", "HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE")


@given(st.dictionaries(st.sampled_from(HEADERS), st.text(max_size=80)))
def test_no_header_breaks_it(environ: dict[str, str]) -> None:
    lang, scheme = visitor(environ)
    assert lang in ("en", "hu")
    assert scheme in ("light", "dark")
