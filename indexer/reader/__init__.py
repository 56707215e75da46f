"""Files to text, a module a format."""

from chabao.indexer.reader.formats import SUFFIXES, documents
from chabao.indexer.reader.text import decode, load, read

__all__ = ["SUFFIXES", "decode", "documents", "load", "read"]
