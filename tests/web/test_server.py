"""The server as a process: where it listens, how it ends, and who keeps it waiting."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest

from chabao.indexer.build import build
from chabao.indexer.bundled import bundled_index
from chabao.search import engine
from chabao.web import server
from chabao.web.errors import CannotListen, PortTaken
from chabao.web.held import Held

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals")
linux = pytest.mark.skipif(sys.platform != "linux", reason="addresses of the whole 127/8")


@contextmanager
def serving(*options: str, **environ: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`chabao serve` on a free port: the process, and what it says first of an address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "chabao", "serve", "--port", "0", "--no-browser", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env=os.environ | {"CHABAO_LANG": "en", "PYTHONUTF8": "1"} | environ,
    )  # fmt: skip
    assert process.stderr
    try:
        line = next(line for line in process.stderr if "http://" in line)
        yield process, line.split()[1]
    finally:
        process.kill()
        process.communicate()


def port_of(address: str) -> int:
    found = re.search(r":(\d+)/", address)
    assert found
    return int(found[1])


def get(port: int, path: str, host: str = "127.0.0.1", **headers: str) -> tuple[int, str]:
    connection = HTTPConnection(host, port, timeout=60)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@posix
@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_answers_on_both_addresses_and_ends(sign: signal.Signals, code: int) -> None:
    with serving() as (process, address):
        assert address.startswith("http://localhost:")
        port = port_of(address)
        assert get(port, "/api/search?q=" + quote("川渝通办"))[0] == 200
        if socket.has_ipv6:
            assert get(port, "/", "::1")[0] == 200
        waiting = socket.create_connection(("127.0.0.1", port))
        waiting.sendall(b"GET / HTTP/1.1\r\nHost: ")
        process.send_signal(sign)
        assert process.wait(60) == code
        _, rest = process.communicate()
        assert "Traceback" not in rest
        waiting.close()


@linux
def test_nobody_else_can_reach_it() -> None:
    with serving() as (_, address), pytest.raises(ConnectionRefusedError):
        get(port_of(address), "/", "127.0.0.2")


@linux
def test_another_address_has_a_token() -> None:
    with serving("--host", "0.0.0.0") as (_, address):
        port = port_of(address)
        token = address.partition("?")[2]
        assert len(token) > 30
        assert get(port, "/")[0] == 403
        assert get(port, f"/?{token}")[0] == 200
        assert get(port, f"/?{token}", Host="evil.example")[0] == 421


@linux
@pytest.mark.parametrize("host", ["127.0.0.2", "127.0.0.1", "localhost", "LocalHost", "::1"])
def test_an_address_that_only_this_machine_reaches_is_answered_to(host: str) -> None:
    """What is printed is where it listens, and what it answers to; nobody else can come."""
    opened = server.door(0, host)
    try:
        written = f"[{host}]" if ":" in host else host
        port = opened.sockets[0].getsockname()[1]
        assert opened.address == f"http://{written}:{port}/"
        assert f"{written}:{port}".lower() in opened.hosts
        assert ("localhost:" + str(port) in opened.hosts) is (host != "127.0.0.2")
        assert not opened.access.token
    finally:
        for each in opened.sockets:
            each.close()


@posix
def test_a_port_that_is_taken() -> None:
    with serving() as (_, address):
        port = port_of(address)
        done = subprocess.run(
            [sys.executable, "-m", "chabao", "serve", "--port", str(port), "--no-browser"],
            capture_output=True, text=True, encoding="utf-8", timeout=30,
            env=os.environ | {"CHABAO_LANG": "en"},
        )  # fmt: skip
        assert done.returncode == 2
        assert done.stdout == ""
        said = [line for line in done.stderr.splitlines() if "sample" not in line]
        assert said == [
            f"chabao: port {port} is taken by another program — "
            "choose another with --port, or --port 0 for any that is free"
        ]


def test_a_port_that_is_taken_on_the_other_address_only() -> None:
    try:
        other = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        other.bind(("::1", 0))
    except OSError:
        pytest.skip("no IPv6")
    with other:
        other.listen()
        with pytest.raises(PortTaken):
            server.door(other.getsockname()[1])


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "no such host.invalid", "\x00", "a" * 300, "256.1.1.1"]
)
def test_addresses_that_are_not_of_this_machine(host: str) -> None:
    with pytest.raises(CannotListen):
        server.door(0, host)


def test_its_own_address_needs_no_token() -> None:
    opened = server.door(0, "127.0.0.1")
    for each in opened.sockets:
        each.close()
    assert not opened.access.token


def test_without_its_libraries(tmp_path: Path) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ModuleNotFoundError(name='uvicorn')\n")
    done = subprocess.run(
        [sys.executable, "-m", "chabao", "serve", "--lang", "en"],
        capture_output=True, text=True, encoding="utf-8", timeout=30,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 2
    assert "chabao[web]" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving("--debug") as (_, found):
        yield found


def talk(port: int, data: bytes) -> bytes:
    """What is answered to bytes; the connection must be ended by the server."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(data)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def own(port: int, line: str, *headers: str) -> bytes:
    lines = [line, f"Host: localhost:{port}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def test_requests_as_bytes(address: str) -> None:
    port = port_of(address)
    shapes = {
        b"GET / HTTP/1.1\r\n\r\n": b"400",
        b"GET / HTTP/1.0\r\n\r\n": b"421",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n": b"400",
        own(port, "GET http://evil.example/ HTTP/1.1"): b"400",
        own(port, f"GET http://localhost:{port}/ HTTP/1.1"): b"400",
        own(port, "CONNECT evil.example:443 HTTP/1.1"): b"405",
        own(port, "OPTIONS * HTTP/1.1"): b"405",
        own(port, "GET /" + "a" * 100_000 + " HTTP/1.1"): b"4",
        own(port, "GET / HTTP/1.1", "X: " + "a" * 20_000): b"431",
        own(port, "GET / HTTP/1.1", "X: " + "a" * 200_000): b"4",
        own(port, "GET / HTTP/1.1", "Content-Length: 5") + b"hello": b"413",
        own(port, "GET / HTTP/1.1", "Transfer-Encoding: chunked") + b"1\r\na\r\n0\r\n\r\n": b"413",
        own(port, "POST /saved HTTP/1.1", "Content-Length: 99999999999"): b"403",
        own(port, "GET /static/../../pyproject.toml HTTP/1.1"): b"404",
        own(port, "GET /static/%2e%2e/%2e%2e/pyproject.toml HTTP/1.1"): b"404",
        own(port, "GET /static/..%5c..%5cpyproject.toml HTTP/1.1"): b"404",
        own(port, "GET /static//etc/passwd HTTP/1.1"): b"404",
        own(port, "GET /static/" + "a" * 5000 + " HTTP/1.1"): b"404",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03": b"400",
    }  # fmt: skip
    for sent, status in shapes.items():
        try:
            answer = talk(port, sent)
        except (
            ConnectionResetError,
            BrokenPipeError,
        ):  # closed while it was still being written to
            continue
        assert answer.split(b" ")[1].startswith(status), (sent[:80], answer[:200])
        assert b"Traceback" not in answer
        assert str(Path.home()).encode() not in answer


def test_slow_clients_keep_nobody_waiting(address: str) -> None:
    """Two hundred that send a byte now and then, and forty that never read their answers."""
    from chabao.web.connections import PATIENCE

    port = port_of(address)
    with ExitStack() as stack:
        slow = [stack.enter_context(_slow(port)) for _ in range(200)]
        for _ in range(40):
            each = stack.enter_context(_slow(port, receiving=1024))
            each.sendall(f"GET / HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode() * 20)
        taken = []
        for _ in range(10):
            for each in slow:
                with suppress(OSError):
                    each.sendall(b"X-A: b\r\n")
            begun = time.monotonic()
            assert get(port, "/api/search?q=" + quote("川渝通办"))[0] == 200
            taken.append(time.monotonic() - begun)
        assert sorted(taken)[5] < PATIENCE / 3


@contextmanager
def _slow(port: int, receiving: int = 0) -> Iterator[socket.socket]:
    with socket.socket() as opened:
        if receiving:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receiving)
        opened.settimeout(10)
        opened.connect(("127.0.0.1", port))
        if not receiving:
            opened.sendall(b"GET / HTTP/1.1\r\n")
        yield opened


def test_a_request_that_does_not_come_is_not_waited_for(address: str) -> None:
    """However often a byte comes, and whether it is the header or the form that does not."""
    from chabao.web.connections import PATIENCE

    port = port_of(address)
    begun = time.monotonic()
    beginnings = (
        b"", b"GET / HTTP/1.1\r\n", own(port, "POST /saved HTTP/1.1", "Content-Length: 5000",
        f"Origin: http://localhost:{port}", "Content-Type: application/x-www-form-urlencoded"),
    )  # fmt: skip

    def wait(beginning: bytes) -> float:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5) as opened:
            opened.sendall(beginning)
            while time.monotonic() - begun < 2 * PATIENCE + 5:
                try:
                    if beginning:
                        opened.sendall(b"a")
                    if not opened.recv(1000):
                        break
                except TimeoutError:
                    continue
                except OSError:
                    break
        return time.monotonic() - begun

    with ThreadPoolExecutor() as pool:
        for taken in pool.map(wait, beginnings):
            assert PATIENCE - 1 < taken < 2 * PATIENCE


def test_it_answers_while_the_index_is_made_anew(tmp_path: Path) -> None:
    """Nobody's request fails, and to nobody does a count go back."""
    folder, index = tmp_path / "issues", tmp_path / "index"
    folder.mkdir()
    first, *others = sorted((ROOT / "corpus").glob("*.txt"))
    shutil.copy(first, folder)
    build([folder], index)
    wrong: list[str] = []
    told: list[str] = []
    done = threading.Event()

    def ask(port: int) -> None:
        seen = 0
        while not done.is_set():
            status, said = get(port, "/api/search?limit=0&mode=exact&q=" + quote("试验字样"))
            found = re.search(r'"total": (\d+)', said)
            if status != 200 or not found or int(found[1]) < seen:
                wrong.append(said)
            seen = int(found[1]) if found else seen
            told.append(said)

    def wait() -> None:
        """Until some more have been answered."""
        before, end = len(told), time.monotonic() + 60
        while len(told) < before + 5:
            assert time.monotonic() < end, "nobody was answered"
            time.sleep(0.01)

    with serving("--index", str(index)) as (_, address), ThreadPoolExecutor() as pool:
        asking = [pool.submit(ask, port_of(address)) for _ in range(4)]
        try:
            wait()
            for number, source in enumerate(others):
                text = source.read_text(encoding="utf-8")
                changed = text.replace("窗口", "窗口试验字样")
                (folder / source.name).write_text(changed, encoding="utf-8")
                build([folder], index, rebuild=number % 2 == 0)
                wait()
        finally:
            done.set()
        for each in asking:
            each.result()
        assert len(told) > 20
        total = get(port_of(address), "/api/search?limit=0&mode=exact&q=" + quote("试验字样"))[1]
    assert not wrong
    standing = engine.search(engine.open_index(index), "试验字样", mode=engine.Mode.EXACT).total
    assert standing > 1
    assert f'"total": {standing},' in total


def test_an_index_that_goes_or_breaks_is_answered_from_as_it_was(tmp_path: Path) -> None:
    shutil.copytree(bundled_index(), tmp_path / "index")
    held = Held(tmp_path / "index")
    before = engine.search(held.index(), "川渝通办").total
    for path in sorted((tmp_path / "index").iterdir()):
        path.write_bytes(b"") if path.suffix == ".toc" else path.unlink()
    assert engine.search(held.index(), "川渝通办").total == before
    shutil.rmtree(tmp_path / "index")
    assert engine.search(held.index(), "川渝通办").total == before
    shutil.copytree(bundled_index(), tmp_path / "index")
    for path in (tmp_path / "index").iterdir():
        os.utime(path)
    known = held.index()
    assert known is held.index()
    assert engine.search(known, "川渝通办").total == before


QUERIES = (
    "川渝通办", "政务", "的", "省?通办", "川*办", "营商环境 NEAR/10 改革", "通办 -川渝",
    "如何优化营商环境", "部门:省林草局 工作", "日期:2023 窗口", "2", "工作 OR 窗口", "不存在的词句",
)  # fmt: skip


def found(index: engine.Index, query: str) -> object:
    """All of an answer that could be mixed up with another's."""
    results = engine.search(index, query, limit=None)
    hits = [(hit.item["id"], hit.score, hit.item["text"]) for hit in results.hits]
    return results.total, results.mentions, hits


def test_sixteen_threads_get_the_answers_that_one_gets() -> None:
    """Answers are those of an index that only one thread reads, whatever is cached on the way."""
    alone = {query: found(engine.open_index(bundled_index()), query) for query in QUERIES}
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(3):
            index = engine.open_index(bundled_index())
            with ThreadPoolExecutor(16) as pool:
                asked = [QUERIES[at % len(QUERIES)] for at in range(16 * len(QUERIES))]
                for query, each in zip(asked, pool.map(partial(found, index), asked), strict=True):
                    assert each == alone[query]
    finally:
        sys.setswitchinterval(before)
