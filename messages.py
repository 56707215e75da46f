"""The reader's language: which it is, and how a message is said in it.

Messages stand in the code in English and are looked up by gettext where they are made; click's own
go through the same catalogue, because the text domain is the process's.
"""

from __future__ import annotations

import gettext
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

DOMAIN = "chabao"
FOLDER = Path(__file__).parent / "locale"
LANGUAGES = {"zh": "zh_CN", "en": "en"}
PLACES = frozenset({"path", "folder", "inside", "program"})
"""Values that are places on this machine."""
NAMES = PLACES | {"name", "id", "query"}
"""Values that somebody has named, or typed: they are no messages, even where one reads the same."""


def language(argv: Sequence[str], environ: Mapping[str, str]) -> str:
    """zh or en: as --lang says, else CHABAO_LANG, else the locale of messages."""
    asked = _option(argv) or environ.get("CHABAO_LANG", "")
    if asked[:2].lower() in LANGUAGES:
        return asked[:2].lower()
    names = (environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), None) or _system_locale()
    # as gettext has it, LANGUAGE counts only where a locale was chosen at all
    if locale.partition(".")[0] not in ("", "C", "POSIX") and environ.get("LANGUAGE"):
        locale = environ["LANGUAGE"]
    return "zh" if locale.lower().startswith("zh") else "en"


def before_dashes(argv: Sequence[str]) -> Sequence[str]:
    """The words that may be options: those after -- are the query's."""
    return argv[: argv.index("--")] if "--" in argv else argv


def _option(argv: Sequence[str]) -> str:
    """The value of --lang: wanted before click reads the line, for click's errors and pages."""
    options = before_dashes(argv)
    for at, word in enumerate(options):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang":
            return "".join(options[at + 1 : at + 2])
    return ""


def _system_locale() -> str:
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")


def speak(code: str) -> None:
    """From now on gettext answers in `code`, zh or en."""
    os.environ["LANGUAGE"] = LANGUAGES[code]
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)


def say(template: str, **values: object) -> str:
    """`template` in the reader's language, filled in; values that are messages are said too."""
    if not template:
        return ""
    said = {key: value if key in NAMES else _said(value) for key, value in values.items()}
    return gettext.gettext(template).format(**said) if values else gettext.gettext(template)


def _said(value: object) -> object:
    return gettext.gettext(value) if isinstance(value, str) and value else value
