"""What stands between a client and a node, and has faults: TLS, passwords, silence, delays, lies.

    with Front("http://127.0.0.1:9241", secret=("chabao", "…"), tls=certificate) as front:
        front.port

Without a node behind it, it answers by itself, as a node that has no index. `answer` may take a
request over; what it returns is sent, unless it is None.
"""

from __future__ import annotations

import base64
import datetime
import http.client
import ipaddress
import json
import ssl
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

VERSION = {"distribution": "opensearch", "number": "3.8.0"}
MISSING = {"error": {"type": "index_not_found_exception", "reason": "no such index"}, "status": 404}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)


def as_json(status: int, body: object, **headers: str) -> Answer:
    return Answer(status, json.dumps(body).encode(), headers)


def alone(request: Request) -> Answer:
    """A node that has no index."""
    if request.path == "/":
        return as_json(200, {"version": VERSION})
    return as_json(404, MISSING)


class Front:
    """Listens on loopback at a port of its own; `asked` is all that came through. Nobody is
    answered while it is not `open`."""

    def __init__(
        self,
        node: str = "",
        *,
        answer: Callable[[Request], Answer | None] = lambda _request: None,
        secret: tuple[str, str] | None = None,
        tls: Path | None = None,
    ) -> None:
        """`node` is what it stands before, `tls` a file with a certificate and its key."""
        self.asked: list[Request] = []
        self.delay = 0.0
        self.open = threading.Event()
        self.open.set()
        self.answer = answer
        self._node = urllib.parse.urlsplit(node).netloc
        self._secret = secret and "Basic " + base64.b64encode(":".join(secret).encode()).decode()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            # the handshake is for the thread of the connection, not for the one that accepts
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Front:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reply(self, request: Request, headers: dict[str, str]) -> Answer:
        self.asked.append(request)
        time.sleep(self.delay)
        self.open.wait(60)
        if self._secret and headers.get("authorization") != self._secret:
            return Answer(401, b"Unauthorized", {"Content-Type": "text/plain"})
        if (own := self.answer(request)) is not None:
            return own
        return self._forward(request, headers) if self._node else alone(request)

    def _forward(self, request: Request, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self._node, timeout=60)
        try:
            passed = {name: value for name, value in headers.items()
                      if name not in ("host", "authorization", "connection")}  # fmt: skip
            connection.request(request.method, request.path, request.body or None, passed)
            answer = connection.getresponse()
            kept = {name: value for name, value in answer.getheaders()
                    if name.lower() in ("content-type", "content-encoding", "warning")}  # fmt: skip
            return Answer(answer.status, answer.read(), kept)
        finally:
            connection.close()

    def _handler(front) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_words: object) -> None:
                pass

            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                request = Request(self.command, self.path, self.rfile.read(length))
                answer = front.reply(
                    request, {name.lower(): value for name, value in self.headers.items()}
                )
                self.send_response(answer.status)
                for name, value in ({"Content-Type": "application/json"} | answer.headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.body)

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_any

        return Handler


@dataclass(frozen=True)
class Authority:
    """One that signs certificates, and the file that says so."""

    file: Path
    _name: x509.Name
    _key: ec.EllipticCurvePrivateKey

    def certificate(self, *, address: str = "127.0.0.1", days: int = 2) -> Path:
        """A file with a certificate for an address and its key; below 0 days it is over."""
        key, name = ec.generate_private_key(ec.SECP256R1()), _named("node")
        signed = (
            _begun(name, self._name, key, days)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False
            )
            .sign(self._key, hashes.SHA256())
        )
        into = self.file.with_name(f"{address}.{days}.pem")
        into.write_bytes(_written(signed) + _written_key(key))
        return into


def authority(folder: Path) -> Authority:
    """A new one, which nobody knows yet."""
    key, name = ec.generate_private_key(ec.SECP256R1()), _named("authority")
    usage: dict[str, Any] = dict.fromkeys(
        ("digital_signature", "key_cert_sign", "crl_sign"), True
    ) | dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "encipher_only", "decipher_only"), False
    )  # fmt: skip
    signed = (
        _begun(name, name, key, 2)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .add_extension(x509.KeyUsage(**usage), True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "authority.pem"
    file.write_bytes(_written(signed))
    return Authority(file, name, key)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 9 * day)
        .not_valid_after(now + days * day)
    )


def _written(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _written_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
