"""The ground every test stands on: a real PostgreSQL per run, a fresh database per test, a clock that can be moved.

The run's cluster starts when the first test asks for it. A guard outside the run stops and removes it when the run
ends, however it ends: it waits for a pipe that closes with the process that pytest was started in.
"""

import fcntl
import gc
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session
from xdist.scheduler import LoadScopeScheduling

from app.core import migrating
from app.core.clock import MovedClock
from app.core.db import Database
from app.core.embedded import EmbeddedPostgres, Urls
from app.demo.running import Running
from tests.served import drop, portal_on

ROOT = Path(__file__).parents[1]
TEMPLATE = "judiao_template"
FOLDER = pytest.StashKey[Path]()
LONGEST = ("tests/access/", "tests/browser/", "tests/stories/test_power_cuts.py", "tests/test_house.py")

GUARD = """
import pathlib, shutil, sys
from app.core.embedded import EmbeddedPostgres
sys.stdin.read()
folder = pathlib.Path(sys.argv[1])
cluster = EmbeddedPostgres(folder / "data")
if cluster.cluster.exists():
    cluster.halt()
shutil.rmtree(folder)
"""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make the run's folder and its guard, in the process that pytest was started in; workers are told the folder."""
    told = getattr(config, "workerinput", {}).get("folder")
    folder = Path(told) if told else Path(tempfile.mkdtemp(prefix="judiao-test-", dir=_memory_disk()))
    config.stash[FOLDER] = folder
    if told is None:
        folder.chmod(0o711)  # the system user that PostgreSQL runs as, when we are root, has to pass
        command = [sys.executable, "-c", GUARD, str(folder)]
        guard = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True)
        config.add_cleanup(lambda: _end(guard))


def _memory_disk() -> str | None:
    """Where a database per test costs 10 ms instead of 50 to 300: memory, when the machine has 2 GB of it to spare."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 1024**3
    return str(memory) if roomy else None


def _end(guard: subprocess.Popen[bytes]) -> None:
    """Let the guard do its work, and wait: the next run must not meet this one's server."""
    guard.communicate(timeout=60)


class Rooms(LoadScopeScheduling):  # type: ignore[misc] # xdist's, untyped
    """A file of tests stays on one worker, and so do all tests of access: what they share is made once, not twice.

    xdist's own groups are names added to a test's id, which pytest 9 no longer lets it change.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "tests/access" if nodeid.startswith("tests/access/") else nodeid.split("::", 1)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Rooms:
    """How tests are dealt out to workers."""
    config.option.loadscopereorder = False  # the longest are the first already
    return Rooms(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker of pytest-xdist where the run's cluster is."""
    node.workerinput["folder"] = str(node.config.stash[FOLDER])  # type: ignore[attr-defined]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files come first: at the end no worker waits a minute for the other's last one."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish() -> None:
    """What was loaded stays loaded: the garbage collector need not walk it again, 14 % of the CPU of plain tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def run_folder(pytestconfig: pytest.Config) -> Path:
    """The folder of this run: every user can pass it, and it goes with the run."""
    return pytestconfig.stash[FOLDER]


@pytest.fixture(scope="session")
def cluster(run_folder: Path) -> Iterator[Urls]:
    """The run's PostgreSQL, shared by its workers; the template database in it is made by the first of them."""
    with EmbeddedPostgres(run_folder / "data", durable=False) as urls:
        with (run_folder / "template.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _import_models()
            if not _exists(urls.owner, TEMPLATE):
                draft = f"{TEMPLATE}_draft"
                _administer(urls.owner, f"create database {draft}")
                migrating.upgrade(_database(urls.owner, draft))
                _administer(urls.owner, f"alter database {draft} rename to {TEMPLATE}")
        yield urls


@pytest.fixture(scope="module")
def portal(cluster: Urls, run_folder: Path) -> Iterator[Running]:
    """The whole portal, for one file of tests: they share it, may move its clock, and meet nobody of another file."""
    name = f"judiao_{uuid4().hex}"
    _administer(cluster.owner, f"create database {name} template {TEMPLATE} strategy file_copy")
    with portal_on(_database(cluster.owner, name), run_folder) as here:
        yield here
    drop(cluster.owner, name)


@pytest.fixture
def owner_url(cluster: Urls) -> Iterator[str]:
    """A fresh database with all tables, as the role sees it that owns and migrates; dropped afterwards."""
    name = f"judiao_{uuid4().hex}"
    _administer(cluster.owner, f"create database {name} template {TEMPLATE} strategy file_copy")
    yield _database(cluster.owner, name)
    drop(cluster.owner, name)


@pytest.fixture
def empty_database_url(cluster: Urls) -> Iterator[str]:
    """A fresh database without anything in it, seen by its owner; dropped afterwards."""
    name = f"judiao_{uuid4().hex}"
    _administer(cluster.owner, f"create database {name}")
    yield _database(cluster.owner, name)
    drop(cluster.owner, name)


@pytest.fixture
def database_url(owner_url: str) -> str:
    """A fresh database with all tables, as the portal sees it."""
    return make_url(owner_url).set(username="portal").render_as_string(hide_password=False)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The portal's door to a fresh database, for tests that commit: `with database.transaction() as db`."""
    door = Database(database_url)
    yield door
    door.close()


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    """A session on a fresh database as role portal; what a test leaves in it is never committed."""
    with database.transaction() as session:
        yield session
        session.rollback()  # a test that ends in a refused statement leaves nothing that could be committed


@pytest.fixture
def now() -> datetime:
    """One fixed moment for tests that only need some time: Friday 20 November 2026, 09.30 in Bangkok."""
    return datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> MovedClock:
    """The machine's clock, which a test may move."""
    return MovedClock()


def _database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _exists(owner_url: str, name: str) -> bool:
    with psycopg.connect(owner_url) as connection:
        return connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is not None


def _administer(owner_url: str, statement: str) -> None:
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(statement)


def _import_models() -> None:
    """Every room's tables are known in every worker: foreign keys are written by table name across rooms."""
    for path in (
        *ROOT.glob("app/*/models.py"),
        *ROOT.glob("app/catalogue/archive.py"),
        *ROOT.glob("app/applications/standing.py"),
        *ROOT.glob("app/applications/refiling.py"),
        *ROOT.glob("app/applications/changes.py"),
        *ROOT.glob("app/applications/gaps.py"),
        *ROOT.glob("app/applications/incoming.py"),
        *ROOT.glob("app/applications/links.py"),
        *ROOT.glob("app/applications/batches.py"),
    ):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
