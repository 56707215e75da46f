"""A folder of wheels from which chabao is installed where there is neither network nor compiler.

    python .ci/wheelhouse.py FOLDER                      for this machine and this Python
    python .ci/wheelhouse.py FOLDER --all                with all extras (page, plots, regex, OCR)
    python .ci/wheelhouse.py FOLDER --target win_amd64 --python 3.12

What goes in stands in requirements/ with its hashes: a file that is not one of those is refused.
jieba has no wheel, so one is built; it is plain Python, the same for every machine.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker, default_environment

ROOT = Path(__file__).resolve().parents[1]
PINNED = {False: "release.txt", True: "release-all.txt"}
BUILT = frozenset({"jieba"})
"""What its authors publish as source alone."""
TARGETS = {
    "win_amd64": {"sys_platform": "win32", "os_name": "nt", "platform_machine": "AMD64"},
    "win_arm64": {"sys_platform": "win32", "os_name": "nt", "platform_machine": "ARM64"},
}
README = """\
chabao {version}: {target}, Python {python}

离线安装 / Offline installation

  py -m venv chabao                                                     Windows
  chabao\\Scripts\\python -m pip install --no-index --find-links . chabao
  chabao\\Scripts\\chabao search 川渝通办

  python3 -m venv ~/chabao                                              Linux, macOS
  ~/chabao/bin/python -m pip install --no-index --find-links . chabao
  ~/chabao/bin/chabao search 川渝通办

核对文件 / Check the files: SHA256SUMS
"""


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a requirements file: `text` is all of it, without its marker."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def text(self) -> str:
        hashes = "".join(f" --hash=sha256:{each}" for each in self.hashes)
        return f"{self.name}=={self.version}{hashes}\n"

    def wanted(self, environment: dict[str, str]) -> bool:
        return not self.marker or Marker(self.marker).evaluate(environment)


def pins(file: Path) -> list[Pin]:
    """What a requirements file pins. Raises ValueError where a line has no version or no hash."""
    found = []
    for line in re.sub(r"\\\n\s*", "", file.read_text("utf-8")).splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        asked, *hashes = re.split(r"\s*--hash=sha256:", line)
        named, _, marker = (part.strip() for part in asked.partition(";"))
        name, pinned, version = named.partition("==")
        if not (pinned and version and hashes):
            raise ValueError(f"{file.name}: not pinned with a hash: {line}")
        found.append(Pin(name, version, marker, tuple(each.strip() for each in hashes)))
    return found


def environment(target: str, python: str) -> dict[str, str]:
    """What markers are asked about: this machine's values, or another's."""
    here = {name: str(value) for name, value in default_environment().items()}
    if not target:
        return here
    there = {"python_version": python, "python_full_version": f"{python}.0"}
    return here | TARGETS[target] | {"platform_system": "Windows"} | there


def build(folder: Path, everything: bool, target: str, python: str) -> None:
    """Fills a folder. Raises CalledProcessError where something cannot be had."""
    folder.mkdir(parents=True, exist_ok=True)
    held = environment(target, python)
    wanted = [pin for pin in pins(ROOT / "requirements" / PINNED[everything]) if pin.wanted(held)]
    with tempfile.TemporaryDirectory() as room:
        lists = {}
        for name in ("built", "ready"):
            lists[name] = Path(room, name)
            chosen = [pin for pin in wanted if (pin.name in BUILT) == (name == "built")]
            lists[name].write_text("".join(pin.text for pin in chosen), "utf-8")
        shutil.copytree(ROOT, Path(room, "source"), ignore=_not_sources)
        into = ["--wheel-dir", str(folder), "--no-deps"]
        _pip("wheel", *into, "--require-hashes", "-r", str(lists["built"]))
        _pip("wheel", *into, str(Path(room, "source")))
        foreign = ["--platform", target, "--python-version", python] if target else []
        _pip("download", "--dest", str(folder), "--no-deps", "--only-binary", ":all:", *foreign,
             "--require-hashes", "-r", str(lists["ready"]))  # fmt: skip


def describe(folder: Path, target: str, python: str) -> None:
    """How to install from the folder, and the digests of what is in it."""
    (wheel,) = folder.glob("chabao-*.whl")
    text = README.format(version=wheel.name.split("-")[1], target=target or "here", python=python)
    (folder / "README.txt").write_text(text, "utf-8-sig", newline="\r\n")
    sums = (f"{_digest(path)}  {path.name}\n" for path in sorted(folder.glob("*.whl")))
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8", newline="\n")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


_not_sources = shutil.ignore_patterns(
    ".*", "build", "dist", "*.egg-info", "__pycache__", "tests", "benchmarks"
)


def _pip(*words: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", words[0], "--quiet"]
    subprocess.run([*command, *words[1:]], check=True)


def parser(here: str) -> argparse.ArgumentParser:
    """What may be asked for; `here` is the version of this Python."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--all", action="store_true", help="with all extras")
    options.add_argument("--target", choices=sorted(TARGETS), default="")
    options.add_argument("--python", default=here, help=f"3.11 or newer (default: {here})")
    return options


def main() -> None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    options = parser(here)
    asked = options.parse_args()
    if not asked.target and asked.python != here:
        options.error("another Python needs a --target")
    try:
        build(asked.folder, asked.all, asked.target, asked.python)
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
    describe(asked.folder, asked.target, asked.python)
    count = len(list(asked.folder.glob("*.whl")))
    print(f"{count} wheels in {asked.folder}")


if __name__ == "__main__":
    main()
