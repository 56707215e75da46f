r"""How a text stands in a cell of a table: all of it, nothing that runs, nothing that steers.

Two rules, both taken back by `restored`:

1. What a table cannot hold is written as JSON writes it, `\u001b`: control characters (but tab and
   line feed, where the format has a place for them), what turns the direction of text, parts lines
   or cannot be seen, half a surrogate pair, U+FFFE and U+FFFF. A backslash that would read as the
   beginning of such a sign is written `\u005c`.
2. In CSV and TSV, a text that a spreadsheet could take for a formula (= + - @ and their full-width
   forms, white space before them or not, or a tab or line break at the beginning), or that begins
   with ', has one ' put before it. Numbers are never changed. In xlsx a text is stored as a text,
   and needs no such mark.
"""

from __future__ import annotations

import math
import re

Cell = str | int | float | None

UNSEEN = "\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
"""What turns the direction of text, parts lines or cannot be seen, as a class of characters."""
_CONTROLS = f"\x00-\x08\x0b-\x1f\x7f-\x9f{UNSEEN}\ud800-\udfff\ufffe\uffff"
_BACKSLASH = r"\\(?=u[0-9a-f]{4})"
_UNHELD = {
    "csv": re.compile(f"[{_CONTROLS}]|{_BACKSLASH}"),
    "tsv": re.compile(f"[{_CONTROLS}\t\n]|{_BACKSLASH}"),
    # readers of xlsx differ in whether they know its own signs for characters, _x000D_
    "xlsx": re.compile(f"[{_CONTROLS}]|{_BACKSLASH}|_(?=x[0-9A-Fa-f]{{4}}_)"),
    "md": re.compile(f"[{_CONTROLS}]|{_BACKSLASH}"),
}
_SIGN = re.compile(r"\\u([0-9a-f]{4})")
_RUNS = re.compile("['\t\n]|[\\s\u200b\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
_GUARDED = frozenset({"csv", "tsv"})

_MARKUP = re.compile(r"[\\`*_\[\]<>|~&$]")
_BLANKS = re.compile(r"^\s+|\s+$|\t")


def held(text: str, form: str) -> str:
    """`text` as a cell of this format has it; `form` is csv, tsv, xlsx or md."""
    safe = _UNHELD[form].sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return "'" + safe if form in _GUARDED and _RUNS.match(safe) else safe


def restored(cell: str, form: str) -> str:
    """The text that `held` put into a cell, as any reader of the format gives the cell."""
    if form in _GUARDED:
        cell = cell.removeprefix("'")
    return _SIGN.sub(lambda sign: chr(int(sign[1], 16)), cell)


def marked_down(text: str) -> str:
    """`text` in a cell of a Markdown table (GFM): no markup, a line break as <br>."""
    plain = _MARKUP.sub(r"\\\g<0>", held(text, "md"))
    kept = _BLANKS.sub(_references, plain)
    return kept.replace("\n", "<br>")


def _references(blanks: re.Match[str]) -> str:
    """White space that a reader would trim or fold, as character references."""
    return "".join(char if char == "\n" else f"&#{ord(char)};" for char in blanks[0])


def finite(cell: Cell) -> Cell:
    """What is no number and what is infinite have a name in text, and none among JSON's numbers."""
    if not isinstance(cell, float) or math.isfinite(cell):
        return cell
    return "NaN" if math.isnan(cell) else "Infinity" if cell > 0 else "-Infinity"
