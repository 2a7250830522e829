"""Several web processes on one port: each has a socket of its own, and all of them get visitors."""

import pickle
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from app.core.listening import SocketOfEach, own_socket

PROCESSES, VISITORS = 2, 64


@pytest.fixture
def listening() -> Iterator[list[socket.socket]]:
    """What two processes hold after they were handed the same thing."""
    with ExitStack() as open_:
        with own_socket("127.0.0.1", 0) as free:
            port = free.getsockname()[1]
        handed = pickle.dumps(SocketOfEach("127.0.0.1", port))
        made = [open_.enter_context(pickle.loads(handed)) for _ in range(PROCESSES)]  # noqa: S301 - our own
        yield made


def test_each_process_has_a_socket_of_its_own_on_the_one_port(listening: list[socket.socket]) -> None:
    assert len({one.fileno() for one in listening}) == PROCESSES
    assert len({one.getsockname() for one in listening}) == 1


def test_no_process_gets_all_the_visitors(listening: list[socket.socket]) -> None:
    visitors = [socket.create_connection(listening[0].getsockname()) for _ in range(VISITORS)]
    met = []
    for one in listening:
        one.setblocking(False)  # noqa: FBT003 - the standard library's
        met.append(0)
        while True:
            try:
                one.accept()[0].close()
            except BlockingIOError:
                break
            met[-1] += 1
    for visitor in visitors:
        visitor.close()
    assert sum(met) == VISITORS
    assert min(met) > 0


def test_a_port_that_somebody_else_has_alone_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody, pytest.raises(OSError, match="in use"):
        own_socket(*somebody.getsockname()[:2])
