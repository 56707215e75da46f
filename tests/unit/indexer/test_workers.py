"""Workers read what this process would read, in order, and are there only where it pays."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from chabao.indexer import workers
from chabao.indexer.reader import formats
from chabao.indexer.workers import framing, limits, pool, reading, worker
from chabao.indexer.workers.reading import Job
from chabao.indexer.workers.worker import Worker

CORPUS = sorted((Path(__file__).resolve().parents[3] / "corpus").glob("*.txt"))
posix = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")


def jobs(paths: list[Path]) -> list[tuple[Job, int]]:
    return [(Job(str(path), path.name), len(str(path))) for path in paths]


def here(paths: list[Path]) -> list[reading.Outcome]:
    return [reading.outcome(reading.parts(job)) for job, _ in jobs(paths)]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Worker]:
    """The workers that are started, two of them where files are many."""
    found: list[Worker] = []

    class Counted(Worker):
        def __init__(self, scratch: Path) -> None:
            super().__init__(scratch)
            found.append(self)

    monkeypatch.setattr(pool, "Worker", Counted)
    monkeypatch.setattr(pool, "cores", lambda: 2)
    return found


def test_workers_say_what_would_be_read_here(
    started: list[Worker], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\xff\x00\xfe\x01" * 9 + b"\x81")
    (tmp_path / "empty.txt").touch()
    odd = tmp_path / os.fsdecode(b"\xff\x80\n.txt" if sys.platform == "linux" else b"odd.txt")
    odd.write_text("\ud800".join("川渝"), encoding="utf-16", errors="surrogatepass")
    paths = [*CORPUS, *sorted(tmp_path.iterdir()), tmp_path / "none.txt"] * 3
    monkeypatch.setattr(pool, "FEW", 0)
    with workers.read(jobs(paths)) as outcomes:
        assert list(outcomes) == here(paths)
    assert len(started) == 2
    assert all(each._process.returncode is not None for each in started)


@posix
def test_a_worker_that_is_left_alone_clears_up_and_ends(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / "left.txt").touch()
    alone = Worker(scratch)
    assert alone.read(jobs(CORPUS[:1])[0][0]) == here(CORPUS[:1])[0]
    assert alone._process.stdin
    alone._process.stdin.close()
    alone._process.wait(60)
    alone.close()
    assert not scratch.exists()


def test_small_texts_start_no_process(started: list[Worker]) -> None:
    with workers.read(jobs(CORPUS)) as outcomes:
        assert list(outcomes) == here(CORPUS)
    assert started == []


def test_a_file_whose_name_and_bytes_are_known_is_not_parsed() -> None:
    (first,) = here(CORPUS[:1])
    same = reading.outcome(reading.parts(Job(str(CORPUS[0]), "a.txt", first.digest)))
    assert same.same and not same.documents


@pytest.mark.parametrize("executable", ["", "/nowhere/python", "/bin/false"])
def test_without_another_python_files_are_read_here(
    executable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "FEW", 0)
    monkeypatch.setattr(sys, "executable", executable)
    with workers.read(jobs(CORPUS)) as outcomes:
        assert list(outcomes) == here(CORPUS)


def test_a_small_text_that_is_none_is_read_by_a_worker(
    started: list[Worker], tmp_path: Path
) -> None:
    path = tmp_path / "page.txt"
    path.write_text("<html><body><p>川渝通办事项</p></body></html>", encoding="utf-8")
    with workers.read(jobs([path, CORPUS[0]])) as outcomes:
        assert list(outcomes) == here([path, CORPUS[0]])
    assert len(started) == 1


@pytest.mark.parametrize("name", ["page.html", "page.txt"])
def test_without_another_python_only_texts_are_read(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    path.write_text("<html><body><p>川渝通办事项</p></body></html>", encoding="utf-8")
    monkeypatch.setattr(sys, "executable", "")
    with workers.read(jobs([path, CORPUS[0]])) as outcomes:
        refused, read = outcomes
    assert refused == reading.Outcome(refused={"": pool.ALONE})
    assert [read] == here(CORPUS[:1])


@pytest.mark.parametrize("wrong", [KeyError("没有"), UnicodeError(), RecursionError()])
def test_a_crash_says_what_kind_it_was(wrong: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(*_: object) -> None:
        raise wrong

    monkeypatch.setattr(reading.parser, "parse", parse)
    kind = "ValueError" if isinstance(wrong, UnicodeError) else type(wrong).__name__
    (found,) = here(CORPUS[:1])
    assert found.refused == {"": f"the reader crashed ({kind})"}


def test_a_text_that_was_spoilt_before_it_was_saved_is_remarked(tmp_path: Path) -> None:
    path = tmp_path / "乱码.txt"
    text = CORPUS[0].read_text(encoding="utf-8")
    path.write_text(text.encode("gb18030").decode("latin-1"), encoding="utf-8")
    (spoilt, honest) = here([path, CORPUS[0]])
    assert "the text looks as if it was read in a wrong encoding" in spoilt.documents[0].remarks
    assert honest.documents[0].remarks == ()


def test_a_worker_is_replaced_after_so_many_files(
    started: list[Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "FEW", 0)
    monkeypatch.setattr(worker, "FILES", 2)
    with workers.read(jobs(CORPUS * 2)) as outcomes:
        assert list(outcomes) == here(CORPUS * 2)
    assert len(started) >= 5


@posix
def test_a_worker_that_was_killed_is_replaced(
    started: list[Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "FEW", 0)
    monkeypatch.setattr(pool, "AHEAD", 1)
    found = []
    with workers.read(jobs(CORPUS * 6)) as outcomes:
        for at, outcome in enumerate(outcomes):
            if at == 4:
                os.killpg(started[0]._process.pid, signal.SIGKILL)
            found.append(outcome)
    wrong = [a for a, b in zip(found, here(CORPUS * 6), strict=True) if a != b]
    assert len(wrong) <= 1
    assert all(each.refused == {"": reading.CRASHED} for each in wrong)


@posix
def test_leaving_ends_workers_at_once_and_clears_up(
    started: list[Worker], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(pool, "FEW", 0)
    before = set(threading.enumerate())
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), workers.read(jobs(CORPUS * 40)) as outcomes:
        next(outcomes)
        raise KeyboardInterrupt
    assert time.monotonic() - began < 60
    assert list(tmp_path.iterdir()) == []
    for each in started:
        with pytest.raises(ProcessLookupError):
            os.killpg(each._process.pid, 0)
    end = time.monotonic() + 30
    while set(threading.enumerate()) - before and time.monotonic() < end:
        time.sleep(0.02)
    assert set(threading.enumerate()) - before == set()


@posix
def test_a_worker_ends_with_who_started_it(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from chabao.indexer.workers.worker import Worker\n"
        "from chabao.indexer.workers.reading import Job\n"
        f"worker = Worker(Path({str(tmp_path)!r}))\n"
        f"worker.read(Job({str(CORPUS[0])!r}, 'a'))\n"
        "print(worker._process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        os.killpg(pid, 0)
        parent.kill()
    end = time.monotonic() + 30
    with pytest.raises(ProcessLookupError):
        while time.monotonic() < end:
            os.killpg(pid, 0)
            time.sleep(0.02)


def test_reasons_say_the_limits_that_hold() -> None:
    for held in (limits.DEFAULT, *limits.TABLE.values()):
        seconds, memory = held.time.amount, held.memory.amount // limits.MB
        assert f" {seconds} s" in held.time.reason or held.pace
        amount = f"{memory} MB" if memory < 1024 else f"{memory // 1024} GB"
        assert held.memory.reason.endswith(amount)
        assert f" {held.output.amount // 10**6} million" in held.output.reason
    assert set(limits.TABLE) <= set(formats.RANKS)


@pytest.mark.parametrize("data", [
    b"\0" * 7, b"\xff" * 8, b"\0" * 7 + b"\2{", b"\0" * 7 + b"\2[]", b"\0" * 7 + b"\2\xff\xff",
    (100_000).to_bytes(8, "big") + b"[" * 100_000,
])  # fmt: skip
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(framing.Broken):
        framing.read(io.BytesIO(data))


def test_messages_come_as_they_went() -> None:
    pipe = io.BytesIO()
    messages = [{}, {"川": ["渝\ud800\n", None, 1, {"a": True}]}, {"x": "\x00" * 100}]
    for message in messages:
        framing.write(pipe, message)
    pipe.seek(0)
    assert [framing.read(pipe) for _ in range(3)] == messages
    assert framing.read(pipe) is None


def test_names_inside_a_file_lead_nowhere_else() -> None:
    taken: set[str] = set()
    names = ["../../etc/a", "/b", "c\\..\\d", "a", "etc/a", "etc/a", ""]
    assert [reading._unlike(name, taken) for name in names] == [
        "etc/a", "b", "c/d", "a", "etc/a~2", "etc/a~3", "",
    ]  # fmt: skip
