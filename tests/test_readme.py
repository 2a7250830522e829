"""The README is held against the house: what it draws, names and promises must be so."""

import re
from pathlib import Path

from app.__main__ import COMMANDS
from app.applications import workflow
from app.licences import life

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_diagrams_are_the_tables() -> None:
    for name, table in (("workflow", workflow), ("licence", life)):
        drawn = README.split(f"<!-- {name} -->")[1].split(f"<!-- /{name} -->")[0].strip()

        assert drawn == f"```mermaid\n{table.diagram()}\n```"


def test_every_file_that_is_linked_exists() -> None:
    linked = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]

    assert linked
    assert [target for target in linked if not (ROOT / target).exists()] == []


def test_every_command_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"make ([a-z]+)", README)) - targets == set()
    assert set(re.findall(r"python -m app ([a-z]+)", README)) <= set(COMMANDS)
