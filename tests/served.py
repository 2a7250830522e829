"""The whole portal, running for a file of tests: web, worker and outside parties on loopback."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from app.core import postmaster
from app.core.clock import MovedClock
from app.core.embedded import Urls
from app.demo.running import Running, started


def free_pair() -> int:
    """A port that is free together with the next one."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


@contextmanager
def database_of_its_own(cluster: Urls, template: str = "judiao_template") -> Iterator[Urls]:
    """A fresh migrated database for stories that must not meet others, dropped afterwards."""
    name = f"judiao_{uuid4().hex}"
    with psycopg.connect(cluster.owner, autocommit=True) as owner:
        owner.execute(
            SQL("create database {} template {} strategy file_copy").format(Identifier(name), Identifier(template))
        )
        mine = [
            make_url(url).set(database=name).render_as_string(hide_password=False)
            for url in (cluster.owner, cluster.portal)
        ]
        yield Urls(*mine)
    drop(cluster.owner, name)


def drop(url: str, name: str) -> None:
    """Drop a test's database, whoever is in it. Only the superuser may send autovacuum away."""
    with postmaster.superuser(Path(str(make_url(url).query["host"]))) as connection:
        connection.execute(SQL("drop database {} with (force)").format(Identifier(name)))


@contextmanager
def portal_on(owner_url: str, folder: Path, catalogue: Path | None = None) -> Iterator[Running]:
    """A running portal on a migrated database, with a clock that can be moved.

    All portals of a run have one certification authority's keys: making them takes longer than all the rest.
    """
    portal_url = make_url(owner_url).set(username="portal").render_as_string(hide_password=False)
    home, keys = folder / uuid4().hex, folder / "keys"
    keys.mkdir(exist_ok=True)
    authority = home / "stand_ins" / "ca"
    authority.mkdir(parents=True)
    (authority / "keys").symlink_to(keys)
    with started(Urls(owner_url, portal_url), free_pair(), home, MovedClock(), catalogue) as here:
        yield here
