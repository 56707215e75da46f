"""Templates to pages: every value cleaned and escaped, every sentence in the reader's language."""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse

from chabao.search.output.text import clean
from chabao.web import marks

FOLDER = Path(__file__).parent / "templates"
CACHED = {"cache-control": "no-cache"}
"""A page is asked for again each time: the index may have been replaced."""


def page(
    request: Request, template: str, shown: Mapping[str, object] | None = None, status: int = 200
) -> HTMLResponse:
    """A template filled in. htmx asks for parts, which must not be taken for whole pages."""
    text = ENVIRONMENT.get_template(template).render(request=request, **(shown or {}))
    return HTMLResponse(text, status, CACHED | {"vary": "HX-Request"})


def said(message: str, **values: object) -> str:
    """A message in the reader's language, filled in; what is filled in is left as it is."""
    translated = _translated(message, os.environ.get("LANGUAGE", ""))
    return translated.format(**values) if values else translated


@lru_cache(maxsize=4096)
def _translated(message: str, _language: str) -> str:
    """gettext itself looks for the file of the catalogue each time, a quarter of a page's cost."""
    return gettext.gettext(message)


def counted(one: str, many: str, n: int) -> str:
    """A message about `n` things, which takes {n}."""
    return gettext.ngettext(one, many, n).format(n=f"{n:,}")


def language() -> str:
    """The language of the sentences, as HTML names it."""
    return "zh-CN" if os.environ.get("LANGUAGE", "").startswith("zh") else "en"


def _cleaned(value: Any) -> Any:
    """Text without what could steer a browser or turn lines about; None is nothing."""
    if value is None:
        return ""
    if hasattr(value, "__html__"):
        return value
    return clean(value) if isinstance(value, str) else value


ENVIRONMENT = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, finalize=_cleaned,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
ENVIRONMENT.globals |= {"_": said, "ngettext": counted, "language": language}
ENVIRONMENT.filters |= {"marked": marks.marked, "pointed": marks.pointed}
