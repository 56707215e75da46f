"""Runs commands of the program one after the other, and writes down what each said.

python -m chabao.tests.cluster.running INDEX < commands.json > answers.json
"""

from __future__ import annotations

import io
import json
import sys

from chabao.cli import main


def run(arguments: list[str], stdin: str) -> tuple[int, str, str]:
    """Exit code, output and remarks of a command."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8")
    sys.stdout, sys.stderr = streams
    try:
        main(arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept
    said = [stream.buffer.getvalue().decode() for stream in streams]  # type: ignore[attr-defined]
    return code, said[0], said[1]


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    answers = [run([*words, "--index", sys.argv[1]], stdin) for words, stdin in asked]
    json.dump(answers, sys.stdout)
