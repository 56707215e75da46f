"""What is made of an index once, and kept as long as the index is open."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from chabao.search.engine import Index

Made = TypeVar("Made")


def kept(make: Callable[[Index], Made]) -> Callable[[Index], Made]:
    """The function, asked once for each index, however many threads ask; while the next index is
    being read, those that still have the last one do not wait."""
    known: WeakKeyDictionary[Index, Made] = WeakKeyDictionary()
    making = Lock()

    @wraps(make)
    def once(index: Index) -> Made:
        found = known.get(index)
        if found is None:
            with making:
                found = known.get(index)
                if found is None:
                    found = known[index] = make(index)
        return found

    return once
