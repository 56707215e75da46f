"""One target under atheris, in a process of its own: python -m benchmarks.faults.fuzzing TARGET …

Needs atheris, which `make .fuzz/.installed` installs beside the program. What fails is written
down and the fuzzing goes on; only what hangs, or ends Python itself, ends it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

import atheris

# Loops over each character, with hardly a branch: to trace them takes half the time.
PLAIN = ["chabao.indexer.ledger", "chabao.indexer.folding", "chabao.indexer.bulletin"]

with atheris.instrument_imports(include=["chabao"], exclude=PLAIN):
    from benchmarks.faults import mutilated, targets  # noqa: F401  (instrumented)

KILLED = 20
"""Seconds after which libFuzzer ends a process that hangs."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=targets.NAMES)
    parser.add_argument("--times", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--into", type=Path, required=True, help="an empty folder")
    asked = parser.parse_args()
    target = targets.load(asked.target)
    corpus = asked.into / "corpus"
    corpus.mkdir()
    for seed in target.seeds():
        (corpus / targets.named(seed)).write_bytes(seed)
    words = asked.into / "words"
    words.write_text("".join(f'"{quoted(word)}"\n' for word in target.words or "x"), "ascii")
    tried, begun = 0, time.process_time()
    found: dict[str, str] = {}

    def one(data: bytes) -> None:
        nonlocal tried
        wrong = targets.examined(target, data)
        tried += 1
        if wrong and targets.kind(wrong) not in found:
            found[targets.kind(wrong)] = wrong
            (asked.into / f"found-{targets.named(data)}").write_bytes(data)
        if tried % 1000 == 0 or tried == asked.times:
            seconds = round(time.process_time() - begun, 1)
            said = {"executions": tried, "seconds": seconds, "found": list(found.values())}
            (asked.into / "fuzzing.json").write_text(json.dumps(said), "utf-8")
        if tried == asked.times:
            os._exit(0)

    limits = f"-timeout={KILLED} -rss_limit_mb=2048 -max_len={target.most}"
    atheris.Setup(
        [sys.argv[0], *limits.split(), f"-seed={asked.seed % (1 << 31) or 1}", "-runs=-1",
         f"-dict={words}", f"-artifact_prefix={asked.into}/found-", str(corpus)],
        one,
    )  # fmt: skip
    atheris.Fuzz()


def quoted(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


if __name__ == "__main__":
    main()
