"""What a quantity is said of: the subject, the measure, what a ratio is of, since when it counts.

A clause is read from its number backwards: [subject] [verb and what it counts] number unit, or
[subject] [verb] number unit [what it counts]. What a clause leaves out, the clause before it said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chabao.search.quantities import RATIOS, Quantity


class Basis(StrEnum):
    """Since when a figure counts; the empty string where the text does not say."""

    CUMULATIVE = "cumulative"
    """累计, 今年以来, 截至, 1-2月, or days that begin before the issue's period."""
    PERIOD = "period"
    """本周, 本月, 2月, 全年: a time that is over, or the issue's own."""
    UNSAID = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """Stretches of the sentence; empty where it says nothing. `of` is what a ratio is taken of."""

    subject: str
    measure: str
    of: str = ""


VERBS = """
受理 办理 办结 颁发 流转 咨询 接待 接听 接收 答复 回复 完成 新增 实现 推进 涉及 组织 梳理 确认
拆解 提供 发放 核发 签发 制发 出具 处理 处置 转办 交办 审批 审核 审查 审结 评审 核准 备案 登记
注册 注销 变更 收到 收件 出件 办件 网办 邮寄 寄送 送达 开展 举办 召开 培训 发布 印发 出台 编制
制定 修订 发现 整改 查处 检查 巡查 抽查 走访 调研 服务 协调 解决 归集 共享 上线 接入 入驻 进驻
减少 取消 下放 承接 压减 压缩 精简 优化 整合 遴选 评选 确定 纳入 公布 公示 公开 推送 开通 设立
设置 建成 建立 打造 投入 节约 免提交 签订 签约 支付 缴纳 征收 招标 交易 成交 成立 派驻 选派
派出 参加 覆盖
"""
"""What offices do that is counted."""
_ANY_VERB = "|".join(sorted(VERBS.split(), key=len, reverse=True))
_VERB = re.compile(_ANY_VERB)
_LAST_VERB = re.compile(rf"(?:{_ANY_VERB})$")
_CHANGE = re.compile(r"(?:[压缩降增提减升][减缩低加至升少]{0,2}[至到]|由|从)$")
_TOTAL = re.compile("(?:共计|合计|总计|累计|(?<!公)共(?![享性同建产和管识用])|先后|均已|已经?)+")
_TRAILING = re.compile(
    "(?:达到|达|高达|约|共计|合计|总计|累计|共有?|近|超过?|为|是|计|已|了|:|的)+$"
)
_LEADING = re.compile(
    r"^(?:[\s、)]|(?:[0-9]{4}年)?[0-9]{1,2}月(?:[0-9]{1,2}日)?|本[周月期]|当[期月周日]|今年以来|截[至止]目?前?"
    r"|其中|并且?|以及|同时|分别|期间|近日|目前|首批|通过)+"
)
_PROVIDED = re.compile("^为(?P<subject>.+?)提供(?P<measure>.+)$")
_BODIES = r"(?:窗口|大厅|中心|[厅局委处]|部门|单位\)?|平台|系统|省本级|全省|全市|我省|[市县区州])"
_PLACE = re.compile(f"{_BODIES}$")
_PLACED = re.compile(f"^(?P<subject>.*{_BODIES})(?P<measure>.{{2,}})$")
_AMOUNT = re.compile("[量数率额]$")
_SHARE = re.compile("^(?P<subject>.*?)占(?P<of>(?!比).{1,20}?)的?(?:比重|比例|比)?$")
_GROWTH = re.compile(
    "(?:同比|环比|[较比].{1,8}?)?(?:增长|增加|增幅|上升|上涨|提高|提升|下降|降低|降幅|减少|回落|压减|压缩|缩短)$"
)
_COUNTED = re.compile(r"[^,;:。!?、\n]{0,80}")
_OVER = re.compile(
    "^(?:作为|由|至|增|压|降|到|占|同比|环比|较|比|与|和|及|并|后|的|已|均|全部|,|在|以上)"
)
_STOP = re.compile('(?<!^)"[^"]*"$|的|进行|作为|实现|实行|开展|将|由|为|压减|,|成为|于|从')
_BREAK = re.compile("[,;:。!?\n]")
_LONGEST = 40


def statements(sentence: str, found: Sequence[Quantity]) -> Iterator[Statement]:
    """What each quantity of a folded sentence is said of, in order. Places are the sentence's."""
    subject = verb = ""
    last: Statement | None = None
    for at, quantity in enumerate(found):
        end = found[at - 1].end if at else 0
        head = _head(sentence, end, quantity.start)
        same = end > 0 and not _BREAK.search(sentence, end, quantity.start)
        beside = same and sentence[end] == "、"
        if quantity.unit in RATIOS:
            stated = _ratio(head, last)
        else:
            counted = _counted(sentence, quantity.end)
            own, said = _governed(head) if counted else _split(head)
            if beside and not counted and not _PLACE.search(own):
                own, said = "", own + said
            if not said and counted and same:
                said = verb
            verb = said if counted else ""
            stated = Statement(own, said + counted)
        subject = stated.subject or subject
        last = Statement(subject, stated.measure, stated.of)
        yield last


def attributive(sentence: str, quantity: Quantity) -> bool:
    """Whether what is counted follows: 4家企业, not 受理4件."""
    return bool(_counted(sentence, quantity.end))


def _head(sentence: str, after: int, start: int) -> str:
    """What stands before a number in its clause, less what the number before it counts."""
    text = sentence[after:start]
    clause = _BREAK.split(text)[-1]
    if after and clause == text and "、" in clause and _counted(sentence, after):
        clause = clause[clause.rindex("、") + 1 :]
    elif after and clause == text and clause.endswith("的"):
        clause = ""
    return _TRAILING.sub("", _LEADING.sub("", clause))[-_LONGEST:]


def _split(head: str) -> tuple[str, str]:
    """Subject and measure, where the number comes last: [subject] [verb and what it counts]."""
    if provided := _PROVIDED.match(head):
        return provided["subject"], provided["measure"]
    if change := _CHANGE.search(head):
        return head[: change.start()], change.group()
    totals = list(_TOTAL.finditer(head))
    if totals and totals[-1].end() < len(head):
        return head[: totals[-1].start()], head[totals[-1].end() :]
    first, last = _VERB.search(head), _LAST_VERB.search(head)
    if (first is None or _AMOUNT.search(head)) and (placed := _PLACED.match(head)):
        return placed["subject"], placed["measure"]
    if first and not first.start():
        return "", head
    verb = last or first
    return (head[: verb.start()], head[verb.start() :]) if verb else ("", head)


def _governed(head: str) -> tuple[str, str]:
    """Subject and verb, where what is counted follows its number: [subject] [verb] 4 家 …"""
    totals = list(_TOTAL.finditer(head))
    if totals and (verb := _VERB.match(head, totals[-1].end())):
        own = head[: totals[-1].start()]
    else:
        verbs = list(_VERB.finditer(head))
        if not verbs:
            return "", ""
        verb = verbs[0] if head.endswith("等") else verbs[-1]
        own = head[: verb.start()]
    return own if _PLACE.search(own) else "", verb.group()


def _counted(sentence: str, end: int) -> str:
    """The noun after a unit, if it is there that what is counted stands."""
    rest = _COUNTED.match(sentence, end)
    text = rest.group() if rest else ""
    if not text.strip() or text[0] in ")）" or _OVER.match(text):
        return ""
    return _STOP.split(text)[0].strip()[:_LONGEST]


def _ratio(head: str, last: Statement | None) -> Statement:
    if share := _SHARE.match(head):
        return Statement(share["subject"], "占" + share["of"], share["of"])
    if growth := _GROWTH.search(head):
        of = head[: growth.start()] or (last.measure if last else "")
        return Statement("", growth.group(), of)
    if head.endswith("占比"):
        own = head[:-2]
        return Statement(own, "占比", own or (_noun(last) if last else ""))
    placed = _PLACED.match(head)
    if placed:
        return Statement(placed["subject"], placed["measure"])
    return Statement("", head)


def _noun(last: Statement) -> str:
    """What the figure before counted, without the verb."""
    verb = _VERB.match(last.measure)
    return last.measure[verb.end() :] if verb and verb.end() < len(last.measure) else last.measure


_YEAR, _TWO = r"[0-9](?:\s?[0-9]){3}", r"[0-9]\s?[0-9]?"
_DAYS = (
    rf"(?:(?P<y>{_YEAR})年)?(?P<m>{_TWO})月(?P<d>{_TWO})日?(?:至|到|[-\u2010-\u2015~])"
    rf"(?:{_YEAR}年)?(?:{_TWO}月)?{_TWO}日"
)
_MARK = re.compile(
    rf"(?P<cumulative>累计|截[至止]到?[^,。;]{{0,12}}|以来|至今|历年|迄今|今年.{{0,2}}[已共累]"
    r"|(?<![0-9])1月?(?:至|到|[-\u2010-\u2015~])[0-9]{1,2}月)"
    rf"|(?P<days>{_DAYS})"
    r"|(?P<period>[本当上][周月期日]|本季度|[上下]半年|季度|全年|去年(?!以来)"
    r"|(?<![0-9])[0-9]{1,2}月份?(?![0-9]|以来|底)|[0-9]{4}年(?=[,共全]))"
)


def marks(text: str, first: date | None) -> list[tuple[int, Basis]]:
    """What a folded text says of time: where each word on it ends, and what it makes of the figures
    that follow. `first` is the first day of the issue's period: days that begin before it are
    cumulative."""
    found = []
    for mark in _MARK.finditer(text):
        if mark["days"]:
            answer = _of_days(mark, first)
        else:
            answer = Basis.CUMULATIVE if mark["cumulative"] else Basis.PERIOD
        found.append((mark.end(), answer))
    return found


def _of_days(mark: re.Match[str], first: date | None) -> Basis:
    if first is None:
        return Basis.PERIOD
    try:
        year, month, day = (int(re.sub(r"\s", "", mark[name] or "0")) for name in "ymd")
        start = date(year or first.year, month, day)
    except ValueError:
        return Basis.UNSAID
    return Basis.CUMULATIVE if start < first else Basis.PERIOD
