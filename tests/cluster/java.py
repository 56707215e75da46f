"""Java, and what a node of the test cluster is made of: found, fetched once, compiled once.

Run as a program, says what is missing, if anything is.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

HERE = Path(__file__).resolve().parent
STATE = HERE.parents[1] / ".cluster"
"""Libraries, data, logs and process ids; git does not see it."""
LEAST = 21
"""The oldest Java that OpenSearch 3 runs on."""
SECONDS = 600
"""For fetching some 70 MB over a slow line."""


class NoCluster(Exception):
    """Why there is no cluster, in a line."""


def home() -> Path:
    """The folder of a Java development kit that is new enough; the first of these that is."""
    for folder in _candidates():
        if version(folder) >= LEAST and (folder / "bin" / "javac").exists():
            return folder
    raise NoCluster(
        f"no Java {LEAST} or later: install one (a JDK), or name its folder with JAVA_HOME"
    )


def maven() -> str:
    """The program that fetches the libraries."""
    if (found := shutil.which("mvn")) is None:
        raise NoCluster("no mvn, which fetches OpenSearch: install Maven")
    return found


def version(folder: Path) -> int:
    """The version of the Java in `folder`, which its file `release` says; 0 if there is none."""
    try:
        said = (folder / "release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    found = re.search(r'^JAVA_VERSION="(\d+)', said, re.MULTILINE)
    return int(found[1]) if found else 0


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("JAVA_HOME"):
        yield Path(named)
    if program := shutil.which("java"):
        yield Path(program).resolve().parents[1]
    # Linux, then macOS
    yield from sorted(Path("/usr/lib/jvm").glob("*"))
    yield from sorted(Path("/Library/Java/JavaVirtualMachines").glob("*/Contents/Home"))


def library() -> Path:
    """A folder with the libraries of pom.xml and Node.class; made anew if either file changed."""
    stamp = hashlib.sha256(
        (HERE / "pom.xml").read_bytes() + (HERE / "Node.java").read_bytes()
    ).hexdigest()[:12]
    made = STATE / f"lib-{stamp}"
    STATE.mkdir(exist_ok=True)
    with FileLock(STATE / "lib.lock", timeout=SECONDS):
        if not made.exists():
            _make(made)
    return made


def _make(into: Path) -> None:
    print("fetching OpenSearch for the test cluster ...", file=sys.stderr, flush=True)
    part = into.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    _run([maven(), "-q", "-B", "-f", HERE / "pom.xml", "dependency:copy-dependencies",
          f"-DoutputDirectory={part}"])  # fmt: skip
    _run([home() / "bin" / "javac", "--release", str(LEAST), "-cp", f"{part}/*", "-d", part,
          HERE / "Node.java"])  # fmt: skip
    part.rename(into)


def _run(command: list[str | Path]) -> None:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise NoCluster(f"{command[0]} took more than {SECONDS} s") from error
    if done.returncode:
        said = done.stdout.decode(errors="replace").strip()[-2000:]
        raise NoCluster(f"{command[0]} failed:\n{said}")


if __name__ == "__main__":
    try:
        home(), maven()
    except NoCluster as error:
        sys.exit(str(error))
