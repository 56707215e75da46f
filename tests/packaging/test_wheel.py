"""The wheel: nothing but the package, and all of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_SOURCES = shutil.ignore_patterns(
    ".*", "build", "dist", "*.egg-info", "__pycache__", "tests", "benchmarks"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: a build leaves files behind, and finds those of earlier ones."""
    room = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, room / "source", ignore=NOT_SOURCES)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
         "--no-index", "--wheel-dir", str(room), str(room / "source")],
        check=True,
    )  # fmt: skip
    (built,) = room.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def files(wheel: Path) -> frozenset[PurePosixPath]:
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(PurePosixPath(name) for name in archive.namelist())


def test_it_holds_only_the_package(files: frozenset[PurePosixPath]) -> None:
    assert {file.parts[0].split("-")[0] for file in files} == {"chabao"}
    inside = {file.parts[1] for file in files if file.parts[0] == "chabao"}
    assert not inside & {"tests", "docs", "benchmarks", ".dev"}


def test_it_holds_every_module(files: frozenset[PurePosixPath]) -> None:
    modules = [*ROOT.glob("*.py")]
    for part in ("commands", "corpus", "indexer", "search", "web"):
        modules += (ROOT / part).rglob("*.py")
    assert len(modules) > 20
    missing = {path.relative_to(ROOT).as_posix() for path in modules} - {
        file.relative_to("chabao").as_posix() for file in files if file.parts[0] == "chabao"
    }
    assert not missing


def test_every_folder_of_modules_is_a_package_of_the_project() -> None:
    declared = set(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
                   ["tool"]["setuptools"]["packages"])  # fmt: skip
    found = {
        ".".join(("chabao", *path.parent.relative_to(ROOT).parts))
        for pattern in (
            "commands/*.py",
            "corpus/*.py",
            "indexer/**/*.py",
            "search/**/*.py",
            "web/*.py",
            "locale/**/*.mo",
        )
        for path in ROOT.glob(pattern)
    }
    assert found | {"chabao"} == declared


def test_it_carries_the_bulletins_and_the_data(files: frozenset[PurePosixPath]) -> None:
    bulletins = {f"chabao/corpus/{path.name}" for path in (ROOT / "corpus").glob("*.txt")}
    data = {
        f"chabao/indexer/{path.relative_to(ROOT / 'indexer').as_posix()}"
        for path in (ROOT / "indexer").rglob("*")
        if path.suffix in (".toml", ".txt")
    }
    messages = {
        f"chabao/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "locale").rglob("*.mo")
    }
    page = {
        f"chabao/{path.relative_to(ROOT).as_posix()}"
        for folder in ("static", "templates")
        for path in (ROOT / "web" / folder).iterdir()
    }
    assert len(bulletins) == 5
    assert data
    assert messages
    assert page
    assert bulletins | data | messages | page | {"chabao/py.typed"} <= {str(file) for file in files}


def test_installed_elsewhere_it_answers_from_the_bundled_bulletins(
    wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = "import chabao.cli, sys; print(chabao.__file__, file=sys.stderr); chabao.cli.main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, "search", "川渝通办"],
        capture_output=True, text=True, encoding="utf-8", cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site"), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert str(tmp_path / "site") in ran.stderr
    assert "chabao index" in ran.stderr
    assert "【川渝通办】" in ran.stdout
