"""Saved searches on disk: a file for each index, whole or as it was, one writer at a time.

The file is JSON. Its `version` is that of its form: a higher one is refused, and left alone.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from chabao.indexer.errors import IndexBusy
from chabao.search import language
from chabao.search.errors import NewerShelf, UnknownSaved, UnreadableShelf, UnwritableFile
from chabao.search.output.files import replacing
from chabao.search.saved import Conditions, Entry, News, Saved
from chabao.search.sightings import Seen, Sighting

if TYPE_CHECKING:
    from chabao.indexer.cluster.location import Place

VERSION = 1
PATIENCE = 60.0
"""Seconds to wait while another program looks at the same searches."""

Entries = dict[str, Entry]
Made = TypeVar("Made", Conditions, News)
KINDS: dict[str, Any] = {"str": str, "str | None": str | None, "int": int, "tuple[str, ...]": list}
"""What stands in JSON for each kind of field."""
EARLIEST, LATEST = 1970, 9999
"""Years of a look."""


def place(index: Place, data: Path) -> Path:
    """The file for an index; `data` is the folder of this user's data. Not in the index, which may
    be deleted at any time, and may belong to someone else."""
    whole = str(index.resolve() if isinstance(index, Path) else index)
    digest = hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return data / "saved" / f"{digest}.json"


class Shelf:
    """The saved searches of one index, in the order in which they were saved.

    Raises UnreadableShelf, NewerShelf; where it writes, UnwritableFile and IndexBusy.
    """

    def __init__(self, path: Path, index: Place) -> None:
        self.path = path
        self.index = index

    def read(self) -> Entries:
        """What is on the shelf by name; nothing where there is no file."""
        try:
            return from_json(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise UnreadableShelf(path=self.path, reason=error.strerror or str(error)) from error
        except _Newer as error:
            raise NewerShelf(path=self.path, **error.args[0]) from error
        except ValueError as error:
            raise UnreadableShelf(path=self.path, reason=str(error)) from error

    def chosen(self, names: Iterable[str]) -> list[Entry]:
        """The entries of these names, or all. Raises UnknownSaved."""
        entries = self.read()
        for name in names:
            if name not in entries:
                raise UnknownSaved(name=name)
        return [entries[name] for name in dict.fromkeys(names)] or list(entries.values())

    def put(self, changed: Iterable[Entry], without: Iterable[str] = ()) -> None:
        """Writes entries in the place of those with their names; only for who holds the shelf."""
        entries = self.read() | {entry.saved.name: entry for entry in changed}
        for name in without:
            del entries[name]
        with replacing(self.path) as file:
            file.write(as_json(entries.values(), self.index))

    @contextmanager
    def held(self, waiting: Callable[[], None] | None = None) -> Iterator[None]:
        """Nobody else looks and writes meanwhile. `waiting` is called once if there is a wait."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.path.with_suffix(".lock"))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            started = time.monotonic()
            try:
                lock.acquire(timeout=0)
            except Timeout:
                if waiting:
                    waiting()
                lock.acquire(timeout=PATIENCE)
        except Timeout as error:
            seconds = round(time.monotonic() - started)
            raise IndexBusy(path=self.path, seconds=seconds) from error
        except OSError as error:
            raise UnwritableFile(path=self.path, reason=error.strerror or str(error)) from error
        try:
            yield
        finally:
            lock.release()


class _Newer(Exception):
    """Written by a later version of the program."""


def as_json(entries: Iterable[Entry], index: Place) -> bytes:
    """A shelf as a file. Half a character, as a shell may hand over, comes back as it was."""
    shelf = {
        "version": VERSION,
        "index": str(index),
        "searches": [_entry(each) for each in entries],
    }
    return json.dumps(shelf, indent=1).encode("ascii") + b"\n"


def _entry(entry: Entry) -> dict[str, Any]:
    said = asdict(entry.saved) | {"since": entry.since, "looked": entry.looked}
    return said | {"seen": _packed(entry.seen), "news": [asdict(each) for each in entry.news]}


def _packed(seen: Seen) -> list[dict[str, Any]]:
    """Sightings item by item, a line of digests for each mention."""
    items: dict[tuple[Any, ...], list[Sighting]] = {}
    for each, there in seen.items():
        items.setdefault((each.issue, each.item, each.body, there), []).append(each)
    return [
        {
            "issue": issue, "item": item, "body": body, "there": there,
            "mentions": [f"{each.text} {each.left} {each.right} {each.ordinal}" for each in found],
        }
        for (issue, item, body, there), found in items.items()
    ]  # fmt: skip


def from_json(data: bytes) -> Entries:
    """The searches that a file holds. Raises ValueError where it holds none."""
    try:
        shelf = json.loads(data)
        _refuse_newer(found=int(shelf["version"]), expected=VERSION)
        entries = [_read(said) for said in shelf["searches"]]
        return {entry.saved.name: entry for entry in entries}
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _refuse_newer(found: int, expected: int) -> None:
    if found > expected:
        raise _Newer({"found": found, "expected": expected})
    if found < 1:
        raise ValueError(found)


def _read(said: Mapping[str, Any]) -> Entry:
    version = int(said["language"])
    _refuse_newer(found=version, expected=language.VERSION)
    conditions = _made(Conditions, said["conditions"])
    conditions.filters(date.today())
    saved = Saved(
        str(said["name"]), str(said["query"]), bool(said["literal"]), bool(said["numbers"]),
        conditions, version,
    )  # fmt: skip
    news = tuple(_made(News, each) for each in said["news"])
    since, looked, *_times = map(_time, (said["since"], said["looked"], *(n.at for n in news)))
    return Entry(saved, since, looked, _unpacked(said["seen"]), news)


def _made(kind: type[Made], said: Mapping[str, Any]) -> Made:
    """What JSON says of each field, where that is what such a field holds. Raises ValueError."""
    read: dict[str, Any] = {}
    for each in fields(kind):
        value = said[each.name]
        if not isinstance(value, KINDS[str(each.type)]):
            raise ValueError(each.name)
        read[each.name] = tuple(map(str, value)) if isinstance(value, list) else value
    return kind(**read)


def _time(said: Any) -> str:
    """An ISO time, in UTC where it says no zone. Raises ValueError where it is none that any clock
    of any zone can show."""
    time = datetime.fromisoformat(str(said))
    if not EARLIEST <= time.year < LATEST:
        raise ValueError(said)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).isoformat()


def _unpacked(items: Iterable[Mapping[str, Any]]) -> dict[Sighting, bool]:
    seen: dict[Sighting, bool] = {}
    for item in items:
        whole = (str(item["issue"]), str(item["item"]), str(item["body"]))
        for mention in item["mentions"]:
            text, left, right, ordinal = str(mention).split(" ")
            seen[Sighting(*whole, text, left, right, int(ordinal))] = bool(item["there"])
    return seen
