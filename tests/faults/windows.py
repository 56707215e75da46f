"""A stand-in for Windows, as far as this platform can play it, for a process and those it starts.

What chabao sees of `sys`, `os`, `signal`, `mmap` and `socket` is what Windows has of them; modules
that are not there cannot be imported. A file that somebody has open, this process or another, can
be neither replaced nor renamed nor removed; a folder cannot be opened; names that Windows refuses
are refused. Pipes are cp936 and end lines with CR LF, and text files without a named encoding are
an error.

It does not play backslashes and drives, nor how Windows locks and starts processes.
"""

from __future__ import annotations

import builtins
import errno
import importlib
import io
import mmap
import os
import re
import socket
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

ABSENT = ("fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty")
MISSING = {
    "os": [
        "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "WNOHANG", "chown", "chroot",
        "fchdir", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getgroups",
        "getloadavg", "getpgid", "getpgrp", "getpriority", "getresuid", "getsid", "getuid",
        "killpg", "lchown", "mkfifo", "mknod", "nice", "openpty", "pathconf", "posix_fadvise",
        "posix_spawn", "pread", "pwrite", "register_at_fork", "sched_getaffinity",
        "sched_setaffinity", "sched_yield", "sendfile", "setpgid", "setsid", "setuid", "statvfs",
        "sync", "sysconf", "uname", "wait", "wait3", "wait4", "waitid",
    ],
    "signal": [
        "ITIMER_REAL", "SIGALRM", "SIGBUS", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT",
        "SIGUSR1", "SIGUSR2", "SIGXCPU", "SIGXFSZ", "alarm", "getitimer", "pause", "pthread_kill",
        "pthread_sigmask", "setitimer", "sigpending", "sigwait",
    ],
    "mmap": [name for name in dir(mmap) if name.startswith(("MADV_", "MAP_", "PROT_"))],
    "socket": ["AF_UNIX", "SO_REUSEPORT"],
    "sys": ["abiflags", "getdlopenflags", "setdlopenflags"],
}  # fmt: skip
OTHER: dict[str, dict[str, Any]] = {
    "os": {"name": "nt"},
    "sys": {"platform": "win32"},
    "signal": {"CTRL_C_EVENT": 0, "CTRL_BREAK_EVENT": 1},
    "mmap": {},
    "socket": {"SO_EXCLUSIVEADDRUSE": socket.SO_REUSEADDR},
}
REFUSED = re.compile(
    r'[<>:"|?*\x00-\x1f]|[ .]$|^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)', re.IGNORECASE
)
LONGEST = 260
PIDS = "CHABAO_WINDOWS_PIDS"
"""Names the folder in which processes say that they are there."""
REFUSAL = "refused"
"""The file beside them that is there when somebody was refused what is open."""
ROOM = "CHABAO_WINDOWS_ROOM"
"""Names the folder below which names and files are as on Windows."""


class Other(ModuleType):
    """A module as Windows has it."""

    def __init__(self, real: ModuleType) -> None:
        super().__init__(real.__name__, real.__doc__)
        vars(self).update(_real=real, _missing=frozenset(MISSING[real.__name__]))
        vars(self).update(_other=OTHER[real.__name__])

    def __getattr__(self, name: str) -> Any:
        own = vars(self)
        if name in own["_missing"]:
            raise AttributeError(f"{own['_real'].__name__}.{name} is not there on Windows")
        return own["_other"][name] if name in own["_other"] else getattr(own["_real"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(vars(self)["_real"], name, value)


def pretend() -> None:
    """From now on this process is on Windows."""
    Path(os.environ[PIDS], str(os.getpid())).touch()
    _imports()
    _files()
    sys.stdout.reconfigure(encoding="cp936", errors="strict", newline="\r\n")  # type: ignore
    sys.stderr.reconfigure(encoding="cp936", errors="backslashreplace", newline="\r\n")  # type: ignore
    sys.stdin.reconfigure(encoding="cp936")  # type: ignore
    if not sys.flags.warn_default_encoding:
        raise RuntimeError("start with PYTHONWARNDEFAULTENCODING=1")
    warnings.filterwarnings("error", category=EncodingWarning, module=r"chabao\b")


def _imports() -> None:
    others = {name: Other(importlib.import_module(name)) for name in MISSING}
    real = builtins.__import__

    def importing(
        name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0
    ) -> ModuleType:
        asking = str((globals or {}).get("__name__", ""))
        if level == 0 and asking.partition(".")[0] == "chabao":
            if name in ABSENT:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            if name in others:
                return others[name]
        return real(name, globals, locals, fromlist, level)

    builtins.__import__ = importing  # type: ignore[assignment]


def _files() -> None:
    room = os.environ[ROOM] + os.sep

    def inside(path: Any) -> str:
        """A path in the room; empty where it is elsewhere, or no path."""
        if isinstance(path, int):
            return ""
        whole = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 (links stay)
        return whole if whole.startswith(room) else ""

    def named(path: Any) -> None:
        rest = inside(path).removeprefix(room)
        if any(REFUSED.search(part) for part in Path(rest).parts):
            raise OSError(errno.EINVAL, "The filename syntax is incorrect", os.fsdecode(path))
        if len(rest) > LONGEST:
            raise FileNotFoundError(errno.ENOENT, "The path is too long", os.fsdecode(path))

    def free(path: Any) -> None:
        whole = inside(path)
        if whole and Path(whole).is_file() and held(whole):
            Path(os.environ[PIDS], REFUSAL).touch()
            raise PermissionError(errno.EACCES, "Used by another process", os.fsdecode(path))

    def removing(real: Callable[..., None]) -> Callable[..., None]:
        def remove(path: Any, **options: Any) -> None:
            free(path)
            real(path, **options)

        return remove

    def moving(real: Callable[..., None], over: bool) -> Callable[..., None]:
        def move(source: Any, target: Any, **options: Any) -> None:
            named(target)
            if not over and inside(target) and os.path.lexists(target):
                raise FileExistsError(errno.EEXIST, "Already there", os.fsdecode(target))
            free(source), free(target)
            real(source, target, **options)

        return move

    def opening(real: Callable[..., Any], text: bool) -> Callable[..., Any]:
        def open_(path: Any, *words: Any, **options: Any) -> Any:
            if text and len(words) < 3 and options.get("encoding") is None:
                mode = words[0] if words else options.get("mode", "r")
                if "b" not in mode and _asks(sys._getframe(1)):
                    raise EncodingWarning(path)
            if not isinstance(path, int):
                named(path)
                if inside(path) and Path(path).is_dir():
                    raise PermissionError(errno.EACCES, "Permission denied", os.fsdecode(path))
            return real(path, *words, **options)

        return open_

    def linking(source: Any, target: Any, *_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, "A privilege is not held by the client", os.fsdecode(target))

    os.remove, os.unlink = removing(os.remove), removing(os.unlink)
    os.rename, os.replace = moving(os.rename, over=False), moving(os.replace, over=True)
    os.open, os.symlink, os.link = opening(os.open, False), linking, linking
    builtins.open = io.open = opening(io.open, True)


def _asks(frame: Any) -> bool:
    """Whether it is chabao that opens a file."""
    return str(frame.f_globals.get("__name__")).partition(".")[0] == "chabao"


def held(path: str) -> bool:
    """Whether a process that plays along has a file open or mapped."""
    for process in Path(os.environ[PIDS]).iterdir():
        proc = Path("/proc", process.name)
        try:
            if any(_leads(each, path) for each in (proc / "fd").iterdir()):
                return True
            with REAL_OPEN(proc / "maps", encoding="utf-8", errors="replace") as maps:
                if any(line.rstrip("\n").endswith(f" {path}") for line in maps):
                    return True
        except OSError:
            continue
    return False


def _leads(link: Path, path: str) -> bool:
    try:
        return str(link.readlink()) == path
    except OSError:
        return False


REAL_OPEN = io.open
BOOT = f"""\
import importlib.util
spec = importlib.util.spec_from_file_location("windows", {__file__!r})
windows = importlib.util.module_from_spec(spec)
spec.loader.exec_module(windows)
windows.pretend()
"""
PSUTIL = '''\
"""As much of psutil as is asked for; it is not installed on Linux."""
import os


class Error(Exception):
    pass


class Process:
    def __init__(self, pid):
        self.pid = pid

    def memory_info(self):
        return self

    @property
    def rss(self):
        try:
            with open(f"/proc/{self.pid}/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError as error:
            raise Error from error

    def children(self, recursive):
        return []
'''


def environment(room: Path) -> dict[str, str]:
    """Variables with which a Python that is started plays along, and those that it starts."""
    boot, pids = room / ".boot", room / ".pids"
    boot.mkdir(), pids.mkdir()
    (boot / "sitecustomize.py").write_text(BOOT, "utf-8")
    (boot / "psutil.py").write_text(PSUTIL, "utf-8")
    kept = ("PATH", "HOME", "LD_LIBRARY_PATH", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "PYTHONPATH": str(boot), PIDS: str(pids), ROOM: str(room), "LANG": "C.UTF-8",
        "PYTHONWARNDEFAULTENCODING": "1", "PYTHONUTF8": "0", "TMPDIR": str(room),
        "XDG_DATA_HOME": str(room / "data"), "XDG_CACHE_HOME": str(room / "cache"),
        "CHABAO_LANG": "en", "PYTHONDONTWRITEBYTECODE": "",
    }  # fmt: skip


def run(
    room: dict[str, str], *words: str, timeout: float = 60, **options: Any
) -> subprocess.CompletedProcess[bytes]:
    """Runs chabao with these words, as on Windows; what it prints are bytes."""
    program = [sys.executable, "-m", "chabao", *words]
    return subprocess.run(program, env=room, capture_output=True, timeout=timeout, **options)
