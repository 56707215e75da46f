"""Whatever a PDF holds, it ends in a document or in a reason, in time and in memory."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import EncodedStreamObject

from chabao.indexer.reader import pdf
from chabao.indexer.reader.document import Unreadable
from chabao.tests.faults.pdf_bombs import bombs

PDFS = Path(__file__).parents[1] / "unit/indexer/pdfs"
SECONDS = 10
MEGABYTES = 512
CHILD = f"""
import resource, struct, sys, time
resource.setrlimit(resource.RLIMIT_AS, ({MEGABYTES} << 20,) * 2)
from chabao.indexer.reader import pdf
from chabao.indexer.reader.document import Unreadable
while size := sys.stdin.buffer.read(8):
    data = sys.stdin.buffer.read(struct.unpack("<q", size)[0])
    begun = time.process_time()
    try:
        end = f"document {{len(list(pdf.documents(data, 'a.pdf')))}}"
    except Unreadable as error:
        end = f"unreadable {{error.reason}}"
    except BaseException as error:
        end = repr(error)
    del data
    print(time.process_time() - begun, end, flush=True)
"""


@pytest.fixture(scope="module")
def child() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of address space")
@pytest.mark.parametrize("name", bombs())
def test_bombs_end_in_time_and_memory(child: subprocess.Popen[bytes], name: str) -> None:
    data = bombs()[name]()
    assert child.stdin and child.stdout
    child.stdin.write(struct.pack("<q", len(data)) + data)
    child.stdin.flush()
    taken, _, end = child.stdout.readline().decode().partition(" ")
    assert end.startswith(("document 1", "unreadable ")), end
    assert float(taken) < SECONDS


def test_there_are_bombs_of_many_kinds() -> None:
    assert len(bombs()) >= 40


def _last_page(*, plain: bool) -> bytes:
    """The last page of a bulletin; `plain` is uncompressed, so that changes reach the streams."""
    writer = PdfWriter()
    writer.append(PDFS / "003-one-column.pdf", pages=(2, 3))
    for item in writer._objects if plain else ():
        found = item.get_object() if item is not None else None
        if isinstance(found, EncodedStreamObject):
            content = found.get_data()
            del found["/Filter"]
            found.decoded_self = None
            found._data = content
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        at = chance.randrange(len(changed))
        match chance.randrange(6):
            case 0:
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                changed[at : at + 1] = chance.randbytes(chance.randrange(1, 9))
            case 2:
                del changed[at : at + chance.randrange(1, 40)]
            case 3:
                start = chance.randrange(len(changed))
                changed[at:at] = changed[start : start + chance.randrange(1, 400)]
            case 4:
                changed[at : at + 1] = chance.choice(
                    (b" 0 R ", b"[", b"]", b"<<", b">>", b"(", b")", b"-1", b"99999999999", b"/")
                )
            case _:
                if chance.random() < 0.1:
                    del changed[at:]
                if not changed:
                    return b""
    return bytes(changed)


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_mutations_give_a_document_or_a_reason(seed: int, plain: bool) -> None:
    data = _last_page(plain=plain)
    chance = random.Random(seed * 2 + plain)
    for _ in range(100):
        try:
            (found,) = pdf.documents(_mutated(data, chance), "a.pdf")
        except Unreadable as error:
            assert error.reason
        else:
            assert len(found.pages) == found.text.count("\f") + 1
