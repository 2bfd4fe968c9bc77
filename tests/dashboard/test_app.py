"""The application as a server: statuses, headers, languages, failures, kept replies."""

import json
from unittest.mock import patch

import pytest
from dash import Dash
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.app import guard
from dashboard.replies import LARGEST_QUESTION
from tests.dashboard.conftest import Another

PATHS = ("/", "/region", "/compare", "/specialisation", "/data")


@pytest.fixture
def client(app: Dash) -> FlaskClient:
    return app.server.test_client(use_cookies=False)  # a jar would throw away the cookies that a test sends itself


def _page(client: FlaskClient, path: str, search: str = "", lang: str = "en", cookie: str = "") -> dict[str, object]:
    question = {
        "output": ".._pages_content.children..._pages_store.data..",
        "outputs": [{"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"}],
        "inputs": [
            {"id": "_pages_location", "property": "pathname", "value": path},
            {"id": "_pages_location", "property": "search", "value": search},
        ],
        "changedPropIds": ["_pages_location.pathname"],
        "parsedChangedPropsIds": ["_pages_location.pathname"],
    }
    reply = client.post(
        "/_dash-update-component",
        json=question,
        headers={"Accept-Language": lang} | ({"Cookie": cookie} if cookie else {}),
    )
    assert reply.status_code == 200, reply.get_data(as_text=True)[:500]
    return reply.get_json()


@pytest.mark.parametrize("path", PATHS)
def test_pages_answer_in_both_languages(client: FlaskClient, path: str) -> None:
    client.get(path)
    english, hungarian = _page(client, path, lang="en"), _page(client, path, lang="hu")
    assert (
        english["response"]["_pages_store"]["data"]["title"] != hungarian["response"]["_pages_store"]["data"]["title"]
    )  # type: ignore[index]


def test_headers_keep_the_page_to_itself(client: FlaskClient) -> None:
    reply = client.get("/")
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "http://" not in policy
    assert "https://" not in policy


def test_unknown_path_is_not_found(client: FlaskClient) -> None:
    assert client.get("/no-such-page").status_code == 404
    assert client.get("/region").status_code == 200
    assert client.get("/export/nothing.csv").status_code == 404


def test_health_and_readiness(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "alive"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.get_json()["data_version"] >= 1


def test_failing_layout_shows_the_failed_state(app: Dash) -> None:
    """Trap 4, second half: Dash alone would leave the former page standing."""
    with app.server.test_request_context("/region"):
        shown = str(guard(lambda **_query: 1 / 0)(region="HU33"))
    assert "could not be drawn" in shown


def test_language_of_the_address_wins_over_the_cookie(client: FlaskClient) -> None:
    reply = client.get("/region?lang=hu", headers={"Cookie": "polisee_lang=en"})
    assert '<html lang="hu"' in reply.get_data(as_text=True)
    assert "polisee_lang=hu" in reply.headers["Set-Cookie"]


def test_callback_speaks_the_language_of_its_page(client: FlaskClient) -> None:
    client.get("/")
    with_cookie = _page(client, "/data", cookie="polisee_lang=hu")
    assert "Adatok" in json.dumps(with_cookie, ensure_ascii=False)


def test_replies_are_kept_and_fresh_after_a_load(client: FlaskClient) -> None:
    client.get("/")
    first = _page(client, "/data")
    with patch("dash.dash._path_to_page", side_effect=AssertionError("asked again")):
        assert _page(client, "/data") == first


def test_too_large_a_question_is_refused(client: FlaskClient) -> None:
    reply = client.post("/_dash-update-component", data=b"x" * (LARGEST_QUESTION + 10), content_type="application/json")
    assert reply.status_code == 413


def test_other_sites_are_refused(client: FlaskClient) -> None:
    reply = client.post("/_dash-update-component", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert reply.status_code == 403


EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
NAMES = st.sampled_from(["region", "indicator", "year", "peers", "view", "part", "n", "x", "lang"])
TEXT = st.text(max_size=30)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)


@EXAMPLES
@given(query=st.dictionaries(NAMES | TEXT, TEXT, max_size=6), path=st.sampled_from(PATHS))
def test_no_query_string_breaks_a_page(app: Dash, query: dict[str, str], path: str) -> None:
    from urllib.parse import urlencode

    client = app.server.test_client()
    search = "?" + urlencode(query)
    assert client.get(path + search).status_code == 200
    shown = json.dumps(_page(client, path, search))
    assert "could not be drawn" not in shown
    assert "Traceback" not in shown


@EXAMPLES
@given(payload=JUNK)
def test_no_payload_breaks_the_server(app: Dash, payload: object) -> None:
    client = app.server.test_client()
    reply = client.post("/_dash-update-component", json=payload)
    assert reply.status_code in (200, 204, 400, 415)
    assert "Traceback" not in reply.get_data(as_text=True)


@EXAMPLES
@given(data=st.data())
def test_no_filter_value_breaks_a_callback(app: Dash, data: st.DataObject) -> None:
    client = app.server.test_client()
    client.get("/")
    callbacks = [
        c
        for c in app._callback_list
        if c["inputs"] and not c.get("clientside_function") and "filter" in str(c["inputs"])
    ]
    chosen = data.draw(st.sampled_from(callbacks))

    def sent(entries: list[dict[str, str]]) -> list[dict[str, object]]:
        names = [json.loads(entry["id"]) if entry["id"].startswith("{") else entry["id"] for entry in entries]
        return [
            {"id": name, "property": entry["property"], "value": data.draw(JUNK)}
            for name, entry in zip(names, entries, strict=True)
        ]

    inputs, state = sent(chosen["inputs"]), sent(chosen["state"])
    output = chosen["output"]
    parts = output.strip(".").split("...")
    outputs = [
        {"id": json.loads(name) if name.startswith("{") else name, "property": field}
        for name, field in (part.rsplit(".", 1) for part in parts)
    ]
    question = {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "inputs": inputs,
        "state": state,
        "changedPropIds": [],
        "parsedChangedPropsIds": [],
    }
    reply = client.post("/_dash-update-component", json=question)
    assert reply.status_code in (200, 204), reply.get_data(as_text=True)[:400]
    assert "set_props" not in reply.get_data(as_text=True) or "notice" not in reply.get_data(as_text=True)


def test_only_what_pages_use_is_loaded_and_nobody_is_asked_for_versions(client: FlaskClient) -> None:
    index = client.get("/").get_data(as_text=True)
    scripts = [part.split('"')[0] for part in index.split('<script src="')[1:]]
    assert scripts
    assert not [name for name in scripts if "dash_table" in name or "plotly" in name or "ag_grid" in name]
    assert '"disable_version_check":true' in index
    assert "https://" not in " ".join(scripts)


def test_probes_answer_with_and_without_the_prefix(another: Another) -> None:
    client = another(url_prefix="/polisee/")
    for place in ("", "/polisee"):
        assert client.get(f"{place}/healthz").get_json() == {"status": "alive"}
        assert client.get(f"{place}/readyz").get_json()["status"] == "ready"
    assert client.get("/polisee/region").status_code == 200
    assert client.get("/polisee/no-such-page").status_code == 404
    assert client.get("/region").status_code == 404


def test_not_ready_without_a_database(app: Dash, tmp_path: object) -> None:
    from tests.dashboard.conftest import using

    with using(f"sqlite:///{tmp_path}/nothing/there.sqlite"):
        client = app.server.test_client(use_cookies=False)
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        assert client.get("/region").status_code == 200
        shown = json.dumps([client.get("/_dash-layout").get_json(), _page(client, "/region")])
        assert "could not be drawn" in shown
        assert "Traceback" not in shown


def test_partners_may_embed_when_the_settings_say_so(client: FlaskClient, another: Another) -> None:
    def ancestors(of: FlaskClient) -> list[str]:
        policy = of.get("/").headers["Content-Security-Policy"]
        return next(p for p in policy.split("; ") if p.startswith("frame-ancestors")).split()[1:]

    assert ancestors(client) == ["'self'"]
    partners = "https://ministry.example https://agency.example"
    assert ancestors(another(embed_origins=partners)) == ["'self'", *partners.split()]


FORWARDED = {"X-Forwarded-Host": "polisee.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


def _citation_address(client: FlaskClient) -> str:
    return client.get("/export/region-trend.json?lang=en", headers=FORWARDED).get_json()["address"]


def test_forwarded_headers_are_believed_only_behind_a_trusted_proxy(client: FlaskClient, another: Another) -> None:
    assert _citation_address(client).startswith("http://localhost/")
    trusting = another(trusted_proxies=1)
    assert _citation_address(trusting).startswith("https://polisee.example/")
    cookie = trusting.get("/?lang=hu", headers=FORWARDED).headers["Set-Cookie"]
    assert "Secure" in cookie
    assert "Secure" not in client.get("/?lang=hu", headers=FORWARDED).headers["Set-Cookie"]
