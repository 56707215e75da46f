"""Ranking on the judged sets: the product's own search beside words, bigrams and their sums."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import click
import numpy

from benchmarks import bm25
from benchmarks.conductor import ROOT
from benchmarks.judged import DEPTH, SETS, Judged, Ranking, load, measure
from benchmarks.tables import table

CUTS: dict[str, Callable[[str], list[str]]] = {
    "words": bm25.words,
    "bigrams": bm25.bigrams,
    "characters": bm25.characters,
}
SUMS = (
    ("words",),
    ("bigrams",),
    ("words", "bigrams"),
    ("words", "bigrams", "characters"),
)


def references(judged: Judged) -> dict[str, Ranking]:
    """Plain BM25 on each kind of token and the sums of them."""
    texts = judged.documents.values()
    indexes = {name: bm25.Bm25(map(cut, texts)) for name, cut in CUTS.items()}
    names = numpy.array(list(judged.documents))

    def ranking(parts: tuple[str, ...]) -> Ranking:
        def rank(question: str) -> list[str]:
            total = sum(indexes[part].scores(CUTS[part](question)) for part in parts)
            return [str(name) for name in names[numpy.argsort(-total, kind="stable")[:DEPTH]]]

        return rank

    return {" + ".join(parts): ranking(parts) for parts in SUMS}


def product(judged: Judged, folder: Path) -> dict[str, Ranking]:
    """This program, asked as `chabao search --related` is; nothing where it cannot be built."""
    try:
        from benchmarks.engines.chabao_ import related
    except ModuleNotFoundError as error:
        click.echo(f"chabao is left out ({error})", err=True)
        return {}
    return {"chabao": related(judged.documents, folder, DEPTH)}


@click.command(help=__doc__)
@click.option("--texts", "folder", envvar="CHABAO_BENCH_TEXTS", type=click.Path(path_type=Path),
              default=ROOT.parent / "shared" / "quality", help="Where the sets are.")  # fmt: skip
@click.option("--set", "names", multiple=True, type=click.Choice(SETS), default=SETS)
@click.option("--product-only", is_flag=True, help="Without the references.")
def main(folder: Path, names: tuple[str, ...], product_only: bool) -> None:
    rows: list[list[str]] = []
    for name in names:
        judged = load(folder, name)
        with tempfile.TemporaryDirectory() as place:
            rankings = {} if product_only else references(judged)
            rankings |= product(judged, Path(place))
            for ranker, rank in rankings.items():
                numbers = measure(judged, rank)
                rows.append([name, ranker, *(f"{number:.1f}" for number in numbers)])
    click.echo(table(["set", "ranking", "nDCG@10", "Recall@10", "Recall@100"], rows))


if __name__ == "__main__":
    main()
