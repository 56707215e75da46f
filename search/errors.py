"""Errors of asking, showing and keeping: each says what happened, where, and what to do next."""

from __future__ import annotations

from chabao.indexer.errors import ChabaoError


class UnknownItem(ChabaoError):
    """No item has that id."""

    message = "no item has the id {id}"
    hint = "chabao search prints the id of each item; chabao fields lists the issues"


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
