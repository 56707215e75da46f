"""Where an index is on a cluster: opensearch://host:port/name, several nodes parted by commas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from chabao.indexer.cluster.errors import OddLocation

SCHEME = "opensearch://"
PORT = 9200
_NODE = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,120}")
"""What OpenSearch takes for the name of an index, less what it puts behind its own."""


@dataclass(frozen=True, slots=True)
class Location:
    """Nodes to ask, as pairs of host and port, and the name of the index there.

    Nothing in it is secret: who asks, and over what, is said elsewhere (`connection.Settings`).
    """

    nodes: tuple[tuple[str, int], ...]
    name: str

    def __str__(self) -> str:
        nodes = ",".join(f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
                         for host, port in self.nodes)  # fmt: skip
        return f"{SCHEME}{nodes}/{self.name}"


Place = Path | Location
"""Where an index is."""


def is_location(written: str) -> bool:
    """Whether what was written means a cluster, be it written rightly or not."""
    return written.startswith(SCHEME)


def parse(written: str) -> Location:
    """The location that is written. Raises OddLocation, which repeats nothing that is secret."""
    nodes, _, name = written.removeprefix(SCHEME).partition("/")
    if "@" in written:
        raise OddLocation(
            written=SCHEME + "…",
            reason="users and passwords are not written there: others see them",
        )
    found = [_NODE.fullmatch(node) for node in nodes.split(",")]
    pairs = [(node["host"].strip("[]"), int(node["port"] or PORT)) for node in found if node]
    if not is_location(written) or not all(found) or any(port > 65535 for _host, port in pairs):
        raise OddLocation(written=written, reason="it is no opensearch://host:port/name")
    if not _NAME.fullmatch(name):
        raise OddLocation(
            written=written, reason="a name there has lower-case letters, digits and . _ -"
        )
    return Location(tuple(pairs), name)
