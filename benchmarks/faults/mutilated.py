"""A small index, mutilated as a script of bytes says, and asked.

Three bytes say which file, how, and what is asked; then come changes of six bytes each. A damaged
file has its checksums as they were, and what is answered from it is right, or DamagedIndex or
OldIndex is raised. A forged file has its checksums made right again, as one who wants harm makes
them: then any answer is allowed, and any error of ours, and nothing else.
"""

from __future__ import annotations

import json
import struct
import tempfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from chabao.indexer import fields, parser
from chabao.indexer.codecs import container, toc
from chabao.indexer.errors import ChabaoError, DamagedIndex, MissingIndex, OldIndex
from chabao.indexer.sinks.whoosh_ import WhooshSink
from chabao.search import catalogue, engine
from chabao.search.backends import numeric, plain, related, whoosh_  # noqa: F401  (instrumented)
from chabao.search.engine import Index, Mode

KEPT: list[tempfile.TemporaryDirectory[str]] = []
Question = Callable[[Index], object]
FORGED, WARM = 1, 2
ODD = (0, 1, 2, 3, 7, 255, 256, 65535, 65536, 1 << 24, (1 << 31) - 1, 1 << 31, (1 << 32) - 1)
META = (-1, 0, 1, 5, 1 << 20, 1 << 31, 1 << 62, 1 << 70, 1.5, None, "9", [], {}, True)


def asked(line: str, **how: Any) -> Question:
    def ask(index: Index) -> object:
        found = engine.search(index, line, facets=True, files=True, explain=True, **how)
        hits = [(hit.item["id"], hit.mentions, hit.snippets, hit.line) for hit in found.hits]
        return found.total, found.mentions, hits, found.files

    return ask


QUESTIONS: tuple[Question, ...] = (
    asked("川渝通办"),
    asked("的"),
    asked("政*务"),
    asked("窗口 NEAR/9 工作 -疫情"),
    asked("部门:商务厅 OR 栏目:窗口 OR 来源:a"),
    asked("日期:2023.. 期间:..2024"),
    asked("数值:28 OR 受理3件", numbers=True),
    asked("川渝办通理受件", mode=Mode.RELATED, collapse=True),
    asked("", literal=True),
    lambda index: list(engine.export(index)),
    lambda index: catalogue.fields(index),
    lambda index: index.statistics,
)


@cache
def base() -> tuple[Path, dict[str, bytes], list[object]]:
    """The folder of a right index, its files' bytes (postings, records, table), its answers."""
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    KEPT.append(tempfile.TemporaryDirectory(prefix="chabao-fuzz-", dir=memory))
    folder = Path(KEPT[-1].name)
    from benchmarks.faults.targets import bulletins

    with WhooshSink(folder) as sink:
        for at, text in enumerate(bulletins()):
            issue = parser.parse(text[:700], f"{at}.txt")
            sink.add(fields.records(issue))
        sink.commit()
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    kept = {name: data for name, data in files.items() if name[-4:] in (".chp", ".chr", ".toc")}
    (folder / "right").mkdir()
    for name, data in kept.items():
        (folder / "right" / name).write_bytes(data)
    with engine.open_index(folder) as index:
        answers = [question(index) for question in QUESTIONS]
    return folder, kept, answers


def checked(script: bytes) -> None:
    """Raises what is no valid outcome of asking the index that a script makes."""
    folder, files, answers = base()
    file, how, number = (script + b"\0\0\0")[:3]
    name = list(files)[file % len(files)]
    other = list(files)[(file + 1) % len(files)]
    forged, number = bool(how & FORGED), number % len(QUESTIONS)
    if forged:
        put = forgeries(files, name, script[3:])
    else:
        put = {name: bytes(damaged(bytearray(files[name]), files[other], script[3:]))}
    for changed, data in put.items():
        # Another file under this name: what was mapped before stays what it was.
        (folder / changed).unlink()
        (folder / changed).write_bytes(data)
    before, whoosh_.WARM = whoosh_.WARM, -1 if how & WARM else 1 << 62
    cold, whoosh_.COLD = whoosh_.COLD, whoosh_.WARM
    try:
        with engine.open_index(folder) as index:
            answer = QUESTIONS[number](index)
    except (DamagedIndex, OldIndex, MissingIndex):
        return
    except ChabaoError:
        if not forged:
            raise
        return
    finally:
        whoosh_.WARM, whoosh_.COLD = before, cold
        for changed in put:
            (folder / changed).unlink()
            (folder / changed).hardlink_to(folder / "right" / changed)
    if not forged:
        assert answer == answers[number], "answered from damage"


def damaged(data: bytearray, other: bytes, script: bytes) -> bytearray:
    """Bytes changed where they lie."""
    for at in range(0, len(script) - 5, 6):
        kind, where, value = struct.unpack("<BxHH", script[at : at + 6])
        where = where % (len(data) + 1)
        match kind % 7:
            case 0:
                data[where : where + 1] = bytes([value & 255])
            case 1:
                data[where : where + 4] = struct.pack("<I", ODD[value % len(ODD)])
            case 2:
                del data[where : where + 1 + value % 64]
            case 3:
                data[where:where] = struct.pack("<H", value) * (1 + value % 5)
            case 4:
                del data[where:]
            case 5:
                start = value % (len(other) + 1)
                data[where : where + 64] = other[start : start + 64]
            case 6:
                data[-where - 1 :] = data[-where - 1 :][: value % 40]
    return data


def forgeries(files: dict[str, bytes], name: str, script: bytes) -> dict[str, bytes]:
    """A file forged, and the table of contents that has its seal."""
    table = next(each for each in files if each.endswith(".toc"))
    data = files[table]
    whoosh, *_ = toc.TRAILER.unpack(data[-toc.TRAILER.size :])
    said = json.loads(data[whoosh : -toc.TRAILER.size])
    number, ((segment, size, deleted, seals),) = said["generation"], said["segments"]
    made = {}
    if name != table:
        made[name] = forgery(files[name], script)
        check = container.TRAILER.unpack(made[name][-container.TRAILER.size :])[3]
        seals[name[-4:]] = [len(made[name]), check]
        script = b""
    for at in range(0, len(script) - 5, 6):
        kind, where, value = struct.unpack("<BBxxH", script[at : at + 6])
        if kind % 3 == 0:
            size = META[value % len(META)]
        elif kind % 3 == 1:
            deleted = [META[(where + value) % len(META)], *range(value % 16)]
        else:
            seals[(".chp", ".chr", ".odd")[where % 3]] = META[value % len(META)]
    entry = toc.Entry(segment, size, deleted, seals)
    made[table] = toc.sealed(data[:whoosh], number, [entry]) if is_listed(deleted) else data
    return made


def is_listed(deleted: list[Any]) -> bool:
    return all(isinstance(each, int | float) for each in deleted)


def forgery(data: bytes, script: bytes) -> bytes:
    """The body and the directory of a container changed, and sealed as if they were right."""
    body_end, table_end, end, *_ = container.TRAILER.unpack(data[-container.TRAILER.size :])
    body = bytearray(data[:body_end])
    directory = json.loads(data[table_end:end])
    sections, meta = directory["sections"], directory["meta"]
    names = list(sections)
    for at in range(0, len(script) - 5, 6):
        kind, name, where, value = struct.unpack("<BBHH", script[at : at + 6])
        chosen = names[name % len(names)]
        bounds = sections.get(chosen)
        match kind % 8:
            case 0 | 1 | 2 if bounds and bounds[1] > bounds[0]:
                width = (1, 2, 4)[kind % 8]
                place = bounds[0] + where * width % (bounds[1] - bounds[0])
                number = ODD[value % len(ODD)] if value & 1 else value >> 1
                body[place : place + width] = (number % (1 << 8 * width)).to_bytes(width, "little")
                del body[body_end:]
            case 3 if bounds:
                bounds[where % 2] = max(0, bounds[where % 2] + value % 33 - 16)
            case 4 if bounds:
                bounds[where % 2] = ODD[value % len(ODD)]
            case 5:
                key = ("documents", "words", "odd")[where % 3]
                meta[key] = META[value % len(META)]
            case 6:
                sections.pop(chosen, None)
            case 7:
                sections[chosen] = sections.get(names[where % len(names)], [0, 8])
    return seal(bytes(body), directory)


def seal(body: bytes, directory: dict[str, Any]) -> bytes:
    """A container with right checksums, as `container.Writer.close` makes it."""
    size = container.BLOCK
    blocks = [body[at : at + size] for at in range(0, len(body), size)]
    table = struct.pack(f"<{len(blocks)}I", *map(zlib.crc32, blocks))
    listed = json.dumps(directory, ensure_ascii=False).encode()
    tail = (len(body), len(body) + len(table), len(body) + len(table) + len(listed))
    check = zlib.crc32(listed, zlib.crc32(table, zlib.crc32(struct.pack("<QQQ", *tail))))
    return body + table + listed + container.TRAILER.pack(*tail, check, size, container.MAGIC)


def scripts() -> list[bytes]:
    """Scripts to begin with: each file, each way, each question, with one change or two."""
    chance = Random(9)
    return [
        bytes([file, how, question]) + chance.randbytes(6 * chance.randint(1, 2))
        for file in range(3)
        for how in range(4)
        for question in range(len(QUESTIONS))
    ]
