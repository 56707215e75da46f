"""Damaged indexes are brought back, and answer as before.

One to three files of an index come to harm, as in `damage`, or all of a kind are lost. Then the
index is updated as any day, which must do it right or say what is wrong; then it is repaired, and
where nothing is left that tells the folders, it is built again of them, as the message says.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from benchmarks.faults import answers, damage
from benchmarks.faults.damage import World
from benchmarks.faults.frame import Tried, main
from chabao.indexer.build import build
from chabao.indexer.errors import DamagedIndex, LostFolders, OldIndex
from chabao.indexer.inspection import inspect
from chabao.indexer.repairing import repair

PROMISE = (
    "An index that was damaged in whatever way is brought back by chabao repair, or by the command "
    "that its message names, and answers as before."
)


def run(seed: int, times: int, processes: int = 1) -> Tried:
    return damage.shared(_series, seed, times, processes)


def _series(seed: int, times: int) -> Tried:
    chance, tried, ways = random.Random(seed), Tried(), Counter[str]()
    with damage.world(chance) as there, damage.undisturbed():
        for number in range(times):
            changed = _harmed(chance, there)
            damage.restore(there)
            damage.lay(there, changed)
            wrong = _brought_back(there, changed, ways, first=chance.random() < 0.5)
            tried.trial(wrong and f"seed {seed}, trial {number}, {sorted(changed)}: {wrong}")
    tried.more["ways"] = dict(sorted(ways.items()))
    return tried


def _harmed(chance: random.Random, there: World) -> dict[str, bytes | None]:
    if chance.random() < 0.1:
        kind = damage.kind(chance.choice(list(there.files)))
        return dict.fromkeys(name for name in there.files if damage.kind(name) == kind)
    changed: dict[str, bytes | None] = {}
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        changed |= damage.harmed(chance, there)[1]
    return changed


def _brought_back(
    there: World, changed: dict[str, Any], ways: Counter[str], first: bool
) -> str | None:
    """What went wrong, or nothing."""
    try:
        if first:
            build([there.folder], there.index)
            ways["an update healed it" if inspect(there.index).sound else "an update took it"] += 1
            found = damage.asked(there, list(answers.QUESTIONS))
            if any(how == "failed" for how, _ in found.values()):
                return f"after an update: {found}"
            if any(how == "right" and found[name][1] != there.right[name][1]
                   for name, (how, _) in found.items()):  # fmt: skip
                return "other answers after an update"
    except (DamagedIndex, OldIndex, LostFolders) as error:
        ways[f"an update was refused: {type(error).__name__}"] += 1
    except Exception as error:
        return f"an update: {error!r}"
    try:
        ways["repaired" if repair(there.index) else "nothing to repair"] += 1
    except LostFolders:
        build([there.folder], there.index, rebuild=True)
        ways["built again"] += 1
    except Exception as error:
        return f"repair: {error!r}"
    if not inspect(there.index).sound:
        return f"damaged after the repair: {inspect(there.index).damaged}"
    found = damage.asked(there, list(answers.QUESTIONS))
    wrong = [name for name in found if found[name] != there.right[name]]
    return f"other answers: {wrong}" if wrong else None


if __name__ == "__main__":
    main(__file__, PROMISE, run, times=1000, processes=1)
