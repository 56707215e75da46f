"""Nothing that stands in documents or names of files steers what shows them.

In full, over 10,000 documents: python -m benchmarks.faults.output
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.faults import harmless, output
from benchmarks.faults.frame import Tried
from chabao.search.output import cells, text

NEVER = re.compile(r"(?!)")


def test_nothing_gets_out() -> None:
    tried = output.run(9, 12, names=4)
    assert tried.trials == 12
    assert tried.failures == []
    assert tried.more["modes"] > 200


@pytest.mark.parametrize(
    ("module", "attribute", "stub", "words"),
    [
        (text, "_UNSAFE", NEVER, ["search", output.TERM]),
        (text, "_UNSAFE", re.compile("\x1b"), ["fields"]),
        (cells, "_RUNS", NEVER, ["search", output.TERM, "--format", "csv"]),
        (cells, "_UNHELD", dict.fromkeys(cells._UNHELD, NEVER), ["export", "--format", "tsv"]),
        (cells, "_MARKUP", NEVER, ["export", "--format", "md"]),
    ],
)
def test_what_gets_out_would_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, attribute: str,
    stub: object, words: list[str],
) -> None:  # fmt: skip
    with output.WhooshSink(tmp_path) as sink:
        sink.add(output.records(output.Random(1), 12))
        sink.commit()
    (mode,) = [mode for mode in output.modes() if mode[0][: len(words)] == words][:1] or [
        (words, output.SHEETS[words[-1]])
    ]
    asked = [(words, mode[1])]
    assert not failures(tmp_path, asked)
    monkeypatch.setattr(module, attribute, stub)
    assert failures(tmp_path, asked)


@pytest.mark.parametrize(
    "harm",
    ["<script>x</script>", '<a href="#x"/>', '<use href="http://x"/>', '<g onclick="x"/>',
     "<text>\u202e</text>", "<text>", '<g xmlns="http://www.w3.org/1999/xhtml"><image/></g>'],
)  # fmt: skip
def test_a_picture_that_does_harm_would_be_seen(harm: str) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><text>川渝</text><use href="#m"/>{}</svg>'
    assert not harmless.known(svg.format("").encode(), harmless.drawing, False)
    assert harmless.known(svg.format(harm).encode(), harmless.drawing, False)


def failures(index: Path, asked: list[tuple[list[str], output.Checked]]) -> list[str]:
    tried = Tried()
    output.shown(tried, index, asked)
    return tried.failures
