"""Files read by other processes, each within limits, so that no file can harm this one."""

from chabao.indexer.workers.pool import read
from chabao.indexer.workers.reading import Job, Outcome, Reading

__all__ = ["Job", "Outcome", "Reading", "read"]
