"""What a watch does where the system or a folder does not do its part."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
import watchfiles

from chabao.indexer import watching
from chabao.indexer.build import build
from chabao.indexer.errors import MissingFolder, MissingIndex
from chabao.indexer.status import status
from chabao.indexer.watching import Watch

CORPUS = sorted((Path(__file__).resolve().parents[3] / "corpus").glob("*.txt"))


class Ended(BaseException):
    """Ends a watch as an interrupt does."""


class Listener:
    """Writes down what it is told, and ends the watch after so many words."""

    def __init__(self, most: int) -> None:
        self.told: list[tuple[str, str]] = []
        self.most = most

    def _take(self, *told: str) -> None:
        self.told.append((told[0], told[1]))
        if len(self.told) >= self.most:
            raise Ended

    def building(self) -> AbstractContextManager[Any]:
        return nullcontext(lambda progress: None)

    def updated(self, done: Any, seconds: float) -> None:
        self._take("updated", str(done.items))

    def failed(self, error: Exception) -> None:
        self._take("failed", str(error))

    def noticed(self, note: Any) -> None:
        self._take("noticed", note.message.format(path=note.path))

    def waiting(self) -> None:
        self._take("waiting", "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "bulletins"
    made.mkdir()
    shutil.copyfile(CORPUS[0], made / "一.txt")
    return made


def test_where_a_drive_was_mounted_and_is_not_the_index_keeps_what_it_has(
    folder: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    build([folder], index)
    (folder / "一.txt").unlink()
    watch = Watch([folder], index, Listener(1))
    watch._devices[str(folder)] = folder.stat().st_dev + 1
    with pytest.raises(Ended):
        watch.run()
    assert watch.listener.told == [  # type: ignore[attr-defined]
        ("noticed", f"{folder} is not there; the index keeps what it has of it")
    ]
    assert status(index).size.items > 0
    watch = Watch([folder], index, Listener(1))
    watch._devices[str(folder)] = folder.stat().st_dev
    with pytest.raises(Ended):
        watch.run()
    assert status(index).size.items == 0


def test_where_the_system_does_not_tell_the_clock_does(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> Any:
        raise OSError(28, "OS file watch limit reached")

    monkeypatch.setattr(watchfiles, "watch", full)
    monkeypatch.setattr(watching, "TICK", 0.01)
    monkeypatch.setattr(watching, "QUIET", 0.01)
    monkeypatch.setattr(watching, "UNTOLD", 0.05)
    listener = Listener(3)
    real = listener.noticed

    def noticed(note: Any) -> None:
        real(note)
        shutil.copyfile(CORPUS[1], folder / "二.txt")

    monkeypatch.setattr(listener, "noticed", noticed)
    with pytest.raises(Ended):
        Watch([folder], tmp_path / "index", listener).run()
    kinds = [kind for kind, _ in listener.told]
    assert kinds == ["updated", "noticed", "updated"] and "limit" in listener.told[1][1]


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), RecursionError("too deep")])
def test_an_error_is_said_once_and_tried_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    left = iter([error, error, None])

    def broken(*arguments: Any, **settings: Any) -> Any:
        error = next(left, None)
        if error:
            raise error
        return build(*arguments, **settings)

    monkeypatch.setattr(watching, "build", broken)
    monkeypatch.setattr(watching, "TICK", 0.01)
    listener = Listener(2)
    with pytest.raises(Ended):
        Watch([folder], tmp_path / "index", listener).run()
    assert [kind for kind, _ in listener.told] == ["failed", "updated"]


def test_what_is_neither_there_nor_known_is_an_error(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    with pytest.raises(MissingIndex):
        Watch([], index, Listener(1)).run()
    with pytest.raises(MissingFolder):
        Watch([tmp_path / "nowhere"], index, Listener(1)).run()
    build([folder], index)
    folder.rename(tmp_path / "away")
    listener = Listener(1)
    with pytest.raises(Ended):
        Watch([folder], index, listener).run()
    assert "is not there" in listener.told[0][1] and status(index).size.items > 0
