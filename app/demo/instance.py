"""The instance a benchmark measures: fresh, durable, on loopback, and every party in a process of its own."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import Engine, create_engine, make_url

from app.core import jobs
from app.core.embedded import EmbeddedPostgres, Urls
from app.core.migrating import upgrade
from app.demo import load, running
from app.main import Portal, build
from app.settings import Settings


@dataclass(frozen=True)
class Instance:
    """The instance that is measured: where it is, its database's process, and a portal of ours on the same database."""

    port: int
    folder: Path
    urls: Urls
    env: dict[str, str]
    postgres: psutil.Process
    portal: Portal

    @property
    def owner(self) -> Engine:
        """The database as its owner sees it."""
        return create_engine(make_url(self.urls.owner).set(drivername="postgresql+psycopg"))

    @property
    def url(self) -> str:
        """The portal's address."""
        return self.env["JUDIAO_BASE_URL"]

    def web(self, processes: int = 1) -> AbstractContextManager[psutil.Process]:
        """`serve` with so many processes; it answers inside the block."""
        return self._started(["serve"], {"WEB_CONCURRENCY": str(processes)})

    @contextmanager
    def _started(self, command: list[str], env: dict[str, str]) -> Iterator[psutil.Process]:
        log = self.folder / "web.log"
        with load.started(["-m", "app", *command], {**self.env, **env}, log) as process:
            load.until_it_answers(process, f"{self.url}/readyz", log)
            yield process

    def worker(self) -> AbstractContextManager[psutil.Process]:
        """A worker of the usual width."""
        return load.started(["-m", "app", "work"], self.env, self.folder / "worker.log")

    def idle(self) -> None:
        """Wait until no job is left."""
        until = time.monotonic() + load.PATIENCE_SECONDS
        while time.monotonic() < until:
            with self.portal.house.database.transaction() as db:
                if not jobs.waiting(db):
                    return
            time.sleep(0.05)
        raise TimeoutError(f"jobs do not end: {(self.folder / 'worker.log').read_text()[-1500:]}")


@contextmanager
def fresh(folder: Path, port: int, catalogue: Path | None = None) -> Iterator[Instance]:
    """A fresh instance with its outside world; web and worker are not started yet. `catalogue`: not the house's own."""
    cluster = EmbeddedPostgres(folder)
    with cluster as urls:
        upgrade(urls.owner)
        env = running.environment(port, folder, urls) | {"JUDIAO_BASE_URL": f"http://127.0.0.1:{port}"}
        env |= {"JUDIAO_CATALOGUE": str(catalogue)} if catalogue else {}
        portal = build(Settings.from_env(env))
        running.seed_officers(portal)
        try:
            with load.outside(port + 1, env["JUDIAO_BASE_URL"], folder):
                yield Instance(port, folder, urls, env, psutil.Process(cluster.pid()), portal)
        finally:
            portal.close()
