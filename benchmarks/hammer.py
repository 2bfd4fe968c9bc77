"""A load generator that costs little itself: prepared requests over kept-open sockets, in a process of its own."""

import multiprocessing
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from selectors import EVENT_READ, DefaultSelector
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Result:
    """Requests a second, and milliseconds that 50, 95 and 99 of 100 answers took; ``failed`` are not 200."""

    rate: float
    p50: float
    p95: float
    p99: float
    count: int
    failed: int
    size: int

    def row(self) -> str:
        """The middle cells of a table row."""
        return f"{self.rate:,.0f} | {self.p50:.1f} | {self.p95:.1f} | {self.p99:.1f} | {self.size / 1024:,.1f}"


def request(path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
    """Bytes of an HTTP/1.1 request on a connection that stays open."""
    named = {"Host": "localhost", "Accept-Encoding": "gzip", "Connection": "keep-alive"} | (headers or {})
    if body is not None:
        named |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\n{head}\r\n".encode() + (body or b"")


class _Line:
    """One connection and the answer that is coming in on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent = 0.0
        self.buffer = bytearray()

    def ask(self, question: bytes) -> None:
        self.buffer.clear()
        self.sent = time.perf_counter()
        self.socket.sendall(question)

    def answered(self) -> tuple[bool, int, int] | None:
        """(is it a 200, its size, should the line be opened anew) once the whole answer is here."""
        got = self.socket.recv(1 << 20)
        if not got:
            return False, 0, 1
        self.buffer += got
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.buffer[:end]).lower()
        mark = head.find(b"content-length:")
        if mark < 0:
            raise RuntimeError("an answer without a length: " + head.decode(errors="replace")[:300])
        length = int(head[mark + 15 :].split(b"\r\n", 1)[0])
        if len(self.buffer) < end + 4 + length:
            return None
        return head.startswith(b"http/1.1 200"), length, int(b"connection: close" in head)


def _drive(port: int, questions: Sequence[bytes], lines: int, seconds: float, limit: int, out: Any) -> None:
    selector = DefaultSelector()
    asked = 0

    def ask(line: _Line) -> None:
        nonlocal asked
        line.ask(questions[asked % len(questions)])
        asked += 1

    for _number in range(lines):
        line = _Line(port)
        selector.register(line.socket, EVENT_READ, line)
        ask(line)
    took, failed, size = [], 0, 0
    begun = time.perf_counter()
    open_lines = lines
    while open_lines and (limit or time.perf_counter() - begun < seconds or len(took) < 2 * lines):
        for key, _events in selector.select(timeout=1):
            line = key.data
            done = line.answered()
            if done is None:
                continue
            good, length, stale = done
            took.append(time.perf_counter() - line.sent)
            failed += not good
            size = max(size, length)
            if limit and asked >= limit:
                selector.unregister(line.socket)
                line.socket.close()
                open_lines -= 1
                continue
            if stale:  # a worker that has answered its share is replaced, and its lines with it
                selector.unregister(line.socket)
                line.socket.close()
                line = _Line(port)
                selector.register(line.socket, EVENT_READ, line)
            ask(line)
    elapsed = time.perf_counter() - begun
    p50, p95, p99 = np.percentile(np.array(took) * 1000, [50, 95, 99])
    out.put(Result(len(took) / elapsed, float(p50), float(p95), float(p99), len(took), failed, size))


def hammer(port: int, questions: Sequence[bytes], *, lines: int = 8, seconds: float = 5.0, limit: int = 0) -> Result:
    """Ask these questions in turn over some lines at once, for some seconds or a number of times (``limit``)."""
    context = multiprocessing.get_context("fork")
    out: Any = context.Queue()
    process = context.Process(target=_drive, args=(port, questions, lines, seconds, limit, out))
    process.start()
    result: Result = out.get(timeout=seconds + 300)
    process.join()
    return result
