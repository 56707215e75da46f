"""Addresses: written and read, found again, and never taken for what they are not."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chabao.indexer.build import build
from chabao.search.addresses import Address, Place, State, address, is_identity, locate, parse
from chabao.search.catalogue import show
from chabao.search.engine import Index, open_index
from chabao.search.errors import GoneItem

ITEM = "qphyuavhhfye"


@given(
    st.integers(0, 999_999_999),
    st.none() | st.integers(0, 999_999_999),
    st.none() | st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=8, max_size=8),
)
def test_an_address_reads_as_it_was_written(
    offset: int, length: int | None, check: str | None
) -> None:
    made = Address(ITEM, offset, length, check if length is not None else None)
    assert parse(str(made)) == made
    assert re.fullmatch("[0-9a-z@+~]+", str(made)), "one word, and nothing that a shell reads"


@pytest.mark.parametrize(
    "written",
    [
        "qphyuavhhfye@12+3~abcdefgh", " QPHYUAVHHFYE@12+3~ABCDEFGH\n",
        "`qphyuavhhfye@12+3~abcdefgh`", "qphyuavhhfye@12+3~abcdefgh.",
        "（qphyuavhhfye\uff20\uff11\uff12＋\uff13～abcdefgh）",
    ],
)  # fmt: skip
def test_an_address_may_be_pasted_with_what_stood_around_it(written: str) -> None:
    assert parse(written) == Address(ITEM, 12, 3, "abcdefgh")


@pytest.mark.parametrize(
    "written",
    [
        "", "@", "川渝通办", ITEM, f"{ITEM}@", f"{ITEM}@-1", f"{ITEM}@1~abcdefgh", f"{ITEM}@1+",
        f"{ITEM}@1+2~abc", f"{ITEM}@{'9' * 10}", "short@3", "QPHYUAVHHFY1@3",
        f"{ITEM}@1+2~abcdefg1",
    ],
)  # fmt: skip
def test_nothing_else_is_an_address(written: str) -> None:
    assert parse(written) is None


def test_what_has_the_form_of_an_id() -> None:
    assert is_identity(ITEM) and is_identity(f" {ITEM.upper()} ")
    assert not is_identity("川渝通办") and not is_identity(f"{ITEM}@1") and not is_identity("")


def test_a_plain_offset_is_a_place_about_which_nothing_is_known() -> None:
    assert locate(Address(ITEM, 1), "甲乙丙") == Place(1, 1, State.UNCHECKED)
    assert locate(Address(ITEM, 1, 2), "甲乙丙") == Place(1, 3, State.UNCHECKED)
    assert locate(Address(ITEM, 2, 2), "甲乙丙") == Place(2, 3, State.CHANGED)
    assert locate(Address(ITEM, 9), "甲乙丙") == Place(3, 3, State.CHANGED)


def test_of_several_like_it_the_nearest_is_taken() -> None:
    wanted = address(ITEM, "甲乙。丙丁。甲乙。", 6, 9)
    assert locate(wanted, "甲乙。戊己丙丁。甲乙。") == Place(8, 11, State.MOVED)


# -- Random edits ---------------------------------------------------------------------------------

LETTERS = "的一是在不了有和人这中大为上个国我以要他，。、；“”0123456789"


def spans(texts: list[str], seed: int, count: int) -> list[tuple[str, int, int]]:
    chance = random.Random(seed)
    found = []
    while len(found) < count:
        text = chance.choice(texts)
        start = chance.randrange(len(text))
        found.append((text, start, min(len(text), start + chance.randint(2, 80))))
    return found


def noise(chance: random.Random, most: int = 30) -> str:
    return "".join(chance.choice(LETTERS) for _ in range(chance.randint(1, most)))


@pytest.fixture(scope="module")
def texts(bundled: Index) -> list[str]:
    return [record["text"] for record in bundled.records()]


def test_an_unchanged_text_is_the_same(texts: list[str]) -> None:
    for text, start, end in spans(texts, 1, 1000):
        assert locate(address(ITEM, text, start, end), text) == Place(start, end, State.SAME)


def test_an_edit_elsewhere_in_the_item_moves_it_at_most(texts: list[str]) -> None:
    chance = random.Random(2)
    for text, start, end in spans(texts, 2, 1000):
        wanted = address(ITEM, text, start, end)
        before, passage, after = text[:start], text[start:end], text[end:]
        cut = chance.randrange(start + 1)
        behind = chance.randrange(len(after) + 1)
        match chance.randrange(4):
            case 0:
                before = before[:cut] + noise(chance) + before[cut:]
            case 1:
                before = before[:cut] + before[min(start, cut + chance.randint(1, 30)) :]
            case 2:
                after = after[:behind] + noise(chance) + after[behind:]
            case _:
                after = after[:behind] + after[behind + chance.randint(1, 30) :]
        now = before + passage + after
        place = locate(wanted, now)
        assert place.state in (State.SAME, State.MOVED)
        assert now[place.start : place.end] == passage
        assert (place.state is State.SAME) == (now[start:end] == passage)


def test_a_changed_text_is_always_said_to_be_changed(texts: list[str]) -> None:
    """One character put in, left out, or exchanged, or two neighbours exchanged: 1,000 times."""
    chance = random.Random(3)
    made = 0
    for text, start, end in spans(texts, 3, 1400):
        at = chance.randrange(start, end)
        other = chance.choice(LETTERS)
        edited = {
            0: text[:at] + other + text[at + 1 :],
            1: text[: at + 1] + other + text[at + 1 :],
            2: text[:at] + text[at + 1 :],
            3: text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
        }[chance.randrange(4)]
        if text[start:end] in edited:
            continue  # the passage is still there, so there is nothing to say
        made += 1
        place = locate(address(ITEM, text, start, end), edited)
        assert place.state is State.CHANGED
        assert 0 <= place.start <= place.end <= len(edited), "not lost: where it stood is said"
    assert made >= 1000


# -- Whole indexes --------------------------------------------------------------------------------


@pytest.fixture
def corpus(root: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for path in (root / "corpus").glob("*.txt"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def addresses(bundled: Index, seed: int, count: int) -> list[tuple[str, str]]:
    chance = random.Random(seed)
    records = list(bundled.records())
    found = []
    for record in (chance.choice(records) for _ in range(count)):
        start = chance.randrange(len(record["text"]))
        end = min(len(record["text"]), start + chance.randint(2, 60))
        made = str(address(record["id"], record["text"], start, end))
        found.append((made, record["text"][start:end]))
    return found


def passage(index: Index, written: str) -> tuple[str, State]:
    shown = show(index, written)
    assert shown.passage is not None and str(shown.wanted) == written
    text: str = shown.item["text"]
    return text[shown.passage.start : shown.passage.end], shown.passage.state


def test_an_address_is_found_after_a_rebuild_and_a_move(
    bundled: Index, corpus: Path, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere" / "year"
    other.mkdir(parents=True)
    for number, path in enumerate(sorted(corpus.iterdir())):
        path.rename(other / f"{9 - number}.txt")
    build([other.parent], tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        for written, text in addresses(bundled, 4, 300):
            assert passage(index, written) == (text, State.SAME)


def test_an_address_follows_a_passage_in_an_edited_file(
    bundled: Index, corpus: Path, tmp_path: Path
) -> None:
    path = corpus / "002_5d2e10867c86523c.txt"
    text = path.read_text(encoding="utf-8")
    made = {str(address(r["id"], r["text"], a, b)): (r["text"][a:b], state)
            for r in bundled.records() if r["source"] == path.name
            for piece, state in (("进一步擦亮了服务审批名片", State.MOVED),
                                 ("圆满完成成都大运会", State.CHANGED),
                                 ("增强区域交通互联性", State.SAME))
            for a in [r["text"].find(piece)] if a >= 0
            for b in [a + len(piece)]}  # fmt: skip
    assert len(made) == 3
    edited = text.replace("圆满完成成都大运会", "顺利完成成都大运会").replace(
        "2.10 月 13 日，", "2.10 月 13 日上午，"
    )
    path.write_text(edited, encoding="utf-8")
    build([corpus], tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        for written, (piece, state) in made.items():
            now, said = passage(index, written)
            assert said is state
            assert (now == piece) == (state is not State.CHANGED)


def test_a_passage_is_followed_into_another_item_of_its_issue(
    bundled: Index, corpus: Path, tmp_path: Path
) -> None:
    """An item put in before others shifts the labels of all that follow."""
    path = corpus / "002_5d2e10867c86523c.txt"
    record = next(r for r in bundled.records() if "叶寒冰" in r["text"])
    wanted = str(address(record["id"], record["text"], 10, 40))
    text = path.read_text(encoding="utf-8")
    edited = text.replace("2.10 月 13 日，", "2.10月11日，省领导作出批示。\n\n3.10 月 13 日，")
    path.write_text(edited, encoding="utf-8")
    build([corpus], tmp_path / "index")
    with open_index(tmp_path / "index") as index:
        assert passage(index, wanted) == (record["text"][10:40], State.MOVED)
        assert show(index, wanted).item["id"] != record["id"]


def test_a_gone_item_is_said_to_be_gone(bundled: Index, corpus: Path, tmp_path: Path) -> None:
    record = next(bundled.records())
    (corpus / record["source"]).unlink()
    build([corpus], tmp_path / "index")
    with open_index(tmp_path / "index") as index, pytest.raises(GoneItem):
        show(index, f"{record['id']}@3")
