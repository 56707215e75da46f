"""How a cluster is reached: the one door to opensearch-py.

Who asks is in the environment (CHABAO_OPENSEARCH_TLS, _USER, _PASSWORD, _CA) or in
`opensearch.toml` in this user's folder of settings, a table for each host:

    ["search.example.org"]
    tls = true
    user = "chabao"
    password = "…"
    ca = "/etc/ssl/our-ca.pem"

Neither is ever printed.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chabao.indexer.cluster.location import Location
from chabao.indexer.errors import (
    BadSettings,
    ChabaoError,
    ClusterFailed,
    FullCluster,
    MissingIndex,
    MissingLibrary,
    NotLetIn,
    Unreachable,
    Untrusted,
    WrongCluster,
)

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

DEADLINE = 10.0
"""Seconds that one call may take on one node."""
TRIES = 3
"""Nodes that a call is tried on, one after the other."""
VERSIONS = range(2, 4)
"""Major versions of OpenSearch that the tests or its own promises cover."""
PREFIX = "CHABAO_OPENSEARCH_"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach the nodes of a location, and as whom."""

    tls: bool = False
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    ca: str = ""


def settings(location: Location, environ: Mapping[str, str], file: Path) -> Settings:
    """What the environment says, and where it is silent, what the file says of the first host.

    Raises BadSettings.
    """
    said: dict[str, Any] = {}
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        said = dict(tables.get(location.nodes[0][0], {}))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, TypeError) as error:
        raise BadSettings(path=file, reason=type(error).__name__) from None
    names = {each.name for each in fields(Settings)}
    if odd := sorted(said.keys() - names):
        raise BadSettings(path=file, reason=", ".join(odd))
    for name in names:
        if value := environ.get(PREFIX + name.upper()):
            said[name] = value
    tls = str(said.get("tls", "ca" in said)).lower() in ("1", "true", "yes", "on")
    user, password, ca = (str(said.get(name, "")) for name in ("user", "password", "ca"))
    return Settings(tls, user, password, ca)


def connect(location: Location) -> OpenSearch:
    """A client for the nodes of a location; nothing is asked yet.

    Raises MissingLibrary where `chabao[opensearch]` is not installed, BadSettings.
    """
    try:
        from opensearchpy import OpenSearch
    except ImportError as error:
        raise MissingLibrary(name="opensearch-py", install="'chabao[opensearch]'") from error
    import platformdirs

    file = platformdirs.user_config_path("chabao", appauthor=False) / "opensearch.toml"
    chosen = settings(location, os.environ, file)
    return OpenSearch(
        hosts=[{"host": host, "port": port} for host, port in location.nodes],
        http_auth=(chosen.user, chosen.password) if chosen.user else None,
        use_ssl=chosen.tls,
        verify_certs=chosen.tls,
        ca_certs=chosen.ca or None,
        http_compress=True,
        timeout=DEADLINE,
        max_retries=TRIES - 1,
        retry_on_timeout=True,
    )


def known(client: OpenSearch, location: Location) -> None:
    """Nothing, where an OpenSearch answers that this program knows. Raises WrongCluster and what
    `asking` raises."""
    with asking(location):
        version = client.info().get("version", {})
    found = f"{version.get('distribution', 'Elasticsearch')} {version.get('number', '?')}"
    major = str(version.get("number", "")).partition(".")[0]
    if version.get("distribution") != "opensearch" or not major.isdigit() \
            or int(major) not in VERSIONS:  # fmt: skip
        expected = f"{VERSIONS[0]}–{VERSIONS[-1]}"
        raise WrongCluster(path=location, found=found, expected=expected)


@contextmanager
def asking(location: Location) -> Iterator[None]:
    """What goes wrong within, as an error of ours that says what to do."""
    from opensearchpy import exceptions

    try:
        yield
    except exceptions.SSLError as error:
        raise Untrusted(path=location, reason=_plain(error)) from None
    except exceptions.ConnectionError as error:  # timeouts as well
        raise Unreachable(path=location, reason=_plain(error)) from None
    except exceptions.TransportError as error:
        raise _refusal(location, error) from None


def _refusal(location: Location, error: Any) -> ChabaoError:
    kind, status = str(error.error), error.status_code
    if status in (401, 403) and "block" not in kind:
        return NotLetIn(path=location, status=status)
    if status == 404 and "index_not_found" in kind:
        return MissingIndex(path=location)
    if "cluster_block" in kind:
        return FullCluster(path=location, reason=_reason(error))
    if status in (429, 502, 503, 504):
        return Unreachable(path=location, reason=_reason(error))
    return ClusterFailed(path=location, reason=_reason(error))


def _reason(error: Any) -> str:
    info = error.info
    cause = info.get("error", {}) if isinstance(info, dict) else {}
    said = cause.get("reason") if isinstance(cause, dict) else None
    return f"{error.status_code} {said or error.error}"[:300]


def _plain(error: Any) -> str:
    """What a connection says of its failure, without objects' addresses."""
    said = str(error.error)
    return said.rpartition(">: ")[2].partition(") caused by")[0].strip("() ")[:300]
