"""What a process of a mortal portal runs, from its start until it is killed.

Nothing of ours is imported above `live`: the failpoints are read from the environment when their module is.
"""

import os
from collections.abc import Mapping

STALLED_AFTER = 1.0
"""Seconds without a heartbeat after which a worker of these stories is taken for dead."""

HEAVY = [
    "alembic.config", "authlib.integrations.starlette_client", "fastapi", "geothai", "holidays", "httpx2", "joserfc.jwk",
    "lxml.html", "pikepdf.pdfa", "PIL.Image", "procrastinate", "psycopg", "pyhanko.sign.validation", "pythainlp.tokenize",
    "reportlab.pdfgen.canvas", "sqlalchemy.dialects.postgresql", "sqlalchemy.orm", "structlog", "uharfbuzz", "uvicorn",
]  # fmt: skip
"""Libraries that every new process would spend seconds on. Nothing of ours."""


def live(env: Mapping[str, str], port: int) -> None:
    """Be a portal until killed. Runs in the new process."""
    os.environ.update(env)
    import uvicorn  # noqa: PLC0415 - ours must not be imported before the environment is set

    from app import tasks  # noqa: PLC0415 - the same
    from app.core.jobs import Worker  # noqa: PLC0415 - the same
    from app.main import build  # noqa: PLC0415 - the same
    from app.settings import Settings  # noqa: PLC0415 - the same

    portal = build(Settings.from_env())
    worker = Worker(portal.house.settings.database_url, 2, stalled_after=STALLED_AFTER)
    tasks.register(worker, portal.house)
    worker.start_thread()
    uvicorn.run(portal.web, host="127.0.0.1", port=port, log_level="warning", access_log=False, log_config=None)
