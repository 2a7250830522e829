"""What a PostgreSQL server left in its folder, and whether it still lives: asked, never believed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Postmaster:
    """What a server wrote about itself in postmaster.pid: its process and, once it is that far, its socket's folder."""

    pid: int
    sockets: Path | None


def recorded(cluster: Path) -> Postmaster | None:
    """The last server of this cluster by its own record; None after an orderly end, or when the record is torn."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        return Postmaster(int(lines[0]), Path(lines[4]) if lines[4:] and lines[4] else None)
    except (FileNotFoundError, IndexError, ValueError):
        return None


def works_in(cluster: Path, pid: int) -> bool:
    """Whether that process is a living postgres with this data folder.

    A number alone proves nothing: its process may be a zombie, or somebody else's by now.
    """
    try:
        process = psutil.Process(pid)
        living = process.status() != psutil.STATUS_ZOMBIE and process.name() == "postgres"
        return living and Path(process.cwd()).samefile(cluster)
    except (psutil.Error, OSError, OverflowError):
        return False


def workers(cluster: Path) -> Iterator[int]:
    """Every living postgres process with this data folder, the server's children too: they outlive a killed parent."""
    return (pid for pid in psutil.pids() if works_in(cluster, pid))


def superuser(sockets: Path) -> psycopg.Connection:
    """A connection as the cluster's superuser. Raises psycopg.OperationalError when nobody answers in that folder."""
    return psycopg.connect(
        host=str(sockets), port=5432, user="postgres", dbname="postgres", autocommit=True, connect_timeout=2
    )
