"""What stands between this program and a cluster, and what is said of it: no cluster is needed."""

from __future__ import annotations

import base64
import json
import logging
import socket
import ssl
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chabao.indexer.cluster import calls
from chabao.indexer.cluster.connection import Settings, asking, connect, known, settings
from chabao.indexer.cluster.errors import (
    BadSettings,
    ClusterError,
    ClusterFailed,
    FullCluster,
    HungUp,
    NotLetIn,
    OtherProgram,
    OtherProtocol,
    Overwhelmed,
    Unreachable,
    Untrusted,
    WrongCluster,
)
from chabao.indexer.cluster.location import Location
from chabao.indexer.errors import ChabaoError, MissingIndex
from chabao.tests.cluster.front import (
    VERSION,
    Answer,
    Authority,
    Front,
    Request,
    as_json,
    authority,
)

SILENCE, PATIENCE = 0.6, 1.6
USER, PASSWORD = "查报-reader", "p4ss:wörd-口令"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "READ", SILENCE)
    monkeypatch.setattr(calls, "WRITE", 3 * SILENCE)
    monkeypatch.setattr(calls, "CONNECT", SILENCE)
    monkeypatch.setattr(calls, "PATIENCE", PATIENCE)


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"))


def at(*ports: int) -> Location:
    return Location(tuple(("127.0.0.1", port) for port in ports), "bulletins")


def ask(location: Location) -> Any:
    client = connect(location)
    try:
        known(client, location)
        with asking(location):
            return client.search(index=location.name, body={})
    finally:
        client.close()


def failure(location: Location) -> ChabaoError:
    with pytest.raises(ChabaoError) as caught:
        ask(location)
    return caught.value


@contextmanager
def listening(meet: Callable[[socket.socket], object]) -> Iterator[int]:
    """A port where `meet` is done with each connection, which is kept until the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        met: list[socket.socket] = []

        def run() -> None:
            while True:
                try:
                    connection, _address = server.accept()
                except OSError:
                    return
                met.append(connection)
                meet(connection)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in met:
                connection.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def answering(answer: Answer, *, at_root: bool = False) -> Callable[[Request], Answer | None]:
    return lambda request: answer if at_root or request.path != "/" else None


# Of nodes that do not answer


def test_a_port_where_nobody_listens() -> None:
    begun = time.monotonic()
    error = failure(at(free_port()))
    assert isinstance(error, Unreachable)
    assert "Connection refused" in str(error)
    assert time.monotonic() - begun < PATIENCE


def test_a_name_that_nobody_has() -> None:
    error = failure(Location((("no-such-host.invalid", 9200),), "a"))
    assert isinstance(error, Unreachable)
    assert "0x" not in str(error)


@pytest.mark.parametrize("nodes", [1, 3])
def test_silence_is_waited_for_as_long_as_is_stated(nodes: int) -> None:
    with listening(lambda connection: None) as port:
        begun = time.monotonic()
        error = failure(at(*[port] * nodes))
    assert isinstance(error, Unreachable)
    assert "no answer in time" in str(error)
    assert PATIENCE <= time.monotonic() - begun < 2 * PATIENCE


def test_what_is_written_is_waited_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "PATIENCE", 20 * SILENCE)
    with Front(answer=answering(as_json(200, {}))) as front:
        front.delay = 1.1 * SILENCE
        client = connect(at(front.port))
        client.index(index="a", body={"text": "川渝通办"})
        assert len(front.asked) == 1
        client.search(index="a", body={})
        assert len(front.asked) == 1 + 2
        client.close()


def test_which_nodes_are_awake() -> None:
    told = as_json(200, {"nodes": {"Hf1O": {"name": "n1"}}})
    with Front(answer=answering(told)) as front, listening(lambda connection: None) as silent:
        client = connect(at(silent, front.port, free_port()))
        assert calls.awake(client) == ["Hf1O"]
        client.close()


def test_a_node_that_is_left_alone() -> None:
    def answer(request: Request) -> Answer | None:
        if request.path.startswith("/_cluster/health"):
            return as_json(200, {"discovered_cluster_manager": False})
        time.sleep(0 if request.path == "/" else 2 * PATIENCE)
        return None

    with Front(answer=answer) as front:
        error = failure(at(front.port))
    assert isinstance(error, Overwhelmed)
    assert "too many nodes are gone" in str(error)


def test_a_handshake_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHABAO_OPENSEARCH_TLS", "1")
    with listening(lambda connection: None) as port:
        begun = time.monotonic()
        assert isinstance(failure(at(port)), Unreachable)
    assert time.monotonic() - begun < 2 * PATIENCE


def test_a_call_may_take_longer_where_it_says_so() -> None:
    with Front(answer=answering(as_json(200, {"hits": 1}))) as front:
        front.delay = 2 * SILENCE
        client = connect(at(front.port))
        assert client.search(index="a", body={}, request_timeout=20 * SILENCE) == {"hits": 1}
        client.close()


def test_where_one_node_is_gone_or_silent_the_next_is_asked() -> None:
    with Front(answer=answering(as_json(200, {"hits": 1}))) as front, \
            listening(lambda connection: None) as silent:  # fmt: skip
        for _ in range(5):
            assert ask(at(free_port(), silent, front.port)) == {"hits": 1}


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\0" * 100,
        b"",
    ],
    ids=["cut in the body", "cut in the head", "another protocol", "noughts", "nothing"],
)
def test_answers_that_are_none(sent: bytes) -> None:
    def meet(connection: socket.socket) -> None:
        connection.recv(1 << 16)
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_RDWR)

    with listening(meet) as port:
        error = failure(at(port))
    assert isinstance(error, Unreachable | HungUp)
    assert len(str(error).splitlines()) == 1


# Of what a cluster says


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        (401, {}, NotLetIn),
        (403, {"error": {"type": "security_exception", "reason": "no permissions"}}, NotLetIn),
        (404, {"error": {"type": "index_not_found_exception", "reason": "no such index"}},
         MissingIndex),
        (403, {"error": {"type": "cluster_block_exception", "reason": "read-only"}}, FullCluster),
        (429, {"error": {"type": "cluster_block_exception", "reason": "disk usage exceeded"}},
         FullCluster),
        (429, {"error": {"type": "rejected_execution_exception", "reason": "queue"}}, Overwhelmed),
        (503, {"error": {"type": "cluster_block_exception", "reason": "not recovered"}},
         Overwhelmed),
        (503, {"error": {"type": "search_phase_execution_exception", "reason": "all shards"}},
         Overwhelmed),
        (500, {"error": {"type": "search_phase_execution_exception", "reason": "Partial shards"}},
         Overwhelmed),
        (500, {"error": {"type": "null_pointer_exception", "reason": "at\na\nplace"}},
         ClusterFailed),
        (400, {"error": "a word"}, ClusterFailed),
        (302, {}, ClusterFailed),
    ],
)  # fmt: skip
def test_what_a_cluster_refuses(status: int, said: object, expected: type[ChabaoError]) -> None:
    with Front(answer=answering(as_json(status, said))) as front:
        begun = time.monotonic()
        error = failure(at(front.port))
    assert type(error) is expected
    assert time.monotonic() - begun < 2 * PATIENCE
    assert "\n" not in str(error)
    tried = sum(request.path != "/" for request in front.asked)
    assert (tried > 1) == (expected is Overwhelmed)


def test_what_passes_is_waited_for() -> None:
    answers = iter([as_json(503, {}), as_json(429, {}), as_json(200, {"hits": 1})])
    with Front(answer=lambda request: next(answers) if request.path != "/" else None) as front:
        assert ask(at(front.port)) == {"hits": 1}


@pytest.mark.parametrize(
    "version",
    [
        {"distribution": "opensearch", "number": "1.3.20"},
        {"distribution": "opensearch", "number": "4.0.0"},
        {"number": "8.15.0"},
    ],
)
def test_a_version_that_is_not_known(version: dict[str, str]) -> None:
    with Front(answer=answering(as_json(200, {"version": version}), at_root=True)) as front:
        error = failure(at(front.port))
    assert isinstance(error, WrongCluster)
    assert version["number"] in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"<html>welcome</html>", headers={"Content-Type": "text/html"}),
        Answer(body=b"welcome", headers={"Content-Type": "text/plain"}),
        as_json(200, [1]),
        as_json(200, {"version": "3"}),
        as_json(200, {}),
        Answer(body=b"{", headers={"Content-Type": "application/json"}),
    ],
)
def test_something_that_is_no_opensearch(answer: Answer) -> None:
    with Front(answer=answering(answer, at_root=True)) as front:
        assert isinstance(failure(at(front.port)), OtherProgram)


def test_remarks_to_developers_reach_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    said = as_json(200, {}, Warning='299 OpenSearch-3.8.0 "this is deprecated"')
    with Front(answer=answering(said)) as front:
        assert ask(at(front.port, free_port())) == {}
        assert isinstance(failure(at(free_port())), Unreachable)
    assert capfd.readouterr() == ("", "")


# Of certificates


def test_a_certificate_of_an_authority_that_was_named(
    trusted: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHABAO_OPENSEARCH_CA", str(trusted.file))
    with Front(tls=trusted.certificate()) as front:
        assert isinstance(failure(at(front.port)), MissingIndex)


@pytest.mark.parametrize(
    ("named", "made", "expected"),
    [
        (False, {}, "unable to get local issuer certificate"),
        (True, {"days": -1}, "certificate has expired"),
        (True, {"address": "127.0.0.2"}, "not valid for '127.0.0.1'"),
    ],
)
def test_a_certificate_that_is_not_trusted(
    named: bool,
    made: dict[str, Any],
    expected: str,
    trusted: Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHABAO_OPENSEARCH_TLS", "1")
    if named:
        monkeypatch.setenv("CHABAO_OPENSEARCH_CA", str(trusted.file))
    with Front(tls=trusted.certificate(**made)) as front:
        error = failure(at(front.port))
    assert isinstance(error, Untrusted)
    assert expected in str(error)
    assert front.asked == []


def test_plain_to_a_node_that_speaks_https(trusted: Authority) -> None:
    with Front(tls=trusted.certificate()) as front:
        error = failure(at(front.port))
    assert isinstance(error, HungUp)
    assert "CHABAO_OPENSEARCH_TLS=1" in error.hint


def test_https_to_a_node_that_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHABAO_OPENSEARCH_TLS", "1")
    with Front() as front:
        assert isinstance(failure(at(front.port)), OtherProtocol)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_that_holds_no_authority(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("CHABAO_OPENSEARCH_CA", str(file))
    error = failure(at(free_port()))
    assert isinstance(error, BadSettings)
    assert str(file) in str(error)


# Of who asks


@pytest.fixture
def introduced(trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHABAO_OPENSEARCH_USER", USER)
    monkeypatch.setenv("CHABAO_OPENSEARCH_PASSWORD", PASSWORD)
    monkeypatch.setenv("CHABAO_OPENSEARCH_CA", str(trusted.file))


@pytest.mark.usefixtures("introduced")
def test_a_user_is_let_in(trusted: Authority) -> None:
    with Front(secret=(USER, PASSWORD), tls=trusted.certificate()) as front:
        assert isinstance(failure(at(front.port)), MissingIndex)


@pytest.mark.usefixtures("introduced")
def test_a_user_with_another_password_is_not(trusted: Authority) -> None:
    with Front(secret=(USER, PASSWORD + "x"), tls=trusted.certificate()) as front:
        assert isinstance(failure(at(front.port)), NotLetIn)


@pytest.mark.usefixtures("introduced")
def test_no_secret_is_told(
    trusted: Authority,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = [
        USER, PASSWORD, base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode(),
    ]  # fmt: skip
    said = [repr(Settings(True, USER, PASSWORD))]
    refusing = [as_json(status, {"error": {"reason": "no"}}) for status in (401, 403, 429, 500)]
    refusing.append(Answer(body=b"<html>", headers={"Content-Type": "text/html"}))
    fronts = [
        Front(tls=trusted.certificate(), answer=answering(answer, at_root=True))
        for answer in refusing
    ]
    fronts += [Front(tls=trusted.certificate(days=-1)), Front()]
    ports = [free_port()]
    for front in fronts:
        with front, pytest.raises(ChabaoError) as caught:
            ask(at(front.port))
        said += traceback.format_exception(caught.value), repr(caught.value.values)
    with pytest.raises(ChabaoError) as caught:
        ask(at(*ports))
    said += traceback.format_exception(caught.value)
    told = "".join([*map(str, said), caplog.text, *capfd.readouterr()])
    assert len(caplog.records) > len(fronts)
    assert [secret for secret in secrets if secret in told] == []


def test_a_password_is_not_sent_unencrypted_unless_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHABAO_OPENSEARCH_USER", USER)
    monkeypatch.setenv("CHABAO_OPENSEARCH_PASSWORD", PASSWORD)
    with Front(secret=(USER, PASSWORD)) as front:
        assert isinstance(failure(at(front.port)), OtherProtocol)
        assert front.asked == []
        monkeypatch.setenv("CHABAO_OPENSEARCH_TLS", "0")
        assert isinstance(failure(at(front.port)), MissingIndex)


# Of settings

FILE = """
["search.example.org"]
user = "of the file"
password = "secret"
ca = "/etc/ssl/our.pem"

["other.example.org"]
tls = true
"""


def test_a_file_says_what_the_environment_does_not(tmp_path: Path) -> None:
    file = tmp_path / "opensearch.toml"
    file.write_text(FILE)
    here = Location((("search.example.org", 9200), ("other.example.org", 9200)), "a")
    told = Settings(True, "of the file", "secret", "/etc/ssl/our.pem")
    assert settings(here, {}, file) == told
    environ = {"CHABAO_OPENSEARCH_USER": "another", "CHABAO_OPENSEARCH_PASSWORD": ""}
    assert settings(here, environ, file) == Settings(True, "another", "secret", "/etc/ssl/our.pem")
    there = Location((("other.example.org", 9200),), "a")
    assert settings(there, {}, file) == Settings(True)
    assert settings(there, {"CHABAO_OPENSEARCH_TLS": "0"}, file) == Settings(False)
    assert settings(at(1), {}, file) == settings(at(1), {}, tmp_path / "none") == Settings(False)


def test_how_a_new_index_is_laid_out(tmp_path: Path) -> None:
    file = tmp_path / "opensearch.toml"
    file.write_text('["127.0.0.1"]\nshards = 8\nreplicas = 0')
    assert settings(at(1), {}, file) == Settings(shards=8, replicas=0)
    environ = {"CHABAO_OPENSEARCH_SHARDS": "5"}
    assert settings(at(1), environ, file) == Settings(shards=5, replicas=0)
    for name, odd in (("SHARDS", "0"), ("SHARDS", "1025"), ("REPLICAS", "-1"), ("SHARDS", "\uff13"),
                      ("REPLICAS", "many"), ("SHARDS", "9" * 5000)):  # fmt: skip
        with pytest.raises(BadSettings, match=f"CHABAO_OPENSEARCH_{name}"):
            settings(at(1), {f"CHABAO_OPENSEARCH_{name}": odd}, file)
    file.write_text('["127.0.0.1"]\nshards = true')
    with pytest.raises(BadSettings, match="shards: 1…1024") as caught:
        settings(at(1), {}, file)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    "written",
    ['["127.0.0.1"]\npasword = "secret"', '["127.0.0.1"\npassword = "secret"', '"127.0.0.1" = 3',
     '"127.0.0.1" = "secret"', "\xff"],
)  # fmt: skip
def test_a_file_that_is_not_understood(written: str, tmp_path: Path) -> None:
    file = tmp_path / "opensearch.toml"
    file.write_bytes(written.encode("latin-1"))
    with pytest.raises(BadSettings) as caught:
        settings(at(1), {}, file)
    assert str(file) in str(caught.value)
    assert "secret" not in "".join(traceback.format_exception(caught.value))


def test_the_version_that_is_run_here_is_known() -> None:
    with Front() as front:
        client = connect(at(front.port))
        known(client, at(front.port))
        client.close()
    assert json.dumps(VERSION) and ssl.HAS_TLSv1_3


def test_every_error_says_what_to_do() -> None:
    for kind in ClusterError.__subclasses__():
        assert kind.message and kind.hint, kind
