"""Which program opens a file at a place, and with which words. No shell reads them."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chabao.search.errors import InsideArchive, NoProgram
from chabao.search.opening import Spot

Which = Callable[[str], str | None]

_PLUS, _COLON = ("+{line}", "{path}"), ("{path}:{line}",)
_GOTO, _LETTER = ("-g", "{path}:{line}"), ("-l", "{line}", "{path}")
EDITORS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("vi", "vim", "nvim", "gvim", "view", "nano", "emacs", "emacsclient"), _PLUS),
    **dict.fromkeys(("micro", "kak", "gedit", "xed", "pluma", "less", "joe"), _PLUS),
    **dict.fromkeys(("code", "code-insiders", "codium", "vscodium", "cursor"), _GOTO),
    **dict.fromkeys(("subl", "sublime_text", "hx", "helix", "zed"), _COLON),
    **dict.fromkeys(("kate", "kwrite", "geany", "mousepad", "mate"), _LETTER),
    "notepad++": ("-n{line}", "{path}"),
    "idea": ("--line", "{line}", "{path}"),
}
"""What stands behind the name of an editor, for a file at a line."""
VIEWERS: Mapping[str, Sequence[str]] = {
    "evince": ("-i", "{page}", "{path}"),
    "okular": ("-p", "{page}", "{path}"),
    "atril": ("-i", "{page}", "{path}"),
    "xreader": ("-i", "{page}", "{path}"),
    "zathura": ("-P", "{page}", "{path}"),
    "qpdfview": ("{path}#{page}",),
    "mupdf": ("{path}", "{page}"),
    "SumatraPDF": ("-page", "{page}", "{path}"),
}
"""The same for PDF viewers and a page; the first that is installed is taken."""
CONSOLE = ("nano", "vim", "vi", "less")
"""What opens a text where there is no desktop."""
DOCUMENTS = frozenset(
    [
        ".doc",
        ".docm",
        ".docx",
        ".dot",
        ".dotx",
        ".et",
        ".htm",
        ".html",
        ".jpeg",
        ".jpg",
        ".md",
        ".mht",
        ".mhtml",
        ".ods",
        ".odt",
        ".pdf",
        ".png",
        ".rtf",
        ".shtml",
        ".tif",
        ".tiff",
        ".txt",
        ".wps",
        ".xhtml",
        ".xls",
        ".xlsm",
        ".xlsx",
        ".zip",
    ]
)
"""What bulletins are. A desktop would run other files, and the path is what an index says."""
SKIM = Path("/Applications/Skim.app")
BATCH, SPECIAL = frozenset({".bat", ".cmd"}), frozenset('&|<>^%!"')
"""Windows gives a batch file's words to a shell, in which these characters mean something."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The machine on which a file is opened: `which` finds a program by its name."""

    platform: str
    environ: Mapping[str, str]
    which: Which

    @property
    def has_screen(self) -> bool:
        if self.platform in ("win32", "darwin"):
            return True
        return bool(self.environ.get("DISPLAY") or self.environ.get("WAYLAND_DISPLAY"))


@dataclass(frozen=True, slots=True)
class Call:
    """A program and its words; `waits` until it ends, as an editor in a terminal must."""

    words: tuple[str, ...]
    waits: bool


def call(spot: Spot, desk: Desk) -> Call:
    """What opens a file at a place.

    An editor is CHABAO_EDITOR, VISUAL or EDITOR, a viewer CHABAO_VIEWER: a program with its
    options, in which {path}, {line} and {page} stand for themselves. Where none is set, it is a
    viewer that is installed, or what the desktop opens such a file with. Raises InsideArchive,
    NoProgram.
    """
    if spot.inside:
        raise InsideArchive(path=spot.path, inside=spot.inside)
    if spot.path.suffix.lower() == ".pdf":
        return _viewer(spot, desk)
    named = _variable(desk, "CHABAO_EDITOR", "VISUAL", "EDITOR") if spot.line else None
    if named:
        return Call(_filled(named, EDITORS, spot, desk), waits=True)
    if spot.line and not desk.has_screen:
        for name in CONSOLE:
            if program := desk.which(name):
                return Call((program, *_words(EDITORS[name], spot)), waits=True)
    return _desktop(spot, desk)


def _viewer(spot: Spot, desk: Desk) -> Call:
    if named := _variable(desk, "CHABAO_VIEWER"):
        return Call(_filled(named, VIEWERS, spot, desk), waits=False)
    if spot.page and desk.has_screen:
        for name, form in VIEWERS.items():
            if program := desk.which(name):
                return Call((program, *_words(form, spot)), waits=False)
        if desk.platform == "darwin" and SKIM.exists():
            place = spot.path.as_uri().removeprefix("file:")
            return Call(("open", f"skim:{place}#page={spot.page}"), waits=True)
    return _desktop(spot, desk)


def _desktop(spot: Spot, desk: Desk) -> Call:
    name = {"win32": "start", "darwin": "open"}.get(desk.platform, "xdg-open")
    if spot.path.suffix.lower() not in DOCUMENTS:
        raise NoProgram(path=spot.path, program=name, reason="bulletins are no such files")
    if desk.platform == "win32":
        return Call((str(spot.path),), waits=False)
    opener = desk.which(name)
    if opener is None:
        raise NoProgram(path=spot.path, program=name, reason="there is no such program")
    if not desk.has_screen:
        raise NoProgram(path=spot.path, program=name, reason="there is no desktop")
    return Call((opener, str(spot.path)), waits=True)


def _variable(desk: Desk, *names: str) -> str | None:
    return next((value for name in names if (value := desk.environ.get(name, "").strip())), None)


def _filled(
    named: str, forms: Mapping[str, Sequence[str]], spot: Spot, desk: Desk
) -> tuple[str, ...]:
    """The program that a variable names, with its options and the place."""
    name, *options = _split(named, desk)
    program = desk.which(name)
    if program is None:
        raise NoProgram(path=spot.path, program=name, reason="there is no such program")
    if any("{path}" in option for option in options):
        words = _words(options, spot)
    else:
        form = forms.get(_plain(name, forms), ("{path}",))
        words = (*options, *_words(form, spot))
    if Path(program).suffix.lower() in BATCH and SPECIAL.intersection("".join(words)):
        raise NoProgram(path=spot.path, program=name, reason="its name is not safe there")
    return (program, *words)


def _split(named: str, desk: Desk) -> list[str]:
    """A command line as words; a path with spaces that is a program is one."""
    if desk.which(named):
        return [named]
    windows = desk.platform == "win32"
    try:
        words = shlex.split(named, posix=not windows)
    except ValueError:
        return [named]
    return [word.strip('"') for word in words] if windows else words


def _plain(name: str, forms: Mapping[str, Sequence[str]]) -> str:
    """The name under which a program is known: without its folder and .exe, in any case."""
    base = name.replace("\\", "/").rpartition("/")[2].lower()
    for ending in (".exe", ".cmd", ".bat"):
        base = base.removesuffix(ending)
    return next((known for known in forms if known.lower() == base), "")


def _words(form: Sequence[str], spot: Spot) -> tuple[str, ...]:
    """A form filled in. A path begins with / or a drive, so that no program takes it for an
    option."""
    path = os.path.abspath(spot.path)  # noqa: PTH100 - links stay as they are
    values = {"{line}": str(spot.line or 1), "{page}": str(spot.page or 1), "{path}": path}
    return tuple(_fill(word, values) for word in form)


def _fill(word: str, values: Mapping[str, str]) -> str:
    for sign, value in values.items():  # the path is the last: what stands in it is no sign
        word = word.replace(sign, value)
    return word


def run(words: Call, desk: Desk) -> int:
    """Runs a program; its exit code where it was waited for, else 0. Raises NoProgram."""
    path = words.words[-1]
    try:
        if desk.platform == "win32" and len(words.words) == 1:
            os.startfile(path)  # type: ignore[attr-defined,unused-ignore]  # nosec B606 # as a click would
            return 0
        if words.waits:
            ran = subprocess.run(words.words, check=False)  # nosec B603 # no shell; the user chose
            return ran.returncode
        nowhere = subprocess.DEVNULL
        subprocess.Popen(  # nosec B603 # no shell; the user chose
            words.words, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
        )
        return 0
    except OSError as error:
        reason = error.strerror or str(error)
        raise NoProgram(path=path, program=words.words[0], reason=reason) from error
