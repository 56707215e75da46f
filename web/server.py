"""Serves the page on this machine: sockets, the address, and a clean end."""

from __future__ import annotations

import socket
from pathlib import Path

import uvicorn

from chabao.indexer.errors import PortTaken
from chabao.web.app import application

LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


def listening(port: int) -> list[socket.socket]:
    """Sockets on both loopback addresses. Raises PortTaken."""
    found = []
    for family, host in LOOPBACK:
        try:
            opened = socket.socket(family, socket.SOCK_STREAM)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind((host, port))
        except OSError as error:
            if family == socket.AF_INET6:
                continue
            raise PortTaken(port=port) from error
        port = opened.getsockname()[1]
        found.append(opened)
    return found


def serve(index: Path, sockets: list[socket.socket]) -> None:
    """Answers until it is interrupted."""
    port = sockets[0].getsockname()[1]
    hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))
    config = uvicorn.Config(
        application(index, hosts), log_level="warning", server_header=False, access_log=False,
        timeout_keep_alive=5, h11_max_incomplete_event_size=16_384, limit_concurrency=256,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets)
