"""What a citation says of an issue: only what its file says, and what is unknown said to be so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chabao.search.issues import issue_of

_NUMBER = re.compile(r"(?:(?P<year>\d{4})年)?第(?P<number>\d+)期")


@dataclass(frozen=True, slots=True)
class Reference:
    """An issue as it is cited; None is unknown.

    `number` is the number within `year`; `year` that of the number, else None. `date` is the ISO
    day of issue; `guessed` the year in which it must have been, where the day is unknown. `written`
    is the number as bulletins write it (2023年第3期). `title_inferred`: the title stands in other
    issues, not in this one's file. `key` is ASCII, short, and the same after a rebuild.
    """

    key: str
    title: str | None
    title_inferred: bool
    publisher: str | None
    number: int | None
    year: int | None
    written: str | None
    serial: int | None
    date: str | None
    guessed: int | None

    @property
    def designation(self) -> tuple[str, str] | None:
        """Year and number of a serial's issue (2023, 3); failing that its serial number (总423),
        then its day with no number."""
        year = str(self.year or self.guessed or (self.date or "")[:4])
        if self.number is not None:
            return year, str(self.number)
        if self.serial is not None:
            return year, f"总{self.serial}"
        return (self.date, "") if self.date else None

    @property
    def report_number(self) -> str | None:
        """Number and serial as a report's number: 2023年第3期（总第423期）."""
        serial = f"总第{self.serial}期" if self.serial is not None else None
        if self.written and serial:
            return f"{self.written}（{serial}）"
        return self.written or serial


def reference(item: Mapping[str, Any]) -> Reference:
    """The reference of the issue that an item stands in."""
    written = item["number"]
    found = _NUMBER.fullmatch(written or "")
    year = int(found["year"]) if found and found["year"] else None
    period = item["period"]["last"] or item["period"]["first"]
    guessed = None
    if not item["date"]:
        guessed = year or (int(period[:4]) if period else None)
    number = int(found["number"]) if found else None
    return Reference(
        key=_key(item, year, number),
        title=item["title"],
        title_inferred="title" in item["inferred"],
        publisher=item["publisher"],
        number=number,
        year=year,
        written=written,
        serial=item["serial"],
        date=item["date"],
        guessed=guessed,
    )


def _key(item: Mapping[str, Any], year: int | None, number: int | None) -> str:
    import hashlib
    from base64 import b32encode

    name = "\0".join(issue_of(item)).encode("utf-8", "surrogatepass")
    digest = b32encode(hashlib.blake2b(name, digest_size=5).digest()).decode("ascii").lower()
    parts = ("chabao", year or (item["date"] or "")[:4], number, digest[:6])
    return "-".join(str(part) for part in parts if part)
