"""Errors of serving: each says what happened, where, and what to do next.

ChabaoError
├── PortTaken           a port that another program listens on
└── CannotListen        an address that this program may not, or cannot, listen on
"""

from __future__ import annotations

from chabao.indexer.errors import ChabaoError


class PortTaken(ChabaoError):
    """A port that another program listens on."""

    message = "port {port} is taken by another program"
    hint = "choose another with --port, or --port 0 for any that is free"


class CannotListen(ChabaoError):
    """An address that this program may not, or cannot, listen on."""

    message = "cannot listen on {address} port {port}: {reason}"
    hint = "choose another with --port above 1023, or another --host"
