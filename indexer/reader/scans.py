"""Pictures of pages to text, where `chabao[ocr]` is installed: the one door to OCR.

The models come within RapidOCR's package; nothing is downloaded.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import accumulate
from typing import Any

from chabao.indexer.reader import formats, typesetting
from chabao.indexer.reader.document import Document, Unreadable
from chabao.indexer.reader.judgement import Remark
from chabao.indexer.reader.typesetting import Run

LIBRARIES = ("rapidocr", "onnxruntime", "pypdfium2", "PIL")
NEEDED = Unreadable(reason="needs OCR: pip install chabao[ocr]")
READ = Remark(message="read by OCR: some characters may be wrong")
PAGE_BREAK = "\n\f"
RESOLUTION = 200
"""Dots per inch at which pages are drawn."""
SIDE = 1_600
"""Dots of the longer side on which OCR works: 2,000 read no better and take 2 GB."""
LONGEST = 4_000
"""Dots of the longer side of a picture; larger ones are made smaller."""
MOST_DOTS = 100_000_000
MOST_FRAMES = 500
THREADS = 2
INK = 0.72
"""The size of type as a share of the height of the box that OCR draws around a line."""


def is_installed() -> bool:
    """Whether pictures can be read."""
    return all(find_spec(name) is not None for name in LIBRARIES)


def documents(data: bytes, name: str) -> Iterator[Document]:
    """The one document that a picture is; the frames of a TIFF are pages. Raises Unreadable."""
    if not is_installed():
        raise NEEDED
    texts = list(map(_read, _frames(data)))
    if not any(texts):
        raise Unreadable(reason="there is no text in it")
    starts = accumulate((len(text) + len(PAGE_BREAK) for text in texts[:-1]), initial=0)
    pages = tuple(starts) if len(texts) > 1 else ()
    yield Document(PAGE_BREAK.join(texts), pages, remarks=(READ.message,))


def pages(data: bytes, which: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The texts of those pages of a PDF, counted from 0; "" where one cannot be drawn."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(reason="damaged: its pages cannot be drawn") from error
    for at in which:
        formats.announce("scans")
        try:
            page = pdf[at]
            longer = max(1.0, *page.get_size())
            scale = min(RESOLUTION / 72, LONGEST / longer)
            picture = page.render(scale=scale).to_pil()
        except (pypdfium2.PdfiumError, ValueError, IndexError):
            yield at, ""
        else:
            yield at, _read(picture.convert("RGB"))


def _frames(data: bytes) -> Iterator[Any]:
    """The pictures in a file, not larger than LONGEST."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(data)) as file:
            for at in range(min(getattr(file, "n_frames", 1), MOST_FRAMES)):
                formats.announce("scans")
                file.seek(at)
                if math.prod(file.size) > MOST_DOTS:
                    raise Unreadable(reason="refused: the picture is too large")
                file.draft("RGB", (LONGEST, LONGEST))
                frame = file.convert("RGB")
                frame.thumbnail((LONGEST, LONGEST))
                yield frame
    except (Unreadable, MemoryError):
        raise
    # Image libraries raise whatever a damaged file makes them stumble on.
    except Exception as error:
        raise Unreadable(reason="damaged: it cannot be read as a picture") from error


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    # Each thread reserves address space, of which workers have only so much.
    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": THREADS
               for kind in ("intra", "inter")}  # fmt: skip
    return RapidOCR(params={"Global.log_level": "critical", "Global.max_side_len": SIDE, **threads})


def _read(picture: Any) -> str:
    """The lines of a picture."""
    try:
        found = _engine()(picture)
    except MemoryError:
        raise
    # The same as above, and onnxruntime's own.
    except Exception as error:
        raise Unreadable(reason="OCR failed on it") from error
    if found.boxes is None or not found.txts:
        return ""
    runs = (_run(box, text) for box, text in zip(found.boxes, found.txts, strict=True))
    return "\n".join(typesetting.lines(runs))


def _run(box: Any, text: str) -> Run:
    """A line in its box of four corners; y grows downwards in pictures."""
    across = [float(corner[0]) for corner in box]
    down = [float(corner[1]) for corner in box]
    height = math.dist(box[0], box[3])
    middle = -sum(down) / 4
    return Run(text, min(across), middle, max(across), middle, height * INK)
