"""Errors of clusters: each says what happened, where, and what to do next.

ClusterError
├── OddLocation         what means a cluster and cannot be the address of an index there
├── Unreachable         no node of a cluster answers, or none in time
│   └── Silent          nodes that take a question and do not answer it
├── HungUp              a node that closes the connection before it has answered
├── OtherProtocol       a node that was asked over https, and does not speak it
├── Overwhelmed         a cluster that cannot answer for the time being
├── Untrusted           a cluster whose certificate nobody vouches for
├── NotLetIn            a cluster that does not take the user or the password
├── WrongCluster        what answers is no OpenSearch that this program knows
├── OtherProgram        what answers is something else
├── FullCluster         a cluster that takes nothing more: its disks are nearly full
├── NotTaken            documents that a cluster refuses for good
├── NoCopy              a copy of an index that cannot be kept here
├── ClusterFailed       a cluster that answers with an error of its own
└── BadSettings         settings of clusters that cannot be read
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chabao.indexer.errors import ChabaoError


class ClusterError(ChabaoError):
    """What goes wrong with a cluster."""


class OddLocation(ClusterError):
    """What means a cluster and cannot be the address of an index there."""

    message = "{written} is no place of an index: {reason}"
    hint = "write opensearch://host:9200/name, several nodes parted by commas"


class Unreachable(ClusterError):
    """No node of a cluster answers, or none in time."""

    message = "no node answers at {path}: {reason}"
    hint = "see whether the cluster runs, and whether host and port are right; then try again"


class Silent(Unreachable):
    """Nodes that take a question and do not answer it."""


class HungUp(ClusterError):
    """A node that closes the connection before it has answered."""

    message = "{path} closes the connection without an answer"
    hint = "if it speaks https, set CHABAO_OPENSEARCH_TLS=1; otherwise see its logs"


class OtherProtocol(ClusterError):
    """A node that was asked over https, and does not speak it."""

    message = "no https is spoken at {path}: {reason}"
    hint = "see whether the port is right; CHABAO_OPENSEARCH_TLS=0 asks without encryption"


class Overwhelmed(ClusterError):
    """A cluster that could not answer for the time being, and for as long as it was asked."""

    message = "{path} cannot answer now: {reason}"
    hint = "see whether all its nodes run and none is overloaded; then try again"


class Untrusted(ClusterError):
    """A cluster whose certificate nobody vouches for."""

    message = "the certificate of {path} is not trusted: {reason}"
    hint = "name the file of its authority in CHABAO_OPENSEARCH_CA"


class NotLetIn(ClusterError):
    """A cluster that does not take the user or the password."""

    message = "{path} does not let this user in ({status})"
    hint = "set CHABAO_OPENSEARCH_USER and CHABAO_OPENSEARCH_PASSWORD, or opensearch.toml"


class WrongCluster(ClusterError):
    """What answers is no OpenSearch that this program knows."""

    message = "what answers at {path} is {found}; this program knows OpenSearch {expected}"
    hint = "see whether host and port are right"


class OtherProgram(ClusterError):
    """What answers is something else."""

    message = "what answers at {path} is no OpenSearch"
    hint = "see whether host and port are right"


class FullCluster(ClusterError):
    """A cluster that takes nothing more."""

    message = "{path} takes nothing more: {reason}"
    hint = "free disk space on its nodes, and wait till they see it; then run the command again"


class ClusterFailed(ClusterError):
    """A cluster that answers with an error of its own."""

    message = "{path} could not answer: {reason}"
    hint = "see the logs of its nodes; then run the command again"


class NoCopy(ClusterError):
    """A copy of an index, for what looks at the whole of it, that cannot be kept here."""

    message = "cannot keep a copy of {path} in {folder}: {reason}"
    hint = "see whether the disk has room and the folder can be written; then try again"


class BadSettings(ClusterError):
    """Settings of clusters that cannot be read."""

    message = "cannot read the settings in {path}: {reason}"
    hint = "docs/opensearch.md shows what may stand there"


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that a cluster refuses, and why."""

    document: str
    reason: str


class NotTaken(ClusterError):
    """Documents that a cluster refuses for good; `failures` has them all, by document."""

    message = "{path} refuses {count} documents, as {document}: {reason}"
    hint = "nothing of this commit is seen; see the logs of its nodes"

    def __init__(self, location: object, failures: Sequence[Failure]) -> None:
        first = failures[0]
        super().__init__(
            path=location, count=len(failures), document=first.document, reason=first.reason
        )
        self.failures = tuple(failures)
