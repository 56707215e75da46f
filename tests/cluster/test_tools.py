"""Every command answers from a cluster what it answers from a folder, to the byte."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chabao.tests.cluster import loading
from chabao.tests.cluster.nodes import Cluster
from chabao.tests.cluster.worlds import fill

Answer = tuple[int, str, str]
MANUSCRIPT = """\
据报道，“推动川渝通办事项落地”已见成效。又称“优化营商环境工作开展情况”，
以及“着力解决企业群众办事多地跑的问题，采取全程网办、代收代办等方式”。
"""
COMMANDS: dict[str, tuple[list[str], str]] = {
    " ".join(words): (words, stdin)
    for words, stdin in [
        (["search", "川渝通办"], ""),
        (["search", "川渝通办", "--json"], ""),
        (["search", "通办", "--sort", "date", "--json", "-n", "4"], ""),
        (["search", "服务 -通办", "--all", "--json"], ""),
        (["search", "川*办 | 省?通办", "--json", "--facets"], ""),
        (["search", "政务 NEAR/3 服务", "--json", "--explain"], ""),
        (["search", "部门:省林草局 通办", "--json", "--explain"], ""),
        (["search", "标题:周报 政务", "--json", "--facets", "-n", "3"], ""),
        (["search", "期号:第3期", "--json"], ""),
        (["search", "时段:2023Q1 服务", "--json"], ""),
        (["search", "--since", "2023-02-01", "窗口", "--json"], ""),
        (["search", "部门:没有这个", "服务", "--json"], ""),
        (["search", "--related", "如何优化营商环境", "--json"], ""),
        (["search", "川渝通办的事项", "--json"], ""),
        (["search", "一网统办", "--json"], ""),
        (["search", "川渝通班"], ""),
        (["search", "没有这几个字啊"], ""),
        (["search", "--exact", "没有这几个字啊"], ""),
        (["search", "--numbers", "28件", "--json"], ""),
        (["search", "--collapse", "通办", "--json"], ""),
        (["search", "(", "--json"], ""),
        (["search", "通办", "--format", "csv"], ""),
        (["search", "-c", "服务"], ""),
        (["search", "-l", "服务"], ""),
        (["search", "-l", "政务 NEAR 服务"], ""),
        (["search", "--plain", "服务"], ""),
        (["mentions", "川渝通办"], ""),
        (["mentions", "川渝通办", "一网通办", "服务 -通办", "--json", "--all"], ""),
        (["mentions", "通办", "--sort", "right", "--all"], ""),
        (["mentions", "--regex", "川.通办", "--json"], ""),
        (["mentions", "通办", "服务", "--by", "month", "--format", "csv"], ""),
        (["trend", "川渝通办", "服务", "--csv"], ""),
        (["trend", "通办", "--split", "department", "--csv"], ""),
        (["trend", "政务", "--department", "省林草局", "--by", "issue", "--csv"], ""),
        (["collocates", "通办", "--format", "csv"], ""),
        (["keywords", "--department", "林草局", "--format", "csv"], ""),
        (["keywords", "--period", "2023Q1", "--format", "csv"], ""),
        (["figures", "通办", "--format", "csv"], ""),
        (["figures", "--number", "2023年第3期", "--format", "csv"], ""),
        (["quote", "川渝通办", "--style", "bibtex"], ""),
        (["quote", "xnqs6rkj2xg6"], ""),
        (["check", "-", "--json"], MANUSCRIPT),
        (["reprints", "--format", "csv"], ""),
        (["show", "xnqs6rkj2xg6", "--json"], ""),
        (["show", "aaaaaaaaaaaa"], ""),
        (["fields", "--json"], ""),
        (["export"], ""),
        (["save", "通办", "川渝通办"], ""),
        (["saved"], ""),
        (["new"], ""),
    ]
}
SECONDS = re.compile(r'"seconds": [0-9.e-]+')
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\+00:00)?")


@pytest.fixture(scope="module")
def answers(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Answer, Answer]]:
    """What each command says, asked of a folder and of a cluster with the same items."""
    folder = tmp_path_factory.mktemp("tools")
    location = loading.place(cluster, f"test-tools-{os.getpid()}")
    try:
        fill(folder / "index", location)
        here, there = (_run(folder / str(at), str(of)) for at, of in
                       enumerate((folder / "index", location)))  # fmt: skip
    finally:
        cluster.ask("DELETE", f"/{location.name}*")
    return dict(zip(COMMANDS, zip(here, there, strict=True), strict=True))


def _run(folder: Path, index: str) -> list[Answer]:
    folder.mkdir()
    ran = subprocess.run(
        [sys.executable, "-m", "chabao.tests.cluster.running", index],
        input=json.dumps(list(COMMANDS.values())), capture_output=True, text=True, timeout=240,
        encoding="utf-8", cwd=folder,
        env=os.environ | {"PYTHONUTF8": "1", "LANG": "C.UTF-8", "XDG_DATA_HOME": str(folder)}
        | {"XDG_CACHE_HOME": str(folder / "cache")},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    return [
        (code, _same(out, index), _same(err, index)) for code, out, err in json.loads(ran.stdout)
    ]


def _same(said: str, index: str) -> str:
    """Without what differs between two runs: seconds, the time of day, the index's own name."""
    return MOMENT.sub("then", SECONDS.sub("", said)).replace(index, "INDEX")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_answers_the_same(
    command: str, answers: dict[str, tuple[Answer, Answer]]
) -> None:
    here, there = answers[command]
    assert there == here
    assert here[1] or here[2]
