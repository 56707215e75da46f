"""Numbers with what they count, as they stand in a text: 30880件, 3.9 万件, 近百人次, 3至5个工作日.

Negative space is as much a rule as the numbers themselves: days, clock times, ordinals, numbers of
documents and of telephones, levels (二级巡视员) and numerals that are part of a word (一网通办,
三点要求) count nothing.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from chabao.indexer.folding import fold_text
from chabao.search.amounts import NUMERALS, value

UNITS = """
件 件次 件(次) 人 人次 人(次) 户 户次 户(次) 次 家 家次 项 项次 个 份 条 起 宗 张 本 册 笔 批
批次 台 台次 套 名 位 类 种 元 美元 欧元 吨 公斤 公里 千米 米 平方米 平方公里 立方米 亩 公顷
千瓦 千瓦时 兆瓦 天 小时 分钟 秒 个月 个工作日 工作日 个自然日 场 场次 班次 车次 辆 处 座 所
间 栋 门 篇 幅 组 例 页 轮 趟 遍 票 款 枚 艘 倍 分 个百分点 百分点 % ‰
"""
"""What can be counted or measured, folded. A unit that is missing here is a word to add."""
WORDS = """
天府 天然 天津 天全 天气 人工 人民 人才 人大 人社 人口 人力 人事 元旦 元宵 位于 条例 名单 名称
名录 台湾 组织 组长 门户 门诊 门类 处理 处置 处室 处长 处级 处罚 处于 场所 场地 场景 本级 本省
本市 本周 本月 本年 份额 分之 分别 分类 分级 分析 分局 分公司 分成 分行 分为 起草 起诉 起步
种子 种植 种类 间隔 间接 户籍 户外 户口 页面 座谈 座位 轮岗 轮流 例如 例会 所有 所在 所属 所需
款项 批复 批准 批示 批发 套餐 张贴 次日 次年 次月 次序 件均 人均 户均 家庭 家电 家长 项下 米线
个人所得 个体 幅度 幅员 票据 轮候
"""
"""Words that begin with a unit: 2023天府 counts no days."""
SAME = {"百分点": "个百分点", "工作日": "个工作日"}
RATIOS = frozenset({"%", "‰", "个百分点", "倍"})

_GAP = r"[^\S\n]{0,4}"
_DIGITS = (
    r"(?>[0-9]{1,3}(?:,[^\S\n]?[0-9]{3})++(?![0-9])|[0-9]{1,3}(?:[^\S\n][0-9]{3})++(?![0-9])"
    r"|(?!(?:19|20)[0-9]{2}\s)[0-9]{1,8}\s[0-9]{1,8}(?!\s?[0-9])|[0-9]{1,15}(?![0-9]))"
    r"(?:[^\S\n]?\.[0-9]{1,9}(?![0-9.]))?"
)
"""With a separator each three digits, or parted in one place by the layout, but for 2023 5件."""
_NUMERAL = rf"(?>{_DIGITS}|[{NUMERALS}]{{1,24}}+(?:点[{NUMERALS[:12]}]{{1,9}})?)"
_LARGE = rf"[十百千万亿][{NUMERALS}0-9]{{0,8}}"
_UNIT = f"(?!{'|'.join(WORDS.split())})(?:%s)" % "|".join(
    re.escape(unit) for unit in sorted(UNITS.split(), key=len, reverse=True)
)
_EXACTNESS = (
    r"(?:(?<![最附邻靠])近|将近|接近|(?<![预节签合契制])约|大约|超|超过|逾|不足|不到|至少|最多|不少于|不低于"
    r"|不超过|(?<![以网线])上(?=[百千万亿]))"
)
_TO = r"(?:至|到|[-\u2010-\u2015\u2212~\u301c]+)"
_LOW = rf"(?P<low>{_NUMERAL}){_GAP}(?P<low_large>{_LARGE})?(?P<low_unit>{_UNIT})?{_GAP}{_TO}{_GAP}"
_NO_LOW = "(?P<low>(?!))?(?P<low_large>(?!))?(?P<low_unit>(?!))?"


def _pattern(low: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<before>{_EXACTNESS})?{_GAP}(?:(?P<hundredth>百分之|千分之){_GAP})?{low}"
        rf"(?P<number>{_NUMERAL})(?P<mid>[余多来几])?{_GAP}(?P<large>{_LARGE})?(?P<post>[余多])?"
        rf"{_GAP}(?P<unit>{_UNIT})?(?:{_GAP}(?P<after>以上|以下|以内|左右|上下))?"
    )


_QUANTITY, _ONE = _pattern(f"(?:{_LOW})?"), _pattern(_NO_LOW)
_NOT_AFTER = re.compile(
    rf"(?:第|[0-9A-Za-z][.:/+*×-]?|[0-9]{_TO}|(?<![目当此日之以])前|[〔〕\[\]§#№×])[^\S\n]*$"
    rf"|第[{NUMERALS}0-9、,至到和及 -]+$"
)
_VAGUE = re.compile("[数几好]$")
_CLOCK = re.compile("[时点][^\\S\n]*$")
_ENDS = re.compile(r"[^\S\n]*(?:[,;:。!?、)\n]|$)")
_EQUALS = re.compile(r"(?:为|是|达|达到|降至|降到|减至|增至|升至)[^\S\n]*$")
_NUMBERED = re.compile("电话|热线|专线|邮编|编号|编码|代码|账号|号码|房间|版本|网址|传真|手机|序号")
_NAME = re.compile(r"《[^《》]*》|\"[^\"\n]{1,12}\"")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_ROUND_THE_CLOCK = "24小时"


@dataclass(frozen=True, slots=True)
class Quantity:
    """`text[start:end]`, from the number to its unit.

    `value` is times 万 and 亿, in `unit`, which may be empty. `upto` is the upper end of a range,
    else None. `qualifier` is how exact it is said to be, folded: 余, 约, 近, 超, 以上; else empty.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    upto: Decimal | None = None
    qualifier: str = ""


def quantities(text: str) -> Iterator[Quantity]:
    """Every quantity of a text, in order; none overlap. Places are code points of `text`."""
    folded = fold_text(text)
    names = [match.span() for match in _NAME.finditer(folded)]
    at = 0
    while match := _QUANTITY.search(folded, at):
        found = _quantity(folded, match)
        if match["low"] and not found and (one := _ONE.match(folded, match.start())):
            match, found = one, _quantity(folded, one)
        if found and not _inside(names, found.start):
            yield found
            at = found.end
        else:
            at = match.end("number")


def _inside(stretches: Sequence[tuple[int, int]], place: int) -> bool:
    at = bisect(stretches, place, key=itemgetter(0)) - 1
    return at >= 0 and place < stretches[at][1]


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    """The quantity that was matched; None where it is none."""
    number = match["low"] or match["number"]
    start = match.start("hundredth" if match["hundredth"] else "low" if match["low"] else "number")
    before = text[max(0, start - 12) : start]
    worth = _worth(match["number"], match["large"])
    if worth is None or _NOT_AFTER.search(before) or not _counts(text, match, number, before):
        return None
    lower = _worth(match["low"], match["low_large"]) if match["low"] else None
    unit = _unit(match, before)
    if match["low"] and (lower is None or _differs(match["low_unit"], match["unit"])):
        return None
    if lower is not None and match["large"] and not match["low_large"] and not match["low_unit"]:
        lower = _worth(match["low"], match["large"])
    if lower is not None and lower >= worth:
        return None
    end = max(map(match.end, ("number", "large", "post", "unit", "after")))
    said = (match["before"], match["mid"], match["post"], match["after"])
    qualifier = next(filter(None, said), "")
    if lower is None:
        return Quantity(start, end, worth, unit, None, qualifier)
    return Quantity(start, end, lower, unit, worth, qualifier)


def _worth(number: str, large: str | None) -> Decimal | None:
    return value(re.sub(r"\s", "", number) + (large or ""))


def _differs(low: str | None, high: str | None) -> bool:
    return low is not None and low != high


def _unit(match: re.Match[str], before: str) -> str:
    if match["hundredth"]:
        return "%" if match["hundredth"][0] == "百" else "‰"
    unit = re.sub("[()]", "", match["unit"] or "")
    return SAME.get(unit, unit)


def _counts(text: str, match: re.Match[str], number: str, before: str) -> bool:
    """Whether the number counts something where it stands, and is not a part of a word."""
    if match["hundredth"]:
        return not match["unit"]
    rest = match.end("unit") if match["unit"] else match.end("number")
    last = _ENDS.match(text, rest) is not None
    whole = not (match["large"] or match["mid"] or match["low"])
    if not match["unit"]:
        plain = number == "零" or (number.isascii() and not _YEAR.fullmatch(number))
        said = bool(_EQUALS.search(before)) and not _NUMBERED.search(before)
        return whole and plain and last and said
    if match["unit"] == "分" and (_CLOCK.search(before) or not number[0].isascii()):
        return False
    if text.startswith(_ROUND_THE_CLOCK, match.start("number")):
        return False
    if match["unit"] == "个月" and match["before"] == "近":
        return False
    if number[0] in "百千万亿":
        return bool(match["before"] or match["mid"] or match["post"])
    if number[0] in "十" and _VAGUE.search(before):
        return False
    if whole and len(number) == 1 and number in NUMERALS:
        return last and number != "一"
    return True
