"""Lines, expressions and manuscripts that are hard to answer, each of a kind that could be slow."""

from __future__ import annotations

import re
from random import Random

from benchmarks.faults import targets
from chabao.indexer import fields, parser


def sentences() -> list[str]:
    issues = [parser.parse(text, "a.txt") for text in targets.bulletins()]
    texts = [record["text"] for issue in issues for record in fields.records(issue)]
    return [each for text in texts for each in re.findall("[^。]{6,}。", text)]


def lines(chance: Random) -> dict[str, str]:
    """Queries, each of a kind that could be slow."""
    text = "".join(chance.choices(sentences(), k=300))
    plain = "".join(filter(str.isalpha, text))
    chars = sorted(set(plain))[:900]
    often = "的一工作服务政办理中心省部门厅业"
    pieces = [plain[at * 5 % 9_000 :][:60] for at in range(1_024)]
    return {
        "100,000 characters": (text * 40)[:100_000],
        "one character 100,000 times": "的" * 100_000,
        "100,001 characters": "的" * 100_001,
        "5,000 brackets in brackets": "(" * 5_000 + "的" + ")" * 5_000,
        "60 brackets in brackets": "(的 OR " * 60 + "一" + ")" * 60,
        "10,000 brackets": "()" * 5_000,
        "10,000 signs": "-|\"：“*?（" * 1_250,
        "10,000 terms": " OR ".join(f"词{number}" for number in range(10_000)),
        "1,024 long terms": " ".join(pieces),
        "1,024 long alternatives": " OR ".join(f"{piece}尾" for piece in pieces),
        "900 characters, any": " OR ".join(chars),
        "900 characters, all": " ".join(chars),
        "900 exclusions": "政务 " + " ".join(f"-{char}" for char in chars),
        "nothing but exclusions": " ".join(f"-{char}" for char in often),
        "the most frequent character": "的",
        "frequent characters, any": "|".join(often),
        "frequent characters, all": " ".join(often),
        "wildcards alone": "*?*?*?*",
        "wildcards about frequent ones": "的*的*的*的*的*的*的",
        "wildcards of one character": "的?的?的?的?的?的?的?的",
        "900 patterns": " OR ".join(f"的*{char}*的" for char in chars),
        "a chain of NEAR": " NEAR/1000 ".join(often * 4),
        "500 pairs": " ".join(f"的 NEAR/{at} 一" for at in range(500)),
        "wide pairs": f"({'|'.join(chars[:450])}) NEAR/1000 ({'|'.join(chars[450:])})",
        "pairs of patterns": "(的*的) NEAR/1000 (一*一)",
        "the same item": " 同条 ".join(often * 20),
        "a number": "数值:1",
        "every number": " OR ".join(f"数值:{at}" for at in range(200)),
        "numbers in patterns": "数值:一*1*十 OR 1*2*3*4*5",
        "long numbers": " ".join("9" * 400 for _ in range(40)),
        "a number of 50,000 digits": "1" * 50_000,
        "Chinese numbers": "一二三四五六七八九十百千万亿" * 500,
        "1,000 departments": " OR ".join(f"部门:局{at}" for at in range(1_000)),
        "1,000 sections": " OR ".join(f"栏目:工{at}" for at in range(1_000)),
        "1,000 days": " OR ".join(f"日期:20{at % 25:02}-{1 + at % 12}" for at in range(1_000)),
        "every source": " OR ".join(f"来源:{at}" for at in range(1_000)),
        "half characters": "\udc80*\udcff 的 部门:\udc80" * 1_000,
        "controls": "\x1b[31m\x07\u202e\u200b的" * 5_000,
        "Latin words": " ".join(f"gov{at}ment" for at in range(1_000)),
        "what is nearly said": "".join(piece[::2] for piece in pieces)[:30_000],
        "a slip in every word": "川愉通办 一往通办 正务服务 营伤环境" * 20,
    }  # fmt: skip


EXPRESSIONS = (
    ".*.*.*.*.*", "(的|的的)+工作", "(.*)*(.*)*的", "的.{0,1000}一.{0,1000}的", "[^x]*",
    "(((.?)+)+)+", "(.{1,100}){1,10}", "的{1000}", "\\d+", "\\p{Han}{1,1000}", "", "|", "^.*$",
    "(?i)[a-z]*的*[a-z]*", "(?:的|一|工|作|服|务){3,500}", "." * 5_000, "x*" * 2_000,
    "(" * 500 + "的" + ")" * 500, "的?" * 900 + "的" * 900, "[\\x{0}-\\x{10ffff}]+", "\\C*",
    "(?P<n>.)*", "的|" * 5_000 + "一",
)  # fmt: skip


def manuscripts(chance: Random) -> dict[str, str]:
    """Texts to check: quotations right, nearly right and far off, long, many and nested."""
    known = sentences()
    bent = [re.sub("[的工]", "之", each) for each in known]
    return {
        "50 quotations": "".join(f"他说：“{each}”\n" for each in chance.choices(known, k=50)),
        "50 bent ones": "".join(f"他说：“{each}”\n" for each in chance.choices(bent, k=50)),
        "one long quotation": f"“{''.join(chance.choices(bent, k=800))[:100_000]}”",
        "one character quoted": "“" + "的" * 100_000 + "”",
        "nested quotations": "“" * 20_000 + "的" + "”" * 20_000,
        "quotes that never end": "“的工作" * 20_000,
        "numbers": "".join(f"“受理{at}件，增长{at}.{at}%”" for at in range(50)),
        "a page without quotations": "".join(chance.choices(bent, k=60)),
    }
