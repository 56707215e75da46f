"""Commands that are advised are for the index that was named."""

from __future__ import annotations

import shlex

import pytest

from chabao.naming import commands_for


@pytest.mark.parametrize("index", ["四川", "./a/b", "D:/公报 库", "a;b", "opensearch://h:9200/x"])
def test_a_command_that_is_said_is_for_the_index_that_was_named(index: str) -> None:
    said = commands_for(index, "build it again with: chabao repair")
    assert shlex.split(said)[-2:] == ["--index", index]
    said = commands_for(index, "请写出全部文件夹：chabao index --rebuild 文件夹")
    assert shlex.split(said)[1:] == ["index", "--index", index, "--rebuild", "文件夹"]


def test_what_names_no_command_or_is_for_the_usual_index_stays() -> None:
    assert commands_for("四川", "the index is fresh") == "the index is fresh"
    assert commands_for("", "chabao repair") == "chabao repair"
