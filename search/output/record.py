"""Records of searches: as files, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import Any

from chabao.indexer import bounded
from chabao.search import records
from chabao.search.errors import UnreadableRecord
from chabao.search.output.files import replacing
from chabao.search.output.json_ import SCHEMA, encoded
from chabao.search.output.screen import Screen, Style
from chabao.search.output.table import table
from chabao.search.output.text import clean
from chabao.search.records import Comparison, Record

ISSUES = 20
"""So many are named of those that came, went or changed; in JSON all are."""


def save(said: Record, into: Path) -> None:
    """Writes a record. Raises UnwritableFile."""
    with replacing(into) as file:
        file.write(records.as_json(said))


def load(path: Path) -> Record:
    """Reads a record; - is standard input. Raises UnreadableRecord."""
    try:
        return records.from_json(bounded.read(path, bounded.FILE))
    except OSError as error:
        raise UnreadableRecord(path=path, reason=error.strerror or str(error)) from error
    except ValueError as error:
        raise UnreadableRecord(path=path, reason=str(error)) from error


def lines(found: Comparison, on: Screen) -> Iterator[str]:
    """Then and now, side by side, and which issues differ."""
    then, now = found.then, found.now
    rows: list[tuple[str, object, object]] = [
        (_("version"), then.version, now.version),
        (_("items"), then.found.items, now.found.items),
        (_("mentions"), then.found.mentions, now.found.mentions),
        (_("issues with hits"), then.found.issues, now.found.issues),
        (_("hits"), then.found.digest[:16], now.found.digest[:16]),
        (_("items of the corpus"), then.corpus.items, now.corpus.items),
        (_("issues of the corpus"), len(then.corpus.issues), len(now.corpus.issues)),
        (_("characters of the corpus"), then.corpus.characters, now.corpus.characters),
        (_("corpus"), then.corpus.digest[:16], now.corpus.digest[:16]),
    ]
    yield on.paint(clean(then.asked.query), Style.TITLE)
    shown = [(name, str(old), str(new), "" if old == new else "≠") for name, old, new in rows]
    shown.insert(0, (_("time"), then.at, now.at, ""))
    yield from table(("", _("then"), _("now"), ""), shown, on)
    for sign, names in (("+", found.added), ("-", found.gone), ("≠", found.changed)):
        yield from (f"{sign} {clean(name)}" for name in names[:ISSUES])
        if len(names) > ISSUES:
            yield sign + " " + _("and {n} more").format(n=len(names) - ISSUES)


def verdict(found: Comparison) -> str:
    """The outcome in a line."""
    if found.same_answer and found.same_corpus:
        return _("the same answer from the same corpus")
    if found.same_answer:
        return _("the corpus has changed, the answer has not")
    if not found.same_corpus:
        return _("the corpus has changed, and the answer with it")
    if found.then.version != found.now.version:
        return _("another answer from the same corpus: the program has changed")
    return _(
        "another answer from the same corpus: its files have other names, or the record differs"
    )


def document(found: Comparison) -> bytes:
    """The comparison for programs."""
    answer: dict[str, Any] = {"schema": SCHEMA, "query": found.then.asked.query}
    answer |= {"same_answer": found.same_answer, "same_corpus": found.same_corpus}
    for name, said in (("then", found.then), ("now", found.now)):
        answer[name] = {
            "at": said.at,
            "version": said.version,
            "items": said.found.items,
            "mentions": said.found.mentions,
            "issues": said.found.issues,
            "digest": said.found.digest,
            "corpus": said.corpus.digest,
        }
    answer |= {"added": found.added, "gone": found.gone, "changed": found.changed}
    return encoded(answer)
