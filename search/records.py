"""A search written down so that it can be repeated: what was asked, of what, and what came.

`chabao search --record FILE` writes a record, `chabao repeat FILE` asks again and compares.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from gettext import gettext as _
from typing import Any

from chabao import __version__
from chabao.search import engine
from chabao.search.engine import Index, Mode, Sort
from chabao.search.filters import Filters
from chabao.search.issues import issue_of

SCHEMA = 1
LEFT_OUT = frozenset({"schema", "source", "line", "lines", "page"})
"""Of an item, what says where its file lies: a file that is moved changes no digest."""
SHORT = 16
"""Hexadecimal digits that tell the states of one issue apart."""


@dataclass(frozen=True, slots=True)
class Part:
    """An issue of the corpus: how many items, how many characters in their texts, its digest."""

    items: int
    characters: int
    digest: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """What was searched. `issues` by name: publisher, and number, else date, else source."""

    digest: str
    items: int
    characters: int
    issues: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was asked. `today` is the day from which 近三个月 counts, `numbers` whether
    numbers were found by value; `synonyms` are the package's, as nobody else has the user's own."""

    query: str
    literal: bool
    mode: Mode
    sort: Sort
    filters: Filters
    today: date
    numbers: bool = False
    synonyms: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What came: items and mentions, all of them, whatever was shown. `digest` is of the ids of the
    items and the number of mentions of each."""

    understood: str
    exact: bool
    items: int
    mentions: int
    issues: int
    digest: str


@dataclass(frozen=True, slots=True)
class Record:
    """A search with its answer. `at` is an ISO time in UTC, `seconds` what the search took."""

    version: str
    at: str
    asked: Asked
    corpus: Corpus
    found: Found
    seconds: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A record and the same search now; issues by name."""

    then: Record
    now: Record
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def same_corpus(self) -> bool:
        return self.then.corpus.digest == self.now.corpus.digest

    @property
    def same_answer(self) -> bool:
        """The same items with the same mentions."""
        then, now = self.then.found, self.now.found
        return (then.exact, then.digest) == (now.exact, now.digest)


def record(index: Index, asked: Asked) -> Record:
    """Asks, and writes down what came. Reads every item of the index once, for the digest."""
    answer = engine.search(
        index, asked.query, literal=asked.literal, numbers=asked.numbers, mode=asked.mode,
        filters=asked.filters, sort=asked.sort, today=asked.today, limit=None, snippets=0,
        synonyms=() if asked.synonyms else None,
    )  # fmt: skip
    lines = sorted(f"{hit.item['id']} {hit.mentions}\n" for hit in answer.hits)
    found = Found(
        answer.understood, answer.exact, answer.total, answer.mentions,
        len({issue_of(hit.item) for hit in answer.hits}), _digest("".join(lines)),
    )  # fmt: skip
    at = datetime.now(UTC).isoformat(timespec="seconds")
    seconds = round(answer.seconds, 6)
    return Record(__version__, at, asked, corpus(index.records()), found, seconds)


def corpus(items: Iterable[Mapping[str, Any]]) -> Corpus:
    """What items there are, whatever their order, their files' places and the index's history.

    An item's digest is the SHA-256 of its object of schema 1 without `LEFT_OUT`, as canonical JSON
    (RFC 8785: keys sorted, no white space, UTF-8); those of an issue and of the corpus are the
    SHA-256 of their items' digests, in hexadecimal, sorted, each followed by a line feed.
    """
    digests: dict[str, list[str]] = {}
    characters: dict[str, int] = {}
    for item in items:
        name = " ".join(filter(None, issue_of(item)))
        digests.setdefault(name, []).append(item_digest(item))
        characters[name] = characters.get(name, 0) + len(item["text"])
    issues = {
        name: Part(len(found), characters[name], _joined(found)[:SHORT])
        for name, found in sorted(digests.items())
    }
    every = [digest for found in digests.values() for digest in found]
    return Corpus(_joined(every), len(every), sum(characters.values()), issues)


def item_digest(item: Mapping[str, Any]) -> str:
    said = {name: item[name] for name in item if name not in LEFT_OUT}
    return _digest(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def _joined(digests: Iterable[str]) -> str:
    return _digest("".join(f"{digest}\n" for digest in sorted(digests)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def repeat(index: Index, then: Record) -> Comparison:
    """The same search of this index, with what differs."""
    now = record(index, then.asked)
    old, new = then.corpus.issues, now.corpus.issues
    return Comparison(
        then,
        now,
        added=tuple(name for name in new if name not in old),
        gone=tuple(name for name in old if name not in new),
        changed=tuple(name for name in new if name in old and new[name] != old[name]),
    )


def as_json(said: Record) -> bytes:
    """A record as a file: one JSON object, in lines that people can read too."""
    data = {"schema": SCHEMA, **asdict(said)}
    text = json.dumps(data, ensure_ascii=False, indent=1, default=str)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def from_json(data: bytes) -> Record:
    """The record that a file holds. Raises ValueError where it holds none."""
    try:
        said = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(_("it is no JSON")) from error
    if not isinstance(said, dict) or "schema" not in said:
        raise ValueError(_("it lacks {name}").format(name="schema"))
    try:
        return _record(said)
    except KeyError as error:
        raise ValueError(_("it lacks {name}").format(name=error.args[0])) from error
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(_("what it says is not what a record says")) from error


def _record(said: Mapping[str, Any]) -> Record:
    if said["schema"] != SCHEMA:
        raise ValueError(said["schema"])
    return Record(
        version=str(said["version"]),
        at=str(said["at"]),
        asked=_asked(said["asked"]),
        corpus=_corpus(said["corpus"]),
        found=_found(said["found"]),
        seconds=float(said["seconds"]),
    )


def _asked(said: Mapping[str, Any]) -> Asked:
    names = ("department", "section", "period", "number")
    chosen: dict[str, Any] = {name: [str(each) for each in said["filters"][name]] for name in names}
    for name in ("since", "until"):
        day = said["filters"][name]
        chosen[name] = date.fromisoformat(day) if day else None
    return Asked(
        query=str(said["query"]),
        literal=bool(said["literal"]),
        mode=Mode(said["mode"]),
        sort=Sort(said["sort"]),
        filters=Filters(**chosen),
        today=date.fromisoformat(said["today"]),
        numbers=bool(said.get("numbers", False)),
        synonyms=bool(said.get("synonyms", False)),
    )


def _corpus(said: Mapping[str, Any]) -> Corpus:
    issues = {
        str(name): Part(int(part["items"]), int(part["characters"]), str(part["digest"]))
        for name, part in said["issues"].items()
    }
    return Corpus(str(said["digest"]), int(said["items"]), int(said["characters"]), issues)


def _found(said: Mapping[str, Any]) -> Found:
    return Found(
        understood=str(said["understood"]),
        exact=bool(said["exact"]),
        items=int(said["items"]),
        mentions=int(said["mentions"]),
        issues=int(said["issues"]),
        digest=str(said["digest"]),
    )
