"""What a writer does to the indexes of a cluster, beside sending documents."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chabao.indexer.cluster import mapping, state
from chabao.indexer.cluster.connection import asking
from chabao.indexer.cluster.errors import Overwhelmed
from chabao.indexer.cluster.location import Location
from chabao.indexer.cluster.state import State

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

SLOW = {"request_timeout": 120.0}
"""Seconds that the cluster may take for what takes long."""
PATIENCE = 120.0
PAUSE = 1.0
"""For how many seconds what was sent is to be shown, and the seconds between two times."""
REMOVED = 10_000
"""Documents removed with a call."""


def create(client: OpenSearch, location: Location, index: str, body: Mapping[str, Any]) -> None:
    """Makes an index, if it is not there."""
    from opensearchpy.exceptions import RequestError

    with asking(location):
        try:
            if not client.indices.exists(index=index):
                client.indices.create(index=index, body=body, params=dict(SLOW))
        except RequestError as error:  # another was faster, or the answer was lost
            if error.error != "resource_already_exists_exception":
                raise


def refresh(client: OpenSearch, location: Location, index: str) -> None:
    """Every copy of every shard shows what was sent: any of them may be asked."""
    until = time.monotonic() + PATIENCE
    while True:
        with asking(location):
            done = client.indices.refresh(index=index, params=dict(SLOW))
        if not done["_shards"]["failed"]:
            return
        if time.monotonic() > until:
            raise Overwhelmed(path=location, reason="not every copy shows what was sent")
        time.sleep(PAUSE)


def settle(client: OpenSearch, location: Location, index: str) -> None:
    """What is in logs of its nodes goes to its files: a node that comes back has less to read."""
    with asking(location):
        client.indices.flush(index=index, params=dict(SLOW))


def point(client: OpenSearch, location: Location, said: State) -> None:
    """The name stands for what is committed, and nothing else."""
    name, shown = location.name, state.visible(said.commit, said.dead)
    with asking(location):
        there = client.indices.get_alias(name=name, ignore=[404])
        mine = {
            index: each for index, each in there.items() if index.startswith(name + state.BESIDE)
        }
        filters = {index: each["aliases"][name].get("filter") for index, each in mine.items()}
        if filters == {said.index: shown}:
            return
        actions: list[dict[str, Any]] = [
            {"remove": {"index": index, "alias": name}} for index in mine if index != said.index
        ]
        actions.append({"add": {"index": said.index, "alias": name, "filter": shown}})
        client.indices.update_aliases(body={"actions": actions})


def sweep(client: OpenSearch, location: Location, said: State) -> None:
    """Removes what was left: indexes of no commit, and documents that nobody sees any more."""
    with asking(location):
        there = client.indices.get_alias(index=f"{location.name}{state.BESIDE}*")
    drop(client, location, sorted(set(there) - {said.index, state.beside(location)}))
    gone = {"range": {mapping.GONE: {"lt": said.commit}}}
    dead = {"terms": {mapping.GONE: said.dead}}
    left = {
        "bool": {
            "should": [
                {"bool": {"filter": [gone], "must_not": [dead]}},
                {"terms": {mapping.COMMIT: said.dead}},
                {"range": {mapping.COMMIT: {"gt": said.commit}}},
            ]
        }
    }
    refresh(client, location, said.index)
    with asking(location):
        while True:
            done = client.delete_by_query(
                index=said.index, body={"query": left, "max_docs": REMOVED},
                params={"refresh": "true", "conflicts": "proceed", **SLOW},
            )  # fmt: skip
            if done["total"] < REMOVED or not done["deleted"]:
                break


def drop(client: OpenSearch, location: Location, indexes: Sequence[str]) -> None:
    """Removes indexes, those that are there."""
    for index in indexes:
        with asking(location):
            client.indices.delete(index=index, params=dict(SLOW), ignore=[404])
