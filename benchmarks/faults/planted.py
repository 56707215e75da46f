"""Payloads: what would run, take all memory or never end, if whoever reads an index trusted it."""

from __future__ import annotations

import functools
import importlib
import json
import operator
import os
import pickle
import runpy
import shutil
import struct
import subprocess
import sys
import types
import zlib
from pathlib import Path
from typing import Any

from chabao.indexer.codecs.whoosh_ import BulletinSegment

DEEP = 100_000


class Call:
    """Calls a function when it is unpickled."""

    def __init__(self, function: Any, *arguments: Any, state: Any = None) -> None:
        self.reduced = (function, arguments) if state is None else (function, arguments, state)

    def __reduce__(self) -> Any:
        return self.reduced


def every(mark: Path) -> dict[str, bytes]:
    """All of them by name. Those that run leave a file at `mark`, which is not there yet."""
    return {**pickles(mark), **opcodes(mark), **texts(mark)}


def pickles(mark: Path) -> dict[str, bytes]:
    """Pickles that run something, by what they do."""
    code = f"open({str(mark)!r}, 'w').close()"
    shell = f"touch {mark}"
    touch = Call(os.system, shell)
    calls: dict[str, Any] = {
        "os.system": touch,
        "os.popen": Call(operator.methodcaller("read"), Call(os.popen, shell)),
        "os.open": Call(os.open, str(mark), os.O_CREAT),
        "os.mkdir": Call(os.mkdir, str(mark)),
        "os.symlink": Call(os.symlink, __file__, str(mark)),
        "subprocess.call": Call(subprocess.call, ["touch", str(mark)]),
        "subprocess.getoutput": Call(subprocess.getoutput, shell),
        "eval": Call(eval, code),
        "exec": Call(exec, code),
        "exec of compiled": Call(exec, Call(compile, code, "x", "exec")),
        "open": Call(open, str(mark), "w"),
        "Path.touch": Call(Path.touch, mark),
        "Path.write_text": Call(Path.write_text, mark, "x"),
        "shutil.copy": Call(shutil.copy, __file__, str(mark)),
        "importlib": Call(operator.call, Call(operator.attrgetter("path.os.system"),
                                              Call(importlib.import_module, "os")), shell),
        "__import__": Call(operator.call, Call(getattr, Call(__import__, "os"), "system"), shell),
        "methodcaller": Call(operator.methodcaller("touch"), mark),
        "partial": Call(operator.call, functools.partial(os.system, shell)),
        "map": Call(list, Call(map, os.system, [shell])),
        "filter": Call(list, Call(filter, os.system, [shell])),
        "sorted by key": Call(list, Call(map, eval, [code])),
        "reduce": Call(functools.reduce, os.open, [str(mark), os.O_CREAT]),
        "runpy": Call(runpy.run_path, str(mark.with_suffix(".py"))),
        "calls in a list": [touch, touch],
        "a call as a value": {"segments": [{"deleted": touch}]},
        "a call in a tuple": (1, (2, (touch,))),
        "a call in a state": Call(types.SimpleNamespace, state={"x": touch}),
        "a call in a segment": [Call(BulletinSegment, "MAIN", state={"deleted": touch})],
        "a call in a schema": {"fields": {"text": {"analyzer": touch}}},
        "a call thrice removed": Call(list, Call(tuple, Call(list, [touch]))),
    }  # fmt: skip
    protocols = (2, 4, 5)
    made = {
        name: pickle.dumps(payload, protocol=protocols[at % 3])
        for at, (name, payload) in enumerate(calls.items())
    }
    return {**made, "protocol 0": pickle.dumps(touch, protocol=0)}


def opcodes(mark: Path) -> dict[str, bytes]:
    """Pickles that no pickler writes: old ways to call, and ways to take all there is."""
    shell = f"touch {mark}".encode()
    text = b"X" + struct.pack("<I", len(shell)) + shell
    doubled = b"]q\x00" + b"".join(b"(h\x00h\x00lq\x00" for _ in range(60))
    return {
        "INST": b"(" + text + b"ios\nsystem\n.",
        "OBJ": b"(cos\nsystem\n" + text + b"o.",
        "STACK_GLOBAL": b"\x80\x04\x8c\x02os\x8c\x06system\x93" + text + b"\x85R.",
        "a dotted name": b"\x80\x04\x8c\x02os\x8c\x0epath.os.system\x93" + text + b"\x85R.",
        "behind a list": b"\x80\x02]cos\nsystem\n" + text + b"\x85Ra.",
        "behind nothing": b"\x80\x02Ncos\nsystem\n" + text + b"\x85R0.",
        "an extension": b"\x80\x02\x82\x01.",
        "a persistent object": b"\x80\x02" + text + b"Q.",
        "memo of 2**31": b"\x80\x02Nr\xff\xff\xff\x7f.",
        "bytes of 2**62": b"\x80\x04\x8e" + struct.pack("<Q", 1 << 62) + b".",
        "text of 2**40": b"\x80\x04\x8d" + struct.pack("<Q", 1 << 40) + b"x.",
        "a frame of 2**60": b"\x80\x04\x95" + struct.pack("<Q", 1 << 60) + b"N.",
        "a number of 2**31 bytes": b"\x80\x02\x8b" + struct.pack("<i", (1 << 31) - 1) + b".",
        "doubled lists": b"\x80\x02" + doubled + b".",
        "nested tuples": b"\x80\x02N" + b"\x85" * DEEP + b".",
        "marks": b"(" * DEEP + b".",
        "a later protocol": b"\x80\xff.",
        "no end": b"\x80\x04" + b"N" * 1000,
    }


def texts(mark: Path) -> dict[str, bytes]:
    """What readers of other forms would run, or never end with."""
    run = f"touch {mark}"
    return {
        "nested lists": b"[" * DEEP + b"]" * DEEP,
        "nested objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        "a long number": b"[" + b"9" * DEEP + b"]",
        "no numbers": b"[NaN, Infinity, -Infinity, 1e999]",
        "jsonpickle": json.dumps({"py/reduce": [{"py/function": "os.system"}, [run]]}).encode(),
        "yaml": f"!!python/object/apply:os.system ['{run}']".encode(),
        "xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "a template": f"{{{{ cycler.__init__.__globals__.os.system('{run}') }}}}".encode(),
        "a format": b"{0.__class__.__init__.__globals__} {path.__class__} %s%n",
        "a shell's": f"$({run}) `{run}` ; {run} | {run} &".encode(),
        "a formula": f'=cmd|"/C {run}"!A1'.encode(),
        "escapes": b"\x1b]0;x\x07\x1b[2J\x1b]52;c;eA==\x07\x9b31m\xe2\x80\xae",
        "a bomb": zlib.compress(bytes(1 << 24), 9),
        "nothing": b"",
    }


def runs(payload: bytes, mark: Path) -> bool:
    """Whether a payload does run where it is trusted: unpickled, in a process of its own."""
    trusting = (
        "import resource, sys, pickle; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)); "
        "sys.path[:0] = sys.argv[1:]; pickle.loads(sys.stdin.buffer.read())"
    )
    subprocess.run(
        [sys.executable, "-c", trusting, *sys.path], input=payload, capture_output=True, timeout=60,
        check=False,
    )  # fmt: skip
    there = mark.exists() or mark.is_symlink()
    shutil.rmtree(mark) if mark.is_dir() else mark.unlink(missing_ok=True)
    return there
