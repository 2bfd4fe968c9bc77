"""The cache, in one place. Keys carry the data version, so a load makes everything fresh and nothing is flushed."""

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, TypeVar

import pandas as pd
from flask import Flask, current_app
from flask_caching import Cache
from flask_caching.backends.simplecache import SimpleCache

from config import Settings, settings

Value = TypeVar("Value")
_cache = Cache()
_lock = threading.Lock()
_gone: tuple[type[Exception], ...] = ()
"""What a Redis server that does not answer raises; nothing where there is none."""
NEAR = "polisee-near"
NEAREST = 400
"""Answers held in each process beside the cache."""
log = logging.getLogger("polisee.web")


class _AsTheyAre:
    """Keeps values themselves, not copies: what is remembered is never changed, and a copy costs time and memory."""

    def dumps(self, value: Any) -> Any:
        return value

    loads = dumps


class InProcess(SimpleCache):
    """The cache of one process."""

    serializer: Any = _AsTheyAre()


def init(server: Flask, chosen: Settings) -> None:
    """Attach the cache to a server: in process, or Redis when a URL says so (several hosts then share it)."""
    options: dict[str, Any] = {"CACHE_DEFAULT_TIMEOUT": 3600, "CACHE_THRESHOLD": 2000}
    global _gone
    if chosen.redis_url:
        from redis import RedisError

        _gone = (RedisError,)
        # Two installations may share one Redis server, each with a data version 1 of its own.
        mine = _mark(chosen.database_url)
        options |= {
            "CACHE_TYPE": "RedisCache",
            "CACHE_REDIS_URL": chosen.redis_url,
            "CACHE_KEY_PREFIX": f"polisee:{mine}:",
            "CACHE_OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
        }
    else:
        options |= {"CACHE_TYPE": f"{__name__}.InProcess"}
    _cache.init_app(server, config=options)


def remembered(key: tuple[Hashable, ...], compute: Callable[[], Value]) -> Value:
    """What was computed for this key before, else compute it now and remember it.

    The most recent answers are also held as they are, since a shared cache unpickles on every look-up. Frames are
    handed out as shallow copies, so that a column added to one is added to that one only. A Redis server that does not
    answer makes pages slower, never fail.
    """
    name = _name(key)
    return _near(name, lambda: _far(name, compute))


def held(key: tuple[Hashable, ...], compute: Callable[[], Value]) -> Value:
    """The same, held in this process alone: for large tables that are read as fast as a shared cache would hand them
    out."""
    return _near(_name(key), compute)


def _name(key: tuple[Hashable, ...]) -> str:
    """A key within its database: two of them may have the same data version."""
    return f"{_mark(settings().database_url)}:{key!r}"


@lru_cache(maxsize=16)
def _mark(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:12]


def _near(name: str, compute: Callable[[], Value]) -> Value:
    near: OrderedDict[str, Any] = current_app.extensions.setdefault(NEAR, OrderedDict())
    found = near.get(name)
    if found is None:
        found = compute()
        with _lock:
            near[name] = found
            while len(near) > NEAREST:
                near.popitem(last=False)
    return found.copy(deep=False) if isinstance(found, pd.DataFrame) else found


def _far(name: str, compute: Callable[[], Value]) -> Value:
    try:
        found = _cache.get(name)
    except _gone as error:
        log.warning("the shared cache does not answer (%s)", type(error).__name__)
        return compute()
    if found is None:
        found = compute()
        try:
            _cache.set(name, found)
        except _gone as error:
            log.warning("the shared cache does not keep (%s)", type(error).__name__)
    return found
