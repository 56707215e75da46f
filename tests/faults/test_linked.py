"""Reading a document asks nobody: what it names elsewhere, on the network or here, stays there."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from chabao.indexer.reader import office

MIME = "application/vnd.oasis.opendocument.text"
PART = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
MANIFEST = f"""\
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
{PART.format("/", MIME)}{PART.format("content.xml", "text/xml")}</manifest:manifest>
"""
SPACES = "".join(
    f' xmlns:{name}="{space}"'
    for name, space in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)
CONTENT = f"""\
<office:document-content{SPACES} office:version="1.2"><office:body><office:text>
<text:p>川渝通办<draw:frame text:anchor-type="as-char" svg:width="2cm" svg:height="2cm">
<draw:image xlink:href="%(elsewhere)s/a.png" xlink:type="simple" xlink:actuate="onLoad"/>
</draw:frame><draw:frame text:anchor-type="as-char" svg:width="2cm" svg:height="2cm">
<draw:object xlink:href="%(elsewhere)s/b.odt" xlink:type="simple" xlink:actuate="onLoad"/>
</draw:frame></text:p>
<text:section text:name="s"><text:section-source xlink:href="%(here)s"/><text:p>无</text:p>
</text:section></office:text></office:body></office:document-content>
"""


@contextmanager
def server() -> Iterator[tuple[str, list[str]]]:
    """Where somebody would be asked, and what was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{serving.server_port}", asked
        finally:
            serving.shutdown()
            thread.join()


@pytest.mark.skipif(office.installed() is None, reason="needs LibreOffice")
def test_libreoffice_fetches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", "utf-8")
    packed = io.BytesIO()
    with server() as (elsewhere, asked):
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("mimetype", MIME)
            archive.writestr("META-INF/manifest.xml", MANIFEST)
            named = {"elsewhere": elsewhere, "here": secret.as_uri()}
            archive.writestr("content.xml", CONTENT % named)
        (document,) = office.documents(packed.getvalue(), "a.odt")
    assert "川渝通办" in document.text and "机密" not in document.text
    assert not asked


def test_a_profile_says_so(tmp_path: Path) -> None:
    text = (office._profile(tmp_path) / "user" / "registrymodifications.xcu").read_text("utf-8")
    assert text.count("<item ") == len(office.NOWHERE) > 8
    for word in ("BlockUntrustedRefererLinks", "DisableMacrosExecution", "ooInetHTTPSProxyName"):
        assert word in text
