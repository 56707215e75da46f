"""An index of today's format: `python -m chabao.tests.faults.formats.make` makes `format-N` beside.

The one of format 1 was made by this program too, in the version before format 2, from the same
bulletin. Both say that the bulletin was in /bulletins, so that nothing of a machine is in them.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from chabao.indexer import manifest
from chabao.indexer.build import build
from chabao.indexer.codecs.container import FORMAT

HERE = Path(__file__).parent
TEXT = """政务窗口月报
2024年第3期

一、概况
（一）川渝通办
1.推进“川渝通办”事项28件，商务厅窗口受理三百零五件。
2.3月4日，文旅厅窗口开展一网通办培训。

二、下一步
继续推进政务服务“一网通办”。
"""


def make(into: Path) -> None:
    """An index of the bulletin; what it says of its folder is not of this machine."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "bulletins"
        folder.mkdir()
        (folder / "2024-3.txt").write_text(TEXT, "utf-8")
        build([folder], Path(place) / "index")
        shutil.rmtree(into, ignore_errors=True)
        shutil.copytree(
            Path(place) / "index", into, ignore=shutil.ignore_patterns("*lock", "*LOCK")
        )
        said = json.loads((into / manifest.NAME).read_bytes())
        text = json.dumps(said.get("said", said), ensure_ascii=False).replace(place, "")
    if FORMAT == 1:
        (into / manifest.NAME).write_text(text, "utf-8")
        return
    from chabao.indexer import sealed

    said = json.loads(text)
    sealed.write(into / manifest.NAME, said)
    sealed.write(into / manifest.FOLDERS, {"index": said["index"], "folders": said["roots"]})


if __name__ == "__main__":
    make(HERE / f"format-{FORMAT}")
