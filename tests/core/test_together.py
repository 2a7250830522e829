"""Jobs of one kind that wait in line are done together, and each still lives and fails for itself."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.core import jobs
from app.core.db import Database
from app.core.jobs import Worker
from tests.core.test_workers import ROOT, at_work, enqueue, in_line, let_its_time_come, until

DYING = """
import pathlib, sys, time
from app.core.jobs import Worker

def begin_and_never_end(many):
    pathlib.Path(sys.argv[2]).write_text(str(len(many)))
    time.sleep(600)

worker = Worker(sys.argv[1])
worker.register_together("draw", begin_and_never_end, most=3)
worker.run()
"""


class Drawing:
    """Draws many at once, but for numbers that it cannot draw; what it was given each time."""

    def __init__(self, *cannot: int) -> None:
        self.given: list[list[int]] = []
        self.cannot = set(cannot)

    def __call__(self, many: Sequence[Mapping[str, Any]]) -> dict[int, Exception]:
        numbers = [facts["n"] for facts in many]
        self.given.append(numbers)
        return {place: ConnectionError(n) for place, n in enumerate(numbers) if n in self.cannot}


def work(database: Database, drawing: Drawing, most: int = 3) -> list[list[int]]:
    """Do all that is in line now; what was done together."""
    worker = Worker(database.url, concurrency=1)
    worker.register_together("draw", drawing, most)
    worker.register("print", lambda n: drawing.given.append([-n]))
    worker.run_until_idle()
    return drawing.given


def test_what_waits_in_line_is_done_together_in_its_order_and_never_too_much_at_once(database: Database) -> None:
    for n in range(1, 6):
        enqueue(database, n=n)
        enqueue(database, "print", n=n)
    assert [many for many in work(database, Drawing()) if many[0] > 0] == [[1, 2, 3], [4, 5]]
    assert in_line(database) == ["succeeded"] * 10


def test_what_nobody_waits_for_lets_everything_else_go_first(database: Database) -> None:
    for n in (1, 2, 3):
        with database.transaction() as db:
            jobs.enqueue(db, "print", idly=True, n=n)
    enqueue(database, n=4)
    enqueue(database, n=5)
    assert work(database, Drawing()) == [[4, 5], [-1], [-2], [-3]]


@pytest.mark.parametrize("cannot", [1, 2])
def test_one_that_fails_is_tried_again_for_itself_and_keeps_no_other_back(database: Database, cannot: int) -> None:
    for n in (1, 2, 3):
        enqueue(database, n=n)
    work(database, Drawing(cannot))
    assert in_line(database) == ["todo" if n == cannot else "succeeded" for n in (1, 2, 3)]
    enqueue(database, n=4)
    assert work(database, Drawing()) == [[4]], "it waits for its time"
    let_its_time_come(database, attempts=12)
    assert work(database, Drawing(cannot)) == [[cannot]]
    assert in_line(database)[cannot - 1] == "failed", "a person is to see it"


def test_when_the_whole_work_breaks_off_each_is_tried_again(database: Database) -> None:
    def breaks_off(many: Sequence[Mapping[str, Any]]) -> dict[int, Exception]:
        raise LookupError(len(many))

    for n in (1, 2, 3):
        enqueue(database, n=n)
    worker = Worker(database.url, concurrency=1)
    worker.register_together("draw", breaks_off, 3)
    worker.run_until_idle()
    with database.transaction() as db:
        tried = db.execute(text("select status::text, attempts from jobs.procrastinate_jobs")).all()
    assert [tuple(row) for row in tried] == [("todo", 1)] * 3


def test_all_that_a_killed_worker_had_in_hand_is_taken_over(database: Database, tmp_path: Path) -> None:
    for n in (1, 2, 3, 4):
        enqueue(database, n=n)
    mark, drawing = tmp_path / "begun", Drawing()
    process = subprocess.Popen([sys.executable, "-c", DYING, database.url, str(mark)], cwd=ROOT)
    try:
        until(lambda: mark.exists() and mark.read_text() != "")
    finally:
        process.kill()
        process.wait()
    assert in_line(database)[:3] == ["doing"] * 3
    survivor = Worker(database.url, stalled_after=0.5)
    survivor.register_together("draw", drawing, 3)
    with at_work(survivor):
        until(lambda: in_line(database) == ["succeeded"] * 4)
    assert sorted(n for many in drawing.given for n in many) == [1, 2, 3, 4]
