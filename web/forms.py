"""Forms: whether one was sent by this page itself, and what it says."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from gettext import gettext as _
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, ImmutableMultiDict
from starlette.types import Receive, Scope

from chabao.web.refusals import Refused

Form = ImmutableMultiDict[str, str]

TYPE = "application/x-www-form-urlencoded"
BODY = 65_536
"""Bytes of a form, at most."""
FIELDS = 200
TOKEN = "token"  # nosec B105 # the name of a field
"""The field of a form that holds the word that only pages of this process know."""


class Forms:
    """Reads forms of this page, and of no other. Another process has another `token`."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(32)

    async def read(self, scope: Scope, receive: Receive) -> Form:
        """What a form says. Raises Refused."""
        headers = Headers(scope=scope)
        if not same_origin(headers):
            raise Refused(403, _("only this page itself may change anything"))
        if headers.get("content-type", "").partition(";")[0].strip().lower() != TYPE:
            raise Refused(415, _("this is no form of this page"))
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length[:20]) > BODY:
            raise Refused(413, _("the form is too long"))
        form = fields(await body(receive))
        if not secrets.compare_digest(_one(form, TOKEN).encode(), self.token.encode()):
            raise Refused(403, _("this page is out of date: load it again, then send the form"))
        return form


def same_origin(headers: Headers) -> bool:
    """Whether the page that sends a request is at the address that it is sent to. Browsers say so
    of every form; Host has been checked."""
    sites = headers.getlist("sec-fetch-site")
    own = f"http://{headers['host']}".lower()
    return headers.getlist("origin") == [own] and sites in ([], ["same-origin"])


async def body(receive: Receive) -> bytes:
    """The whole body. Raises Refused where it is too long, or breaks off."""
    data = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refused(400, _("the form broke off"))
        data += bytes(message.get("body", b""))
        if len(data) > BODY:
            raise Refused(413, _("the form is too long"))
        if not message.get("more_body", False):
            return data


def fields(data: bytes) -> Form:
    """The fields of a form. Raises Refused where they are too many or no text."""
    try:
        pairs = parse_qsl(data.decode("ascii"), True, max_num_fields=FIELDS, errors="strict")
    except ValueError as error:
        raise Refused(400, _("this is no form of this page")) from error
    return ImmutableMultiDict(pairs)


def _one(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "")
