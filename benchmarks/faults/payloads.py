"""What would run in an index that is trusted, planted wherever an index holds bytes.

Each payload would leave a mark behind if it were run, take all memory, or never end. It is planted
in the table of contents, in what Whoosh has pickled there, in the stored items, in the postings, in
what the index says of itself and in the saved searches, each time with checksums that are right, as
one who means harm makes them. Then everything is done with the index that can be, reading and
writing. What is not refused in a sentence, or leaves a mark, is a failure.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

from benchmarks.faults import answers, damage, mutilated, planted
from benchmarks.faults.damage import World
from benchmarks.faults.frame import Tried, main
from chabao.indexer import manifest, sealed, stock
from chabao.indexer.build import build, remove
from chabao.indexer.codecs import container, stored, toc
from chabao.indexer.errors import ChabaoError
from chabao.indexer.inspection import inspect
from chabao.indexer.repairing import repair
from chabao.indexer.watching import Watch
from chabao.search.output.shelf import Shelf
from chabao.web.held import Held

PROMISE = (
    "An index is data: nothing in it is run, unpickled or unpacked without end, whatever stands in "
    "its table, its items, its postings, its manifest or beside it."
)
HEAVY = 1 << 30
"""Bytes by which the process may not grow."""


def run(seed: int, times: int, commands: int = 1) -> Tried:
    """All payloads at all places, `times` trials at most; with `commands` of the program too."""
    chance = random.Random(seed)
    with damage.world(chance) as there, damage.undisturbed():
        mark = there.index.parent / "mark"
        payloads = planted.every(mark)
        pairs = [(name, where) for where in PLANTS for name in payloads]
        chance.shuffle(pairs)
        tried = planting(there, pairs[:times], chance, seed, commands)
        if commands:
            trusted = {**planted.pickles(mark), **planted.opcodes(mark)}
            tried.more["would run where trusted"] = sum(
                planted.runs(payload, mark) for payload in trusted.values()
            )
    return tried


def planting(
    there: World, pairs: Iterable[tuple[str, str]], chance: random.Random, seed: int = 0,
    commands: int = 0,
) -> Tried:  # fmt: skip
    """Plants payloads, each by its name at a place, and does everything with the index then."""
    tried, refused, place = Tried(), Counter[str](), there.index.parent
    mark = place / "mark"
    mark.with_suffix(".py").write_text(f"open({str(mark)!r}, 'w').close()")
    payloads = planted.every(mark)
    for name, where in pairs:
        damage.restore(there)
        PLANTS[where](there, place, payloads[name])
        question = chance.choice(list(answers.QUESTIONS))
        wrong = _tried(there, place, question, bool(commands), refused)
        if mark.exists() or mark.is_symlink():
            wrong = "it ran"
            shutil.rmtree(mark) if mark.is_dir() else mark.unlink()
        tried.trial(wrong and f"seed {seed}, {name} in {where}: {wrong}")
    tried.more |= {"payloads": len(payloads), "places": len(PLANTS)}
    tried.more["refused"] = dict(sorted(refused.items()))
    return tried


def _tried(
    there: World, place: Path, question: str, commands: bool, refused: Counter[str]
) -> str | None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, deed in done(there, place, question, commands):
        try:
            deed()
        except (ChabaoError, OSError) as error:
            refused[type(error).__name__] += 1
        except Exception as error:
            return f"{name}: {error!r:.300}"
    grown = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    return f"{grown} bytes more" if grown > HEAVY else None


def done(
    there: World, place: Path, question: str, commands: bool
) -> Iterator[tuple[str, Callable[[], object]]]:
    """Everything that is done with an index, what reads it first."""
    index = there.index
    for name in (*answers.QUICK, "places", question):
        yield name, lambda name=name: answers.ask(index, name)
    yield "inspect", lambda: inspect(index, deep=True)
    yield "serve", lambda: Held(index).index()
    yield "copy", lambda: _copied(index)
    yield "saved", lambda: Shelf(place / "saved.json", index).read()
    for line in COMMANDS if commands else ():
        yield f"chabao {line[0]}", lambda line=line: _command([*line, "--index", str(index)])
    yield "watch", lambda: Watch([there.folder], index, Silent())._step()
    yield "index", lambda: build([there.folder], index)
    yield "remove", lambda: remove(there.folder, index)
    yield "repair", lambda: repair(index)
    yield "rebuild", lambda: build([there.folder], index, rebuild=True)


def _copied(index: Path) -> object:
    """What is read of an index that is copied to another place."""
    with stock.opened(index) as there:
        return list(there.records([source for source in there.known.files]))


COMMANDS = (
    ["search", "的"], ["export"], ["fields"], ["status"], ["saved"], ["check-index"],
    ["figures"], ["open", "--print", "none"], ["remove", "nowhere"],
)  # fmt: skip


def _command(line: list[str]) -> None:
    """A command in this process. Raises RuntimeError where chabao itself went wrong."""
    from chabao import cli

    said, shown = StringIO(), TextIOWrapper(BytesIO(), "utf-8")
    with redirect_stdout(shown), redirect_stderr(said), suppress(SystemExit):
        cli.main.main(line)
    if "chabao itself" in said.getvalue() or "Traceback" in said.getvalue():
        raise RuntimeError(said.getvalue())


class Silent:
    """Listens to a watch, and says nothing."""

    @contextmanager
    def building(self) -> Iterator[None]:
        yield None

    def waiting(self) -> None: ...
    def failed(self, error: Exception) -> None: ...
    def noticed(self, note: object) -> None: ...
    def updated(self, done: object, seconds: float) -> None: ...


Plant = Callable[[World, Path, bytes], None]


def in_table(there: World, place: Path, payload: bytes) -> None:
    """In the place of all that is read of the table."""
    path = _table(there)
    body = _whoosh(there) + payload
    data = body + _trailer(body, len(_whoosh(there)))
    (there.index / path).write_bytes(data)


def in_whoosh(there: World, place: Path, payload: bytes) -> None:
    """In the place of what Whoosh pickled, schema and segments; the rest is as it was."""
    path = there.index / _table(there)
    said = path.read_bytes()[len(_whoosh(there)) : -toc.TRAILER.size]
    head = _whoosh(there)[:12] + payload
    path.write_bytes(head + said + _trailer(head + said, len(head)))


def as_whoosh(there: World, place: Path, payload: bytes) -> None:
    """A table as stock Whoosh writes it, with the payload for its segments."""
    whoosh = _whoosh(there)
    at = whoosh.rindex(struct.pack("!ii", toc.generation(there.index), 0)) + 8
    (there.index / _table(there)).write_bytes(whoosh[:at] + payload)


def as_schema(there: World, place: Path, payload: bytes) -> None:
    """A table as stock Whoosh writes it, with the payload for its schema."""
    whoosh = _whoosh(there)
    at = whoosh.rindex(struct.pack("!ii", toc.generation(there.index), 0))
    size = bytearray()
    left = len(payload)
    while left > 0x7F:
        size.append(left & 0x7F | 0x80)
        left >>= 7
    size.append(left)
    (there.index / _table(there)).write_bytes(whoosh[:14] + bytes(size) + payload + whoosh[at:])


def in_items(there: World, place: Path, payload: bytes) -> None:
    """As the stored items, each of them."""

    def write(path: Path) -> None:
        writer = container.Writer(path.open("wb"))
        for name in ("records", "issues"):
            blocks = stored.BlockWriter(writer, name)
            for _ in range(50):
                blocks.add(payload.decode("latin-1"))
            blocks.close()
        writer.close({})

    _replaced(there, ".chr", write)


def in_packed(there: World, place: Path, payload: bytes) -> None:
    """In the place of what is packed of the items, and of what unpacks them."""
    _forged(there, ".chr", payload, ("records", "records dictionary"))


def in_postings(there: World, place: Path, payload: bytes) -> None:
    _forged(there, ".chp", payload, ("text postings", "words postings", "source postings"))


def in_terms(there: World, place: Path, payload: bytes) -> None:
    _forged(there, ".chp", payload, ("text terms", "source terms", "section terms", "date"))


def in_directory(there: World, place: Path, payload: bytes) -> None:
    """In the place of what tells where the parts of a file are."""
    name = _first(there, ".chp")
    data = there.files[name]
    body, table, *_ = container.TRAILER.unpack(data[-container.TRAILER.size :])
    tail = (body, table, table + len(payload))
    check = zlib.crc32(
        payload, zlib.crc32(data[body:table], zlib.crc32(struct.pack("<QQQ", *tail)))
    )
    trailer = container.TRAILER.pack(*tail, check, container.BLOCK, container.MAGIC)
    (there.index / name).write_bytes(data[:table] + payload + trailer)
    _reseal(there, name)


def in_manifest(there: World, place: Path, payload: bytes) -> None:
    for name in (manifest.NAME, manifest.FOLDERS):
        data = b'{"check":"%08x","said":' % zlib.crc32(payload) + payload + sealed.TAIL
        (there.index / name).write_bytes(data)


def as_manifest(there: World, place: Path, payload: bytes) -> None:
    for name in (manifest.NAME, manifest.NEXT, manifest.FOLDERS):
        (there.index / name).write_bytes(payload)


def in_names(there: World, place: Path, payload: bytes) -> None:
    """As each text of the manifest: paths, digests, reasons, readers."""
    text = payload.decode("latin-1")[:2000]
    for name in (manifest.NAME, manifest.FOLDERS):
        said = sealed.read(there.index / name)
        sealed.write(there.index / name, _filled(said, text, keep=("index",)))


def in_saved(there: World, place: Path, payload: bytes) -> None:
    (place / "saved.json").write_bytes(payload)


PLANTS: dict[str, Plant] = {
    "table": in_table, "what Whoosh pickled": in_whoosh, "a table of Whoosh's": as_whoosh,
    "a schema of Whoosh's": as_schema, "items": in_items, "packed items": in_packed,
    "postings": in_postings, "terms": in_terms, "directory": in_directory,
    "manifest": in_manifest, "as manifest": as_manifest, "names in the manifest": in_names,
    "saved searches": in_saved,
}  # fmt: skip


def _table(there: World) -> str:
    return next(name for name in there.files if name.endswith(".toc"))


def _whoosh(there: World) -> bytes:
    data = there.files[_table(there)]
    (length, *_) = toc.TRAILER.unpack(data[-toc.TRAILER.size :])
    return data[:length]


def _trailer(body: bytes, length: int) -> bytes:
    return toc.TRAILER.pack(length, toc._check(body, length), container.FORMAT, container.MAGIC)


def _first(there: World, suffix: str) -> str:
    return next(name for name in there.files if name.endswith(suffix))


def _replaced(there: World, suffix: str, write: Callable[[Path], None]) -> None:
    name = _first(there, suffix)
    write(there.index / name)
    _reseal(there, name)


def _forged(there: World, suffix: str, payload: bytes, sections: tuple[str, ...]) -> None:
    """Sections of a file filled with the payload, again and again, as far as they go."""
    name = _first(there, suffix)
    data = there.files[name]
    body_end, table_end, end, *_ = container.TRAILER.unpack(data[-container.TRAILER.size :])
    directory, body = json.loads(data[table_end:end]), bytearray(data[:body_end])
    for section in sections:
        start, stop = directory["sections"].get(section, (0, 0))
        filled = (payload or b"\xff") * ((stop - start) // max(len(payload), 1) + 1)
        body[start:stop] = filled[: stop - start]
    (there.index / name).write_bytes(mutilated.seal(bytes(body), directory))
    _reseal(there, name)


def _reseal(there: World, name: str) -> None:
    """The table names the seal of the file that was forged."""
    data, path = (there.index / name).read_bytes(), there.index / _table(there)
    found = toc.read(there.index)
    stem, _, suffix = name.rpartition(".")
    check = container.TRAILER.unpack(data[-container.TRAILER.size :])[3]
    entries = [
        toc.Entry(each.name, each.size, each.deleted,
                  {**each.seals, f".{suffix}": container.Seal(len(data), check)}
                  if each.name == stem else each.seals)
        for each in found.segments
    ]  # fmt: skip
    path.write_bytes(toc.sealed(_whoosh(there), found.generation, entries, found.identity))


def _filled(said: Any, text: str, keep: tuple[str, ...]) -> Any:
    """The same, with the text in the place of every text."""
    if isinstance(said, dict):
        return {
            key: value if key in keep else _filled(value, text, keep)
            for key, value in said.items()
        }  # fmt: skip
    if isinstance(said, list):
        return [_filled(value, text, keep) for value in said]
    return text if isinstance(said, str) else said


if __name__ == "__main__":
    main(__file__, PROMISE, run, times=1000, commands=1)
