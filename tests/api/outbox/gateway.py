"""A gateway of text messages that a test slows down, refuses with, or looks into."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TAKEN = 202


@dataclass
class Gateway:
    """`answer` gives the status for a number and a text, and may take its time; 0 breaks the connection."""

    url: str = ""
    answer: Callable[[str, str], int] = lambda _number, _text: TAKEN
    began: list[tuple[str, str, str]] = field(default_factory=list)
    """Number, text and reference, as they came."""
    taken: list[tuple[str, str, str]] = field(default_factory=list)
    most: int = 0
    """The most that were here at once."""
    _here: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, number: str, text: str, reference: str) -> int:
        with self._lock:
            self.began.append((number, text, reference))
            self._here += 1
            self.most = max(self.most, self._here)
        status = self.answer(number, text)
        with self._lock:
            self._here -= 1
            if status == TAKEN:
                self.taken.append((number, text, reference))
        return status


@contextmanager
def gateway() -> Iterator[Gateway]:
    made = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            number = given["numero"].removeprefix("+52")
            if status := made.take(number, given["texto"], given["referencia"]):
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            """Who asked may be gone: a test killed it."""

    server = Server(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
