"""Requests that are not let through."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """A request that is answered with a status and one sentence, in the reader's language."""

    def __init__(self, status: int, said: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(said)
        self.status, self.said, self.headers = status, said, dict(headers or {})
