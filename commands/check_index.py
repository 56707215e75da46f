"""`chabao check-index`: whether every file of an index is as it was written."""

from __future__ import annotations

from pathlib import Path

import click

from chabao import naming, options
from chabao.pages import Page, Said


@click.command("check-index", cls=Page)
@click.option(
    "--deep", cls=Said, is_flag=True,
    help="Hold what the postings say against the items too; takes as long as indexing.",
)  # fmt: skip
@click.option("--json", "as_json", cls=Said, is_flag=True, help="One JSON object.")
@options.color
@options.common
def command(deep: bool, as_json: bool, color: str, index: Path | None) -> int:
    """Say whether every file of the index is as it was written.

    Every block of every file is read and held against its checksum, and every item is read. The
    exit code is 0 if all is sound, 1 if anything is damaged; chabao repair builds it again then.
    """
    from chabao.indexer.inspection import inspect
    from chabao.search.output import inspected

    target = naming.on_disk(options.named_index(index) or options.own_index())
    return inspected.inspection(inspect(target, deep=deep), as_json, color)
