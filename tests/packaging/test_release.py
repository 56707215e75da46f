"""A release: an audit nobody answers is no clean one, an SBOM says all, silence has reasons."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="a program of the shell")
KNOWN = (
    'echo \'{"dependencies": [{"name": "jinja2", "vulns": [{"id": "PYSEC-2019-217"}]}]}\'; exit 1'
)
NOTHING = "echo 'No known vulnerabilities found' >&2; exit 0"


def audited(tmp_path: Path, canary: str, rest: str, *words: str) -> tuple[int, str]:
    """What `.ci/audit` says where the service answers so of a known weakness, and of the rest."""
    stub = tmp_path / "pip-audit"
    stub.write_text(f'#!/bin/sh\ncase "$*" in *known.txt) {canary};; *) {rest};; esac\n', "utf-8")
    stub.chmod(0o755)
    ran = subprocess.run(
        [ROOT / ".ci" / "audit", *words], env=os.environ | {"CHABAO_PIP_AUDIT": str(stub)},
        capture_output=True, text=True, encoding="utf-8", timeout=30,
    )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr


@posix
def test_a_clean_audit_is_one_that_finds_what_everybody_knows(tmp_path: Path) -> None:
    code, said = audited(tmp_path, KNOWN, NOTHING)
    assert code == 0 and "no weakness is known" in said and "NOT AUDITED" not in said


@posix
def test_a_weakness_fails(tmp_path: Path) -> None:
    code, said = audited(tmp_path, KNOWN, "exit 1", "--must")
    assert code == 1 and "no weakness is known" not in said


@posix
@pytest.mark.parametrize("canary", [NOTHING, "echo 'no route to host' >&2; exit 1"])
def test_what_nobody_could_audit_is_said_loudly(tmp_path: Path, canary: str) -> None:
    code, said = audited(tmp_path, canary, NOTHING)
    assert code == 0 and "NOT AUDITED" in said and "no weakness is known" not in said
    code, said = audited(tmp_path, canary, NOTHING, "--must")
    assert code == 1 and "NOT AUDITED" in said


@pytest.fixture(scope="module")
def sbom() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sbom", ROOT / ".ci" / "sbom.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    path, modules = list(sys.path), set(sys.modules)
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = path
        for name in {"wheelhouse"} - modules:
            sys.modules.pop(name, None)
    return module


def listed(**changed: Any) -> dict[str, Any]:
    part = {"name": "Click_x", "version": "8", "licenses": [{"expression": "MIT"}]} | changed
    return {"components": [part, {"name": "chabao"}], "dependencies": [{}]}


def test_an_sbom_says_what_is_pinned(sbom: ModuleType) -> None:
    assert sbom.faults(listed(), {"click-x": "8"}) == []


@pytest.mark.parametrize(
    ("found", "pinned", "fault"),
    [
        (listed(), {"click-x": "8", "rich": "1"}, "rich is missing"),
        (listed(), {}, "click-x is not pinned"),
        (listed(), {"click-x": "9"}, "click-x is not 9"),
        (listed(licenses=[]), {"click-x": "8"}, "click-x has no licence"),
        (listed() | {"dependencies": []}, {"click-x": "8"}, "it does not say what needs what"),
    ],
)
def test_an_sbom_that_is_not_whole_is_refused(
    sbom: ModuleType, found: dict[str, Any], pinned: dict[str, str], fault: str
) -> None:
    assert sbom.faults(found, pinned) == [fault]


def test_licences_that_are_missing_are_filled_in(sbom: ModuleType) -> None:
    found = listed(licenses=[])
    sbom.complete(found, {"click-x": "MIT"})
    assert sbom.faults(found, {"click-x": "8"}) == []


def test_what_bandit_is_told_to_pass_over_has_a_reason() -> None:
    lines = [
        (path, line.partition("# nosec")[2])
        for folder in (ROOT.glob("*.py"), *((ROOT / part).rglob("*.py")
                       for part in ("commands", "indexer", "search", "web")))
        for path in folder
        for line in path.read_text("utf-8").splitlines()
        if "# nosec" in line
    ]  # fmt: skip
    assert len(lines) > 5
    for path, said in lines:
        assert re.fullmatch(r"( B\d{3})+ # \S.+", said), f"{path}: # nosec{said}"
