"""Small files of JSON that carry a checksum, replaced in one step.

    {"check":"8c736521","said":…}

The checksum is the CRC-32 of the bytes of what is said.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chabao.indexer import regular, sharing

HEAD = re.compile(rb'\{"check":"([0-9a-f]{8})","said":')
TAIL = b"}\n"


def read(path: Path) -> Any:
    """What a file says. Raises OSError, ValueError where it is not as it was written."""
    data = regular.read(path)
    head = HEAD.match(data)
    if not head or not data.endswith(TAIL):
        raise ValueError("no checksum")
    body = data[head.end() : -len(TAIL)]
    if zlib.crc32(body) != int(head[1], 16):
        raise ValueError("checksum")
    try:
        return json.loads(body.decode("utf-8", "surrogatepass"))
    except RecursionError as error:
        raise ValueError("too deep") from error


def write(path: Path, said: Any, default: Callable[[Any], Any] | None = None) -> None:
    """Replaces a file, on the disk before it has its name; `default` as of `json.dumps`."""
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=default).encode(
        "utf-8", "surrogatepass"
    )
    partial = path.with_name(path.name + ".partial")
    for place in (partial, path):
        regular.make_way(place)
    # A link of that name would lead elsewhere.
    partial.unlink(missing_ok=True)
    with partial.open("xb") as file:
        file.write(b'{"check":"%08x","said":' % zlib.crc32(body) + body + TAIL)
        file.flush()
        os.fsync(file.fileno())
    sharing.replace(partial, path)
