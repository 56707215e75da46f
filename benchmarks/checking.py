"""How often a quotation's source is found once a tenth of its characters were changed.

`python -m benchmarks.checking` makes 1,000 quotations of 8 to 200 characters from the five bundled
bulletins, `--scale 10` from 58,170 paragraphs (see `texts`), and prints rates by length, verdicts
and times. An edited quotation that happens to stand literally elsewhere is not altered: a plain
scan of all texts tells.
"""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks import texts
from chabao.indexer.folding import fold, fold_text
from chabao.search.alignment import letters, nearest
from chabao.search.checking import Finding, Verdict, checked
from chabao.search.engine import Index, open_index

ROOT = Path(__file__).resolve().parent.parent
SEED = 20_230_208
BANDS = ((8, 11), (12, 19), (20, 49), (50, 99), (100, 200))
SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Made:
    """A quotation that was taken from an item, and what became of it by editing."""

    item: Mapping[str, Any]
    start: int
    quoted: str
    edited: str


def edited(chance: random.Random, text: str, alphabet: str, share: float = SHARE) -> str:
    """`share` of the characters, at least one, replaced, doubled by another, or left out."""
    count = max(1, round(len(text) * share))
    pieces = list(text)
    for at in chance.sample(range(len(text)), count):
        other = chance.choice([char for char in chance.sample(alphabet, 2) if char != text[at]])
        kind = chance.choice(("replaced", "inserted", "left out"))
        pieces[at] = {"replaced": other, "inserted": other + text[at], "left out": ""}[kind]
    return "".join(pieces)


def made(
    records: Sequence[Mapping[str, Any]], lengths: tuple[int, int], count: int, seed: int
) -> Iterator[Made]:
    """Quotations from random places of random items, each character as likely to be in one."""
    chance = random.Random(seed)
    alphabet = "".join(sorted({char for record in records for char in record["text"]}))
    weights = [len(record["text"]) for record in records]
    while count:
        (record,) = chance.choices(records, weights)
        length = chance.randint(*lengths)
        if len(record["text"]) < length:
            continue
        start = chance.randrange(len(record["text"]) - length + 1)
        quoted = record["text"][start : start + length]
        yield Made(record, start, quoted, edited(chance, quoted, alphabet))
        count -= 1


def is_source(found: Finding, quotation: Made) -> bool:
    """Whether the passage covers half of the source at least, or of the same text elsewhere."""
    passage = found.passage
    if passage is None:
        return False
    text, wanted = fold_text(passage.items[0]["text"]), fold_text(quotation.quoted)
    end = passage.end if len(passage.items) == 1 else len(text)
    at = text.find(wanted)
    while at >= 0:
        if 2 * (min(end, at + len(wanted)) - max(passage.start, at)) >= len(wanted):
            return True
        at = text.find(wanted, at + 1)
    return False


def scale_index(folder: Path, work: Path, scale: int) -> Index:
    from benchmarks.engines.chabao_ import record
    from chabao.indexer.sinks.whoosh_ import WhooshSink

    path = work / f"checking-{scale}x"
    if not path.exists():
        docs = texts.read(texts.prepare(folder / texts.SOURCE, work, scale))
        with WhooshSink(path) as sink:
            sink.add(map(record, docs))
            sink.commit()
    return open_index(path)


def bundled() -> Index:
    from chabao.indexer.bundled import bundled_index

    return open_index(bundled_index())


@click.command(help=__doc__)
@click.option("--texts", "folder", envvar="CHABAO_BENCH_TEXTS", type=click.Path(path_type=Path),
              default=ROOT.parent / "shared" / "quality", help="Where scale/ is.")  # fmt: skip
@click.option("--work", envvar="CHABAO_BENCH_WORK", type=click.Path(path_type=Path),
              default=ROOT / ".bench" / "work", help="Where texts and indexes go.")  # fmt: skip
@click.option("--scale", type=click.Choice(["0", "1", "10"]), default="0", show_default=True,
              help="0: the bundled bulletins.")  # fmt: skip
@click.option("--count", default=1000, show_default=True, help="Quotations, of all lengths.")
@click.option("--seed", default=SEED, show_default=True)
def main(folder: Path, work: Path, scale: str, count: int, seed: int) -> None:
    index = bundled() if scale == "0" else scale_index(folder, work, int(scale))
    records = list(index.records())
    corpus = "\n".join(fold(record["text"]) for record in records)
    click.echo(f"{len(records)} items, {len(corpus)} characters")
    click.echo("characters\tquotations\tfound\tmissed\twrong\tnot found\tms median\tms most")
    totals: Counter[str] = Counter()
    for band, lengths in enumerate(BANDS):
        rows = list(made(records, lengths, count // len(BANDS), seed + band))
        outcomes, spent = run(index, rows, corpus)
        totals += outcomes
        show(f"{lengths[0]}-{lengths[1]}", outcomes, spent)
    show("all", totals, ())


def show(name: str, outcomes: Counter[str], spent: Sequence[float]) -> None:
    size = outcomes["quotations"]
    numbers = "\t".join(str(outcomes[key]) for key in ("missed", "wrong", "not found"))
    times = f"{statistics.median(spent):.1f}\t{max(spent):.1f}" if spent else ""
    click.echo(f"{name}\t{size}\t{outcomes['found'] / size:.1%}\t{numbers}\t{times}")


def run(index: Index, rows: Sequence[Made], corpus: str) -> tuple[Counter[str], list[float]]:
    """How many sources were found; how many missed although nothing else is as near; how many
    verdicts are wrong (altered called verbatim, or the reverse); how many were called not found;
    milliseconds of each."""
    outcomes: Counter[str] = Counter(quotations=len(rows))
    spent = []
    for row in rows:
        began = time.perf_counter()
        finding = checked(index, row.edited)
        spent.append(1000 * (time.perf_counter() - began))
        stands = fold(row.edited) in corpus
        found = stands or is_source(finding, row)
        outcomes["found"] += found
        outcomes["missed"] += not found and not is_nearer(finding, row)
        outcomes["not found"] += finding.verdict is Verdict.NOT_FOUND
        outcomes["wrong"] += finding.verdict is Verdict.VERBATIM and not stands
        outcomes["wrong"] += checked(index, row.quoted).verdict is not Verdict.VERBATIM
    return outcomes, spent


def is_nearer(found: Finding, quotation: Made) -> bool:
    """Whether the passage needs no more edits than the source does."""
    edits, _, _ = nearest(letters(quotation.edited).chars, letters(quotation.item["text"]).chars)
    return found.passage is not None and found.passage.edits <= edits


if __name__ == "__main__":
    main()
