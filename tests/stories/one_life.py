"""What processes of a mortal portal run, from their start until they are killed or done."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from datetime import timedelta
from pathlib import Path

import uvicorn

from app import __main__ as program
from app import tasks
from app.core.clock import MovedClock
from app.core.jobs import Worker
from app.demo.running import KEEP_ALIVE_SECONDS
from app.main import build
from app.settings import Settings
from app.stories import disposal

STALLED_AFTER = 1.0
"""Seconds without a heartbeat after which a worker of these stories is taken for dead."""


def work(env: Mapping[str, str]) -> None:
    """Be a worker until killed. Runs in the new process."""
    os.environ.update(env)
    portal = build(Settings.from_env())
    worker = Worker(portal.house.settings.database_url, 1, stalled_after=STALLED_AFTER)
    tasks.register(worker, portal.house)
    worker.run()


def live(env: Mapping[str, str], port: int) -> None:
    """Be a portal until killed. Runs in the new process."""
    os.environ.update(env)
    portal = build(Settings.from_env())
    worker = Worker(portal.house.settings.database_url, 2, stalled_after=STALLED_AFTER)
    tasks.register(worker, portal.house)
    worker.start_thread()
    uvicorn.run(
        portal.web,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        log_config=None,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )


def command(env: Mapping[str, str], arguments: Sequence[str], said: Path) -> None:
    """Run one command of the portal as `python -m app` does. Runs in the new process; `said` is what it prints."""
    os.environ.update(env)
    with said.open("w", encoding="utf-8") as out, redirect_stdout(out):
        sys.exit(program.main(arguments))


def sweep(env: Mapping[str, str]) -> None:
    """The nightly removal of files that were let go, a day later. Runs in the new process."""
    os.environ.update(env)
    portal = build(Settings.from_env(), MovedClock(timedelta(days=1)))
    disposal.sweep(portal.house)
    portal.close()
