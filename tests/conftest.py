"""What every test stands on: no test reads or writes the user's own index, cache or settings."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# On a shared machine a slow example says nothing about the code, nor does one that is slowly made.
# CHABAO_EXAMPLES tries each law with so many.
EXAMPLES = int(os.environ.get("CHABAO_EXAMPLES", "100"))
settings.register_profile(
    "chabao",
    deadline=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("chabao")


# What a shell starts in the background ignores interrupts, and so does all that is started from it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _own_directories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in (
            "CHABAO_INDEX", "CHABAO_LANG", "COLUMNS", "FORCE_COLOR", "LANGUAGE", "NO_COLOR",
            "PAGER",
        ):  # fmt: skip
            patch.delenv(name, raising=False)
        patch.setenv("LC_ALL", "C.UTF-8")
        for name in ("TLS", "USER", "PASSWORD", "CA"):
            patch.delenv(f"CHABAO_OPENSEARCH_{name}", raising=False)
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> tuple[Path, ...]:
    """The project's own files, relative to the checkout; all that is there where git is not."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    if listed.returncode == 0 and listed.stdout:
        return tuple(
            Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()
        )
    hidden = {".venv", ".git", ".dev", "build", "dist", "chabao.egg-info", "__pycache__"}
    found: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in hidden and name[0] != "."]
        found += [(Path(folder) / name).relative_to(ROOT) for name in names]
    return tuple(found)
