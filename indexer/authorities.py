"""Authorities that no list names, known by their form: 成都市…局, 青羊区…局, 国家…局, 某省…厅.

Places come from `departments.toml`; what stands between the place and 局 is taken for a name as
long as it holds no word that a name never holds (会同, 召开, 的).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ENDS = "局委会厅署行办部室"
REACH = 40
"""How far back a name may begin, in characters."""

STOP = (
    "会同|联合|组织|召开|调研|指导|开展|办理|中心|政府|协同|对接|举办|邀请|学习|考察|参加|陪同|推进|"
    "以及|企业|公司|窗口|大厅|领导|同志|和[省市区县国]|党[委组]|常委|纪委|(?<!城)市(?!场|政)|"
    "[省与及等在对向赴到为是将由要把被给从的各该其并已了有级直内局厅委署]"
)
BODY = rf"(?:(?!{STOP})[\u4e00-\u9fff]){{2,14}}"
"""What an authority is for: 行政审批, 市场监管, 文化和旅游."""
SUFFIX = r"(?:局|委员会|委|(?:管理|理政)办公室)"
LIST = "、"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text where an authority is named, and the name that it is kept under."""

    start: int
    end: int
    name: str
    provincial: bool = False


class Grammar:
    """The forms of authorities, with the places that have some."""

    def __init__(self, places: Mapping[str, Iterable[str]]) -> None:
        any_of = {kind: "|".join(map(re.escape, names)) for kind, names in places.items()}
        province = rf"(?:{any_of['provinces']})(?:省|市(?!场)|(?:壮族|回族|维吾尔)?自治区)?"
        city = rf"(?:{any_of['cities']})(?:市(?!场)|地区|(?:藏族)?(?:羌族|彝族)?(?:自治)?州)?"
        county = (
            rf"(?:(?:{any_of['counties']})(?:新区|区|(?:[彝羌藏]族)?自治县|县|市(?!场))"
            rf"|(?:(?<![\u4e00-\u9fff])|(?<=[与和同到赴在由向对]))(?:(?![各全市县辖我本该两与和同到赴在由向对])[\u4e00-\u9fff]){{2,3}}[区县])"
        )
        local = rf"(?:四川省?|{province})?(?:{city}{county}|{city}|{county})"
        self._place = re.compile(rf"(?:{province}(?:{county})?|{local})$")
        self._listed = re.compile(rf"(?:(?:{province}|{local}){LIST})+$")
        self._item = re.compile(rf"(?:{province}|{local})(?={LIST})")
        branch = rf"(?:四川省?|省|{province}|{local})"
        self._forms = [
            re.compile(rf"(?P<place>{local})(?P<body>{BODY}{SUFFIX})$"),
            re.compile(rf"(?P<place>{province})(?P<body>{BODY}(?:厅|{SUFFIX}))$"),
            re.compile(
                rf"国家{BODY}(?:总局|局|委员会|委|署)"
                rf"(?:{branch}?(?:{BODY})?(?:局|监管办))?$"
            ),
            re.compile(rf"(?:中国)?人民银行{BODY}(?:分行|支行|营业管理部)$"),
            re.compile(rf"(?:四川|(?<![全各外两三邻他跨多]))省{BODY}局$"),
        ]

    def ending(self, text: str, end: int) -> list[Mention]:
        """The authority whose name ends at an offset, by the form that reaches farthest back.

        成都市、绵阳市应急管理局 are two; where there is none, none.
        """
        if text[end - 1] not in ENDS:
            return []
        window = max(0, end - REACH)
        # `$` must stand at `end`, and a look-behind sees only what is cut out with it.
        matches = [form.search(text[window:end]) for form in self._forms]
        match = min(filter(None, matches), key=lambda match: match.start(), default=None)
        if match is None:
            return []
        start = window + match.start()
        found = [Mention(start, end, match.group())]
        groups = match.groupdict()
        if "place" in groups:
            found = self._sharing(text, start, groups["body"]) + found
        return found

    def _sharing(self, text: str, start: int, body: str) -> list[Mention]:
        """The places listed before, which have the same body: 成都市、绵阳市|眉山市应急管理局."""
        window = max(0, start - REACH)
        match = self._listed.search(text[window:start])
        if match is None:
            return []
        return [
            Mention(window + match.start() + place.start(), window + match.start() + place.end(),
                    place.group() + body)
            for place in self._item.finditer(match.group())
        ]  # fmt: skip

    def place_before(self, text: str, end: int) -> bool:
        """Whether a place's name ends at an offset."""
        return self._place.search(text[max(0, end - 12) : end]) is not None


OTHER_WORDS = re.compile("委[员托派任书]|部[门署位分件队落]|局[部面势限]|署[名理]")


def goes_on(text: str, end: int) -> bool:
    """Whether the last character of a name is the first of another word: 改革委托, 应急部署."""
    return OTHER_WORDS.match(text, end - 1) is not None
