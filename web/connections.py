"""Connections that keep nobody waiting: a request that does not come is not waited for.

uvicorn bounds how long a header may be, and how long a connection may idle after an answer, but not
how slowly a request may come. Here each has a deadline, and where too many wait, those that have
waited longest give way.
"""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

PATIENCE = 10.0
"""Seconds for a request, from its first byte, or from the connection, to its last."""
READING = 30.0
"""Seconds that a client may take to read what is waiting for it."""
WAITING = 128
"""Connections whose request is not there yet."""
HEADER = 65_536
"""Bytes of a request line and headers that are waited for."""
MOST = 512
"""Connections."""

_waiting: WeakKeyDictionary[ServerState, dict[Connection, None]] = WeakKeyDictionary()
"""Of each server, those whose request is not there yet, the longest waiting first."""


class Connection(H11Protocol):
    """uvicorn's, with deadlines."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._coming: asyncio.TimerHandle | None = None
        self._going: asyncio.TimerHandle | None = None
        self._others = _waiting.setdefault(self.server_state, {})

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()
        if len(self._others) > WAITING or len(self.connections) > MOST:
            next(iter(self._others)).drop()

    def data_received(self, data: bytes) -> None:
        if self._coming is None:
            self._wait()
        super().data_received(data)
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._rest()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        self._read()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._going is None:
            self._going = self.loop.call_later(READING, self.drop)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._read()

    def drop(self) -> None:
        """Ends the connection at once; nobody is told why, as nobody may be listening."""
        self._rest()
        self.transport.abort()

    def _wait(self) -> None:
        self._coming = self.loop.call_later(PATIENCE, self.drop)
        self._others[self] = None

    def _rest(self) -> None:
        if self._coming is not None:
            self._coming.cancel()
            self._coming = None
        self._others.pop(self, None)

    def _read(self) -> None:
        if self._going is not None:
            self._going.cancel()
            self._going = None
