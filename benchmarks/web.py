"""Requests without number to the API, half of them such as its OpenAPI document forbids.

    python -m benchmarks.web --requests 100000

Each answer is held to what the document promises: status, type, shape; nothing that is forbidden
may be accepted, nothing may fail, and no answer may say where this program lies.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import click
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import checks
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as promised
from starlette.applications import Starlette

HOST = "localhost:8765"
CHECKS = [
    checks.not_a_server_error,
    promised.status_code_conformance,
    promised.content_type_conformance,
    promised.response_schema_conformance,
    promised.negative_data_rejection,
]
LEAKS = re.compile(
    "|".join(
        [
            "Traceback", r'File "', r"\.py\b",
            *(re.escape(str(path)) for path in {Path.home(), Path.cwd(), Path(sys.prefix)}),
        ]
    )
)  # fmt: skip


def attack(app: Starlette, document: dict[str, Any], requests: int, of: int = 1) -> Counter[int]:
    """How many answers of each status came of so many requests to each operation, half of each
    kind. Raises what the first one that breaks a promise is."""
    path = "/api/openapi.json"
    found: Counter[int] = Counter()
    schema = schemathesis.openapi.from_dict(document)
    schema.app, schema.location = app, path
    schema.config.update(base_url=f"http://{HOST}")
    for result in schema.get_all_operations():
        operation = result.ok()
        given = document["paths"][operation.path]["get"]["parameters"]
        forbidden = (
            [GenerationMode.NEGATIVE] if any(each["in"] == "query" for each in given) else []
        )
        for mode in (GenerationMode.POSITIVE, *forbidden):
            _attack(operation, mode, requests // 2, of, found)
    return found


def _attack(
    operation: Any, mode: GenerationMode, requests: int, of: int, found: Counter[int]
) -> None:
    @seed(of)
    @settings(
        max_examples=requests, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        case.headers = {**(case.headers or {}), "Host": HOST}
        answer = case.call()
        found[answer.status_code] += 1
        # addresses that are too long are refused by all of HTTP, whatever the document says
        kept = CHECKS[:-1] if answer.status_code == 414 else CHECKS
        case.validate_response(answer, checks=kept)
        leak = LEAKS.search(answer.text)
        assert not leak or leak[0] in str(case.query) + str(case.path_parameters), answer.text[:500]

    one()


@click.command(help=__doc__)
@click.option("--requests", default=100_000, show_default=True)
@click.option("--seed", "of", default=1, show_default=True)
def main(requests: int, of: int) -> None:
    from chabao.indexer.bundled import bundled_index
    from chabao.web import openapi
    from chabao.web.app import application

    app, document = application(bundled_index(), frozenset({HOST})), openapi.document()
    begun = time.perf_counter()
    done: Counter[int] = Counter()
    while done.total() < requests:
        each = min(requests - done.total(), 2_000) // len(document["paths"]) + 2
        done += attack(app, document, each, of)
        of += 1
        print(f"{done.total():,} requests, {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    for status, count in sorted(done.items()):
        print(f"{status}: {count:,}")


if __name__ == "__main__":
    os.environ.setdefault("CHABAO_LANG", "en")
    main()
