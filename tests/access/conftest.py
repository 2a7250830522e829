"""A portal of this package's own: what is tried here (hostile cases, full limits, cut lines) disturbs nobody else."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from app.core import logs
from app.core.embedded import Urls
from app.demo.running import Running
from tests.access import cases
from tests.access.cases import Cases
from tests.access.cast import Cast
from tests.access.looking import Seen, look_everywhere
from tests.access.walking import Tokenless, Walked, walk_the_table, without_tokens
from tests.conftest import TEMPLATE
from tests.served import drop, portal_on


@pytest.fixture(scope="session")
def owners_url(cluster: Urls) -> Iterator[str]:
    """The database of this package's portal, as its owner sees it."""
    name = f"judiao_access_{uuid4().hex}"
    with psycopg.connect(cluster.owner, autocommit=True) as connection:
        connection.execute(f"create database {name} template {TEMPLATE} strategy file_copy")
    yield make_url(cluster.owner).set(database=name).render_as_string(hide_password=False)
    drop(cluster.owner, name)


@pytest.fixture(scope="session")
def said() -> Iterator[io.StringIO]:
    """Everything that is logged from INFO on by us and by libraries while the portal runs, as the operator reads it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.lines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.fixture(scope="session")
def here(owners_url: str, said: io.StringIO, run_folder: Path) -> Iterator[Running]:
    """The running portal."""
    del said
    with portal_on(owners_url, run_folder) as running:
        yield running


@pytest.fixture(scope="session")
def cast(here: Running) -> Iterator[Cast]:
    """Everybody who may knock."""
    everybody = Cast(here)
    yield everybody
    everybody.close()


@pytest.fixture(scope="session")
def made(cast: Cast) -> Cases:
    """One real case in each state."""
    return cases.make(cast)


@pytest.fixture(scope="session")
def tokenless(cast: Cast, made: Cases) -> list[Tokenless]:
    """Every act that binds, tried without the form token of a page drawn for the one who acts."""
    return without_tokens(cast, made)


@pytest.fixture(scope="session")
def seen(cast: Cast, made: Cases, tokenless: list[Tokenless]) -> list[Seen]:
    """Every page that the owner and the officers reach by following links, with the hostile cases on them."""
    del made, tokenless
    return look_everywhere(cast)


@pytest.fixture(scope="session")
def walked(cast: Cast, made: Cases, seen: list[Seen]) -> Walked:
    """Every row of the table tried by everybody, once. It uses the cases up, so whatever reads them comes first."""
    del seen
    return walk_the_table(cast, made)
