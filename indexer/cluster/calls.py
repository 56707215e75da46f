"""One call to a cluster: to which node, how long it is waited for, and when it is tried again.

A node that cannot be reached is left for the next at once; when each has been tried, that is all
there is to say. One that is silent, or waits for one that is, is left after a while, and the next
is given twice as long: whoever asks something heavy gets it, and whoever met a node that hangs soon
asks one that does not wait for it. What will pass (a shard that is being started elsewhere, a node
that is asked too much) is tried again after a pause at random. All ends when `PATIENCE` is over.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from opensearchpy import OpenSearch, Transport, Urllib3HttpConnection
from opensearchpy.exceptions import ConnectionError as NotReached
from opensearchpy.exceptions import ConnectionTimeout as Silent
from opensearchpy.exceptions import OpenSearchException, SSLError, TransportError
from urllib3 import Timeout

CONNECT = 3.0
"""Seconds until a node must have taken a connection."""
PROMPT = 1.0
"""Seconds in which a node answers that does not hang."""
READ, WRITE = 3.0, 30.0
"""Seconds in which no byte comes from a node until the next is asked, first; what is written is
waited for longer, as it is not called back. A call may say another number (`request_timeout`)."""
PATIENCE = 30.0
"""Seconds in which all tries of a call have ended, or `TRIES` times the first if that is more."""
TRIES = 3
PAUSES = 0.1, 2.0
"""Seconds of the first pause, and of the longest, at most."""
REST = 5.0
"""Seconds for which a node that was not reached is asked only if no other is there; doubled each
time, up to eight times that."""
ASKING = frozenset(("_search", "_count", "_mget", "_msearch", "point_in_time"))
"""Calls that read although they are sent as if they wrote."""
PASSING = frozenset((429, 502, 503, 504))
"""Answers that say: not now."""


PARTIAL = "search_phase_execution_exception"
"""With 500 it says that shards are missing, whose nodes are gone."""


class Once(float):
    """Seconds of silence after which a call ends: whoever asks will ask for something else."""


class Node(Urllib3HttpConnection):
    """A connection that keeps to itself what the cluster remarks to developers."""

    def _raise_warnings(self, warning_headers: Any) -> None:
        pass


class Patient(Transport):
    """The client's calls, within their time.

    A call that was not answered may have been carried out, and is sent again all the same: what
    writes must be such that twice is once.
    """

    def __init__(self, hosts: Any, **settings: Any) -> None:
        # this tries again, not what it stands on
        settings |= {"max_retries": 0, "retry_on_timeout": True, "retry_on_status": ()}
        settings |= {"connection_class": Node, "dead_timeout": REST, "timeout_cutoff": 3}
        super().__init__(hosts, **settings)

    def perform_request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        timeout: float | None = None,
        ignore: Collection[int] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The answer. `timeout` is for this program; one among `params` is for the cluster."""
        asked = dict(params or {})
        said = timeout or asked.pop("request_timeout", None)
        silence = float(said or (READ if reads(method, url) else WRITE))
        until = time.monotonic() + max(PATIENCE, TRIES * silence)
        unreached, pause = 0, PAUSES[0]
        while True:
            left = max(until - time.monotonic(), 0.1)
            waiting: Any = Timeout(connect=min(CONNECT, left), read=min(silence, left))
            try:
                return super().perform_request(
                    method, url, dict(asked), body, timeout=waiting, ignore=ignore, headers=headers
                )
            except SSLError:
                raise
            except Silent:
                unreached, silence = 0, 2 * silence
                if isinstance(said, Once):
                    raise
                if time.monotonic() > until:
                    self._manageable()
                    raise
            except NotReached:
                unreached += 1
                if unreached >= len(self.hosts):
                    raise
            except TransportError as error:
                wait = random.uniform(0, pause)  # nosec B311 # when to try again is no secret
                if not passing(error) or time.monotonic() + wait > until:
                    raise
                time.sleep(wait)
                unreached, pause = 0, min(2 * pause, PAUSES[1])

    def _manageable(self) -> None:
        """Raises what is amiss where a node is alone: it waits for the others, and says nothing."""
        for _ in self.hosts:
            with suppress(OpenSearchException):
                health = super().perform_request(
                    "GET", "/_cluster/health", {"local": "true"}, timeout=CONNECT / len(self.hosts)
                )
                if isinstance(health, dict) and health.get("discovered_cluster_manager") is False:
                    break
        else:
            return
        reason = "too many nodes are gone for the rest to agree on anything"
        error = {"type": "cluster_manager_not_discovered_exception", "reason": reason}
        raise TransportError(503, error["type"], {"error": error})


def awake(client: OpenSearch) -> list[str]:
    """The ids of those nodes that answer at once, of all that the client knows."""
    found: list[str] = []
    wanted = {"filter_path": "nodes.*.name"}
    for node in client.transport.seed_connections:
        with suppress(OpenSearchException, ValueError, LookupError, TypeError):
            _, _, said = node.perform_request("GET", "/_nodes/_local", wanted, timeout=PROMPT)
            found += json.loads(said)["nodes"]
    return found


def reads(method: str, url: str) -> bool:
    """Whether a call changes nothing; a cluster ends it when nobody waits for it any more."""
    return method in ("GET", "HEAD") or url.rpartition("/")[2] in ASKING


def passing(error: TransportError) -> bool:
    """Whether another answer is to be expected soon. A full disk says "not now" as well, and does
    not mean it."""
    status, kind = error.status_code, str(error.error)
    if status == 429:
        return "block" not in kind
    return status in PASSING or (status == 500 and kind == PARTIAL)
