"""What stands below the last item: who it goes to, how many copies, who answers for it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chabao.indexer import dates, labels
from chabao.indexer.cleanup import Line
from chabao.indexer.layout import ends_sentence

KEY = re.compile(
    r"(?:[报送发報發]|抄[报送報]|主送|分送|呈[报送]|报送|发送|印[送发]|(?:责任)?编辑|编审|主编|审[核校签稿定]|校对|核稿|签发人?|拟稿|"
    r"联系(?:人|方式|电话)|(?:联系)?电话|传真|邮箱|电子邮箱|地址|邮编|投稿邮箱|编印单位?|主办单位?|承办单位?)[:：]"
    r"|[（(]?共印.{1,8}份[）)]?|[（(]?(?:本期)?(?:印数|份数)[:：]?.{1,8}份?[）)]?$"
)
PRINTED = re.compile(r".{0,40}\d{4}年\d{1,2}月\d{1,2}日(?:编?印发?|发)$")
ORGANISATION = re.compile(
    "[\u4e00-\u9fff（）()]{2,30}(?:中心|厅|局|委|委员会|办公室|办|政府|处|室|组|会)$"
)
REACH = 5
"""How many lines one entry of an imprint may take."""


def begins(lines: Sequence[Line]) -> int:
    """The index of the first line of the imprint; the number of lines where there is none."""
    start = end = len(lines)
    while start and (at := _entry_before(lines, start)) is not None:
        start = at
    return _signature(lines, start, end)


def _entry_before(lines: Sequence[Line], end: int) -> int | None:
    """The entry that reaches to `end`, if one begins a few lines before."""
    for at in range(end - 1, max(-1, end - 1 - REACH), -1):
        text = lines[at].chars
        if KEY.match(text) or PRINTED.match(text):
            return at
        if labels.read(text, text) and at and ends_sentence(lines[at - 1].chars):
            return None
    return None


def _signature(lines: Sequence[Line], start: int, end: int) -> int:
    """Take in a date alone on its line, and the name of a body before it: 落款."""
    at = start - 1
    if at < 1 or not _is_date(lines[at].chars):
        return start
    if ORGANISATION.fullmatch(lines[at - 1].chars) and at > 1:
        return at - 1
    return at


def _is_date(text: str) -> bool:
    found = dates.full_date(text)
    return found is not None and found[2] - found[1] >= len(text) - 2
