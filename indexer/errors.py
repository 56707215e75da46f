"""Our errors, one tree. Each says what happened, where, and what to do next.

ChabaoError
├── UnreadableFile      a bulletin file that cannot be read; the rest is indexed
├── MissingIndex        no index where one was named
├── NoIndexNamed        an index was to be named, and nothing was written
├── OddName             a word that cannot be the name of an index
├── ClusterError        what goes wrong with a cluster (`chabao.indexer.cluster.errors`)
├── MissingFolder       a folder that was named and is neither there nor known
├── NoFolder            what was named is neither a folder nor a file that is read
├── UnknownFolder       a folder that is not in the index
├── DamagedIndex        a file of the index is not what was written
├── OldIndex            the index has another format number than this program's
├── AwayFolder          a folder of the index that is not there when it is to be built again
├── LostFolders         an index that no longer says of which folders it was made
├── SameIndex           an index that was to be copied into itself
├── IndexBusy           another writer held the index for too long
│   └── RestlessIndex   writers replaced each commit before it could be opened
├── CannotWrite         the index directory cannot be written
├── OutOfMemory         less memory than the work needs
├── UnknownItem         no item has that id
├── MissingLibrary      a library that only some tasks need is not installed
├── GoneFile            the file of an item is not where it was
├── InsideArchive       what was to be opened lies in an archive
├── NoProgram           nothing that opens a file was found, or it could not be run
├── UnwritableFile      a file that was to be written and cannot be
├── UnknownFormat       a file's name that says no format
├── NotForTerminals     a format that is no text
├── CellTooLong         a text that no cell of a workbook holds
├── SheetTooLong        more rows than a sheet of a workbook holds
├── UnreadableRecord    a file that is no record of a search
├── UnreadableShelf     a file that holds no saved searches
├── NewerShelf          saved searches that a later version of the program has written
├── UnknownSaved        no search was saved under that name
├── NameTaken           another search was saved under that name
├── UnknownPicture      a file's name that says no form of picture
├── NoChineseFont       no font that a picture could be lettered with
└── PortTaken, CannotListen     what a server cannot listen on (`chabao.web.errors`)
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


class UnknownItem(ChabaoError):
    """No item has that id."""

    message = "no item has the id {id}"
    hint = "chabao search prints the id of each item; chabao fields lists the issues"


class MissingLibrary(ChabaoError):
    """A library that only some tasks need is not installed. `install` is what pip is to be told."""

    message = "this needs {name}, which is not installed; pip install {install}"


class GoneItem(UnknownItem):
    """The item of a passage's address is not in the index; the exit code is that of no hit."""

    message = "the item of {id} is not in this index, or no longer"
    hint = "search for a few words of the passage"
    code = 1


class GoneFile(ChabaoError):
    """The file of an item is not where it was when it was indexed."""

    message = "cannot open {path}: {reason}"
    hint = "if it was moved, chabao index FOLDER finds it again"


class InsideArchive(ChabaoError):
    """What was to be opened lies in an archive; nothing is unpacked."""

    message = "the item is in {inside}, inside of {path}"
    hint = "unpack that archive, then open the file"


class NoProgram(ChabaoError):
    """Nothing that opens a file was found, or it could not be run."""

    message = "cannot open {path} with {program}: {reason}"
    hint = "set CHABAO_EDITOR or CHABAO_VIEWER to a program; --print only says the place"


class UnwritableFile(ChabaoError):
    """A file that was to be written and cannot be; what stood there is still there."""

    message = "cannot write {path}: {reason}"
    hint = "choose another place"


class UnknownFormat(ChabaoError):
    """A file's name that says no format."""

    message = "the name {path} says no format"
    hint = "end it in .csv, .jsonl, .md, .tsv or .xlsx, or say --format"


class NotForTerminals(ChabaoError):
    """A format that is no text."""

    message = "{form} is not for a terminal"
    hint = "write it to a file with -o FILE"


class CellTooLong(ChabaoError):
    """A text that no cell of a workbook holds; it is not cut."""

    message = "row {row}, {column}: {length} characters, and a cell of xlsx holds {most}"
    hint = "choose another format, as --format csv"


class SheetTooLong(ChabaoError):
    """More rows than a sheet of a workbook holds; none is left out."""

    message = "more rows than the {most} that a sheet of xlsx holds"
    hint = "choose another format, as --format csv"


class UnreadableRecord(ChabaoError):
    """A file that is no record of a search."""

    message = "{path} is no record of a search: {reason}"
    hint = "chabao search --record FILE writes one"


class UnreadableShelf(ChabaoError):
    """A file that holds no saved searches; it is left as it is."""

    message = "cannot read the saved searches in {path}: {reason}"
    hint = "move that file away, then save the searches again"


class NewerShelf(ChabaoError):
    """Saved searches, or a query among them, that a later version of the program has written."""

    message = "{path} has version {found}, this program reads {expected}"
    hint = "use the version of chabao that saved these searches; nothing was changed"


class UnknownSaved(ChabaoError):
    """No search was saved under that name."""

    message = "no search is saved as {name}"
    hint = "chabao saved lists them"


class NameTaken(ChabaoError):
    """Another search was saved under that name."""

    message = "{name} is saved already, as {query}"
    hint = "replace it with --force, or choose another name"


class UnreadableSynonyms(ChabaoError):
    """A file of synonyms that cannot be read."""

    message = "cannot read the synonyms in {path}: {reason}"
    hint = "CHABAO_SYNONYMS names the file: UTF-8, a line a group, | between names"


class UnknownPicture(ChabaoError):
    """A file's name that says no form of picture."""

    message = "the name {path} says no form of picture"
    hint = "end it in .svg or .png"


class NoChineseFont(ChabaoError):
    """No font that a picture could be lettered with."""

    message = "no font with Chinese characters is installed, so a PNG would show boxes"
    hint = "install one, as fonts-noto-cjk or google-noto-sans-cjk-fonts, or draw an SVG"
