"""Words that the segmenter is told of: `words.toml`, a list a subject."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def words() -> tuple[str, ...]:
    with Path(__file__).with_name("words.toml").open("rb") as file:
        subjects = tomllib.load(file)
    return tuple(dict.fromkeys(word for subject in subjects.values() for word in subject))
