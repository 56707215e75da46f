"""The last step of `open`: a place is printed, or its file opened."""

from __future__ import annotations

import os
import re
import sys
from gettext import gettext as _
from pathlib import Path

from chabao.indexer.installed import which
from chabao.search.catalogue import Shown
from chabao.search.opening import Spot
from chabao.search.output import programs
from chabao.search.output.item import is_changed, remark
from chabao.search.output.show import FAILED, FOUND, NOT_FOUND, write_bytes
from chabao.search.output.text import clean

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")


def opened(shown: Shown, spot: Spot, only_print: bool) -> int:
    """Prints the place on standard output, or opens it; 1 where the passage is no longer what it
    was, 2 where the program failed."""
    if said := remark(shown):
        print(f"chabao: {said}", file=sys.stderr)
    if spot.changed:
        said = _("{path} has changed since it was indexed; the place may be another one now")
        print(clean(f"chabao: {said.format(path=spot.path)}"), file=sys.stderr)
    if only_print:
        # for a program a path is what it is, but a line is one line
        place = clean(str(spot)) if sys.stdout.isatty() else CONTROLS.sub("\ufffd", str(spot))
        write_bytes(os.fsencode(place) + b"\n")
    else:
        desk = programs.Desk(sys.platform, os.environ, which)
        words = programs.call(spot, desk)
        print(clean(f"chabao: {spot}"), file=sys.stderr)
        if code := programs.run(words, desk):
            said = _("{program} ended with {code}").format(
                program=Path(words.words[0]).name, code=code
            )
            print(clean(f"chabao: {said}"), file=sys.stderr)
            return FAILED
    return NOT_FOUND if is_changed(shown) else FOUND
