"""The whole portal on one machine: database, outside parties, officers, web and worker, up and down together."""

import base64
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from sqlalchemy import select

from app.core import migrating
from app.core.clock import Clock, SystemClock
from app.core.embedded import EmbeddedPostgres, Urls
from app.core.events import SYSTEM
from app.demo import keeping, people, stand_ins
from app.demo.people import OfficerSeed
from app.identity import officers
from app.identity.models import Duty, Officer
from app.identity.officers import Post
from app.main import Portal, build
from app.settings import Settings


@contextmanager
def database(data_dir: Path, *, durable: bool = True) -> Iterator[Urls]:
    """The database of the environment (DATABASE_URL), else an embedded one in the data folder; migrated."""
    given = os.environ.get("DATABASE_URL")
    if given:
        urls = Urls(owner=os.environ.get("DATABASE_OWNER_URL", given), portal=given)
        migrating.upgrade(urls.owner)
        yield urls
        return
    with EmbeddedPostgres(data_dir, durable=durable) as urls:
        migrating.upgrade(urls.owner)
        yield urls


def environment(port: int, data_dir: Path, urls: Urls) -> dict[str, str]:
    """The environment of a demonstration: stand-ins on the next port, secrets made once and kept in the data folder."""
    secrets = data_dir / "secrets"
    return {
        **stand_ins.environment(port + 1, data_dir),
        "PORT": str(port),
        "DATA_DIR": str(data_dir),
        "DATABASE_URL": urls.portal,
        "DATABASE_OWNER_URL": urls.owner,
        "JUDIAO_ENV": "demo",
        "JUDIAO_KEYS": f"k1:{_key(secrets / 'field_key')}",
        "JUDIAO_INDEX_KEY": _key(secrets / "index_key"),
        "JUDIAO_COOKIE_SECRET": keeping.word(secrets / "cookie"),
    }


def settings(port: int, data_dir: Path, urls: Urls) -> Settings:
    """The settings of a demonstration."""
    return Settings.from_env(environment(port, data_dir, urls))


def _key(path: Path) -> str:
    """32 random bytes in base64, made once per data folder."""
    return keeping.once(path, lambda: base64.b64encode(os.urandom(32))).decode()


def seed_officers(portal: Portal) -> None:
    """Register the demonstration's officers, once."""
    now = portal.house.clock.now()
    with portal.house.database.transaction() as db:
        known = {(row.issuer, row.subject) for row in db.execute(select(Officer.issuer, Officer.subject))}
        for seed in people.officer_seeds(portal.house.settings.officers.issuer):
            if (seed.issuer, seed.subject) not in known:
                officers.register(db, seed.issuer, seed.subject, seed.name.th, seed.name.en, _post(seed), SYSTEM, now)


def _post(seed: OfficerSeed) -> Post:
    return Post(
        seed.agency_code,
        seed.office_code,
        frozenset(Duty(duty) for duty in seed.duties),
        seed.position.th,
        seed.position.en,
    )


KEEP_ALIVE_SECONDS = 60
"""How long a silent connection is kept: longer than clients keep theirs, or one is cut as it is used again."""


class Server:
    """One ASGI application on one loopback port, in a thread of its own."""

    def __init__(self, app: FastAPI, port: int, name: str) -> None:
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            log_config=None,
            timeout_graceful_shutdown=3,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name=name, daemon=True)

    def start(self) -> None:
        """Start, and return when it answers; OSError when the port is taken."""
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise OSError(f"nothing could be started on port {self._server.config.port}: is it in use?")
            self._thread.join(0.02)

    def stop(self) -> None:
        """Finish what is in hand and end."""
        self._server.should_exit = True
        self._thread.join(20)


@dataclass(frozen=True)
class Running:
    """A running demonstration."""

    portal: Portal
    url: str
    outside: str


@contextmanager
def running(port: int, data_dir: Path, clock: Clock | None = None, *, durable: bool = True) -> Iterator[Running]:
    """Everything up inside the block, everything down after it."""
    with database(data_dir, durable=durable) as urls, started(urls, port, data_dir, clock) as here:
        yield here


@contextmanager
def started(
    urls: Urls, port: int, data_dir: Path, clock: Clock | None = None, catalogue: Path | None = None
) -> Iterator[Running]:
    """The same on a migrated database that somebody else keeps: outside parties, officers, worker, web.

    `catalogue`: a folder of services other than the house's own.
    """
    clock = clock or SystemClock()
    chosen = settings(port, data_dir, urls)
    chosen = replace(chosen, catalogue_dir=catalogue) if catalogue else chosen
    portal = build(chosen, clock)
    seed_officers(portal)
    outside = Server(stand_ins.build(port + 1, chosen.base_url, data_dir, clock=clock), port + 1, "outside")
    web = Server(portal.web, port, "web")
    worker = portal.worker()
    outside.start()
    thread = worker.start_thread()
    web.start()
    try:
        yield Running(portal, chosen.base_url, f"http://localhost:{port + 1}")
    finally:
        web.stop()
        worker.stop()
        thread.join(30)
        outside.stop()
        portal.close()


@contextmanager
def attached(port: int, data_dir: Path) -> Iterator[Portal]:
    """The portal of a demonstration that runs (or ran) in `data_dir`, for commands beside it."""
    with EmbeddedPostgres(data_dir) as urls:
        portal = build(settings(port, data_dir, urls))
        try:
            yield portal
        finally:
            portal.close()
