"""The application: Dash and Flask put together, once, by ``create_app``."""

import logging
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dash
from dash import ALL, ClientsideFunction, Dash, Input, Output, State, set_props
from flask import Blueprint, Flask, Response, g, jsonify, request, send_from_directory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings, settings
from dashboard import (
    briefs,
    cache,
    canvases,
    editing,
    exports,
    frames,
    jobs,
    live,
    packs,
    presenting,
    roles,
    security,
    shell,
    theme,
    uploads,
)
from dashboard.components import states
from dashboard.i18n import _, language, set_language
from dashboard.replies import Replies
from dashboard.visitor import LANGUAGE_COOKIE, visitor

log = logging.getLogger("polisee.web")
# Only the files of the package are wanted; importing it would bring in its form library.
VENDOR = Path(str(find_spec("flask_bootstrap").origin)).parent / "static" / "bootstrap5" / "css"  # type: ignore[union-attr]
YEAR = 31_536_000


class PoliseeDash(Dash):
    """Dash with our own index: language, scheme before first paint, no words in another tongue."""

    def interpolate_index(self, **parts: Any) -> str:
        """Fill the shell's index instead of Dash's."""
        return shell.index(self, parts, theme.scheme())


def create_app(chosen: Settings | None = None) -> Dash:
    """Build the application.

    Args:
        chosen: settings; those of the environment by default.
    """
    chosen = chosen or settings()
    server = Flask("dashboard")
    server.config.update(COMPRESS_MIN_SIZE=700, MAX_CONTENT_LENGTH=2 * 1024 * 1024, COMPRESS_ALGORITHM=["br", "gzip"])
    cache.init(server, chosen)
    roles.init(server, chosen)
    _listen(server)
    dash.dash_table._js_dist.clear()  # our tables are native; every page would load the script of theirs
    prefix = chosen.url_prefix.rstrip("/")
    app = PoliseeDash(
        "dashboard",
        server=server,
        use_pages=True,
        url_base_pathname=prefix + "/",
        external_stylesheets=[
            f"{prefix}/vendor/bootstrap.min.css?v={_vendor_version()}",
            f"{prefix}/palette.css?v={_palette_version()}",
        ],
        suppress_callback_exceptions=True,  # controls of one page do not exist while another is shown
        compress=True,
        title="PoliSEE",
        update_title=None,
        assets_ignore=r"boot\.js",
        on_error=_callback_failed,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
        include_pages_meta=False,
    )
    app.enable_dev_tools(debug=False, dev_tools_disable_version_check=True)  # it would ask another host
    app.layout = never_failing(shell.layout)
    for page in dash.page_registry.values():
        page["layout"] = guard(page["layout"])
    app.clientside_callback(
        ClientsideFunction("polisee", "write_address"),
        Output("address", "data"),
        Input({"type": "filter", "page": ALL, "name": ALL}, "value"),
        State({"type": "defaults", "page": ALL}, "data"),
    )
    server.register_blueprint(exports.blueprint, url_prefix=prefix or None)
    server.register_blueprint(briefs.blueprint, url_prefix=prefix or None)
    server.register_blueprint(live.blueprint, url_prefix=prefix or None)
    server.register_blueprint(canvases.blueprint, url_prefix=prefix or None)
    server.register_blueprint(presenting.blueprint, url_prefix=prefix or None)
    server.register_blueprint(editing.blueprint, url_prefix=prefix or None)
    server.register_blueprint(packs.blueprint, url_prefix=prefix or None)
    server.register_blueprint(jobs.blueprint, url_prefix=prefix or None)
    server.register_blueprint(uploads.blueprint, url_prefix=prefix or None)
    server.register_blueprint(_own_routes(), url_prefix=prefix or None)
    for place in dict.fromkeys((prefix, "")):  # probes ask the server itself and need not know the proxy's prefix
        server.register_blueprint(_health(), url_prefix=place or None, name=f"health{place.replace('/', '-')}")
    security.init(app, chosen)
    _answer_errors(server, prefix)
    server.wsgi_app = Replies(server.wsgi_app, frames.data_version, chosen.reply_cache_mb)  # type: ignore[method-assign]
    if chosen.trusted_proxies:
        count = chosen.trusted_proxies
        server.wsgi_app = ProxyFix(server.wsgi_app, count, count, count, 0, 0)  # type: ignore[method-assign]
    # Dash finishes its set-up in the first request, and two first requests at once would find it half done.
    server.test_client().get(prefix + "/healthz")
    return app


def _vendor_version() -> str:
    return security.fingerprint((VENDOR / "bootstrap.min.css").read_bytes())


def _palette_version() -> str:
    return security.fingerprint(theme.css().encode())


def _listen(server: Flask) -> None:
    """Set language and scheme before anything else runs, remember an asked language, log each request."""

    @server.before_request
    def arrive() -> None:
        g.started = time.perf_counter()
        lang, scheme = visitor(request.environ)
        set_language(lang)
        theme.set_scheme(scheme)

    @server.after_request
    def leave(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers["Vary"] = "Cookie, Accept-Language, Accept-Encoding"
            response.headers["Content-Language"] = language()
            if request.args.get("lang") == language():
                response.set_cookie(
                    LANGUAGE_COOKIE, language(), max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True
                )
        elif "/assets/" in request.path and request.args.get("m"):
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        log.info(
            "%s %s %s %.1f ms",
            request.method,
            request.path,
            response.status_code,
            (time.perf_counter() - g.started) * 1e3,
        )
        return response


def _callback_failed(error: Exception) -> None:
    number = security.reference(error)
    words = _("Something went wrong; it has been written down under the number {number}.").format(number=number)
    set_props("notice", {"children": words})


def never_failing(layout: Any) -> Callable[..., Any]:
    """A layout that says so when it fails: Dash would leave the former page standing without a word."""

    def safe(**query: Any) -> Any:
        try:
            return layout(**query) if callable(layout) else layout
        except Exception as error:
            return states.failed(security.reference(error))

    return safe


def guard(layout: Any) -> Callable[..., Any]:
    """A page's layout that never fails, and that says what to do while no figures are loaded."""
    safe = never_failing(layout)

    def page(**query: Any) -> Any:
        return shell.waiting() if frames.is_empty() else safe(**query)

    return never_failing(page)


def _own_routes() -> Blueprint:
    own = Blueprint("own", __name__)

    @own.get("/vendor/<path:name>")
    def vendor(name: str) -> Response:
        return send_from_directory(VENDOR, name, max_age=YEAR)

    @own.get("/palette.css")
    def palette() -> Response:
        response = Response(theme.css(), mimetype="text/css")
        response.headers["Cache-Control"] = f"public, max-age={YEAR}"
        return response

    @own.get("/boot.js")
    def boot() -> Response:
        return send_from_directory(Path(__file__).parent / "assets" / "boot", "boot.js", max_age=3600)

    return own


def _health() -> Blueprint:
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def alive() -> Response:
        return jsonify(status="alive")

    @health.get("/readyz")
    def ready() -> tuple[Response, int]:
        try:
            with frames.engine().connect() as connection:
                connection.execute(text("SELECT 1"))
            version = frames.data_version()
            runs = frames.loads(1)
        except SQLAlchemyError:
            return jsonify(status="no database"), 503
        last = runs["started_at"].iloc[0].isoformat() if len(runs) else None
        if not version:
            return jsonify(status="empty", data_version=0), 503
        return jsonify(status="ready", data_version=version, last_load=last), 200

    return health


def _answer_errors(server: Flask, prefix: str) -> None:
    @server.errorhandler(Exception)
    def broken(error: Exception) -> Any:
        if security.is_expected(error):
            return error
        if request.path.endswith("/_dash-update-component"):
            # Callbacks' own failures go to on_error; what arrives here is a request that no page of ours sends.
            log.warning("unreadable callback request: %s", type(error).__name__)
            return jsonify(error="This request is not one that a page sends."), 400
        return states_as_text(security.reference(error)), 500

    @server.after_request
    def unknown_pages(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else ""
        if rule.endswith("<path:path>") and response.status_code == 200 and response.mimetype == "text/html":
            known = {page["path"].rstrip("/") for page in dash.page_registry.values() if page.get("path")}
            if request.path.removeprefix(prefix).rstrip("/") not in known:
                response.status_code = 404
        return response


def states_as_text(number: str) -> str:
    """The words of a failure for a request that is not a page."""
    return _("Something went wrong; it has been written down under the number {number}.").format(number=number)
