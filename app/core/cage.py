"""Gives orders to a process that looks inside files of strangers (`caged`): begun once, it forks one for each."""

import atexit
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_SLACK_SECONDS = 30.0
"""How much longer than its own limit a look may take to tell that it was ended."""


@dataclass(frozen=True)
class Limits:
    """What a look inside may cost: seconds of CPU, seconds on the clock, bytes of address space."""

    cpu_seconds: int = 30
    wall_seconds: float = 90
    memory_bytes: int = 1024 * 1024 * 1024


class Cage:
    """One such process, begun at the first order and again when it is gone; it ends with us. Safe across threads."""

    def __init__(self, module: str) -> None:
        """`module` is run with a socket as standard input; its main calls `caged.serve`."""
        self._module = module
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None
        atexit.register(self.close)

    def look(self, kind: str, files: list[int], limits: Limits) -> str:
        """How a look ended: its exit code, "late", or "" when nobody was there to tell.

        `kind` says which look; `files` are the descriptors of the file, the report and the noise.
        """
        order = f"{kind} {limits.cpu_seconds} {limits.memory_bytes} {limits.wall_seconds}"
        mine, theirs = socket.socketpair()
        with mine:
            with theirs:
                self._send(order.encode(), [*files, theirs.fileno()])
            mine.settimeout(limits.wall_seconds + _SLACK_SECONDS)
            with suppress(TimeoutError):
                return mine.recv(16).decode()
        return ""

    def _send(self, order: bytes, files: list[int]) -> None:
        with self._lock:
            for _ in range(2):
                orders = self._orders or self._begin()
                with suppress(OSError):
                    socket.send_fds(orders, [order], files)
                    return
                self._end()

    def _begin(self) -> socket.socket:
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-m", self._module],
                stdin=theirs.fileno(),
                env={"PYTHONPATH": str(_ROOT)},
                cwd="/",
            )
        self._orders = mine
        return mine

    def _end(self) -> None:
        if self._orders:
            self._orders.close()
        if self._process:
            self._process.wait(_SLACK_SECONDS)
        self._orders = self._process = None

    def close(self) -> None:
        """Let the process end: nobody will give it orders any more."""
        with self._lock:
            self._end()
