"""How a cluster is reached: the one door to opensearch-py.

Who asks is in the environment (CHABAO_OPENSEARCH_TLS, _USER, _PASSWORD, _CA) or in
`opensearch.toml` in this user's folder of settings, a table for each host:

    ["search.example.org"]
    tls = true
    user = "chabao"
    password = "…"
    ca = "/etc/ssl/our-ca.pem"

Neither is ever printed. There too may stand of how many shards a new index is, and how many copies
there are of each beside it (_SHARDS, _REPLICAS).
"""

from __future__ import annotations

import base64
import http.client
import logging
import os
import re
import ssl
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chabao.indexer.cluster.errors import (
    BadSettings,
    ClusterFailed,
    FullCluster,
    HungUp,
    NotLetIn,
    OtherProgram,
    OtherProtocol,
    Overwhelmed,
    Silent,
    Unreachable,
    Untrusted,
    WrongCluster,
)
from chabao.indexer.cluster.location import Location
from chabao.indexer.errors import ChabaoError, MissingIndex, MissingLibrary

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

CONNECTIONS = 8
"""To a node, kept open for threads that ask at once."""
LONGEST = 300
"""Characters of what is said of a failure."""
VERSIONS = range(2, 4)
"""Major versions of OpenSearch that the tests or its own promises cover."""
PREFIX = "CHABAO_OPENSEARCH_"
LAYOUT = {"shards": range(1, 1025), "replicas": range(100)}
"""Numbers that OpenSearch takes; of copies, more than a cluster has nodes for."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach the nodes of a location, as whom, and how new indexes are laid out there."""

    tls: bool = False
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    ca: str = ""
    shards: int = 3
    replicas: int = 1


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
        raise BadSettings(path=file, reason=_place(error)) from None
    names = {each.name for each in fields(Settings)}
    if odd := sorted(said.keys() - names):
        raise BadSettings(path=file, reason=", ".join(odd))
    given = {name: value for name in names if (value := environ.get(PREFIX + name.upper()))}
    said |= given
    # no password goes over a line that others read, unless it is said to
    safe = bool(said.get("ca") or said.get("user"))
    tls = str(said.get("tls", safe)).lower() in ("1", "true", "yes", "on")
    user, password, ca = (str(said.get(name, "")) for name in ("user", "password", "ca"))
    layout = {
        name: _number(name, said[name], PREFIX + name.upper() if name in given else file)
        for name in LAYOUT.keys() & said.keys()
    }
    return Settings(tls, user, password, ca, **layout)


def _number(name: str, said: object, place: Path | str) -> int:
    allowed = LAYOUT[name]
    number = int(str(said)) if re.fullmatch(r"[0-9]{1,4}", str(said)) else -1
    if number not in allowed:
        raise BadSettings(path=place, reason=f"{name}: {allowed[0]}…{allowed[-1]}")
    return number


def chosen(location: Location) -> Settings:
    """What this user has said of the cluster. Raises BadSettings."""
    import platformdirs

    file = platformdirs.user_config_path("chabao", appauthor=False) / "opensearch.toml"
    return settings(location, os.environ, file)


def connect(location: Location) -> OpenSearch:
    """A client for the nodes of a location; nothing is asked yet.

    Each of its calls ends in time, and may be sent twice (see `calls`). Raises MissingLibrary where
    `chabao[opensearch]` is not installed, BadSettings.
    """
    try:
        from opensearchpy import OpenSearch

        from chabao.indexer.cluster.calls import Patient
    except ImportError as error:
        raise MissingLibrary(name="opensearch-py", install="'chabao[opensearch]'") from error
    log = logging.getLogger("opensearch")
    if not log.handlers:  # else Python itself prints what the library remarks
        log.addHandler(logging.NullHandler())
    said = chosen(location)
    return OpenSearch(
        hosts=[{"host": host, "port": port} for host, port in location.nodes],
        headers=_introduction(said),
        use_ssl=said.tls,
        ssl_context=_trusting(said.ca) if said.tls else None,
        http_compress=True,
        transport_class=Patient,
        pool_maxsize=CONNECTIONS,
    )


def _introduction(said: Settings) -> dict[str, str]:
    """Who asks (RFC 7617), in UTF-8, which the library's own way would not take."""
    if not said.user:
        return {}
    written = f"{said.user}:{said.password}".encode()
    return {"authorization": "Basic " + base64.b64encode(written).decode()}


def _trusting(authority: str) -> ssl.SSLContext:
    """What checks certificates: by the system's authorities, or by those in a file alone."""
    try:
        return ssl.create_default_context(cafile=authority or None)
    except OSError as error:  # what is no certificate as well
        raise BadSettings(path=authority, reason=_words(error)) from None


def known(client: OpenSearch, location: Location) -> None:
    """Nothing, where an OpenSearch answers that this program knows. Raises WrongCluster and what
    `asking` raises."""
    with asking(location):
        told = client.info()
    version = told.get("version", {}) if isinstance(told, dict) else {}
    if not isinstance(version, dict) or "number" not in version:
        raise OtherProgram(path=location)
    number, kind = str(version["number"]), version.get("distribution", "Elasticsearch")
    if kind != "opensearch" or number.partition(".")[0] not in map(str, VERSIONS):
        expected = f"{VERSIONS[0]}–{VERSIONS[-1]}"
        raise WrongCluster(path=location, found=f"{kind} {number}", expected=expected)


@contextmanager
def asking(location: Location) -> Iterator[None]:
    """What goes wrong within, as an error of ours that says what to do."""
    from opensearchpy import exceptions

    try:
        yield
    except exceptions.ConnectionError as error:  # silence and certificates as well
        raise _unreached(location, error.info) from None
    except exceptions.TransportError as error:
        said = error.info.get("error", {}) if isinstance(error.info, dict) else {}
        kind = said.get("type", "") if isinstance(said, dict) else ""
        reason = said.get("reason", "") if isinstance(said, dict) else said
        status = error.status_code if isinstance(error.status_code, int) else 0
        raise refusal(location, status, str(kind), str(reason or "")) from None
    except exceptions.SerializationError:
        raise OtherProgram(path=location) from None


def refusal(location: Location, status: int, kind: str, reason: str) -> ChabaoError:
    """What an answer with an HTTP status from 400 on means; `kind` and `reason` as OpenSearch says
    them, of a call or of one document of a bulk."""
    said = " ".join(f"{status} {reason or kind}".split())[:LONGEST]
    if kind == "cluster_block_exception" and status != 503:
        return FullCluster(path=location, reason=said)
    if status in (401, 403):
        return NotLetIn(path=location, status=status)
    if kind == "index_not_found_exception":
        return MissingIndex(path=location)
    missing = status == 500 and kind == "search_phase_execution_exception"
    if missing or status in (429, 502, 503, 504):
        return Overwhelmed(path=location, reason=said)
    return ClusterFailed(path=location, reason=said)


def _unreached(location: Location, cause: Any) -> ChabaoError:
    """`cause` is what urllib3 raised."""
    while isinstance(inner := cause.__cause__ or cause.__context__, Exception):
        cause = inner
    match cause:
        case ssl.SSLCertVerificationError():
            return Untrusted(path=location, reason=cause.verify_message.rstrip("."))
        case ssl.SSLError():
            return OtherProtocol(path=location, reason=_words(cause))
        case http.client.RemoteDisconnected() | ConnectionResetError() | BrokenPipeError():
            return HungUp(path=location)
        case TimeoutError():
            return Silent(path=location, reason="no answer in time")
    return Unreachable(path=location, reason=_words(cause))


def _place(error: Exception) -> str:
    """What is wrong with a file of settings, without a word of what stands in it."""
    if isinstance(error, OSError):
        return _words(error)
    found = re.search(r"at line \d+, column \d+", str(error))
    return f"{type(error).__name__} {found[0]}" if found else type(error).__name__


def _words(error: Exception) -> str:
    """What a failure says of itself, less numbers and addresses of objects."""
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    said = getattr(error, "strerror", None) or str(error).rpartition(": ")[2]
    return str(said or type(error).__name__)[:LONGEST]
