"""PDFs to text: bulletins as LibreOffice prints them, and pages drawn here for one trait each.

`pdfs/` holds the five bulletins set by LibreOffice in two fonts, with headers and page numbers, in
one column and in two; the outlines of the characters were taken out afterwards.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from chabao.indexer import parser, reader
from chabao.indexer.bulletin import Issue
from chabao.indexer.folding import fold
from chabao.indexer.reader import formats, pdf, scans
from chabao.indexer.reader.document import Document, Unreadable

HERE = Path(__file__).parent
CORPUS = sorted(HERE.parents[2].glob("corpus/*.txt"))
PDFS = sorted((HERE / "pdfs").glob("*.pdf"))
SONG = "STSong-Light"
SIZE = 12
FURNITURE = re.compile(r"窗口工作周报|- \d+ -")
SENTENCE = re.compile(r"[^。；]+[。；]?")


def issue(name: str) -> Issue:
    path = next(path for path in CORPUS if path.name.startswith(name[:3]))
    return parser.parse(reader.read(path), path.name)


def read(data: bytes) -> Document:
    (found,) = pdf.documents(data, "a.pdf")
    return found


def drawn(*pages: Callable[[Canvas], None], **options: object) -> bytes:
    """A PDF of pages that are drawn by functions, in a Chinese font that is not embedded."""
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    out = io.BytesIO()
    canvas = Canvas(out, **options)
    for draw in pages:
        canvas.setFont(SONG, SIZE)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(data: bytes) -> list[str]:
    return read(data).text.split("\n")


def put(*rows: tuple[float, float, str]) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for x, y, text in rows:
            canvas.drawString(x, y, text)

    return draw


def picture(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(Image.new("L", (40, 40), 128)), 0, 0, 500, 700)


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_each_sentence_is_found_in_order(path: Path) -> None:
    body = [line for line in re.split(r"[\n\f]+", read(path.read_bytes()).text)
            if not FURNITURE.fullmatch(line.strip())]  # fmt: skip
    text, at, sentences = fold("\n".join(body)), 0, 0
    for item in issue(path.name).items:
        for sentence in SENTENCE.findall(item.text.chars):
            at = text.find(fold(sentence), at)
            assert at >= 0, sentence
            sentences += 1
    assert sentences > 20


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_pages_are_those_that_are_printed(path: Path) -> None:
    found = read(path.read_bytes())
    starts = (*found.pages, len(found.text))
    for number, (start, end) in enumerate(pairwise(starts), 1):
        page = found.text[start:end].rstrip("\n\f").split("\n")
        assert page[0] == "窗口工作周报"
        assert page[-1] == f"- {number} -"
    assert len(found.pages) == len(PdfReader(path).pages)


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_items_are_on_the_page_on_which_they_begin(path: Path) -> None:
    found = read(path.read_bytes())
    pages = [fold(page.extract_text()) for page in PdfReader(path).pages]
    items = parser.parse(found.text, path.name, found.pages).items
    for item in items:
        begin = fold(item.text.chars)[:8]
        numbers = [at for at, page in enumerate(pages, 1) if begin in page]
        assert not numbers or item.page in numbers


@pytest.mark.parametrize("path", [path for path in PDFS if "one" in path.name])
def test_nothing_is_remarked_on_and_items_are_the_same(path: Path) -> None:
    found = read(path.read_bytes())
    assert found.remarks == ()
    again = parser.parse(found.text, path.name, found.pages)
    assert [fold(item.text.chars) for item in again.items] == [
        fold(item.text.chars) for item in issue(path.name).items
    ]


def test_columns_drawn_row_by_row_are_read_one_after_the_other() -> None:
    left = [
        "川渝通办事项清单由两省市",
        "编制并在全部政务服务大厅",
        "公布各窗口应当按清单受理",
        "不得要求重复提交材料。",
    ]
    right = [
        "申请人可在任一窗口提出申",
        "请窗口应在五个工作日内办",
        "结结果可以通过邮政快递送",
        "也可以在网上下载打印。",
    ]
    rows = [(200.0, 780.0, "川渝通办事项清单的说明")]
    for at, (a, b) in enumerate(zip(left, right, strict=True)):
        rows += [(72.0, 700.0 - 20 * at, a), (72 + 12 * SIZE + 14.0, 700.0 - 20 * at, b)]
    assert lines(drawn(put(*rows))) == ["川渝通办事项清单的说明", *left, *right]


def test_rows_of_tables_stay_on_a_line() -> None:
    cells = [["单位", "受理", "办结"], ["商务厅", "30880", "32631"], ["水利厅", "2848", "3187"],
             ["林草局", "17", "5"], ["司法厅", "160", "99"]]  # fmt: skip
    rows = [(72.0 + 150 * x, 700.0 - 20 * y, cell)
            for x in range(3) for y, cell in enumerate(row[x] for row in cells)]  # fmt: skip
    assert [line.split() for line in lines(drawn(put(*rows)))] == cells


def test_order_of_drawing_does_not_matter() -> None:
    rows = [(72.0, 700.0 - 20 * at, f"第{at}行的文字") for at in range(20)]
    assert lines(drawn(put(*reversed(rows)))) == [text for _, _, text in rows]


@pytest.mark.parametrize(
    ("pieces", "line"),
    [
        # Characters set apart to fill the line; 0 is where one ends and the next begins.
        (["受", 0.4, "理", 0.4, "申", 0.4, "请"], "受理申请"),
        (["受理", 0.25, "30880", 0.25, "件"], "受理30880件"),
        (["3", 0.05, "0", 0.05, "8", 0.05, "8"], "3088"),
        (["2023", 0.3, "12"], "2023 12"),
        (["chabao", 0.3, "search"], "chabao search"),
        (["服务中心", 4, "2023年"], "服务中心  2023年"),
        (["窗", 1.5, "口", 1.5, "工"], "窗  口  工"),
    ],
)  # fmt: skip
def test_gaps(pieces: list[str | float], line: str) -> None:
    def draw(canvas: Canvas) -> None:
        x = 72.0
        for piece in pieces:
            if isinstance(piece, str):
                canvas.drawString(x, 700, piece)
                x += canvas.stringWidth(piece, SONG, SIZE)
            else:
                x += piece * SIZE

    assert lines(drawn(draw)) == [line]


def test_first_lines_of_paragraphs_are_indented() -> None:
    left = 72.0
    rows = [(left + 2 * SIZE, 700.0, "近日商务厅开展专题调研"), (left, 680.0, "会同有关部门走访。"),
            (left + 2 * SIZE, 660.0, "二是优程序。"), (left, 640.0, "三是抓党建。")]  # fmt: skip
    assert lines(drawn(put(*rows))) == [
        "　　近日商务厅开展专题调研", "会同有关部门走访。", "　　二是优程序。", "三是抓党建。"
    ]  # fmt: skip


def test_text_drawn_twice_to_look_bold_is_read_once() -> None:
    rows = [(72 + shift, 700.0, "窗口工作周报") for shift in (0, 0.3, 0.6)]
    assert lines(drawn(put(*rows))) == ["窗口工作周报"]


def test_watermarks_are_left_out_and_stamps_on_empty_pages_are_not() -> None:
    def stamp(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(200, 300)
        canvas.rotate(45)
        canvas.drawString(0, 0, "内部资料")
        canvas.restoreState()

    def both(canvas: Canvas) -> None:
        stamp(canvas)
        canvas.drawString(72, 700, "川渝通办")

    assert read(drawn(both, stamp)).text == "川渝通办\n\f内部资料"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages_are_read_along_their_lines(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(300, 400)
        canvas.rotate(turn)
        canvas.drawString(0, 40, "川渝通办事项")
        canvas.drawString(0, 0, "清单的说明")

    assert lines(drawn(draw)) == ["川渝通办事项", "清单的说明"]


def test_vertical_text_is_read_down_from_the_right() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(SONG, isVertical=True))

    def draw(canvas: Canvas) -> None:
        canvas.setFont(f"{SONG}", SIZE)
        text = canvas.beginText(300, 700)
        text.textOut("川渝通办事项")
        canvas.drawText(text)

    data = drawn(draw)
    upright = data.replace(b"UniGB-UCS2-H", b"UniGB-UCS2-V")
    assert upright != data
    assert lines(upright) == ["川渝通办事项"]


def test_pages_that_are_pictures_need_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "is_installed", lambda: False)
    with pytest.raises(Unreadable, match="needs OCR") as caught:
        read(drawn(picture))
    assert caught.value is scans.NEEDED
    some = read(drawn(put((72, 700, "川渝通办事项的清单和说明全文")), picture))
    assert some.text == "川渝通办事项的清单和说明全文\n\f"
    assert some.remarks == (pdf.SOME_PICTURES.message,)


def test_pictures_are_read_where_ocr_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "is_installed", lambda: True)
    monkeypatch.setattr(scans, "pages", lambda data, which: ((at, f"第{at}页") for at in which))
    found = read(drawn(picture, put((72, 700, "川渝通办事项的清单和说明全文")), picture))
    assert found.text == "第0页\n\f川渝通办事项的清单和说明全文\n\f第2页"
    assert [found.text[start] for start in found.pages] == ["第", "川", "第"]
    assert found.remarks == (scans.READ.message,)


def test_blank_pages_are_no_pictures() -> None:
    found = read(drawn(put((72, 700, "川渝通办")), lambda canvas: None))
    assert (found.text, found.remarks) == ("川渝通办\n\f", ())
    with pytest.raises(Unreadable, match="there is no text in it"):
        read(drawn(lambda canvas: None))


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_files_that_only_forbid_printing_are_read(algorithm: str) -> None:
    plain = drawn(put((72, 700, "川渝通办")))
    for password in ("", "secret"):
        writer = PdfWriter(clone_from=io.BytesIO(plain))
        writer.encrypt(password, "owner", algorithm=algorithm)
        out = io.BytesIO()
        writer.write(out)
        if password:
            with pytest.raises(Unreadable, match="it has a password"):
                read(out.getvalue())
        else:
            assert read(out.getvalue()).text == "川渝通办"


def test_usual_characters() -> None:
    rows = [(72, 700, "⼀⼆三、⻓江⺠⽣与⻔⼾"), (72, 680, "\uf0b7 办\ufb01le")]
    assert lines(drawn(put(*rows))) == ["一二三、长江民生与门户", "• 办file"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"not a PDF at all", b"%PDF-1.4\n%%EOF"])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        read(data)


def test_one_damaged_page_does_not_lose_the_others() -> None:
    writer = PdfWriter(clone_from=PDFS[0])
    writer.pages[1].get_contents()
    contents = writer.pages[1]["/Contents"].get_object()
    contents._data = b"\xff" * 200
    contents.decoded_self = None
    out = io.BytesIO()
    writer.write(out)
    whole, found = read(PDFS[0].read_bytes()), read(out.getvalue())
    assert found.remarks == (pdf.SOME_DAMAGED.message,)
    assert len(found.pages) == len(whole.pages)
    assert found.text.split("\f")[2:] == whole.text.split("\f")[2:]


def test_nothing_is_said_on_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    for data in (b"%PDF-1.4\nrubbish", drawn(picture)[:-200]):
        with pytest.raises(Unreadable):
            read(data)
    assert capfd.readouterr() == ("", "")


def test_the_format_is_known_by_name_and_by_bytes() -> None:
    if "pdf" in formats.MODULES.values():
        assert formats.module_of("a.PDF", b"") == "pdf"
        assert formats.module_of("a.txt", PDFS[0].read_bytes()) == "pdf"
