"""An index on a cluster as it stands at one moment: the one way in which it is read.

A point in time is opened with the first question, and every answer is of it, whatever writers do
meanwhile. Where the nodes that hold it go, or nobody asks for `KEPT`, a new one takes its place,
and what was asked is asked again. An answer that lacks a shard is none: it is never made smaller.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

from chabao.indexer.cluster import mapping
from chabao.indexer.cluster.connection import asking, connect, known, refusal
from chabao.indexer.cluster.errors import Overwhelmed, Silent
from chabao.indexer.cluster.location import Location
from chabao.indexer.errors import ChabaoError, MissingIndex, OldIndex

KEPT = "5m"
"""How long the cluster keeps a point in time after each question."""
PAGE = 1_000
"""Items of an answer that is read to its end, at a time."""
SILENCE = 3.0
"""Seconds after which a question is asked again, of another point in time: a node that has part of
this one may hang. Each time it is waited for twice as long: the question may be a heavy one."""
PATIENCE = 60.0
"""Seconds after which a question is not asked again."""
PAUSE = 0.25
Body = dict[str, Any]


class Snapshot:
    """Questions to one index. Raises what `connection.asking` raises, MissingIndex, OldIndex."""

    def __init__(self, location: Location) -> None:
        self.location = location
        self.client = connect(location)
        self._point: str | None = None
        self._awake: Sequence[str] = ()
        self.moment = 0
        """Another number once another moment has taken the place of the one before."""
        known(self.client, location)
        self.identity = self._identity()
        """Of what the name stands for: another after a rebuild."""

    def _identity(self) -> str:
        with asking(self.location):
            # what a node knows itself will do: the one that manages the others may hang
            found = self.client.indices.get(index=self.location.name, params={"local": "true"})
        for name, each in found.items():
            version = each["mappings"].get("_meta", {}).get("chabao", "?")
            if version != mapping.VERSION:
                path = f"{self.location} ({name})"
                raise OldIndex(path=path, found=version, expected=mapping.VERSION)
        if not found:
            raise MissingIndex(path=self.location)
        return ",".join(each["settings"]["index"]["uuid"] for each in found.values())

    def close(self) -> None:
        """Lets the cluster forget the point in time; it would in a while anyway."""
        point, self._point = self._point, None
        if point:
            with suppress(Exception):
                self.client.delete_pit(body={"pit_id": [point]}, params={"request_timeout": 3})

    def ask(self, body: Body) -> Any:
        """The answer to one question."""
        return self.several([body])[0]

    def several(self, bodies: Sequence[Body]) -> list[Any]:
        """The answers to questions that are asked together, all of the same point in time."""
        until, silence = time.monotonic() + PATIENCE, SILENCE
        while True:
            try:
                return self._asked(bodies, silence)
            except _Gone as gone:
                wrong: ChabaoError = Overwhelmed(path=self.location, reason=str(gone))
                time.sleep(PAUSE)
            except Silent as error:
                wrong, silence = error, 2 * silence
                self._awake = self._answering()
            # another point in time is at nodes that answer, if there are any
            self._point = None
            self.moment += 1
            if (left := until - time.monotonic()) < 0:
                raise wrong from None
            silence = min(silence, max(left, SILENCE))

    def few(self, query: Body, source: Any, most: int) -> Iterator[Any] | None:
        """All hits of a query in document order; None where there are more than `most`."""
        body: Body = {"size": PAGE, "query": query, "sort": mapping.PLACE, "_source": source}
        found = self.ask(body | {"track_total_hits": most + 1})["hits"]
        if found["total"]["value"] > most:
            return None
        hits: list[Any] = found["hits"]
        if len(hits) < PAGE:
            return iter(hits)
        return chain(hits, self.pages(query, source, after=hits[-1]["sort"]))

    def files(self, counts: Mapping[str, int], source: Any) -> Iterator[Any]:
        """All hits of some files, given with how many items each has, in document order: some files
        at a time, as what is put in order as a whole is gone through once for each page."""
        names: list[str] = []
        size = 0
        for name, count in sorted(counts.items()):
            if names and size + count > PAGE:
                yield from self.pages({"terms": {"source": names}}, source)
                names, size = [], 0
            names.append(name)
            size += count
        if names:
            yield from self.pages({"terms": {"source": names}}, source)

    def pages(self, query: Body, source: Any, sort: list[Body] | None = None,
              most: int | None = None, after: Any = None, least: float | None = None,
              ) -> Iterator[Any]:  # fmt: skip
        """The hits of a query one after the other, however many: all of one point in time, or from
        where the last one ended in the next."""
        sort, left = sort or mapping.PLACE, most
        while left is None or left > 0:
            size = PAGE if left is None else min(PAGE, left)
            body: Body = {"size": size, "query": query, "sort": sort, "_source": source}
            body |= {"track_total_hits": False, "track_scores": sort is not mapping.PLACE}
            if after is not None:
                body["search_after"] = after
            if least is not None:
                body["min_score"] = least
            hits = self.ask(body)["hits"]["hits"]
            yield from hits
            if len(hits) < size:
                return
            after = hits[-1]["sort"]
            left = None if left is None else left - len(hits)

    def buckets(self, query: Body, sources: Sequence[Body], inner: Body | None = None,
                ) -> Iterator[Any]:  # fmt: skip
        """Every combination of values that items have, with how many have it."""
        after = None
        while True:
            each: Body = {"size": PAGE, "sources": list(sources)}
            if after is not None:
                each["after"] = after
            body = {
                "size": 0,
                "query": query,
                "track_total_hits": False,
                "aggs": {"each": {"composite": each, **({"aggs": inner} if inner else {})}},
            }
            found = self.ask(body)["aggregations"]["each"]
            yield from found["buckets"]
            after = found.get("after_key")
            if after is None or len(found["buckets"]) < PAGE:
                return

    def _asked(self, bodies: Sequence[Body], silence: float) -> list[Any]:
        from chabao.indexer.cluster.calls import Once

        point = {"id": self._opened(Once(silence)), "keep_alive": KEPT}
        lines: list[Body] = []
        for body in bodies:
            lines += [{"allow_partial_search_results": False}, {"pit": point, **body}]
        with asking(self.location):
            answers = self.client.msearch(body=lines, params={"request_timeout": Once(silence)})
        return [_whole(answer, self.location) for answer in answers["responses"]]

    def _answering(self) -> Sequence[str]:
        from chabao.indexer.cluster.calls import awake

        return awake(self.client)

    def _opened(self, silence: float) -> str:
        if self._point is None:
            if self.moment:
                self.identity = self._identity()
            params: Body = {"keep_alive": KEPT, "allow_partial_pit_creation": "false"}
            if self._awake:
                params["preference"] = "_prefer_nodes:" + ",".join(self._awake)
            params["request_timeout"] = silence
            with asking(self.location):
                made = self.client.create_pit(index=self.location.name, params=params)
            if made["_shards"]["failed"]:
                raise _Gone("some shards are missing")
            self._point = made["pit_id"]
        return str(self._point)


class _Gone(Exception):
    """What was asked of is not there any more, or not yet: to be asked again."""


PASSING = (
    "search_context_missing", "node_disconnected", "node_not_connected", "no_shard_available",
    "node_closed", "receive_timeout", "unavailable_shards", "connect_transport", "index_not_found",
)  # fmt: skip
"""What is said of shards whose node has gone; others have them, or will. Of an index that was made
anew the name stands for another, if for any."""


def _whole(answer: Any, location: Location) -> Any:
    """An answer of all shards. Raises _Gone where some are missing, else what a refusal means."""
    error = answer.get("error")
    if error is None and not answer["_shards"]["failed"] and not answer["timed_out"]:
        return answer
    causes = (error or {}).get("root_cause") or [error or {}]
    kind, reason = str(causes[0].get("type", "")), str(causes[0].get("reason", ""))
    status = int(answer.get("status", 503))
    if status in (429, 502, 503, 504) or any(name in str(error) for name in PASSING):
        raise _Gone(reason or kind or "shards are missing")
    raise refusal(location, status, kind, reason)
