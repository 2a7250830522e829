"""Several web processes on one port, each with a socket of its own.

With one socket between them, whoever wakes first takes every connection that waits: measured, 16 of 16 at one process
while the other idled. With SO_REUSEPORT the kernel shares them out.
"""

import socket
from typing import Any


def own_socket(host: str, port: int) -> socket.socket:
    """A bound socket that shares its port with those of the other processes."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, reuse_port=True)


class SocketOfEach:
    """What a supervisor hands its processes: on the way into one it becomes a socket of that process's own."""

    def __init__(self, host: str, port: int) -> None:
        self.address = (host, port)

    def __reduce__(self) -> tuple[Any, ...]:
        """Unpickled as a socket."""
        return own_socket, self.address

    def close(self) -> None:
        """Nothing is open here."""
