"""A step of a commit fails: the disk is full, or broken; and while one recovers, so does another.

Beside faults made up step by step there are true ones: a file system that is too small, a folder
that cannot be written, memory that does not suffice.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.faults import archive as archives
from benchmarks.faults import kill
from benchmarks.faults.archive import Archive, State
from benchmarks.faults.frame import Tried, main
from benchmarks.faults.storage import Doors, Step
from chabao.indexer.build import build
from chabao.indexer.errors import CannotWrite

PROMISE = (
    "Whichever write, rename or fsync fails, and whichever fails while that is mended, the index "
    "opens with its last commit, and the message names the cause and the path."
)
CAUSES = (errno.ENOSPC, errno.EIO)
FULL = {"create", "write", "truncate", "mkdir", "rename", "fsync"}
"""What a full disk refuses; what frees space it does."""

HEARD = {"create", "write", "truncate", "rename", "fsync"}
"""What cannot fail and the commit be made all the same."""


@dataclass
class Fault:
    """Step `at` fails with `cause`; `stays` if so does every one behind it that needs space."""

    at: int
    cause: int
    stays: bool = False
    left: int = field(init=False)
    kind: str = ""

    def __post_init__(self) -> None:
        self.left = self.at

    def __call__(self, step: Step) -> None:
        self.left -= 1
        if self.left == -1 or (self.left < 0 and self.stays and step.kind in FULL):
            self.kind = self.kind or step.kind
            raise OSError(self.cause, os.strerror(self.cause), step.path)


def run(seed: int, times: int) -> Tried:
    """Faults that are made up, `times` of them, then true ones."""
    tried = steps(seed, times)
    for each in (small_disks, read_only, ladder):
        tried += each(seed, thorough=True)
    return tried


def steps(seed: int, times: int) -> Tried:
    """Commits of an archive one after the other; of each every step fails, in every way."""
    chance, tried, kinds = random.Random(seed), Tried(), Counter[str]()
    counts: list[int] = []
    with archives.place() as place, archives.small():
        number = 0
        while tried.trials < times:
            here = place / str(number)
            here.mkdir()
            counts.append(Commit(here, chance).fail(times, tried, kinds))
            shutil.rmtree(here)
            number += 1
    tried.more |= {
        "commits taken step by step": number,
        "steps of a commit": [min(counts), max(counts)],
        "failed at": dict(sorted(kinds.items())),
    }
    return tried


class Commit:
    """The next commit of an archive, again and again from the same beginning."""

    def __init__(self, place: Path, chance: random.Random) -> None:
        self._place, self._chance = place, chance
        self._archive = Archive(place, chance)
        if chance.random() < 0.8:
            kill.grow(self._archive, chance)
        self._before: State = self._archive.state
        self._after = self._archive.change()
        self._kept = place / "kept"
        if self._archive.index.exists():
            self._archive.index.rename(self._kept)

    def fail(self, times: int, tried: Tried, kinds: Counter[str]) -> int:
        """Has each step fail, and with each another while that is mended; how many steps there
        are."""
        counted: list[Step] = []
        self._restore()
        self._build(counted.append)
        for at in range(len(counted) + 1):
            cause = self._chance.choice(CAUSES)
            for stays in (False, True):
                if tried.trials == times:
                    return len(counted)
                second = Fault(self._chance.randrange(len(counted)), self._chance.choice(CAUSES))
                first = Fault(at, cause, stays)
                failure = self._judged(first, second)
                kinds[first.kind or "none"] += 1
                kinds[f"{second.kind or 'none'} again"] += 1
                where = f"commit {self._place.name}, {first}, {second}"
                tried.trial(f"{where}: {failure}" if failure else None)
        return len(counted)

    def _restore(self) -> None:
        shutil.rmtree(self._archive.index, ignore_errors=True)
        if self._kept.exists():
            shutil.copytree(self._kept, self._archive.index)

    def _build(self, before: Callable[[Step], None]) -> CannotWrite | None:
        """What is said where a step fails; what is no CannotWrite is not ours."""
        try:
            with Doors(self._place, before).watched():
                build([self._archive.folder], self._archive.index)
        except CannotWrite as error:
            return error
        return None

    def _judged(self, first: Fault, second: Fault) -> str | None:
        self._restore()
        try:
            for fault in (first, second):
                said = self._build(fault)
                if wrong := self._told(said, fault):
                    return wrong
                self._whole(made=said is None)
                if fault is first and said and not fault.stays and (left := self._left()):
                    return f"left over at once: {left}"
            archives.mend(self._archive, self._archive.index)
        except Exception as error:
            return repr(error)
        return None

    def _told(self, said: CannotWrite | None, fault: Fault) -> str | None:
        """What is wrong with a message. What only tidies up, or makes a folder that is there, may
        fail unheard."""
        if said is None:
            return f"unheard: {fault}" if fault.kind in HEARD else None
        line = said.message.format(**said.values)
        if os.strerror(fault.cause) not in line or str(self._archive.index) not in line:
            return f"said only {line}"
        return None

    def _whole(self, *, made: bool) -> None:
        """Raises Wrong where the index is not whole that there is now."""
        allowed = [self._after] if made else [self._before, self._after]
        if {} not in allowed or self._is_made():
            archives.matched(self._archive.index, allowed)

    def _is_made(self) -> bool:
        return any(self._archive.index.glob("*.toc"))

    def _left(self) -> set[str]:
        """What takes room though it is of no commit."""
        return archives.orphans(self._archive.index) if self._before else set()


def small_disks(seed: int, *, thorough: bool) -> Tried:
    """File systems of a few pages more each time, until an indexing fits: nothing is made up."""
    tried = Tried()
    if not _may_mount():
        tried.more["small disks"] = "skipped: no file system can be mounted here"
        return tried
    sizes = range(12, 1024, 4 if thorough else 24)
    with archives.place() as place:
        archive = Archive(place, random.Random(seed))
        for _ in range(12):
            archive.change()
        build([archive.folder], archive.index)
        after = archive.change()
        before = archives.held(archive.index)
        held = sum(-(-path.stat().st_size // PAGE) for path in archive.index.iterdir()) * PAGE >> 10
        for more in sizes:
            # An index that is there already has its room.
            small = place / "small"
            kept = place / "kept"
            mounted = f"mount -t tmpfs -o size={held + more}k none {small}"
            small.mkdir()
            ran = _ran(
                ["unshare", "-rm", "sh", "-c",
                 f"{mounted} && cp -r {archive.index} {small}/index && "
                 f'"$@" index --lang en --index {small}/index {archive.folder}; code=$?; '
                 f"cp -r {small}/index {kept}; exit $code",
                 "sh", *CHABAO],
            )  # fmt: skip
            made = ran.returncode == 0
            wrong = None if made else _line(ran, os.strerror(errno.ENOSPC), f"{small}/index")
            tried.trial(
                _named(f"{held + more} KB", wrong or _as_allowed(kept, before, after, made))
            )
            shutil.rmtree(kept, ignore_errors=True)
            small.rmdir()
            tried.more["smallest disk that sufficed, KB more"] = more
            if made:
                break
            tried.more["small disks"] = tried.trials
        else:
            tried.failures.append("no disk was large enough")
    return tried


def read_only(seed: int, *, thorough: bool) -> Tried:
    """An index that may be read and not be written is searched, and an indexing says why not."""
    tried = Tried()
    with archives.place() as place:
        archive = Archive(place, random.Random(seed))
        archive.change()
        build([archive.folder], archive.index)
        before = archive.state
        archive.change()
        call = f'"$@" index --lang en --index {archive.index} {archive.folder}'
        look = f'"$@" search --lang en --index {archive.index} 政务窗口月报 > /dev/null'
        cases = {}
        if _may_mount():
            bound = f"mount --bind {place} {place} && mount -o remount,bind,ro {place}"
            cases[errno.EROFS] = ["unshare", "-rm", "sh", "-c", f"{bound} && {call}", "sh"]
        if os.geteuid() != 0:
            archive.index.chmod(0o555)
            cases[errno.EACCES] = ["sh", "-c", call, "sh"]
        for cause, command in cases.items():
            ran = _ran([*command, *CHABAO])
            wrong = _line(ran, os.strerror(cause), str(archive.index))
            tried.trial(_named("read only", wrong or _as_allowed(archive.index, before, before)))
            looked = _ran([*command[:-2], command[-2].replace(call, look), "sh", *CHABAO])
            fine = looked.returncode in (0, 1) and not looked.stderr.count("chabao: cannot")
            tried.trial(None if fine else f"read only, search: {looked}")
        if os.geteuid() == 0:
            tried.trial(_named("as nobody", _as_nobody(archive, before)))
        archive.index.chmod(0o755)
    tried.more["read-only folders"] = tried.trials
    return tried


def _as_nobody(archive: Archive, before: State) -> str | None:
    """A user without permission; root has every one, so another user writes, in a process of its
    own."""

    def demoted(step: Step) -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)

    for path in (archive.index.parent, archive.folder, archive.index):
        path.chmod(0o755)
    writer = kill.written(archive, demoted)
    if "CannotWrite" not in writer.said or os.strerror(errno.EACCES) not in writer.said:
        return f"said {writer}"
    return _as_allowed(archive.index, before, before)


def ladder(seed: int, *, thorough: bool) -> Tried:
    """Memory from too little for anything to enough, in steps: an indexing ends in one line until
    it gets through."""
    tried = Tried()
    if sys.platform != "linux":
        tried.more["memory"] = "skipped: no limit of addresses"
        return tried
    few, all_ = (20, 24, 60, 150, *range(240, 2000, 60)), (*range(16, 48), *range(50, 2000, 15))
    began = 0
    with archives.place() as place:
        archive = Archive(place, random.Random(seed))
        archive.change()
        build([archive.folder], archive.index)
        kept = place / "kept"
        archive.index.rename(kept)
        before, after = archive.state, archive.change()
        for megabytes in all_ if thorough else few:
            shutil.copytree(kept, archive.index)
            limited = ["sh", "-c", f'ulimit -v {megabytes << 10}; exec "$@"', "sh"]
            index = ["index", "--lang", "en", "--index", str(archive.index), str(archive.folder)]
            ran = _ran([*limited, *CHABAO, *index])
            made = ran.returncode == 0
            nothing = not began and _ran([*limited, *CHABAO, "--version"]).returncode != 0
            if nothing and ran.returncode != 2:
                # Python itself, or what reads the command line, cannot be loaded.
                tried.more["MB in which nothing begins"] = megabytes
                wrong = None
            else:
                began = began or megabytes
                wrong = None if made else _line(ran, "memory", last=megabytes < PYTHON)
            wrong = wrong or _as_allowed(archive.index, before, after, made)
            tried.trial(_named(f"{megabytes} MB", wrong))
            shutil.rmtree(archive.index)
            if made:
                tried.more["MB of addresses that sufficed"] = megabytes
                break
        else:
            tried.failures.append("no memory was enough")
    return tried


NOBODY = 65534
PYTHON = 40
"""Megabytes of addresses that Python's own modules take."""
PAGE = 4096
CHABAO = (sys.executable, "-m", "chabao")


def _may_mount() -> bool:
    """Whether this user may mount file systems, if only for a process of its own."""
    try:
        return _ran(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).returncode == 0
    except OSError:
        return False


def _ran(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=120,
        env=os.environ | {"PYTHONUTF8": "1"}, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def _line(
    ran: subprocess.CompletedProcess[str], cause: str, path: str = "", *, last: bool = False
) -> str | None:
    """What is wrong with what a command has said that could not do its work; only the `last` line
    is ours where Python itself finds no memory for its modules."""
    lines = ran.stderr.splitlines()[-1:] if last else ran.stderr.splitlines()
    if ran.returncode != 2 or len(lines) != 1 or cause not in lines[0] or path not in lines[0]:
        return f"exit code {ran.returncode}: {ran.stderr[-500:]!r}"
    return None


def _as_allowed(index: Path, before: State, after: State, made: bool = False) -> str | None:
    try:
        archives.matched(index, [after] if made else [before, after])
    except Exception as error:
        return repr(error)
    return None


def _named(which: str, wrong: str | None) -> str | None:
    return f"{which}: {wrong}" if wrong else None


if __name__ == "__main__":
    main(__file__, PROMISE, run, times=5_000)
