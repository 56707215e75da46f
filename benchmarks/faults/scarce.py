"""Too little of what a machine has: room on a disk, or for files, permission to write, memory. All
is true.

`times` steps of memory are taken at most; those of disks are few.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.faults import archive as archives
from benchmarks.faults import kill
from benchmarks.faults.archive import Archive, State
from benchmarks.faults.frame import Tried, main
from benchmarks.faults.storage import Step
from chabao.indexer.build import build

PROMISE = (
    "Where a disk, a permission or memory does not suffice, an indexing ends in one line that says "
    "so, with exit code 2, and the index is as it was."
)
NOBODY = 65534
PYTHON = 40
"""Megabytes of addresses that Python's own modules take."""
PAGE = 4096
CHABAO = (sys.executable, "-m", "chabao")


def run(seed: int, times: int) -> Tried:
    return small_disks(seed) + read_only(seed) + ladder(seed, times)


def small_disks(seed: int, step: int = 1) -> Tried:
    """File systems of `step` pages more each time, or of room for so many files more, until an
    indexing fits: nothing is made up."""
    tried = Tried()
    if not _may_mount():
        tried.more["small disks"] = "skipped: no file system can be mounted here"
        return tried
    with archives.place() as place:
        archive = Archive(place, random.Random(seed))
        for _ in range(12):
            archive.change()
        build([archive.folder], archive.index)
        before = archives.held(archive.index)
        for _ in range(12):
            archive.change()
        # An index that is there already has its room, and its folder and the disk's own theirs.
        sizes = [path.stat().st_size for path in archive.index.iterdir()]
        held = sum(-(-size // PAGE) for size in sizes) * PAGE >> 10
        disks = [(f"size={held + more}k", more) for more in range(4, 1024, 4 * step)]
        _grown(archive, before, disks, "KB more", tried)
        held = len(sizes) + 2
        disks = [(f"nr_inodes={held + more}", more) for more in range(0, 64, step)]
        _grown(archive, before, disks, "files more", tried)
    return tried


def _grown(
    archive: Archive, before: State, disks: Sequence[tuple[str, int]], what: str, tried: Tried
) -> None:
    """An indexing on one disk after the other, each made with options of its own, until one
    suffices."""
    place, after, tries = archive.index.parent, archive.state, tried.trials
    for options, more in disks:
        small, kept = place / "small", place / "kept"
        mounted = f"mount -t tmpfs -o {options} none {small}"
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
        tried.trial(_named(options, wrong or _as_allowed(kept, before, after, made)))
        shutil.rmtree(kept, ignore_errors=True)
        small.rmdir()
        tried.more[f"smallest disk that sufficed, {what}"] = more
        if made:
            tried.more[f"disks with too little, {what}"] = tried.trials - tries - 1
            return
    tried.failures.append(f"no disk was large enough, {what}")


def read_only(seed: int) -> Tried:
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
        bound = f"mount --bind {place} {place} && mount -o remount,bind,ro {place}"
        if _may_mount(bound):
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


def ladder(seed: int, times: int) -> Tried:
    """Memory from too little for anything to enough, in steps: an indexing ends in one line until
    it gets through."""
    tried = Tried()
    if sys.platform != "linux":
        tried.more["memory"] = "skipped: no limit of addresses"
        return tried
    # Where modules are loaded each megabyte may end in another way.
    every = [*range(16, 48), *range(50, 2000, 15)]
    steps = every if times >= len(every) else sorted({*every[4 : 30 : 120 // times], *every[30::4]})
    began = 0
    with archives.place() as place:
        archive = Archive(place, random.Random(seed))
        archive.change()
        build([archive.folder], archive.index)
        kept = place / "kept"
        archive.index.rename(kept)
        before, after = archive.state, archive.change()
        for megabytes in steps:
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


def _may_mount(command: str = "mount -t tmpfs none /mnt") -> bool:
    """Whether this user may mount file systems, if only for a process of its own."""
    try:
        return _ran(["unshare", "-rm", "sh", "-c", command]).returncode == 0
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
    main(__file__, PROMISE, run, times=200)
