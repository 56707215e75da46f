"""What runs with chabao is permissive: as `requirements/licences.toml` says, and as it is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "requirements"
SAID: dict[str, Any] = tomllib.loads((FOLDER / "licences.toml").read_text("utf-8"))
EXTRAS = sorted(
    tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
)
CLASSIFIERS = {
    "Apache Software License": "Apache",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL",
    "Python Software Foundation License": "PSF",
}
GNU = re.compile(r"\b[AL]?GPL\b|GNU (?:Lesser |Affero |Library )?General Public", re.IGNORECASE)


def names(file: str) -> set[str]:
    text = (FOLDER / file).read_text("utf-8")
    return {canonicalize_name(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.M)}


def terms(licence: str) -> set[str]:
    return set(re.split(r" (?:AND|OR) ", licence))


def family(licence: str) -> str:
    return re.split(r"[- ]", licence)[0]


def claims(found: Distribution) -> set[str]:
    """The families of licence that a package says of itself."""
    metadata = found.metadata
    if expression := metadata.get("License-Expression"):
        return {family(term) for term in terms(expression)}
    said = metadata.get_all("Classifier") or []
    last = [each.rpartition(" :: ")[2] for each in said if each.startswith("License :: ")]
    if kinds := {CLASSIFIERS[each] for each in last if each != "OSI Approved"}:
        return kinds
    line = metadata.get("License", "").partition("\n")[0]
    return {word for word in ("Apache", "BSD", "MIT", "MPL", "PSF", "GPL") if word in line}


def closure(extras: set[str]) -> Iterator[Distribution]:
    """What is installed of what chabao needs with these extras, itself left out."""
    waiting, seen = [("chabao", frozenset(extras))], set()
    while waiting:
        name, wanted = waiting.pop()
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        if name != "chabao" and name not in seen:
            yield found
        if (name, wanted) in seen:
            continue
        seen |= {name, (name, wanted)}
        for line in found.requires or []:
            asked = Requirement(line)
            marks = [{"extra": extra} for extra in wanted | {""}]
            if not asked.marker or any(asked.marker.evaluate(mark) for mark in marks):
                waiting.append((canonicalize_name(asked.name), frozenset(asked.extras)))


RUNNING = {canonicalize_name(found.name): found for found in closure(set(EXTRAS) - {"dev"})}


def test_each_package_has_its_licence() -> None:
    assert set(SAID["packages"]) == names("release-all.txt")
    assert names("release.txt") < names("release-all.txt")


def test_licences_are_permissive_and_exceptions_have_reasons() -> None:
    odd = {name for name, said in SAID["packages"].items() if not terms(said) <= {*SAID["allowed"]}}
    assert odd == set(SAID["reasons"])
    assert not odd & names("release.txt")
    strong = re.compile(r"\b[AL]?GPL")
    assert not [said for said in SAID["packages"].values() if strong.search(said)]


def test_what_runs_is_what_is_pinned() -> None:
    assert len(RUNNING) > 25
    assert set(RUNNING) <= names("release-all.txt")
    plain = {canonicalize_name(found.name) for found in closure(set())}
    assert {"click", "whoosh3", "numpy"} <= plain <= names("release.txt")


@pytest.mark.parametrize("name", sorted(RUNNING))
def test_it_is_as_its_authors_say(name: str) -> None:
    found = claims(RUNNING[name])
    assert found, f"{name} says no licence: look, and add how it says it"
    assert found == {family(term) for term in terms(SAID["packages"][name])}


@pytest.mark.parametrize("name", sorted(RUNNING))
def test_gnu_licences_in_its_texts_are_accounted_for(name: str) -> None:
    texts = [
        Path(str(file.locate()))
        for file in RUNNING[name].files or []
        if re.search(r"licen[cs]e|copying|notice", file.name, re.IGNORECASE)
        and Path(file.name).suffix not in (".py", ".pyc")
    ]
    named = any(GNU.search(text.read_text("utf-8", "replace")) for text in texts if text.is_file())
    assert not named or name in SAID["gnu"], f"{name}: say in [gnu] what of it is"


def test_a_copyleft_licence_would_be_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "odd-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Name: odd\nVersion: 1\nLicense: GPLv3\n", "utf-8")
    found = Distribution.at(folder)
    assert claims(found) == {"GPL"}
    assert "GPL" not in {family(term) for term in SAID["allowed"]}
