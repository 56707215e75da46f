"""Serves the page: sockets, the address, and a clean end."""

from __future__ import annotations

import errno
import ipaddress
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from anyio.to_thread import current_default_thread_limiter

from chabao.search.output.shelf import Shelf
from chabao.web.access import FIELD, Access
from chabao.web.app import application
from chabao.web.connections import HEADER, Connection
from chabao.web.errors import CannotListen, PortTaken

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Place

LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
ATTEMPTS = 20
"""Ports that are tried where any will do: one must be free on both addresses."""
THREADS = 8
"""Requests that are worked on at a time; the others wait their turn. More would not be quicker,
and would keep more memory."""
ENDING = 5
"""Seconds for what is being answered when the program is told to end."""

Family = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Door:
    """Where the page listens: open sockets, the address to go to, and the hosts it answers to.

    `access` has a token where others than this machine can reach it.
    """

    sockets: tuple[socket.socket, ...]
    address: str
    hosts: frozenset[str]
    access: Access


def door(port: int, host: str | None = None) -> Door:
    """Opens sockets on both loopback addresses, or on those of `host`; 0 is any port that is free.

    Raises PortTaken, CannotListen.
    """
    places = _places(host, port) if host else LOOPBACK
    sockets = _sockets(places, port)
    port = sockets[0].getsockname()[1]
    own = all(ipaddress.ip_address(place.partition("%")[0]).is_loopback for _, place in places)
    access = Access("" if own else secrets.token_urlsafe(24), port)
    names = _own(host, places) if own else _names(host or "", places)
    shown = _reached(host or "localhost", places)
    address = f"http://{_written(shown)}:{port}/"
    if access.token:
        address += f"?{FIELD}={access.token}"
    return Door(sockets, address, _hosts(names, port), access)


def serve(
    opened: Door, index: Place, shelf: Shelf, ready: Callable[[], None], debug: bool = False
) -> None:
    """Answers until it is told to end; `ready` is called once it answers. Ctrl-C is raised as
    KeyboardInterrupt when all is closed, SIGTERM as SystemExit(0)."""
    config = uvicorn.Config(
        application(index, opened.hosts, shelf, opened.access, debug),
        http=Connection, ws="none", lifespan="off", proxy_headers=False,
        server_header=False, access_log=False, log_config=None,
        log_level="warning" if debug else "critical", h11_max_incomplete_event_size=HEADER,
        timeout_keep_alive=5, timeout_graceful_shutdown=ENDING,
    )  # fmt: skip
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _end)
    _Server(config, ready).run(list(opened.sockets))


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        current_default_thread_limiter().total_tokens = THREADS
        await super().startup(sockets)
        self._ready()


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _sockets(places: Sequence[Family], port: int) -> tuple[socket.socket, ...]:
    for attempt in range(ATTEMPTS):
        try:
            return _bound(places, port)
        except PortTaken:
            if port or attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


def _bound(places: Sequence[Family], port: int) -> tuple[socket.socket, ...]:
    found: list[socket.socket] = []
    try:
        for family, place in places:
            with suppress(_Missing):
                found.append(_socket(family, place, port))
                port = found[-1].getsockname()[1]
        if not found:
            reason = os.strerror(errno.EADDRNOTAVAIL)
            raise CannotListen(address=places[0][1], port=port, reason=reason)
    except (PortTaken, CannotListen):
        for each in found:
            each.close()
        raise
    return tuple(found)


class _Missing(Exception):
    """This machine has no such address, as one without IPv6."""


def _socket(family: int, place: str, port: int) -> socket.socket:
    opened = None
    try:
        # named, as asyncio else leaves small packets waiting for the acknowledgement of others
        opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        if sys.platform == "win32":  # elsewhere two programs cannot have one port anyway
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind((place, port))
        opened.listen(128)  # where another listens already, some systems say so only here
    except OSError as error:
        if opened is not None:
            opened.close()
        if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
            raise _Missing from error
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port=port) from error
        reason = error.strerror or str(error)
        raise CannotListen(address=place, port=port, reason=reason) from error
    return opened


def _places(host: str, port: int = 0) -> tuple[Family, ...]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotListen(address=host, port=port, reason=reason) from error
    return tuple(dict.fromkeys((int(family), str(where[0])) for family, *_, where in found))


def _own(host: str | None, places: Sequence[Family]) -> set[str]:
    """What an address that only this machine reaches may be called."""
    names = {place for _, place in places} | ({host.lower()} if host else set())
    return names | ({"localhost"} if names & {place for _, place in LOOPBACK} else set())


def _names(host: str, places: Sequence[Family]) -> set[str]:
    """What this machine may be called in an address: where it listens everywhere, by its names."""
    names = {host, *(place for _, place in places)}
    if any(ipaddress.ip_address(place.partition("%")[0]).is_unspecified for place in names & {
        place for _, place in places
    }):  # fmt: skip
        names |= {"127.0.0.1", "localhost", "::1", socket.gethostname(), socket.getfqdn()}
        with suppress(OSError):
            names |= {place for _, place in _places(socket.gethostname())}
        names |= {_outward()}
    return {name.lower() for name in names if name}


def _reached(host: str, places: Sequence[Family]) -> str:
    """The name to print: where it listens everywhere, the address that others see."""
    everywhere = ipaddress.ip_address(places[0][1].partition("%")[0]).is_unspecified
    return (_outward() or socket.gethostname()) if everywhere else host


def _outward() -> str:
    """This machine's address on its network; nothing is sent."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return ""


def _hosts(names: set[str], port: int) -> frozenset[str]:
    """As browsers write them in Host: without the port where it is the usual one."""
    found = {f"{_written(name)}:{port}" for name in names}
    return frozenset(found | {_written(name) for name in names if port == 80})


def _written(name: str) -> str:
    return f"[{name}]" if ":" in name else name
