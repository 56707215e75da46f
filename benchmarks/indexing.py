"""How long indexing takes as a whole command: an archive, one new issue, nothing new.

The archive is 460 issues, 1.3 million characters: the five bulletins with other numbers, other
days, and their items in another order, so that each is an issue of its own.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ISSUES = 460
LIMITS = {"an archive of 460 issues": 5.0, "one new issue": 1.0, "nothing new": 0.5}
"""Seconds on two cores."""
NUMBER = re.compile(r"第\s*\d+\s*期")
SERIAL = re.compile(r"总第\s*\d+\s*期")
YEAR = re.compile(r"20\d\d\s*年")
FIGURE = re.compile(r"\d{3,}(?!\d|\s*年)")


def make(folder: Path, issues: int = ISSUES) -> int:
    """Writes the archive; returns its characters."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "corpus").glob("*.txt"))]
    randomly = random.Random(6)
    characters = 0
    for at in range(issues):
        text = varied(texts[at % len(texts)], at, randomly)
        (folder / f"{at:03}.txt").write_text(text, encoding="utf-8")
        characters += len(text)
    return characters


def varied(text: str, at: int, randomly: random.Random) -> str:
    """A bulletin as another issue of it: named so, with other figures and without some lines."""
    text = FIGURE.sub(lambda found: str(randomly.randrange(10 ** len(found[0]))), text)
    text = YEAR.sub(f"{2000 + at // 50} 年", text)
    text = SERIAL.sub(f"总第{at + 1}期", text)
    text = NUMBER.sub(f"第{at % 50 + 1}期", text, count=1) if "总第" not in text else text
    text = re.sub(r"年\s*第\s*\d+\s*期", f"年第{at % 50 + 1}期", text, count=1)
    lines = text.splitlines(keepends=True)
    body = range(12, len(lines) - 12)
    for line in body:
        other = randomly.choice(body)
        if len(lines[line]) > 20 and len(lines[other]) > 20 and randomly.random() < 0.3:
            lines[line], lines[other] = lines[other], lines[line]
    return "".join(lines)


def index(folder: Path, into: Path) -> float:
    """Seconds of `chabao index`."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "chabao", "index", "--index", str(into), str(folder)],
        check=True, stdout=subprocess.DEVNULL, cwd=into.parent,
        env=os.environ | {"PYTHONUTF8": "1"},
    )  # fmt: skip
    return time.perf_counter() - began


def measure() -> dict[str, float]:
    """Seconds of each of the three, the best of three runs."""
    best = dict.fromkeys(LIMITS, float("inf"))
    for _ in range(3):
        with tempfile.TemporaryDirectory() as made:
            folder, into = Path(made, "issues"), Path(made, "index")
            folder.mkdir()
            make(folder)
            found = [index(folder, into)]
            new = varied((folder / "007.txt").read_text(encoding="utf-8"), 777, random.Random(1))
            (folder / "new.txt").write_text(new, encoding="utf-8")
            found.append(index(folder, into))
            found.append(index(folder, into))
            shutil.rmtree(into)
        best = {name: min(best[name], each) for name, each in zip(best, found, strict=True)}
    return best


if __name__ == "__main__":
    for name, seconds in measure().items():
        verdict = "" if seconds <= LIMITS[name] else f"  more than {LIMITS[name]} s"
        print(f"{seconds:6.2f} s  {name}{verdict}")
