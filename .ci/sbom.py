"""Whether an SBOM lists what a release pins for this platform, each with its licence and version.

Licences that a package says only in words come from requirements/licences.toml.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import wheelhouse


def name_of(part: dict[str, Any]) -> str:
    return str(part["name"]).lower().replace("_", "-")


def complete(sbom: dict[str, Any], licences: dict[str, str]) -> None:
    """Adds the licences that are missing and known."""
    for part in sbom.get("components", []):
        if not part.get("licenses") and name_of(part) in licences:
            part["licenses"] = [{"expression": licences[name_of(part)]}]


def faults(sbom: dict[str, Any], pinned: dict[str, str]) -> list[str]:
    """What is wrong with it, a line each; `pinned` are versions by name."""
    listed = {name_of(part): part for part in sbom.get("components", [])}
    listed.pop("chabao", None)
    found = [f"{name} is missing" for name in sorted(pinned.keys() - listed.keys())]
    found += [f"{name} is not pinned" for name in sorted(listed.keys() - pinned.keys())]
    for name in sorted(listed.keys() & pinned.keys()):
        if listed[name].get("version") != pinned[name]:
            found.append(f"{name} is not {pinned[name]}")
        if not listed[name].get("licenses"):
            found.append(f"{name} has no licence")
    if not sbom.get("dependencies"):
        found.append("it does not say what needs what")
    return found


def main() -> None:
    held = wheelhouse.environment("", "")
    pins = wheelhouse.pins(wheelhouse.ROOT / "requirements" / "release-all.txt")
    pinned = {pin.name: pin.version for pin in pins if pin.wanted(held)}
    known = tomllib.loads((wheelhouse.ROOT / "requirements" / "licences.toml").read_text("utf-8"))
    file = Path(sys.argv[1])
    sbom = json.loads(file.read_text("utf-8"))
    complete(sbom, known["packages"])
    file.write_text(json.dumps(sbom, ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")
    if found := faults(sbom, pinned):
        sys.exit("\n".join(found))
    print(f"the SBOM lists {len(pinned)} packages, each with its licence")


if __name__ == "__main__":
    main()
