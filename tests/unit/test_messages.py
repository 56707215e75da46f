"""Which language, and that its catalogue is whole."""

from __future__ import annotations

import errno
import gettext
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from chabao.messages import language, say, speak

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANGUAGE", "en")
        yield
    gettext.textdomain("messages")


@pytest.fixture(scope="module")
def catalogue() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "locale" / "catalogue.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("argv", "environ", "expected"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "zh_TW"}, "zh"),
        ([], {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LC_ALL": "", "LC_MESSAGES": "zh_CN", "LANG": "en_US"}, "zh"),
        ([], {"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh"),
        ([], {"LANG": "zh_CN.UTF-8", "LANGUAGE": "en"}, "en"),
        ([], {"LANG": "C", "LANGUAGE": "zh_CN"}, "en"),
        ([], {"LANG": "zh_CN", "CHABAO_LANG": "en"}, "en"),
        (["search", "--lang", "en"], {"CHABAO_LANG": "zh"}, "en"),
        (["--lang=zh"], {"LANG": "en_US"}, "zh"),
        (["search", "--", "--lang", "zh"], {"LANG": "en_US"}, "en"),
        (["search", "--lang"], {"LANG": "zh_CN"}, "zh"),
    ],
)
def test_the_language(argv: list[str], environ: dict[str, str], expected: str) -> None:
    assert language(argv, environ) == expected


def test_names_are_said_as_they_are() -> None:
    speak("zh")
    assert say("no search is saved as {name}", name="time") == "没有名为 time 的检索"
    assert say("cannot read {path}: {reason}", path="items", reason="missing").count("items") == 1
    assert "missing" not in say("cannot read {path}: {reason}", path="items", reason="missing")


def test_a_message_is_said_in_the_readers_language() -> None:
    speak("zh")
    assert say("no item has the id {id}", id="x{y}") == "没有编号为 x{y} 的条目"
    assert say("") == ""
    speak("en")
    assert say("no item has the id {id}", id=7) == "no item has the id 7"


def test_a_reason_is_said_too() -> None:
    speak("zh")
    said = say("the index is damaged: {path} ({reason})", path=Path("a"), reason="missing")
    assert said == "索引已损坏：a（文件缺失）"


def test_what_the_system_says_of_a_file_is_said_too() -> None:
    speak("zh")
    for number in (errno.ENOENT, errno.EACCES, errno.ELOOP, errno.ENOSPC, errno.EIO):
        said = os.strerror(number)
        assert sys.platform != "linux" or say("{reason}", reason=said) != said


def test_every_message_has_a_translation(catalogue: ModuleType) -> None:
    known = catalogue.read()
    assert len(known) > 80
    assert [
        key for key in catalogue.collected() if not getattr(known.get(key), "translation", "")
    ] == []


def test_no_translation_is_left_over(catalogue: ModuleType) -> None:
    current = catalogue.collected()
    stale = [
        key
        for key, entry in catalogue.read().items()
        if key not in current and entry.origin not in catalogue.FOREIGN
    ]
    assert stale == [""], "only the header; run: python locale/catalogue.py"


def test_the_compiled_catalogue_is_that_of_the_source(catalogue: ModuleType) -> None:
    assert catalogue.MO.read_bytes() == catalogue.compiled(catalogue.read())
    assert catalogue.written(catalogue.read()) == catalogue.PO.read_text(encoding="utf-8")


def test_gettext_reads_the_compiled_catalogue(catalogue: ModuleType) -> None:
    with catalogue.MO.open("rb") as file:
        chinese = gettext.GNUTranslations(file)
    for entry in list(catalogue.read().values())[1:]:
        found = (
            chinese.ngettext(entry.message, entry.plural, 2) if entry.plural
            else chinese.gettext(entry.message)
        )  # fmt: skip
        assert found == entry.translation


def test_a_translation_has_the_places_of_its_message(catalogue: ModuleType) -> None:
    for entry in list(catalogue.read().values())[1:]:
        said = set(re.findall(r"\{\w+[^}]*\}", entry.translation))
        asked = set(re.findall(r"\{\w+[^}]*\}", entry.message + entry.plural))
        # Chinese may leave out a word of grammar, never name a place that is not filled
        assert said <= asked
        assert entry.origin == "click" or said == asked


def test_environment_is_where_gettext_looks() -> None:
    speak("zh")
    assert os.environ["LANGUAGE"] == "zh_CN"
