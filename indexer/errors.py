"""Our errors, one tree. Each says what happened, where, and what to do next.

ChabaoError
├── UnreadableFile      a bulletin file that cannot be read; the rest is indexed
├── MissingIndex        no index where one was named
├── NoIndexNamed        an index was to be named, and nothing was written
├── OddName             a word that cannot be the name of an index
├── MissingFolder       a folder that was named and is neither there nor known
├── NoFolder            what was named is neither a folder nor a file that is read
├── UnknownFolder       a folder that is not in the index
├── DamagedIndex        a file of the index is not what was written
├── OldIndex            the index has another format number than this program's
├── OtherIndex          an index that another program has made
├── AwayFolder          a folder of the index that is not there when it is to be built again
├── LostFolders         an index that no longer says of which folders it was made
├── SameIndex           an index that was to be copied into itself
├── IndexBusy           another writer held the index for too long
│   └── RestlessIndex   writers replaced each commit before it could be opened
├── CannotWrite         the index directory cannot be written
├── OutOfMemory         less memory than the work needs
├── MissingLibrary      a library that only some tasks need is not installed
├── ClusterError        what goes wrong with a cluster (`chabao.indexer.cluster.errors`)
├── …                   what goes wrong with answers (`chabao.search.errors`)
└── …                   what a server cannot listen on (`chabao.web.errors`)
"""


class ChabaoError(Exception):
    """What went wrong, where it did, and what to do next.

    `message` and `hint` are format strings, translated where they are shown; `values` fills them.
    """

    message = "something went wrong"
    hint = ""
    code = 2
    """What the program leaves with."""
    index = ""
    """What the command line calls the index, where it names one."""

    def __init__(self, **values: object) -> None:
        super().__init__(self.message.format(**values))
        self.values = values


class UnreadableFile(ChabaoError):
    """A bulletin file that cannot be read; the rest is indexed."""

    message = "cannot read {path}: {reason}"


class MissingIndex(ChabaoError):
    """No index where one was named."""

    message = "no index at {path}"
    hint = "make one with: chabao index FOLDER"


class NoIndexNamed(ChabaoError):
    """An index was to be named, and nothing was written."""

    message = "no index is named: --index is empty"
    hint = "leave --index out, or name one: --index NAME, --index ./FOLDER"


class OddName(ChabaoError):
    """A word that cannot be the name of an index."""

    message = "{name} cannot be the name of an index"
    hint = "a name has letters, digits and . _ - between them; for a folder write ./FOLDER"


class MissingFolder(ChabaoError):
    """A folder that was named and is neither there nor known to the index."""

    message = "no folder at {path}"
    hint = "write the path of a folder with bulletins"


class NoFolder(ChabaoError):
    """What was named to be indexed is there, and neither a folder nor a file that is read."""

    message = "{path} is neither a folder nor a file that can be read"
    hint = "write the path of a folder with bulletins"


class UnknownFolder(ChabaoError):
    """A folder that was to be taken out of an index, and is not in it."""

    message = "{path} is not in the index"
    hint = "chabao status lists its folders"


class DamagedIndex(ChabaoError):
    """A file of the index is not what was written."""

    message = "the index is damaged: {path} ({reason})"
    hint = "build it again with: chabao repair"


class LostFolders(ChabaoError):
    """An index that no longer says of which folders it was made."""

    message = "the index at {path} no longer says of which folders it was made"
    hint = "name all of them: chabao index --rebuild FOLDER FOLDER"


class OtherIndex(ChabaoError):
    """An index of Whoosh that another program has made; it is left as it is."""

    message = "the index at {path} was made by another program"
    hint = "choose another folder with --index, and index the bulletins themselves"


class AwayFolder(ChabaoError):
    """A folder of the index that is not there, so that the index cannot be built again."""

    message = "the index at {path} cannot be built again: {folder} is not there"
    hint = "bring the folder back, or build the index without it: chabao index --rebuild FOLDER"


class OldIndex(ChabaoError):
    """The index has another format number than this program's."""

    message = "the index at {path} has format {found}, this program reads {expected}"
    hint = "build it again with: chabao repair"


class SameIndex(ChabaoError):
    """An index that was to be copied into itself."""

    message = "{path} was to be copied into itself"
    hint = "name another index to copy it into"


class IndexBusy(ChabaoError):
    """Another writer held the index for too long."""

    message = "another program has been writing {path} for {seconds} s"
    hint = "wait for it to end, then run the command again"


class RestlessIndex(IndexBusy):
    """Writers replaced each commit before it could be opened."""

    message = "another program changes {path} faster than it can be opened"


class CannotWrite(ChabaoError):
    """The index directory cannot be written."""

    message = "cannot write the index at {path}: {reason}"
    hint = "choose another place with --index DIR"


class OutOfMemory(ChabaoError):
    """Less memory than the work needs; what was committed is not touched."""

    message = "there is not enough memory"
    hint = "end other programs, or allow this one more (ulimit -v); what is indexed stays"


class MissingLibrary(ChabaoError):
    """A library that only some tasks need is not installed. `install` is what pip is to be told."""

    message = "this needs {name}, which is not installed; pip install {install}"
