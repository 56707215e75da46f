"""Characters as PDFs write them to the usual ones: radicals, ligatures, bullets of symbol fonts.

Exports of PDF name many glyphs by another character that looks the same: ⼀ (a Kangxi radical) for
一, ⻓ for 长, ﬁ for fi. Whoever copies a quotation wants the usual one, so the text holds that.
"""

from __future__ import annotations

from functools import cache
from unicodedata import normalize

RADICALS = """
⼾户 ⾭青 ⿈黄
⺁厂 ⺄乙 ⺆冂 ⺇几 ⺈刀 ⺊卜 ⺌小 ⺍小 ⺎兀 ⺐尢 ⺓幺 ⺔彑 ⺖忄 ⺗㣺
⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺧牛
⺨犭 ⺩王 ⺪疋 ⺫目 ⺬示 ⺭礻 ⺮竹 ⺯糹 ⺰纟 ⺶羊 ⺹耂 ⺺肀 ⺼肉 ⺽臼
⺾艹 ⺿艹 ⻀艹 ⻁虎 ⻂衤 ⻃覀 ⻄西 ⻅见 ⻆角 ⻈讠 ⻉贝 ⻋车 ⻌辶 ⻍辶
⻏阝 ⻐钅 ⻑長 ⻒镸 ⻓长 ⻔门 ⻖阝 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食
⻟飠 ⻠饣 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯
⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀
"""
"""The CJK Radicals Supplement, of which Unicode normalises only two; before it the Kangxi radicals
that it normalises to a form of which mainland texts have another."""
SYMBOLS = {
    "\uf06c": "●", "\uf06e": "■", "\uf075": "◆", "\uf09f": "•", "\uf0a7": "▪", "\uf0b7": "•",
    "\uf0d8": "➢", "\uf0fc": "✓", "\uf0e0": "→", "\uf020": " ",
}  # fmt: skip
"""Bullets of the Wingdings and Symbol fonts in the private area where Word puts them."""
NORMAL = (
    (0x2E80, 0x2FD6), (0xF900, 0xFB07), (0x2F800, 0x2FA20),
)  # fmt: skip
"""Radicals, compatibility ideographs and Latin ligatures: Unicode names the usual characters."""


def usual(text: str) -> str:
    """A text in usual characters. Nothing in it ends a line or a page."""
    return text.translate(_table())


@cache
def _table() -> dict[int, str]:
    table = {code: normalize("NFKC", chr(code)) for low, high in NORMAL
             for code in range(low, high)}  # fmt: skip
    table |= {ord(char): " " for char in "\t\n\v\f\r\x85\u2028\u2029"}
    table |= {ord(pair[0]): pair[1] for pair in RADICALS.split()}
    return table | {ord(symbol): char for symbol, char in SYMBOLS.items()}
