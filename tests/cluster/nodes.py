"""A real OpenSearch cluster on this machine: three nodes, each a process of its own.

    python -m chabao.tests.cluster.nodes start           HTTP 9241-9243, transport 9601-9603
    python -m chabao.tests.cluster.nodes status
    python -m chabao.tests.cluster.nodes stop            its data goes with it
    python -m chabao.tests.cluster.nodes during COMMAND  starts it, if need be, and ends it again

`--base 9250` is another cluster, beside the first, at 9251-9253 and 9611-9613; the last port that
the libraries allow is 9299. `kill N` and `restart N` are for one node. State is in `.cluster/`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock

from chabao.tests.cluster.java import STATE, NoCluster, home, library

BASE = 9240
TRANSPORT = 360
"""From a node's HTTP port to its transport port."""
NODES = 3
MEMORY = "512m"
LAST = 9290
"""The last base: the libraries go up to port 9299."""
WHERE = "CHABAO_TEST_CLUSTER"
"""The variable of the environment that says the base of the cluster that tests use."""
START, STOP, GONE = 180.0, 30.0, 3.0
"""Seconds that all nodes may take to come up, one to go down, and the system to free its ports."""


@dataclass
class Node:
    """One node. It runs if the process of its file `pid` does, and was started for its folder."""

    number: int
    http: int
    folder: Path
    child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def ports(self) -> tuple[int, int]:
        return self.http, self.http + TRANSPORT

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def pid(self) -> int | None:
        """The process, if it runs."""
        if self.child is not None:
            return self.child.pid if self.child.poll() is None else None
        try:
            pid = int((self.folder / "pid").read_text())
        except (OSError, ValueError):
            return None
        shown = subprocess.run(["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True)
        return pid if os.fsencode(self.folder) in shown.stdout else None

    def start(self, cluster: str, base: int, tied: bool) -> None:
        """Starts the process, on the data that it left if there are any."""
        until = time.monotonic() + GONE
        while taken := [port for port in self.ports if _taken(port)]:
            if time.monotonic() > until:
                raise NoCluster(f"port {taken[0]} is taken by another program")
            time.sleep(0.1)
        self.folder.mkdir(parents=True, exist_ok=True)
        libraries = library()
        command = [
            home() / "bin" / "java", f"-Xmx{MEMORY}", "-XX:+ExitOnOutOfMemoryError",
            "-cp", f"{libraries}{os.pathsep}{libraries}/*", "Node", self.folder, cluster,
            str(self.number), str(NODES), str(base), str(base + TRANSPORT),
        ]  # fmt: skip
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [*command, "tied"] if tied else command,
                stdin=subprocess.PIPE if tied else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                start_new_session=True,
            )
        (self.folder / "pid").write_text(str(self.child.pid))

    def signal(self, number: signal.Signals) -> None:
        if (pid := self.pid()) is not None:
            os.kill(pid, number)

    def pause(self) -> None:
        """Stops it as it stands: it listens, and does not answer."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """As a machine that goes: nothing is written, nobody is told."""
        self.signal(signal.SIGKILL)
        self._gone()

    def stop(self) -> None:
        """As it is asked to, or by force where it does not."""
        self.resume()
        self.signal(signal.SIGTERM)
        if not self._gone():
            self.kill()

    def _gone(self) -> bool:
        until = time.monotonic() + STOP
        while self.pid() is not None:
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        if self.child is not None and self.child.stdin is not None:
            self.child.stdin.close()
        self.child = None
        (self.folder / "pid").unlink(missing_ok=True)
        return True


class Cluster:
    """Three nodes, at the HTTP ports `base` + 1 to `base` + 3.

    `tied` nodes end with this process, whatever ends it; others stay until they are stopped.
    """

    def __init__(self, base: int | None = None, *, tied: bool = False) -> None:
        self.base = base = base or int(os.environ.get(WHERE, BASE))
        self.tied = tied
        self.folder = STATE / str(base)
        self.nodes = tuple(
            Node(number, base + number, self.folder / f"n{number}")
            for number in range(1, NODES + 1)
        )

    def __enter__(self) -> Cluster:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def urls(self) -> list[str]:
        return [node.url for node in self.nodes]

    def running(self) -> list[Node]:
        return [node for node in self.nodes if node.pid() is not None]

    def up(self) -> bool:
        """Whether all nodes run, and know each other."""
        try:
            return len(self.running()) == NODES and self.health()["number_of_nodes"] == NODES
        except (OSError, KeyError):
            return False

    def start(self, only: Iterable[Node] = ()) -> None:
        """Starts what does not run, of `only` or of all, and waits until all is well."""
        STATE.mkdir(exist_ok=True)
        with FileLock(STATE / f"{self.base}.lock", timeout=START):
            try:
                for node in only or self.nodes:
                    if node.pid() is None:
                        node.start(f"chabao-test-{self.base}", self.base, self.tied)
                self.wait()
            except NoCluster:
                for node in only or self.nodes:
                    node.stop()
                raise

    def stop(self) -> None:
        """Ends all nodes and removes their data."""
        for node in self.nodes:
            node.resume()
            node.signal(signal.SIGTERM)
        for node in self.nodes:
            node.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def wait(self, status: str = "green", seconds: float = START) -> None:
        """Until all nodes know each other, and every shard is where it should be."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for node in self.nodes:
                if node.pid() is None:
                    said = node.log.read_text(errors="replace").strip()[-1500:]
                    raise NoCluster(f"node {node.number} ended:\n{said}")
            try:
                health = self.health(
                    f"?wait_for_status={status}&wait_for_nodes={NODES}&timeout=5s"
                    "&wait_for_no_relocating_shards=true"
                )
            except OSError:
                time.sleep(0.5)
                continue
            if health["status"] in (status, "green") and not health["timed_out"]:
                return
        raise NoCluster(
            f"the cluster at {self.urls[0]} was not {status} within {seconds:.0f} s:\n{self._why()}"
        )

    def _why(self) -> str:
        """What keeps a shard from where it should be, as far as one can be asked."""
        said = ""
        for node in self.nodes:
            for path in ("/_cluster/health", "/_cluster/allocation/explain"):
                try:
                    said += f"{node.number}: {str(self.ask('GET', path, of=node.number))[:1500]}\n"
                except OSError as error:
                    said += f"{node.number}: {str(error)[:500]}\n"
        return said

    def health(self, query: str = "") -> dict[str, Any]:
        return dict(self.ask("GET", f"/_cluster/health{query}"))

    def ask(self, method: str, path: str, body: object = None, *, of: int = 1) -> Any:
        """What node `of` answers; independent of the client that the program uses."""
        asked = urllib.request.Request(
            self.nodes[of - 1].url + path,
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                said = error.read().decode(errors="replace")
            if error.code == 408:
                return json.loads(said)
            raise OSError(f"{method} {path}: {error.code} {said[:500]}") from None


def _taken(port: int) -> bool:
    with socket.socket() as tried:
        # as the server does, which may listen where a connection was just closed
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def beside() -> Cluster:
    """A cluster of one's own, not started yet, at ports that nothing listens on."""
    for base in range(BASE, LAST + 1, 10):
        cluster = Cluster(base, tied=True)
        if not any(_taken(port) for node in cluster.nodes for port in node.ports):
            cluster.stop()
            return cluster
    raise NoCluster(f"no free ports from {BASE + 1} to {LAST + NODES}")


@contextmanager
def during(base: int) -> Iterator[Cluster]:
    """The cluster that is up; or one that is started for now."""
    cluster = Cluster(base)
    if cluster.up():
        yield cluster
    else:
        cluster.stop()
        with beside() as cluster:
            yield cluster


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("start", "stop", "status", "kill", "restart", "during"))
    parser.add_argument("--base", type=int)
    parser.add_argument("words", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    cluster = Cluster(asked.base)
    try:
        match asked.what:
            case "start":
                cluster.start()
                print(f"the cluster is up: {' '.join(cluster.urls)}", file=sys.stderr)
            case "stop":
                cluster.stop()
            case "status":
                print(json.dumps(cluster.health() if cluster.running() else {"status": "down"}))
            case "kill":
                cluster.nodes[int(asked.words[0]) - 1].kill()
            case "restart":
                cluster.start([cluster.nodes[int(asked.words[0]) - 1]])
            case "during":
                with during(cluster.base) as cluster:
                    environment = os.environ | {WHERE: str(cluster.base)}
                    return subprocess.run(asked.words, env=environment).returncode
    except (NoCluster, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
