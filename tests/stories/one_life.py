"""What a process of a mortal portal runs, from its start until it is killed."""

import os
from collections.abc import Mapping

import uvicorn

from app import tasks
from app.core.jobs import Worker
from app.main import build
from app.settings import Settings

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
    uvicorn.run(portal.web, host="127.0.0.1", port=port, log_level="warning", access_log=False, log_config=None)
