"""Our own server with no memory: before each question everything that it keeps is thrown away. For cold answers."""

from collections.abc import Callable, Iterable
from typing import Any

from dashboard import cache, frames
from dashboard.wsgi import server as application


def server(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The application, asked for the first time."""
    with application.app_context():
        cache._cache.clear()
    application.extensions.get(cache.NEAR, {}).clear()
    frames._names.cache_clear()
    frames._seen.clear()
    return application(environ, start_response)
