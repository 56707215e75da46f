"""What a release pins: everything, by hashes, for every platform; what a wheelhouse holds."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "requirements"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
FILES = ("release.txt", "release-all.txt", "tools.txt")


@pytest.fixture(scope="module")
def wheelhouse() -> ModuleType:
    spec = importlib.util.spec_from_file_location("wheelhouse", ROOT / ".ci" / "wheelhouse.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["wheelhouse"] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules["wheelhouse"]
    return module


def versions(wheelhouse: ModuleType, file: str) -> dict[str, str]:
    return {pin.name: pin.version for pin in wheelhouse.pins(FOLDER / file)}


@pytest.mark.parametrize("file", FILES)
def test_everything_is_pinned_with_hashes(wheelhouse: ModuleType, file: str) -> None:
    pins = wheelhouse.pins(FOLDER / file)
    assert len(pins) > 20
    assert all(re.fullmatch("[0-9a-f]{64}", each) for pin in pins for each in pin.hashes)
    assert "://" not in (FOLDER / file).read_text("utf-8")


@pytest.mark.parametrize("line", ["click", "click>=8 --hash=sha256:00", "click==8.5.1"])
def test_what_is_not_pinned_is_refused(wheelhouse: ModuleType, tmp_path: Path, line: str) -> None:
    odd = tmp_path / "odd.txt"
    odd.write_text(line + "\n", "utf-8")
    with pytest.raises(ValueError, match="not pinned"):
        wheelhouse.pins(odd)


def test_what_was_tested_is_what_is_released(wheelhouse: ModuleType) -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    tested = {canonicalize_name(name): version for name, _, version in
              (line.partition("==") for line in lines if not line.startswith("#"))}  # fmt: skip
    whole = versions(wheelhouse, "release-all.txt")
    assert versions(wheelhouse, "release.txt").items() <= whole.items()
    differing = {name for name in whole.keys() & tested.keys() if whole[name] != tested[name]}
    assert not differing, "run: make lock"


def test_all_that_the_project_asks_for_is_in_it(wheelhouse: ModuleType) -> None:
    extras = PROJECT["optional-dependencies"]
    whole = {name: lines for name, lines in extras.items() if name != "dev"}
    asked = {"release.txt": PROJECT["dependencies"],
             "release-all.txt": [*PROJECT["dependencies"], *chain(*whole.values())]}  # fmt: skip
    for file, wanted in asked.items():
        pinned = versions(wheelhouse, file)
        for each in map(Requirement, wanted):
            version = pinned.get(canonicalize_name(each.name))
            assert version and each.specifier.contains(version), f"{file}: {each}; run: make lock"


def test_a_platform_gets_what_is_for_it(wheelhouse: ModuleType) -> None:
    def names(target: str) -> set[str]:
        held = wheelhouse.environment(target, "3.12")
        return {pin.name for pin in wheelhouse.pins(FOLDER / "release.txt") if pin.wanted(held)}

    assert {"psutil", "rjieba"} <= names("win_amd64")
    assert "rjieba" not in names("win_arm64")
    assert "jieba" in names("win_arm64")
    if sys.platform == "linux":
        assert "psutil" not in names("")


def test_only_what_has_no_wheel_is_built(wheelhouse: ModuleType) -> None:
    built = [pin for pin in wheelhouse.pins(FOLDER / "release-all.txt")
             if pin.name in wheelhouse.BUILT]  # fmt: skip
    assert [(pin.name, len(pin.hashes)) for pin in built] == [("jieba", 1)]


def test_a_folder_says_how_to_install_from_it(wheelhouse: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "chabao-0.1.0-py3-none-any.whl").write_bytes(b"wheel")
    wheelhouse.describe(tmp_path, "win_amd64", "3.12")
    text = (tmp_path / "README.txt").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf") and text.count(b"\r\n") == text.count(b"\n") > 10
    assert b"--no-index --find-links . chabao" in text and b"win_amd64" in text
    sums = (tmp_path / "SHA256SUMS").read_text("utf-8").splitlines()
    assert len(sums) == 1 and sums[0].endswith("  chabao-0.1.0-py3-none-any.whl")


def test_another_python_needs_a_target(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / ".ci" / "wheelhouse.py", tmp_path / "wheels", "--python", "3.99"],
        capture_output=True, text=True, encoding="utf-8", timeout=30,
    )  # fmt: skip
    assert ran.returncode == 2 and "--target" in ran.stderr
    assert not (tmp_path / "wheels").exists()


def test_the_page_about_installing_says_what_can_be_done(wheelhouse: ModuleType) -> None:
    page = (ROOT / "docs" / "install.md").read_text("utf-8")
    asked = re.findall(r"^\S+python \.ci/wheelhouse\.py (.*?) *(?:#.*)?$", page, re.M)
    assert len(asked) == 2
    for words in asked:
        parsed = wheelhouse.parser("3.11").parse_args(words.split())
        assert not parsed.target or parsed.python == "3.12"
    named = {extra for each in re.findall(r"\[([a-z,]+)\]'", page) for extra in each.split(",")}
    assert {"web"} < named <= set(PROJECT["optional-dependencies"]) - {"dev"}
