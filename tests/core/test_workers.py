"""Work that outlives its request: there when its cause is, tried again when it fails, taken over when we die."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core import jobs, rates
from app.core.db import Database
from app.core.jobs import Worker
from tests.world import at_once

ROOT = Path(__file__).parents[2]

DYING = """
import pathlib, sys, time
from app.core.jobs import Worker

def begin_and_never_end(mark):
    pathlib.Path(mark).touch()
    time.sleep(600)

worker = Worker(sys.argv[1])
worker.register("draw", begin_and_never_end)
worker.run()
"""


def enqueue(database: Database, name: str = "draw", *, once: str | None = None, **facts: Any) -> None:
    with database.transaction() as db:
        jobs.enqueue(db, name, once=once, **facts)


def in_line(database: Database) -> list[str]:
    """The state of every job there ever was, oldest first."""
    with database.transaction() as db:
        return list(db.scalars(text("select status::text from jobs.procrastinate_jobs order by id")))


def work(database: Database, function: Callable[..., None], name: str = "draw") -> None:
    """Do everything that is in line now, one after the other."""
    worker = Worker(database.url, concurrency=1)
    worker.register(name, function)
    worker.run_until_idle()


def let_its_time_come(database: Database, attempts: int = 1) -> None:
    """As if the pause before the next try were over, and `attempts` had been made."""
    with database.transaction() as db:
        now_due = text("update jobs.procrastinate_jobs set scheduled_at = null, attempts = :n where status = 'todo'")
        db.execute(now_due, {"n": attempts})


def until(what: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@contextmanager
def at_work(worker: Worker) -> Iterator[None]:
    """The worker running beside us, ended in good order."""
    thread = worker.start_thread()
    try:
        yield
    finally:
        worker.stop()
        thread.join(timeout=15)
        assert not thread.is_alive()


# — a job and its cause


def test_a_job_is_done_once_with_the_facts_it_was_given(database: Database) -> None:
    done: list[dict[str, Any]] = []
    enqueue(database, name_th="มะลิ", copies=2, parts=["ก", None])
    work(database, lambda **facts: done.append(facts))
    work(database, lambda **facts: done.append(facts))
    assert (done, in_line(database)) == ([{"name_th": "มะลิ", "copies": 2, "parts": ["ก", None]}], ["succeeded"])


def test_a_job_goes_with_its_transaction(database: Database) -> None:
    def fail_after_enqueueing() -> None:
        with database.transaction() as db:
            jobs.enqueue(db, "draw")
            jobs.enqueue(db, "draw", once="draw:1")
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_enqueueing()
    assert in_line(database) == []


def test_nobody_starts_a_job_before_its_cause_is_committed(database: Database) -> None:
    done: list[str] = []
    with database.transaction() as db:
        jobs.enqueue(db, "draw")
        work(database, lambda: done.append("too early"))
        assert done == []
    work(database, lambda: done.append("in time"))
    assert done == ["in time"]


def test_how_many_jobs_wait_can_be_asked(database: Database) -> None:
    for _ in range(3):
        enqueue(database)
    with database.transaction() as db:
        assert jobs.waiting(db) == 3
    work(database, lambda: None)
    with database.transaction() as db:
        assert jobs.waiting(db) == 0


# — failing


def test_a_failing_job_is_tried_again_after_a_pause(database: Database) -> None:
    tries: list[str] = []

    def fails_once() -> None:
        tries.append("try")
        if len(tries) == 1:
            raise ConnectionError

    enqueue(database)
    work(database, fails_once)
    with database.transaction() as db:
        next_try: datetime = db.execute(text("select scheduled_at from jobs.procrastinate_jobs")).scalar_one()
    assert timedelta(0) < next_try - datetime.now(UTC) < timedelta(seconds=4)
    work(database, fails_once)
    assert (len(tries), in_line(database)) == (1, ["todo"])
    let_its_time_come(database)
    work(database, fails_once)
    assert (len(tries), in_line(database)) == (2, ["succeeded"])


def test_a_job_that_fails_every_time_is_left_for_a_person_to_see(database: Database) -> None:
    def fails() -> None:
        raise ConnectionError

    enqueue(database)
    work(database, fails)
    let_its_time_come(database, attempts=11)
    work(database, fails)
    assert in_line(database) == ["todo"]
    let_its_time_come(database, attempts=12)
    work(database, fails)
    assert in_line(database) == ["failed"]


def test_one_failing_job_does_not_hold_back_the_others(database: Database) -> None:
    done: list[int] = []

    def fails_for_the_first(n: int) -> None:
        if n == 0:
            raise ConnectionError
        done.append(n)

    for n in range(4):
        enqueue(database, n=n)
    work(database, fails_for_the_first)
    assert (sorted(done), in_line(database)) == ([1, 2, 3], ["todo", *["succeeded"] * 3])


# — once


def test_once_keeps_one_job_of_a_key_in_line(database: Database) -> None:
    done: list[int] = []
    for key in ("prefill:1", "prefill:1", "prefill:2", "prefill:1"):
        enqueue(database, once=key, form=int(key[-1]))
    with database.transaction() as db:
        jobs.enqueue(db, "draw", once="prefill:3", form=3)
        jobs.enqueue(db, "draw", once="prefill:3", form=3)

    def prefill(form: int) -> None:
        done.append(form)

    work(database, prefill)
    assert sorted(done) == [1, 2, 3]


def test_once_lets_the_next_one_in_as_soon_as_the_first_has_begun(database: Database) -> None:
    done: list[str] = []

    def asks_for_another_run() -> None:
        done.append("run")
        if len(done) == 1:
            enqueue(database, once="prefill:1")
            enqueue(database, once="prefill:1")

    enqueue(database, once="prefill:1")
    work(database, asks_for_another_run)
    work(database, asks_for_another_run)
    assert (len(done), in_line(database)) == (2, ["succeeded", "succeeded"])


def test_of_many_who_enqueue_once_at_the_same_moment_one_does_and_all_go_on(database: Database, now: datetime) -> None:
    def enqueue_and_go_on(db: Session) -> None:
        jobs.enqueue(db, "draw", once="prefill:1")
        rates.take(db, "form", "somebody", now, limit=100, per_seconds=60)

    assert at_once(database.url, *[enqueue_and_go_on] * 6)[1] == []
    with database.transaction() as db:
        assert db.execute(text("select sum(hits) from rate_counts")).scalar_one() == 6
    assert in_line(database) == ["todo"]


def test_a_failing_job_whose_successor_waits_already_leaves_the_work_to_it(database: Database) -> None:
    tries: list[str] = []

    def fails_while_another_is_enqueued() -> None:
        tries.append("try")
        if len(tries) == 1:
            enqueue(database, once="confirm:1")
            raise ConnectionError

    enqueue(database, once="confirm:1")
    work(database, fails_while_another_is_enqueued)
    assert in_line(database)[0] == "aborted"
    work(database, fails_while_another_is_enqueued)
    assert (len(tries), in_line(database)) == (2, ["aborted", "succeeded"])


# — dying


def a_worker_dies(database: Database, mark: Path, once: str | None = None) -> None:
    """A job is begun by a process that is then ended as a power cut would."""
    enqueue(database, once=once, mark=str(mark))
    process = subprocess.Popen([sys.executable, "-c", DYING, database.url], cwd=ROOT)
    try:
        until(mark.exists)
    finally:
        process.kill()
        process.wait()
    assert in_line(database) == ["doing"]


def a_worker_that_draws(database: Database) -> tuple[Worker, list[str]]:
    """A worker that is quick to notice the dead, and what it drew."""
    done: list[str] = []

    def draw(mark: str) -> None:
        done.append(mark)

    worker = Worker(database.url, stalled_after=0.5)
    worker.register("draw", draw)
    return worker, done


def silent_for_long(database: Database) -> bool:
    with database.transaction() as db:
        beats = text("select max(last_heartbeat) < now() - interval '0.5 seconds' from jobs.procrastinate_workers")
        return bool(db.execute(beats).scalar_one())


def test_the_job_of_a_worker_that_was_killed_is_taken_over_and_done(database: Database, tmp_path: Path) -> None:
    survivor, done = a_worker_that_draws(database)
    mark = tmp_path / "begun"
    a_worker_dies(database, mark)
    with at_work(survivor):
        until(lambda: in_line(database) == ["succeeded"])
    assert done == [str(mark)]


def test_a_killed_job_whose_successor_waits_already_leaves_the_work_to_it(database: Database, tmp_path: Path) -> None:
    survivor, done = a_worker_that_draws(database)
    a_worker_dies(database, tmp_path / "begun", once="draw:1")
    enqueue(database, once="draw:1", mark="the successor")
    until(lambda: silent_for_long(database))
    survivor.run_until_idle()
    assert (done, in_line(database)) == (["the successor"], ["aborted", "succeeded"])


def test_the_job_of_a_worker_that_is_only_busy_is_not_taken_over(database: Database) -> None:
    tries: list[str] = []

    def longer_than_the_silence_of_the_dead() -> None:
        tries.append("try")
        time.sleep(1.4)

    busy, other = Worker(database.url, stalled_after=1), Worker(database.url, stalled_after=1)
    for worker in (busy, other):
        worker.register("draw", longer_than_the_silence_of_the_dead)
    enqueue(database)
    with at_work(busy), at_work(other):
        until(lambda: in_line(database) == ["succeeded"])
    assert tries == ["try"]


def test_a_worker_that_is_stopped_finishes_the_job_in_hand(database: Database) -> None:
    steps: list[str] = []

    def takes_a_moment() -> None:
        steps.append("begun")
        time.sleep(0.3)
        steps.append("done")

    worker = Worker(database.url)
    worker.register("draw", takes_a_moment)
    enqueue(database)
    with at_work(worker):
        until(lambda: steps == ["begun"])
    assert (steps, in_line(database)) == (["begun", "done"], ["succeeded"])


# — by the clock


def test_of_two_workers_one_does_what_is_due_by_the_clock(database: Database) -> None:
    done: list[str] = []
    workers = [Worker(database.url), Worker(database.url)]
    for worker in workers:
        worker.register("sweep", lambda: done.append("swept"), cron="* * * * *")
    with at_work(workers[0]), at_work(workers[1]):
        until(lambda: "succeeded" in in_line(database))
    with database.transaction() as db:
        ticks = list(db.scalars(text("select args->>'timestamp' from jobs.procrastinate_jobs")))
    assert len(done) == len(ticks) == len(set(ticks))
