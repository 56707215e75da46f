"""What a quantity is said of."""

from __future__ import annotations

from datetime import date

import pytest

from chabao.indexer.folding import fold_text
from chabao.search.quantities import quantities
from chabao.search.statements import Basis, marks, statements


def read(text: str) -> list[tuple[str, str, str]]:
    found = list(quantities(text))
    return [(each.subject, each.measure, each.of) for each in statements(fold_text(text), found)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("公路事项受理10件，办结9件。", [("公路事项", "受理", ""), ("公路事项", "办结", "")]),
        ("本周，共计咨询8人次、受理5件。", [("", "咨询", ""), ("", "受理", "")]),
        ("东厅共受理证照4万件。", [("东厅", "受理证照", "")]),
        ("公共服务事项受理10件。", [("公共服务事项", "受理", "")]),
        ("服务大厅叫号量60次。", [("服务大厅", "叫号量", "")]),
        ("为群众提供电话咨询8人(次)、现场咨询9人(次)。",
         [("群众", "电话咨询", ""), ("群众", "现场咨询", "")]),
        ("完成15个办理项的编制，占比61%。", [("", "完成办理项", ""), ("", "占比", "办理项")]),
        ("推进4个事项、6类证照共享。", [("", "推进事项", ""), ("", "推进证照共享", "")]),
        ("材料由581份压减至14份。", [("材料", "由", ""), ("材料", "压减至", "")]),
        ("东厅受理10件，同比增长3.2%。", [("东厅", "受理", ""), ("东厅", "同比增长", "受理")]),
        ("网办件占总受理量的65%。", [("网办件", "占总受理量", "总受理量")]),
        ("按时办结率达100%。", [("", "按时办结率", "")]),
    ],
)  # fmt: skip
def test_subject_measure_and_base(text: str, said: list[tuple[str, str, str]]) -> None:
    assert read(text) == said


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("累计受理", Basis.CUMULATIVE), ("今年以来，受理", Basis.CUMULATIVE),
        ("截至2月底，受理", Basis.CUMULATIVE), ("1-2月，受理", Basis.CUMULATIVE),
        ("2023年1月1日至2023年1月20日，", Basis.CUMULATIVE),
        ("202 3年1月1日至1月20日，", Basis.CUMULATIVE),
        ("1月16日至20日，", Basis.PERIOD), ("本周，受理", Basis.PERIOD), ("2月,受理", Basis.PERIOD),
        ("当月受理", Basis.PERIOD), ("全年办件", Basis.PERIOD),
        ("今年以来，…；本周，", Basis.PERIOD),
        ("本周，…；今年以来，", Basis.CUMULATIVE), ("受理", Basis.UNSAID),
        ("2月7日,商务厅", Basis.UNSAID),
        ("99月99日至98月98日", Basis.UNSAID),
    ],
)  # fmt: skip
def test_the_last_word_on_time_counts(text: str, answer: Basis) -> None:
    found = marks(fold_text(text), date(2023, 1, 16))
    assert (found[-1][1] if found else Basis.UNSAID) is answer
