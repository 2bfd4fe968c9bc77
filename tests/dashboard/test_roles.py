"""Roles: who is let in, for how long, and what a cookie is worth after the token changed."""

import logging

import pytest
from flask import Flask, Response, request
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import timed
from pydantic import ValidationError

from config import Settings
from dashboard import roles
from dashboard.roles import FACILITATOR, LASTS, READER, Roles, Tries, network

TOKEN = "a token for tests"


def installation(**changes: str) -> Roles:
    return Roles(Settings(**{"admin_token": TOKEN, "database_url": "sqlite:///one.sqlite", **changes}))  # type: ignore[arg-type]


def test_a_cookie_makes_a_facilitator_in_every_process() -> None:
    first, second = installation(), installation()
    cookie = first.seal()
    found = second.read(cookie)
    assert (found.role, found.may_edit) == (FACILITATOR, True)
    assert found.csrf == first.read(cookie).csrf != ""
    assert first.read(first.seal()).csrf != found.csrf  # each signing in has its own
    assert found.csrf not in cookie


@pytest.mark.parametrize(
    "changes",
    [{"admin_token": "another token"}, {"database_url": "sqlite:///two.sqlite"}, {"secret_key": "k" * 32}],
)
def test_a_changed_token_key_or_database_signs_everybody_out(changes: dict[str, str]) -> None:
    assert installation(**changes).read(installation().seal()) == roles.Session(READER, "")


def test_hosts_that_name_the_database_otherwise_agree_by_the_secret_key() -> None:
    key = {"secret_key": "k" * 32}
    cookie = installation(**key).seal()
    assert installation(**key, database_url="postgresql+psycopg://other/host").read(cookie).may_edit
    assert not installation(**key, admin_token="another token").read(cookie).may_edit


def test_half_a_day_later_one_is_a_reader_again(monkeypatch: pytest.MonkeyPatch) -> None:
    own = installation()
    cookie = own.seal()
    now = timed.time.time()
    monkeypatch.setattr(timed.time, "time", lambda: now + LASTS - 5)
    assert own.read(cookie).may_edit
    monkeypatch.setattr(timed.time, "time", lambda: now + LASTS + 5)
    assert not own.read(cookie).may_edit


OWN = installation()
GOOD = OWN.seal()


@given(st.text(max_size=80), st.integers(0, len(GOOD.split(".")[0]) - 1), st.sampled_from("ABCxyz019-_"))
def test_no_made_up_cookie_is_believed(text: str, place: int, letter: str) -> None:
    content, day, signature = GOOD.split(".")
    assert OWN.read(GOOD).may_edit
    assert not OWN.read(text).may_edit
    assert not OWN.read(f"{text}.{day}.{signature}").may_edit
    assert not OWN.read(f"{content}.{day}.{text}").may_edit
    other = content[:place] + letter + content[place + 1 :]
    assert other == content or not OWN.read(f"{other}.{day}.{signature}").may_edit


def test_a_cookie_of_ours_that_says_something_else_is_not_believed() -> None:
    own = installation()
    for content in ({"role": "admin"}, ["facilitator"], "facilitator", None, {"role": READER, "nonce": "a"}):
        assert own.read(str(own._serialiser.dumps(content))) == roles.Session()


@given(st.text(max_size=40))
def test_only_the_token_admits(given_token: str) -> None:
    assert installation().admits(given_token) is (given_token == TOKEN)
    assert not installation(admin_token="").admits(given_token)


def test_without_a_token_nobody_gets_in() -> None:
    own = installation(admin_token="")
    assert not own.has_token
    assert not own.admits("")
    assert not own.read(own.seal()).may_edit


def test_a_token_is_long_and_never_printed() -> None:
    with pytest.raises(ValidationError, match="at least 8 characters"):
        Settings(admin_token="short")  # type: ignore[arg-type]
    shown = repr(Settings(admin_token=TOKEN, secret_key="the key of keys"))  # type: ignore[arg-type]
    assert TOKEN not in shown
    assert "key of keys" not in shown


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_what_counts_as_one_visitor(address: str, counted_as: str) -> None:
    assert network(address) == counted_as


def test_tries_are_counted_by_address_and_forgotten() -> None:
    now = [0.0]
    tries = Tries(most=3, window=60, clock=lambda: now[0])
    assert [tries.wait("10.0.0.1") for _try in range(3)] == [0, 0, 0]
    now[0] = 20
    assert tries.wait("10.0.0.1") == 40
    assert tries.wait("10.0.0.2") == 0
    now[0] = 59.9
    assert tries.wait("10.0.0.1") > 0  # to wait and ask again does not prolong the wait
    now[0] = 60
    assert tries.wait("10.0.0.1") == 0
    tries.forget("10.0.0.2")
    assert [tries.wait("10.0.0.2") for _try in range(3)] == [0, 0, 0]
    assert tries.wait("10.0.0.2") > 0


def test_many_addresses_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "ADDRESSES", 50)
    tries = Tries(most=1, window=60, clock=lambda: 0.0)
    for number in range(200):
        assert tries.wait(f"10.0.{number // 250}.{number % 250}") == 0
    assert len(tries._tries) == 50
    assert tries.wait("10.0.0.199") > 0


@pytest.fixture
def server() -> Flask:
    """A bare server that knows its token."""
    made = Flask("bare")
    roles.init(made, Settings(admin_token=TOKEN, database_url="sqlite:///x", url_prefix="/polisee/"))  # type: ignore[arg-type]
    return made


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_is_kept_from_scripts_other_sites_and_other_paths(server: Flask, secure: bool) -> None:
    with server.test_request_context("/polisee/"):
        given_out = roles.sign_in(Response(), secure).headers["Set-Cookie"]
        taken_back = roles.sign_out(Response(), secure).headers["Set-Cookie"]
    parts = {part.split("=")[0].strip() for part in given_out.split(";")}
    assert {"polisee_role", "HttpOnly", "SameSite", "Path", "Max-Age"} <= parts
    assert "SameSite=Strict" in given_out
    assert "Path=/polisee/" in given_out
    assert f"Max-Age={LASTS}" in given_out
    assert ("Secure" in parts) is secure
    assert taken_back.startswith("polisee_role=;")
    assert "Max-Age=0" in taken_back
    assert "Path=/polisee/" in taken_back


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://polisee.example"}, False),
        ({"Origin": "http://polisee.example"}, True),
        ({"Origin": "http://polisee.example.evil"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://[bad"}, False),
    ],
)
def test_only_pages_of_ours_ask(server: Flask, headers: dict[str, str], own: bool) -> None:
    with server.test_request_context("/", base_url="http://polisee.example", headers=headers):
        assert roles.is_own(request) is own


def test_a_write_needs_cookie_and_token_of_the_page(server: Flask, caplog: pytest.LogCaptureFixture) -> None:
    own: Roles = server.extensions[roles.EXTENSION]
    cookie = own.seal()
    csrf = own.read(cookie).csrf
    other = own.read(own.seal()).csrf

    def may(cookie: str, csrf: str, **headers: str) -> bool:
        with server.test_request_context("/", headers={"Cookie": f"polisee_role={cookie}", **headers}):
            return roles.may_write(request, csrf) is not None

    with caplog.at_level(logging.DEBUG):
        assert may(cookie, csrf)
        assert not may(cookie, "")
        assert not may(cookie, other)
        assert not may(cookie, "ő")
        assert not may("", csrf)
        assert not may("", "")
        assert not may(cookie, csrf, **{"Sec-Fetch-Site": "cross-site"})
    assert TOKEN not in caplog.text
