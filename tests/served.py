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


_free: list[int] = []
"""Pairs of ports that a portal of this process has had and given back."""


@contextmanager
def pair_of_ports() -> Iterator[int]:
    """A free pair of ports, an old one where there is one: certificates name the port, and making them takes long."""
    port = next((port for port in reversed(_free) if _is_free(port)), None) or free_pair()
    _free[:] = [other for other in _free if other != port]
    yield port
    _free.append(port)


def _is_free(port: int) -> bool:
    with socket.socket() as first, socket.socket() as second:
        try:
            for one, number in ((first, port), (second, port + 1)):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                one.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True


@contextmanager
def portal_on(owner_url: str, folder: Path, catalogue: Path | None = None) -> Iterator[Running]:
    """A running portal on a migrated database, with a clock that can be moved.

    All portals of a run have one certification authority's keys, and those at one port its certificates too: making
    them takes longer than all the rest.
    """
    portal_url = make_url(owner_url).set(username="portal").render_as_string(hide_password=False)
    home, keys = folder / uuid4().hex, folder / "keys"
    with pair_of_ports() as port:
        authority = folder / f"authority-{port}"
        for made in (keys, authority, home / "stand_ins"):
            made.mkdir(parents=True, exist_ok=True)
        if not (authority / "keys").exists():
            (authority / "keys").symlink_to(keys)
        (home / "stand_ins" / "ca").symlink_to(authority)
        with started(Urls(owner_url, portal_url), port, home, MovedClock(), catalogue) as here:
            yield here
