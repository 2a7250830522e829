"""Rules that no single room can keep: who may import whom, and that test runs clean up after themselves."""

import ast
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from app.core import errors

ROOT = Path(__file__).parents[1]

RUN = """
import json, pathlib, time
def test_that_never_ends(cluster, run_folder, db):
    server = int((run_folder / "data" / "postgres" / "postmaster.pid").read_text().split()[0])
    told = pathlib.Path(__file__).with_suffix(".json")
    told.with_suffix(".new").write_text(json.dumps({"folder": str(run_folder), "server": server}))
    told.with_suffix(".new").rename(told)
    time.sleep(600)
"""


def test_every_room_sees_only_what_its_floor_may_see() -> None:
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([str(lint), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_the_power_is_cut_at_every_named_point() -> None:
    programs = [path.read_text() for path in (ROOT / "app").rglob("*.py") if path.name != "failpoints.py"]
    stories = "".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    points = {point for text in programs for point in re.findall(r'reach\("([a-z_.]+)"\)', text)}
    for text in programs:
        for act in re.findall(r'info\["failpoint"\] = "([a-z_]+)"', text):
            points |= {f"{act}.before_commit", f"{act}.after_commit"}

    assert len(points) > 10
    assert [point for point in sorted(points) if f'"{point}"' not in stories] == []


def _caught(handler: ast.ExceptHandler) -> set[str]:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {kind.id for kind in kinds if isinstance(kind, ast.Name)}


def _unattempted(tried: ast.Try) -> list[int]:
    """Lines of a `try` that give the transaction away outside any `with attempt(db)`."""
    inside = {
        below
        for block in ast.walk(tried)
        if isinstance(block, ast.With) and ast.unparse(block.items[0].context_expr) == "attempt(db)"
        for below in ast.walk(block)
    }
    named = (node for part in tried.body for node in ast.walk(part) if isinstance(node, ast.Name) and node.id == "db")
    handed_in = {id(one) for part in tried.body for one in ast.walk(part) if isinstance(one, ast.Lambda)}
    return [] if handed_in else [name.lineno for name in named if name not in inside]


def test_no_page_catches_a_refusal_without_undoing_what_was_written() -> None:
    refusals = {name for name, kind in vars(errors).items() if isinstance(kind, type)}
    found = [
        f"{path.name}:{line}"
        for room in ("pages", "api")
        for path in (ROOT / "app" / room).rglob("*.py")
        for tried in ast.walk(ast.parse(path.read_text()))
        if isinstance(tried, ast.Try) and any(_caught(handler) & refusals for handler in tried.handlers)
        for line in _unattempted(tried)
    ]

    assert found == []


def test_every_folder_of_the_application_is_a_package_that_the_rules_can_see() -> None:
    folders = {path.parent for path in (ROOT / "app").rglob("*.py")}

    assert {str(folder) for folder in folders if not (folder / "__init__.py").exists()} == set()


@pytest.mark.parametrize(("end", "workers"), [(signal.SIGINT, 0), (signal.SIGKILL, 1)])
def test_a_test_run_that_is_ended_leaves_no_server_and_no_folder(
    tmp_path: Path, end: signal.Signals, workers: int
) -> None:
    (tmp_path / "test_run.py").write_text(RUN)
    listening = ["env", "--default-signal=INT"]  # a shell starts what runs in its background deaf to it
    command = [*listening, sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-p", "tests.conftest"]
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    run = subprocess.Popen(
        [*command, "-n", str(workers), str(tmp_path / "test_run.py")],
        cwd=ROOT,
        env=surroundings,
        stdout=subprocess.PIPE,
        text=True,
    )
    told = tmp_path / "test_run.json"
    deadline = time.monotonic() + 60
    while not told.exists() and run.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    facts = json.loads(told.read_text()) if told.exists() else pytest.fail(run.communicate()[0])

    run.send_signal(end)
    run.communicate(timeout=60)

    while Path(facts["folder"]).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(facts["folder"]).exists()
    server = psutil.Process(facts["server"]).status() if psutil.pid_exists(facts["server"]) else psutil.STATUS_ZOMBIE
    assert server == psutil.STATUS_ZOMBIE
