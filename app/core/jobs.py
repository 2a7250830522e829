"""Work that outlives a request: Procrastinate in schema `jobs` of the same database.

A job is enqueued by name inside the business transaction, so it exists exactly when its cause was committed.
Every job is idempotent: after a crash the step in flight runs again.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import procrastinate
import structlog
from procrastinate import App, JobContext, PsycopgConnector, RetryDecision, RetryStrategy
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker as ProcrastinateWorker
from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from app.core import together
from app.core.db import connection_options, raw
from app.core.errors import Unavailable

log = structlog.get_logger(__name__)

LONGEST_WAIT_SECONDS = 300
_IDLY = -10


class Patience(RetryStrategy):
    """A fault of ours ends after so many attempts; what waits for somebody outside is tried until they are back."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again."""
        if isinstance(exception, Unavailable):
            return RetryDecision(retry_in={"seconds": min(1 + 2 ** min(job.attempts + 1, 10), LONGEST_WAIT_SECONDS)})
        return super().get_retry_decision(exception=exception, job=job)


RETRY = Patience(max_attempts=12, wait=1, exponential_wait=2, linear_wait=0)
"""3 s, 5 s, 9 s … a good two hours in all; then the job is failed and an operator sees it."""

_deferrer = App(connector=PsycopgConnector())


def enqueue(db: Session, name: str, *, once: str | None = None, idly: bool = False, **facts: Any) -> None:
    """Put job `name` in line, in the caller's transaction. `once`: skip if one with this key already waits.

    `idly`: nobody waits for it, so it lets everything go first that is in line meanwhile.
    """
    options = {"priority": _IDLY} if idly else {}
    if once is None:
        _defer(db, name, facts, **options)
        return
    waiting = db.execute(
        text("select 1 from jobs.procrastinate_jobs where queueing_lock = :key and status = 'todo'"), {"key": once}
    ).first()
    if waiting:
        return
    with suppress(procrastinate.exceptions.AlreadyEnqueued), db.begin_nested():
        _defer(db, name, facts, queueing_lock=once, **options)


def _defer(db: Session, name: str, facts: dict[str, Any], **options: Any) -> None:
    """On the session's own connection, asked for here: only then is a savepoint around this set in the database."""
    connection = raw(db, begun=True)
    _deferrer.configure_task(name, connection=connection, allow_unknown=True, **options).defer(**facts)


def waiting(db: Session) -> int:
    """How many jobs are waiting or running: health pages and tests."""
    return int(
        db.execute(text("select count(*) from jobs.procrastinate_jobs where status in ('todo', 'doing')")).scalar_one()
    )


async def _left_to_its_twin(
    work: Callable[[], Awaitable[Any]], context: JobContext, worker: ProcrastinateWorker
) -> Any:
    """A job that fails while another with the same `once` waits already is not put in line again: that one does it."""
    del worker
    try:
        return await work()
    except Exception as failed:
        key = context.job.queueing_lock
        if key and list(await context.app.job_manager.list_jobs_async(queueing_lock=key, status="todo")):
            raise JobAborted from failed
        raise


class Worker:
    """Runs jobs. `register` each before `run`; `run_until_idle` is for commands and tests.

    `stalled_after`: seconds without a heartbeat after which a worker is taken for dead and its jobs are taken over.
    """

    def __init__(self, url: str, concurrency: int = 2, stalled_after: float = 8) -> None:
        conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.app = App(
            connector=PsycopgConnector(
                conninfo=conninfo,
                kwargs={"options": connection_options("portal", "jobs,public", timeout_ms=30_000)},
                min_size=1,
                max_size=concurrency + 2,
            )
        )
        self.concurrency = concurrency
        self.stalled_after = stalled_after
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def register(self, name: str, function: Callable[..., None], *, cron: str | None = None) -> None:
        """Make `function(**facts)` the body of job `name`; with `cron` it runs by the machine's clock."""

        def told(**facts: Any) -> None:
            try:
                function(**facts)
            except Exception:
                log.exception("job failed, it will be tried again", job=name)
                raise

        if cron is None:
            self.app.task(name=name, retry=RETRY)(told)
            return

        def by_the_clock(timestamp: int) -> None:
            del timestamp
            told()

        self.app.periodic(cron=cron)(self.app.task(name=name, retry=RETRY, queueing_lock=name)(by_the_clock))

    def register_together(self, name: str, function: together.Together, most: int) -> None:
        """Make `function` the body of the jobs `name`: it is given up to `most` that wait in line, to do at once."""
        together.register(self.app, name, function, most, RETRY)

    async def _run(self, *, wait: bool) -> None:
        async with self.app.open_async():
            await self._take_over()
            sweeper = asyncio.create_task(self._keep_taking_over())
            try:
                await self.app.run_worker_async(
                    concurrency=self.concurrency,
                    wait=wait,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=1.0,
                    shutdown_graceful_timeout=20,
                    update_heartbeat_interval=self.stalled_after / 4,
                    stalled_worker_timeout=self.stalled_after,
                    worker_middleware=[_left_to_its_twin],
                )
            finally:
                sweeper.cancel()

    async def _take_over(self) -> None:
        """Put jobs of dead workers (no heartbeat) back in line; a job whose twin already waits is ended instead."""
        manager = self.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self.stalled_after):
            try:
                await manager.retry_job(job)
                log.warning("job taken over from a dead worker", job=job.id, name=job.task_name)
            except procrastinate.exceptions.UniqueViolation:
                await manager.finish_job(job, Status.ABORTED, delete_job=False)
            except procrastinate.exceptions.ConnectorException:
                log.info("another worker was faster to take a job over", job=job.id, name=job.task_name)

    async def _keep_taking_over(self) -> None:
        while True:
            await asyncio.sleep(self.stalled_after / 3)
            try:
                await self._take_over()
            except procrastinate.exceptions.ConnectorException as failed:  # the database will be back, and so are we
                log.warning("dead workers could not be looked for", error=str(failed))

    def run(self) -> None:
        """Work until `stop` is called (from another thread or a signal handler)."""
        asyncio.run(self._until_stopped())

    async def _until_stopped(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run(wait=True))
        try:
            await self._task
        except asyncio.CancelledError:
            log.info("worker stopped")

    def stop(self) -> None:
        """Finish the jobs in hand and end `run`."""
        if self._loop and self._task:
            self._loop.call_soon_threadsafe(self._task.cancel)

    def start_thread(self) -> threading.Thread:
        """Run beside the web in one process (demo)."""
        thread = threading.Thread(target=self.run, name="worker", daemon=True)
        thread.start()
        return thread

    def run_until_idle(self) -> None:
        """Do everything that is in line now, then return (commands, tests)."""
        asyncio.run(self._run(wait=False))


__all__ = ["JobContext", "Status", "Worker", "enqueue", "waiting"]
