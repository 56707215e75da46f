"""Records on disk: compressed in small blocks, so that one can be read without its neighbours.

What the items of an issue share is kept once. A block is deflated with a dictionary made of the
first payloads: bulletins repeat one another. Payloads are JSON in two bytes a character, which
deflate packs a seventh smaller than UTF-8 and Python reads fastest.
"""

from __future__ import annotations

import json
import struct
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from operator import itemgetter
from typing import Any

from chabao.indexer.codecs.container import Reader, Writer
from chabao.indexer.errors import DamagedIndex
from chabao.indexer.fields import ISSUE, ORDER, OWN, Record

ENCODING = "utf-16-le"
TARGET = 8192
"""Bytes of a block before compression: small enough to unpack in some 30 µs."""
DICTIONARY = 32768
LARGEST = 1 << 27
"""Bytes of a block that are unpacked: more is no record but a bomb."""
LEVEL = 4
"""Of zlib: level 6 takes a third longer for one part in a hundred."""


class RecordWriter:
    """Writes records as they come; `close` seals the file."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._records = BlockWriter(writer, "records")
        self._issues: dict[str, int] = {}

    def add(self, record: Mapping[str, Any]) -> None:
        issue = _dump(_shared(record))
        number = self._issues.setdefault(issue, len(self._issues))
        self._records.add(_dump((number, *_own(record))))

    def close(self) -> None:
        self._records.close()
        issues = BlockWriter(self._writer, "issues")
        for issue in self._issues:
            issues.add(issue)
        issues.close()
        self._writer.close({})

    def cancel(self) -> None:
        self._writer.cancel()


_shared, _own = itemgetter(*ISSUE), itemgetter(*OWN)
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class BlockWriter:
    """Payloads in compressed blocks; the first ones wait until they make a dictionary."""

    def __init__(self, writer: Writer, name: str) -> None:
        self._writer, self._name = writer, name
        self._dictionary: bytes | None = None
        self._waiting: list[bytes] = []
        self._size = self._count = 0
        self._ends, self._firsts = array("Q"), array("I")

    def add(self, payload: str) -> None:
        data = payload.encode(ENCODING, "surrogatepass")
        self._waiting.append(data)
        self._size += len(data)
        if self._size >= (DICTIONARY if self._dictionary is None else TARGET):
            self._flush()

    def _flush(self) -> None:
        payloads, self._waiting, self._size = self._waiting, [], 0
        if self._dictionary is None:
            self._dictionary = b"".join(payloads)[:DICTIONARY]
            self._writer.section(f"{self._name} dictionary", zlib.compress(self._dictionary, 9))
            self._writer.begin(self._name)
            for payload in payloads:
                self.add(payload.decode(ENCODING, "surrogatepass"))
            return
        ends = list(accumulate(map(len, payloads)))
        deflate = zlib.compressobj(LEVEL, wbits=-15, zdict=self._dictionary)
        packed = deflate.compress(struct.pack(f"<{len(ends) + 1}I", len(ends), *ends))
        packed += deflate.compress(b"".join(payloads)) + deflate.flush()
        self._writer.write(packed)
        self._ends.append((self._ends[-1] if self._ends else 0) + len(packed))
        self._firsts.append(self._count)
        self._count += len(payloads)

    def close(self) -> None:
        if self._dictionary is None:
            self._flush()
        if self._waiting:
            self._flush()
        self._writer.section(f"{self._name} ends", memoryview(self._ends))
        self._writer.section(f"{self._name} firsts", memoryview(self._firsts))


class Blocks:
    """Payloads, read one at a time; the last block read is kept unpacked."""

    def __init__(self, reader: Reader, name: str) -> None:
        self._reader, self._name = reader, name
        self._start = reader.span(name)[0]
        self._ends = reader.numbers(f"{name} ends", "Q")
        self._firsts = reader.numbers(f"{name} firsts", "I").whole()
        self._dictionary: bytes | None = None
        self._last: tuple[int, bytes] = (-1, b"")

    def __getitem__(self, number: int) -> Any:
        """What payload `number` says. Raises DamagedIndex."""
        try:
            return json.loads(self._payload(number).decode(ENCODING, "surrogatepass"))
        except (zlib.error, struct.error, ValueError, IndexError, RecursionError) as error:
            reason = f"{self._name} {number}"
            raise DamagedIndex(path=self._reader.path.name, reason=reason) from error

    def _payload(self, number: int) -> bytes:
        block = bisect_right(self._firsts, number) - 1
        # Taken once: another thread may put another block in its place at any time.
        last, data = self._last
        if last != block:
            data = self._unpack(block)
            self._last = (block, data)
        at = number - self._firsts[block]
        (count,) = struct.unpack_from("<I", data)
        (end,) = struct.unpack_from("<I", data, 4 + 4 * at)
        start = struct.unpack_from("<I", data, 4 * at)[0] if at else 0
        base = 4 + 4 * count
        return data[base + start : base + end]

    def _unpack(self, block: int) -> bytes:
        if self._dictionary is None:
            packed = self._reader.section(f"{self._name} dictionary")
            self._dictionary = zlib.decompressobj().decompress(packed, DICTIONARY)
        start = self._start + (self._ends[block - 1] if block else 0)
        inflate = zlib.decompressobj(wbits=-15, zdict=self._dictionary)
        packed = self._reader.bytes(start, self._start + self._ends[block])
        return inflate.decompress(packed, LARGEST)


class Records:
    """The records of a segment by document number."""

    def __init__(self, reader: Reader) -> None:
        self._records = Blocks(reader, "records")
        self._issues = Blocks(reader, "issues")
        self._known: dict[int, Record] = {}

    def __getitem__(self, document: int) -> Record:
        issue, *own = self._records[document]
        shared = self._known.get(issue)
        if shared is None:
            if len(self._known) > 4096:
                self._known.clear()
            shared = self._known[issue] = dict(zip(ISSUE, self._issues[issue], strict=True))
        found = {**shared, **dict(zip(OWN, own, strict=True))}
        return {name: found[name] for name in ORDER}
