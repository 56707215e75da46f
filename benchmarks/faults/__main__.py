"""Runs the programs of this folder in full, one after another, keeps what came of them, and writes
docs/reliability.md: python -m benchmarks.faults [PROGRAM …]"""

from __future__ import annotations

import subprocess
import sys

from benchmarks.faults import report


def main(asked: list[str]) -> int:
    """1 where anything failed; the others are run all the same."""
    programs = report.promises()
    if unknown := set(asked) - set(programs):
        print(f"no such program: {', '.join(sorted(unknown))}; there are: {', '.join(programs)}")
        return 2
    failed = []
    for name in asked or programs:
        print(f"{name}: {programs[name]}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.faults.{name}", "--save"]
        if subprocess.run(command, cwd=report.ROOT).returncode:
            failed.append(name)
    report.main()
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
