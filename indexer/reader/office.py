"""What only an office program reads (.doc, .wps, .rtf, .odt): made a .docx by LibreOffice.

It runs with a profile of its own that is thrown away, so that it neither waits for a window that is
open nor runs what is installed there, and within limits of time and memory; it and all that it
starts are ended together. Under who leads a session, as a worker does, it stays in that
one's group, and so ends with it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePath

from chabao.indexer.installed import which
from chabao.indexer.reader import word
from chabao.indexer.reader.document import Document, Unreadable

PROGRAMS = ("soffice", "libreoffice")
PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
"""Where it is installed and not on the path."""
SECONDS = 60
MEMORY = 2 << 30
OUTPUT = 256 << 20
"""Limits of a conversion: of the file that it writes as well."""
SETTINGS = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{items}</oor:items>
"""
ITEM = """\
<item oor:path="/org.openoffice.{path}">\
<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>
"""
NOWHERE = (
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetNoProxy", ""),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
"""Settings by which nothing is fetched that a document names, and nothing run that is in it. What
would be asked all the same, through a proxy where none is, stays unanswered."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SUFFIXES = ((b"{\\rtf", ".rtf"), (b"\xd0\xcf\x11\xe0", ".doc"), (b"PK", ".odt"))
"""By what a file is, because Kingsoft's .wps is a .doc and Works' is not."""


def documents(data: bytes, name: str) -> Iterator[Document]:
    """The one document that the file is. Raises Unreadable."""
    if ENCRYPTED in data:
        raise Unreadable(reason="it has a password; save it without one")
    program = installed()
    if program is None:
        raise Unreadable(reason="needs LibreOffice, which is not installed; or save it as .docx")
    with tempfile.TemporaryDirectory(prefix="chabao-", ignore_cleanup_errors=True) as folder:
        suffix = next(
            (suffix for mark, suffix in SUFFIXES if data.lstrip().startswith(mark)),
            PurePath(name).suffix.lower(),
        )
        source = Path(folder, f"document{suffix}")
        source.write_bytes(data)
        _convert(program, source)
        made = Path(folder, "made", "document.docx")
        if not made.is_file() or made.stat().st_size > OUTPUT:
            raise Unreadable(reason="damaged: LibreOffice cannot read it")
        converted = made.read_bytes()
    yield from word.documents(converted, name)


def installed() -> str | None:
    """LibreOffice's program, if there is one."""
    found = next(filter(None, map(which, PROGRAMS)), None)
    return found or next((place for place in PLACES if Path(place).is_file()), None)


def _convert(program: str, source: Path) -> None:
    folder = source.parent
    profile = _profile(folder).as_uri()
    command = [
        program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nologo",
        "--nodefault", "--nolockcheck", "--convert-to", "docx:MS Word 2007 XML",
        "--outdir", str(folder / "made"), str(source),
    ]  # fmt: skip
    quiet = subprocess.DEVNULL
    environment = os.environ | {"HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    try:
        process = subprocess.Popen(  # nosec B603 # no shell; the only foreign word is a path of ours
            command, stdin=quiet, stdout=quiet, stderr=quiet, cwd=folder, env=environment,
            start_new_session=not _leads(),
        )  # fmt: skip
    except OSError as error:
        raise Unreadable(reason="LibreOffice cannot be started") from error
    try:
        _limit(process.pid)
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Unreadable(reason="refused: LibreOffice takes too long over it") from error
    finally:
        _end(process)


def _profile(folder: Path) -> Path:
    """A profile with our settings and no others."""
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    items = "".join(ITEM.format(path=path, name=name, value=value) for path, name, value in NOWHERE)
    settings = user / "registrymodifications.xcu"
    settings.write_text(SETTINGS.format(items=items), encoding="utf-8")
    return user.parent


def _limit(process: int) -> None:
    """Sets limits from outside: code between fork and exec is not safe in a threaded program."""
    if sys.platform == "linux":
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(process, resource.RLIMIT_AS, (2 * MEMORY, 2 * MEMORY))
            resource.prlimit(process, resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
            resource.prlimit(process, resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the program and all that it started."""
    if sys.platform == "win32":
        process.kill()
    elif _leads():
        # What it has started is ended with the worker, which is fit for nothing while it is there.
        return
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _leads() -> bool:
    """Whether this process leads a session."""
    return sys.platform != "win32" and os.getsid(0) == os.getpid()
