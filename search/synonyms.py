"""Other names of what is asked for, from `synonyms.txt` and the user's own file of that form.

They take the place of a term only where it has no mention: what is found literally, and how often,
never depends on them. A term in quotes means itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from chabao.indexer import bounded
from chabao.indexer.folding import fold
from chabao.search.algebra import disjunction
from chabao.search.errors import UnreadableSynonyms
from chabao.search.query import And, Literal, Near, Node, Or, Query

OWN = Path(__file__).with_name("synonyms.txt")
BETWEEN = "|"
MOST = 100
"""Names of a group: each is kept with all others."""
Groups = Mapping[str, tuple[str, ...]]
"""The other names of each name, folded."""


def groups(files: Sequence[Path] = ()) -> Groups:
    """The groups of the package and of further files. Raises UnreadableSynonyms."""
    found: dict[str, dict[str, None]] = {}
    for names in (names for file in (OWN, *files) for names in read(file)):
        for name in names:
            found.setdefault(name, {}).update(dict.fromkeys(names))
    return {
        name: tuple(other for other in others if other != name) for name, others in found.items()
    }


@cache
def read(file: Path) -> tuple[tuple[str, ...], ...]:
    """The groups of a file, folded: a line each, names parted by |; # begins a remark."""
    try:
        text = bounded.read(file, bounded.SYNONYMS).decode("utf-8-sig")
    except OSError as error:
        raise UnreadableSynonyms(path=file, reason=error.strerror or str(error)) from error
    except ValueError as error:
        raise UnreadableSynonyms(path=file, reason=str(error)) from error
    lines = (line.replace("｜", BETWEEN) for line in text.splitlines() if line[:1] != "#")
    parted = ([fold(name) for name in line.split(BETWEEN)] for line in lines)
    found = tuple(tuple(filter(None, names)) for names in parted)
    if any(len(names) > MOST for names in found):
        raise UnreadableSynonyms(path=file, reason="a line has more than 100 names")
    return found


def renamed(
    query: Query, known: Groups, is_missing: Callable[[str], bool]
) -> tuple[Node, tuple[str, ...]] | None:
    """The query with other names for its terms that are missing, and those names; None if there are
    none. `is_missing` tells of a folded text whether it is mentioned nowhere."""
    used: dict[str, None] = {}

    def others(node: Literal) -> Iterable[str]:
        folded = fold(node.text)
        if folded in known and is_bare(node, query.line) and is_missing(folded):
            return [name for name in known[folded] if not is_missing(name)]
        return ()

    def changed(node: Node) -> Node:
        match node:
            case Literal():
                names = others(node)
                used.update(dict.fromkeys(names))
                return disjunction(map(Literal, names)) or node
            case And(children):
                return And(tuple(map(changed, children)))
            case Or(children):
                return disjunction(map(changed, children)) or node
            case Near(left, right, distance):
                return Near(changed(left), changed(right), distance)
            case _:
                return node

    node = changed(query.node) if query.node else None
    return (node, tuple(used)) if node and used else None


def is_bare(node: Literal, line: str) -> bool:
    """Whether a term was typed without quotes."""
    return node.at is not None and line[node.at.start : node.at.end] == node.text
