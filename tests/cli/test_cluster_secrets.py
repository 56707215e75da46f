"""What stands between the program and a cluster is said in a line, and no secret with it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chabao.tests.cluster.front import Front, authority

PASSWORD = "口令-s3cret"


@pytest.mark.parametrize("debug", [False, True])
def test_a_password_that_is_not_taken(debug: bool, tmp_path: Path) -> None:
    trusted = authority(tmp_path)
    own = {"USER": "reader", "PASSWORD": PASSWORD, "CA": str(trusted.file)}
    environ = {f"CHABAO_OPENSEARCH_{name}": value for name, value in own.items()}
    with Front(secret=("reader", "another"), tls=trusted.certificate()) as front:
        front.open.clear()
        words = ["search", "通办", "--index", f"opensearch://127.0.0.1:{front.port}/name"]
        ran = subprocess.Popen(
            [sys.executable, "-m", "chabao", *words, *(["--debug"] if debug else [])],
            env=os.environ | environ | {"CHABAO_LANG": "en", "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            until = time.monotonic() + 30
            while not front.asked and time.monotonic() < until:
                time.sleep(0.05)
            listed = subprocess.run(["ps", "-eww", "-o", "args="], capture_output=True).stdout
            front.open.set()
            said = b"".join(ran.communicate(timeout=60)).decode()
        finally:
            front.open.set()
            ran.kill()
            ran.wait()
    assert ran.returncode == 2
    assert "does not let this user in (401)" in said
    assert ("Traceback" in said) == debug
    assert debug or len(said.splitlines()) == 1
    assert f":{front.port}/name".encode() in listed
    assert PASSWORD not in said + listed.decode(errors="replace")


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    words = ["search", "通办", "--index", f"opensearch://reader:{PASSWORD}@127.0.0.1:9200/name"]
    done = subprocess.run(
        [sys.executable, "-m", "chabao", *words], capture_output=True, text=True,
        encoding="utf-8", timeout=60, env=os.environ | {"CHABAO_LANG": "en", "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert PASSWORD not in done.stdout + done.stderr
