"""When texts say nearly the same, and which of many hang together."""

from __future__ import annotations

import random

import pytest

from chabao.search import alike
from chabao.search.alignment import letters
from chabao.search.alike import grouped, near, representatives

WHOLE = "大厅人员管控到位物业对大厅各点位消杀落实到位大厅运行保障有序"


def test_what_is_common_counts_on_both_sides() -> None:
    """2·LCS : both lengths. 20 of 20 and 30 characters are 80 %, of 20 and 31 less."""
    assert near(WHOLE[:20], WHOLE[:20] + "甲乙丙丁戊己庚辛壬癸")
    assert not near(WHOLE[:20], WHOLE[:20] + "甲乙丙丁戊己庚辛壬癸子")
    assert not near(WHOLE[:20], WHOLE[:20] + "甲乙丙丁戊己庚辛壬癸", alike=81)


def test_what_is_common_stands_together() -> None:
    """As many characters, but few runs of three of them."""
    spread = "".join(
        char if at % 4 else "甲乙丙丁戊己庚辛"[at // 4] for at, char in enumerate(WHOLE)
    )
    assert not near(WHOLE, spread, alike=70)
    assert near(WHOLE, "甲乙丙丁戊己庚" + WHOLE[7:], alike=70)


def test_order_counts() -> None:
    assert not near(WHOLE, WHOLE[15:] + WHOLE[:15])


@pytest.mark.parametrize("few", [0, 1 << 30])
def test_groups_are_chains_and_bear_the_number_of_their_first(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "FEW", few)
    one, two, three = WHOLE[:20], WHOLE[:26], WHOLE
    assert near(one, two) and near(two, three) and not near(one, three, 85)
    assert grouped([three, "别的", one, "别的", two], 85) == [0, 1, 0, 1, 0]
    assert grouped([three, one, three, two], 100) == [0, 1, 0, 3]
    assert grouped(["", "一", "", "一二", "一二三"]) == [0, 1, 0, 3, 4]
    assert grouped([]) == []


def test_one_stands_for_those_that_come_later() -> None:
    texts = ["总体情况良好。", "会议", "總體情況，良好", "会 议", "……", "——"]
    assert representatives(texts) == {0: 2, 1: 2, 4: 1, 5: 1}


def test_many_texts_are_joined_as_few_are() -> None:
    """50,000 different texts, of which 200 pairs are alike: numbers of pairs pass 2³¹."""
    chance = random.Random(7)
    signs = [chr(code) for code in range(0x4E00, 0x5E00)]
    texts = ["".join(chance.choices(signs, k=12)) for _ in range(49_800)]
    pairs = chance.sample(range(len(texts)), 200)
    texts += [texts[at][:6] + "改" + texts[at][6:] for at in pairs]
    groups = grouped(texts)
    assert {at: group for at, group in enumerate(groups) if at != group} == {
        49_800 + number: at for number, at in enumerate(pairs)
    }


def test_letters_leave_out_what_does_not_count() -> None:
    assert letters("督查（巡）查 力度。").chars == letters("督查巡，查力度").chars
