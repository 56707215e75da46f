"""Plain data through a pipe: the length in eight bytes, then JSON. Nothing in it is run."""

from __future__ import annotations

import json
import struct
from typing import IO, Any

LENGTH = struct.Struct(">Q")
MOST = 1 << 28
"""Bytes of one message; a longer one is not read."""
WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Broken(ValueError):
    """What came is no message."""


def write(pipe: IO[bytes], message: dict[str, Any]) -> None:
    data = WRITE(message).encode("utf-8", "surrogatepass")
    pipe.write(LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def read(pipe: IO[bytes]) -> dict[str, Any] | None:
    """The next message; None where the pipe has ended. Raises Broken."""
    head = pipe.read(LENGTH.size)
    if not head:
        return None
    if len(head) < LENGTH.size or (length := LENGTH.unpack(head)[0]) > MOST:
        raise Broken
    data = pipe.read(length)
    if len(data) < length:
        raise Broken
    try:
        message = json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise Broken from error
    if not isinstance(message, dict):
        raise Broken
    return message
