"""What looks wrong with a text is remarked on, and nothing is about the five bulletins."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from chabao.indexer import reader
from chabao.indexer.reader import judgement
from chabao.indexer.reader.document import Document

CORPUS = sorted(Path(__file__).parents[3].glob("corpus/*.txt"))
LOST = "some characters were lost (�)"
PRIVATE = "some characters have no meaning outside the font they were set in"
CONTROLS = "there are control characters in the text"
ENCODING = "the text looks as if it was read in a wrong encoding"
UNUSUAL = "many characters are such as no one uses"
FOREIGN = "there is hardly any Chinese in it"
TWICE = "characters stand twice"
EMPTY = "many pages have no text"
SCANT = "there is very little text on its pages"
AGAIN = "the same lines come again and again"


def every(step: int, char: str) -> Callable[[str], str]:
    return lambda text: "".join(char if not at % step else c for at, c in enumerate(text))


def shifted(text: str) -> str:
    """As a font without names for its characters gives it: numbers taken as characters."""
    return "".join(chr(ord(c) - 0x1357) if "\u6357" < c < "\u9000" else c for c in text)


BAD: list[tuple[str, Callable[[str], str]]] = [
    (LOST, lambda text: text.replace("办", "\ufffd")),
    (LOST, lambda text: text[:300] + "\ufffd" + text[300:]),
    (PRIVATE, every(50, "\ue123")),
    (PRIVATE, every(20, "\U000f1234")),
    (CONTROLS, every(100, "\x02")),
    (CONTROLS, every(100, "\0")),
    (ENCODING, lambda text: text.encode().decode("latin-1")),
    (ENCODING, lambda text: text.encode().decode("cp1252", "ignore")),
    (ENCODING, lambda text: text.replace("政务服务", "锟斤拷锟斤拷")),
    (UNUSUAL, lambda text: text.encode().decode("gbk", "ignore")),
    (UNUSUAL, lambda text: text.encode("gb18030").decode("big5", "ignore")),
    (UNUSUAL, shifted),
    (FOREIGN, lambda text: text.encode("gb18030").decode("latin-1")),
    (FOREIGN, lambda text: "The quick brown fox jumps over the lazy dog.\n" * 3 + text[:20]),
    (TWICE, lambda text: "".join(c * 2 for c in text)),
    (TWICE, lambda text: "".join(c * 2 if c.isalpha() else c for c in text)),
    (AGAIN, lambda text: "\n".join(["窗口工作周报第三期总第四百二十三期"] * 60) + text[:800]),
]


@pytest.fixture(params=CORPUS, ids=lambda path: path.name[:3])
def text(request: pytest.FixtureRequest) -> str:
    return reader.read(request.param)


def paged(pages: list[str]) -> tuple[str, list[int]]:
    starts, at = [], 0
    for page in pages:
        starts.append(at)
        at += len(page) + 2
    return "\n\f".join(pages), starts


def test_bulletins_are_in_order(text: str) -> None:
    assert judgement.remarks(text) == ()


@pytest.mark.parametrize("pieces", [3, 8])
def test_bulletins_with_headers_on_their_pages_are_in_order(text: str, pieces: int) -> None:
    size = len(text) // pieces + 1
    pages = [f"四川省政府政务服务中心窗口工作周报\n{text[at : at + size]}\n- 1 -"
             for at in range(0, len(text), size)]  # fmt: skip
    assert judgement.remarks(*paged(pages)) == ()


@pytest.mark.parametrize(
    ("message", "spoil"), BAD, ids=[f"{at} {message}" for at, (message, _) in enumerate(BAD)]
)
def test_what_went_wrong_is_remarked_on(
    text: str, message: str, spoil: Callable[[str], str]
) -> None:
    assert message in judgement.remarks(spoil(text))


def test_pages_without_text_are_remarked_on(text: str) -> None:
    assert judgement.remarks(*paged([text, "", text])) == ()
    assert judgement.remarks(*paged([text, "- 2 -", text])) == ()
    assert judgement.remarks(*paged([text, "", "", text])) == (EMPTY,)


def test_pages_with_scant_text_are_remarked_on(text: str) -> None:
    letters = "".join(filter(str.isalpha, text))
    assert judgement.remarks(*paged([letters[:20], letters[50:70]])) == (SCANT,)
    assert judgement.remarks(*paged([letters[:60], letters[100:160]])) == ()


@pytest.mark.parametrize("short", ["", "好", "2023年第3期", "chabao", "。" * 500, "1 2 3 4\n" * 50])
def test_little_text_is_not_judged_by_shares(short: str) -> None:
    assert judgement.remarks(short) in ((), (AGAIN,))


def test_any_characters_are_judged() -> None:
    chance = random.Random(6)
    for _ in range(50):
        found = judgement.remarks("".join(chr(chance.randrange(0xD800)) for _ in range(500)))
        assert set(found) <= {remark.message for remark in judgement.REMARKS}


def test_remarks_are_added_to_those_of_the_reader() -> None:
    document = Document("\ufffd", remarks=("read by OCR: some characters may be wrong",))
    assert judgement.judged(document).remarks == (*document.remarks, LOST)


def test_each_remark_is_tested() -> None:
    tested = {message for message, _ in BAD} | {EMPTY, SCANT}
    assert tested == {remark.message for remark in judgement.REMARKS}
