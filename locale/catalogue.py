"""The Chinese catalogue: `python locale/catalogue.py` brings it up to date with the code.

It collects the messages, writes them with the translations that are there into the .po file, and
compiles that to the .mo file which gettext reads. A message without a translation is listed; the
exit code is 1 then. Entries marked `#. click` are click's own, those marked `#. system` what the
system says of files; they are kept as they are.
"""

from __future__ import annotations

import ast
import inspect
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "zh_CN" / "LC_MESSAGES" / "chabao.po"
MO = PO.with_suffix(".mo")
FOREIGN = {"click", "system"}
CALLS = {"_", "gettext", "say"}
LOCAL = {"message", "hint"}
"""Attributes of errors; keywords `help`, `message` and `reason` hold one too."""


@dataclass
class Entry:
    """A message, its translation ("" where there is none), and where it comes from."""

    message: str
    plural: str = ""
    translation: str = ""
    origin: str = ""

    @property
    def key(self) -> str:
        return f"{self.message}\0{self.plural}" if self.plural else self.message


def collected() -> dict[str, Entry]:
    """Every message of the code, by key, in the order of the files."""
    found: dict[str, Entry] = {}
    folders = (ROOT / "commands", ROOT / "indexer", ROOT / "search", ROOT / "web")
    files = [*sorted(ROOT.glob("*.py")), *(f for d in folders for f in sorted(d.rglob("*.py")))]
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        for message, plural in messages(ast.parse(path.read_text(encoding="utf-8"))):
            entry = Entry(message, plural, origin=name)
            found.setdefault(entry.key, entry)
    for path in sorted((ROOT / "web" / "templates").iterdir()):
        for message, plural in templated(path.read_text(encoding="utf-8")):
            entry = Entry(message, plural, origin=path.relative_to(ROOT).as_posix())
            found.setdefault(entry.key, entry)
    return found


def templated(source: str) -> Iterator[tuple[str, str]]:
    """The messages of a template."""
    from jinja2 import Environment
    from jinja2.ext import extract_from_ast

    for _line, call, said in extract_from_ast(Environment().parse(source), ("_", "ngettext")):
        parts = said if isinstance(said, tuple) else (said,)
        yield parts[0] or "", (parts[1] or "") if call == "ngettext" else ""


def messages(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name("ngettext"), args=[one, many, *_]):
                yield text(one), text(many)
            case ast.Call(func=ast.Name(name), args=[first, *_]) if name in CALLS and text(first):
                yield text(first), ""
            case ast.Assign(targets=[ast.Name(name)], value=value) if name in LOCAL and text(value):
                yield text(value), ""
            case ast.keyword(arg="help" | "message" | "reason", value=value) if text(value):
                yield text(value), ""
            case ast.FunctionDef(decorator_list=decorators) if any(map(commands, decorators)):
                yield inspect.cleandoc(ast.get_docstring(node) or ""), ""


def text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def commands(decorator: ast.expr) -> bool:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(call, ast.Attribute) and call.attr in {"command", "group"}


def read(path: Path = PO) -> dict[str, Entry]:
    """The entries of a .po file by key, the header under ""."""
    entries: dict[str, Entry] = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        parts: dict[str, str] = {}
        word = ""
        for line in block.splitlines():
            if line.startswith("#"):
                parts["origin"] = line[2:].strip().removeprefix(". ")
                continue
            if not line.startswith('"'):
                word, _, line = line.partition(" ")
            parts[word] = parts.get(word, "") + ast.literal_eval(line)
        if "msgid" in parts:
            entry = Entry(
                parts["msgid"], parts.get("msgid_plural", ""),
                parts.get("msgstr", parts.get("msgstr[0]", "")), parts.get("origin", ""),
            )  # fmt: skip
            entries[entry.key] = entry
    return entries


def written(entries: dict[str, Entry]) -> str:
    return "\n".join(map(block, entries.values()))


def block(entry: Entry) -> str:
    lines = [f"#{'.' if entry.origin in FOREIGN else ':'} {entry.origin}"]
    if not entry.message:
        lines = []
    lines.append(f"msgid {quoted(entry.message)}")
    if entry.plural:
        lines.append(f"msgid_plural {quoted(entry.plural)}")
    lines.append(f"msgstr{'[0]' if entry.plural else ''} {quoted(entry.translation)}")
    return "\n".join(lines) + "\n"


def quoted(value: str) -> str:
    """A string of the .po format, a line of text a line."""
    lines = [
        '"' + part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        for part in value.splitlines(keepends=True)
    ]
    return lines[0] if len(lines) == 1 else "\n".join(['""', *lines])


def compiled(entries: dict[str, Entry]) -> bytes:
    """The .mo format: sorted originals and translations, each found by length and offset."""
    pairs = sorted(
        (entry.key.encode(), entry.translation.encode())
        for entry in entries.values()
        if entry.translation
    )
    begin = 28 + 16 * len(pairs)
    originals = translations = strings = b""
    for original, _ in pairs:
        originals += struct.pack("<II", len(original), begin + len(strings))
        strings += original + b"\0"
    for _, translation in pairs:
        translations += struct.pack("<II", len(translation), begin + len(strings))
        strings += translation + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, begin)
    return header + originals + translations + strings


def updated() -> dict[str, Entry]:
    """The header, the code's messages with their translations, then those of others."""
    known = read()
    entries = {"": known[""]} | collected()
    for key, entry in entries.items():
        entry.translation = known[key].translation if key in known else ""
    return entries | {key: old for key, old in known.items() if old.origin in FOREIGN}


def main() -> int:
    entries = updated()
    PO.write_text(written(entries), encoding="utf-8", newline="\n")
    MO.write_bytes(compiled(entries))
    missing = [entry.message for entry in entries.values() if not entry.translation]
    for message in missing:
        print(message)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
