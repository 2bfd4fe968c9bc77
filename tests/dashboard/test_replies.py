"""Kept answers: the same question gets the same bytes, and nothing is kept that another visitor must not see."""

import gzip
import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest

from dashboard.replies import LARGEST_QUESTION, Replies

CALLBACK = "/_dash-update-component"


class Answer(NamedTuple):
    status: str
    headers: dict[str, str]
    body: bytes


class Counting:
    """An application that answers each question with its number, so that a kept answer can be told from a new one."""

    def __init__(self, size: int = 0, status: str = "200 OK", headers: Iterable[tuple[str, str]] = ()) -> None:
        self.asked = 0
        self.seen: list[bytes] = []
        self._more = b"x" * size
        self._status = status
        self._headers = [("Content-Type", "application/json"), ("Set-Cookie", "secret=1"), *headers]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.asked += 1
        self.seen.append(environ["wsgi.input"].read())
        body = f"{self.asked} ".encode() + self._more
        start_response(self._status, [*self._headers, ("Content-Length", str(len(body)))])
        return [body]


def ask(replies: Replies, body: bytes = b"{}", path: str = CALLBACK, method: str = "POST", **more: str) -> Answer:
    """Ask as gunicorn would."""
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "here",
    } | more
    caught: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        caught.update(status=status, headers=dict(headers))

    content = b"".join(replies(environ, start_response))
    assert int(caught["headers"].get("Content-Length", len(content))) == len(content)
    return Answer(caught["status"], caught["headers"], content)


def _kept(application: Counting, version: Callable[[], int] = lambda: 1, megabytes: int = 8) -> Replies:
    return Replies(application, version, megabytes)


def test_same_question_same_bytes() -> None:
    application = Counting()
    replies = _kept(application)
    first, second = ask(replies, b'{"a":1}'), ask(replies, b'{"a":1}')
    assert first == second
    assert application.asked == 1
    assert application.seen == [b'{"a":1}']  # the application still reads the question
    assert ask(replies, b'{"a":2}').body != first.body


def test_cookies_are_never_kept_for_another_visitor() -> None:
    assert "Set-Cookie" not in ask(_kept(Counting())).headers


@pytest.mark.parametrize(
    ("accepts", "packed"),
    [("gzip", True), ("br, gzip;q=0.5", True), ("", False), ("br", False), ("gzip;q=0", False), ("gzip;q=0.0", False)],
)
def test_compressed_only_for_those_who_take_it(accepts: str, packed: bool) -> None:
    replies = _kept(Counting(size=2000))
    for _time in range(2):
        answer = ask(replies, HTTP_ACCEPT_ENCODING=accepts)
        assert (answer.headers.get("Content-Encoding") == "gzip") is packed
        assert (gzip.decompress(answer.body) if packed else answer.body).startswith(b"1 x")
    assert len(ask(replies, HTTP_ACCEPT_ENCODING="gzip").body) < 200


@pytest.mark.parametrize(
    "other",
    [
        {"HTTP_COOKIE": "polisee_lang=hu"},
        {"HTTP_COOKIE": "polisee_scheme=dark"},
        {"HTTP_REFERER": "http://here/region?lang=hu"},
        {"HTTP_HOST": "elsewhere"},  # citations name the host: one visitor's must not reach another
        {"wsgi.url_scheme": "https"},
    ],
)
def test_what_tells_answers_apart(other: dict[str, str]) -> None:
    application = Counting()
    replies = _kept(application)
    first = ask(replies)
    assert ask(replies, **other).body != first.body
    assert ask(replies).body == first.body
    assert application.asked == 2


def test_a_load_makes_everything_fresh() -> None:
    version = iter([1, 1, 2, 2])
    application = Counting()
    replies = _kept(application, lambda: next(version))
    assert [ask(replies).body for _time in range(4)] == [b"1 ", b"1 ", b"2 ", b"2 "]


def test_a_new_day_makes_dates_in_citations_fresh() -> None:
    application = Counting()
    replies = _kept(application)
    ask(replies)
    with patch("dashboard.replies.datetime") as clock:
        clock.now.return_value.date.return_value.isoformat.return_value = "2101-01-01"
        assert ask(replies).body == b"2 "


@pytest.mark.parametrize(
    ("status", "headers"),
    [("500 Internal Server Error", []), ("400 Bad Request", []), ("200 OK", [("Cache-Control", "no-store")])],
)
def test_failures_are_never_kept(status: str, headers: list[tuple[str, str]]) -> None:
    replies = _kept(Counting(status=status, headers=headers))
    first, second = ask(replies), ask(replies)
    assert (first.status, second.status) == (status, status)
    assert first.body != second.body


def test_memory_is_bounded_and_the_least_used_goes_first() -> None:
    application = Counting(size=100_000)
    replies = _kept(application, megabytes=1)
    for n in range(9):
        ask(replies, str(n).encode())
        ask(replies, b"0")  # stays in use
    assert ask(replies, b"0").body.startswith(b"1 ")
    asked = application.asked
    for n in range(10, 30):
        ask(replies, str(n).encode())
    ask(replies, b"29")
    assert application.asked == asked + 20
    ask(replies, b"1")
    assert application.asked == asked + 21
    held = sum(reply.size() + len(key[-1]) for key, reply in replies._kept.items())
    assert held == replies._size <= 1024 * 1024


def test_one_answer_never_takes_a_large_part_of_the_memory() -> None:
    application = Counting(size=300_000)
    replies = _kept(application, megabytes=1)
    ask(replies)
    ask(replies)
    assert application.asked == 2


def test_nothing_is_kept_when_switched_off() -> None:
    application = Counting()
    replies = _kept(application, megabytes=0)
    ask(replies)
    ask(replies)
    assert application.asked == 2


def test_too_long_a_question() -> None:
    application = Counting()
    answer = ask(_kept(application), b"x" * (LARGEST_QUESTION + 1))
    assert answer.status.startswith("413")
    assert application.asked == 0


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("HEAD", "/_dash-layout"), ("POST", "/other"), ("GET", CALLBACK)]
)
def test_everything_else_is_passed_on(method: str, path: str) -> None:
    application = Counting()
    replies = _kept(application)
    assert ask(replies, method=method, path=path).headers["Set-Cookie"] == "secret=1"
    ask(replies, method=method, path=path)
    assert application.asked == 2


def test_layout_is_kept_also_behind_a_prefix() -> None:
    application = Counting()
    replies = _kept(application)
    for _time in range(2):
        ask(replies, b"", "/polisee/_dash-layout", "GET")
    assert application.asked == 1


def test_another_site_never_gets_a_kept_answer() -> None:
    application = Counting()
    replies = _kept(application)
    ask(replies)
    ask(replies, HTTP_SEC_FETCH_SITE="cross-site")
    assert application.asked == 2


@pytest.mark.parametrize("length", ["", "x", "-5"])
def test_nonsense_lengths(length: str) -> None:
    assert ask(_kept(Counting()), CONTENT_LENGTH=length).status == "200 OK"


def test_without_a_database_the_application_answers() -> None:
    def broken() -> int:
        raise ConnectionError("no database")

    application = Counting()
    replies = _kept(application, broken)
    assert ask(replies, b"why?").body == b"1 "
    assert application.seen == [b"why?"]
    assert ask(replies).body == b"2 "


def test_threads_at_once() -> None:
    application = Counting(size=20_000)
    replies = _kept(application, megabytes=1)
    wrong: list[Answer] = []

    def visit(seed: int) -> None:
        for n in range(150):
            answer = ask(replies, str((n * seed) % 60).encode(), HTTP_ACCEPT_ENCODING="gzip" if n % 2 else "")
            content = gzip.decompress(answer.body) if "Content-Encoding" in answer.headers else answer.body
            if len(content) < 20_000:
                wrong.append(answer)

    threads = [threading.Thread(target=visit, args=(seed,)) for seed in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert replies._size == sum(reply.size() + len(key[-1]) for key, reply in replies._kept.items())
    assert replies._size <= 1024 * 1024
