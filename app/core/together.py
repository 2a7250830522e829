"""Jobs of one kind that are cheaper together: who is given one takes along those that wait in line behind it.

Each stays a job of its own: it ends for itself, is tried again for itself with its own pauses, and when its worker dies
it is taken over for itself. Only the work in between is shared.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from procrastinate import App, JobContext, RetryStrategy
from procrastinate.jobs import Job, Status

log = structlog.get_logger(__name__)

Facts = Mapping[str, Any]
Together = Callable[[Sequence[Facts]], Mapping[int, Exception]]
"""Does many at once, given the facts of each; by place, why some of them failed."""

_TAKE_ALONG = """
with waiting as materialized (
    select id from procrastinate_jobs
    where status = 'todo' and task_name = %(name)s and lock is null and queueing_lock is null
        and (scheduled_at is null or scheduled_at <= now())
    order by priority desc, id
    limit %(most)s
    for update skip locked
)
update procrastinate_jobs set status = 'doing', worker_id = %(worker_id)s
where id in (select id from waiting)
returning id, status, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name, attempts, worker_id
"""
_SUCCEEDED = "select procrastinate_finish_job_v1(id, 'succeeded', false) from unnest(%(ids)s::bigint[]) id"


def register(app: App, name: str, function: Together, most: int, retry: RetryStrategy) -> None:
    """Make `function` the body of the jobs `name`, of which at most so many are done at once."""

    async def together(context: JobContext, /, **facts: Any) -> None:
        del facts
        in_hand = [context.job, *await _taken_along(app, context.job, most - 1)]
        try:
            failed = await asyncio.to_thread(function, [job.task_kwargs for job in in_hand])
        except Exception as all_failed:  # noqa: BLE001 - told below, and for each it is decided what follows
            failed = dict.fromkeys(range(len(in_hand)), all_failed)
        for place, problem in failed.items():
            told = {"job": name, "facts": in_hand[place].task_kwargs}
            log.error("job failed, it will be tried again", **told, exc_info=problem)
        await _ended(app, in_hand, failed, retry)
        if 0 in failed:
            raise failed[0]

    app.task(name=name, retry=retry, pass_context=True)(together)


async def _taken_along(app: App, first: Job, most: int) -> list[Job]:
    said = {"name": first.task_name, "most": most, "worker_id": first.worker_id}
    rows = await app.connector.execute_query_all_async(_TAKE_ALONG, **said)
    return sorted((Job.from_row(row) for row in rows), key=lambda job: job.id or 0)


async def _ended(app: App, in_hand: Sequence[Job], failed: Mapping[int, Exception], retry: RetryStrategy) -> None:
    """What became of those taken along is written down; what became of the first, the worker itself writes down."""
    along = dict(enumerate(in_hand))
    del along[0]
    done = [job.id for place, job in along.items() if place not in failed]
    if done:
        await app.connector.execute_query_all_async(_SUCCEEDED, ids=done)
    for place in along.keys() & failed.keys():
        again = retry.get_retry_decision(exception=failed[place], job=along[place])
        if again is None:
            await app.job_manager.finish_job(along[place], Status.FAILED, delete_job=False)
        else:
            await app.job_manager.retry_job(along[place], retry_at=again.retry_at)
