"""The peers, each in a module of its own that imports nothing heavy until it is asked."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import cast

from benchmarks.engine import Engine


@dataclass(frozen=True, slots=True)
class Peer:
    """Where an engine is and how to get it. `system` engines run in the system's Python."""

    module: str
    name: str = "Peer"
    install: str = ""
    system: bool = False
    largest: int = 100
    """The largest scale that it is built at in a run; beyond, it takes hours or all memory."""


PEERS = {
    "chabao": Peer("chabao_", install="pip install ."),
    "tantivy": Peer("tantivy_", install="pip install -r benchmarks/requirements.txt"),
    "fts5": Peer("fts5", "Words", install="a Python with SQLite's FTS5"),
    "fts5-trigram": Peer("fts5", "Trigrams", install="a Python with SQLite 3.34 up"),
    "xapian": Peer("xapian_", "Words", "apt install python3-xapian", system=True, largest=10),
    "xapian-ngram": Peer("xapian_", "Ngrams", "apt install python3-xapian", True, largest=10),
    "groonga": Peer("groonga", install="apt install groonga-bin"),
    "whoosh3": Peer("whoosh3", install="pip install .", largest=10),
    "ripgrep": Peer("ripgrep", install="apt install ripgrep"),
    "bm25s": Peer("bm25s_", install="pip install -r benchmarks/requirements.txt", largest=10),
}


def load(name: str) -> Engine:
    """The engine; ModuleNotFoundError or FileNotFoundError where it is not installed."""
    peer = PEERS[name]
    module = importlib.import_module(f"benchmarks.engines.{peer.module}")
    return cast(Engine, getattr(module, peer.name)())
