"""How gunicorn serves PoliSEE; every choice comes from the settings."""

import gc
from typing import Any

from config import settings

_chosen = settings()

wsgi_app = "dashboard.wsgi:server"
bind = f"{_chosen.host}:{_chosen.port}"
worker_class = "gthread"
workers = 1 if _chosen.workers < 1 else _chosen.workers
threads = _chosen.threads
timeout = 30
graceful_timeout = 10
keepalive = 15
max_requests = 20000
max_requests_jitter = 2000
loglevel = "warning"
accesslog = None
proc_name = "polisee"
# Each worker opens its own database connections: a connection must not be shared over a fork.
preload_app = False


def when_ready(server: Any) -> None:
    """Print the address when it answers, so that a person can click it."""
    address = server.LISTENERS[0].sock.getsockname() if server.LISTENERS else (_chosen.host, _chosen.port)
    host = "localhost" if address[0] in ("0.0.0.0", "127.0.0.1", "::") else address[0]  # noqa: S104 - compared, not bound
    print(f"PoliSEE is ready: http://{host}:{address[1]}{_chosen.url_prefix}  (stop it with Ctrl+C)", flush=True)


def post_worker_init(worker: Any) -> None:
    """What was imported stays: looking through it for garbage took a fifth of the answers that make many objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
