# SPDX-License-Identifier: Apache-2.0
"""Serve the files of the page on this machine only."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LOOPBACK = "127.0.0.1"


class _Quiet(SimpleHTTPRequestHandler):
    """Files with the types that browsers ask for, without a line for each."""

    extensions_map = {  # noqa: RUF012
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".wasm": "application/wasm",
        ".safetensors": "application/octet-stream",
    }

    def log_message(self, *_: object) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of `folder`, bound; port 0 is any free one. RuntimeError if the port is taken."""
    try:
        return ThreadingHTTPServer((LOOPBACK, port), partial(_Quiet, directory=str(folder)))
    except OSError as error:
        raise RuntimeError(
            f"port {port} cannot be used ({error.strerror}): choose another, WEB_PORT=8001"
        ) from error


def address(running: ThreadingHTTPServer) -> str:
    """Where it answers."""
    return f"http://{LOOPBACK}:{running.server_address[1]}/"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of `folder`, served while the block runs."""
    running = server(folder, 0)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        yield address(running)
    finally:
        running.shutdown()
        running.server_close()
        thread.join()
