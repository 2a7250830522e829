"""The caged process: bounded, without environment, files or connections, it looks at one file and reports.

A package of parsers is run as a program (`inspecting`, `judging`) with a socket as standard input and calls `serve`. It
has loaded its parsers once and then, for each order on the socket, forks a guard that forks the caged process: starting
Python anew for every file cost 0.2 s of CPU. What reads hostile bytes is thus as fresh as ever and ends with its file;
what waits here never reads any.

An order is "KIND CPU_SECONDS MEMORY_BYTES WALL_SECONDS" with four descriptors: the file, the report, the noise and
where the guard says how it ended (an exit code, or "late"). The report is the line "ready" once every door is shut,
then one line of JSON, then the blobs whose lengths that line states. A parser that is taken over finds no key, no
database, no network, and no way back to the socket.
"""

import json
import os
import resource
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence

MAX_REPORT = 128 * 1024 * 1024

Report = tuple[Mapping[str, object], Sequence[bytes]]
"""What a look found, as JSON, and blobs to go with it."""
Lookers = Mapping[str, Callable[[], Callable[[bytes], Report]]]
"""By kind, what makes ready to look: it may still open things. What it returns then looks, behind shut doors."""

FIRST_FREE = 3
"""The descriptor after standard input, output and error."""


def bound(cpu_seconds: int, memory_bytes: int) -> None:
    """Bound what this process may use before it has seen a byte of the file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_REPORT, MAX_REPORT))
    os.nice(5)


def close_doors() -> None:
    """From here on no file can be opened and no connection made: there is no descriptor left to be had."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def look(ready: Callable[[], Callable[[bytes], Report]], cpu_seconds: int, memory_bytes: int) -> None:
    """In the cage: look at standard input and write the report to standard output."""
    bound(cpu_seconds, memory_bytes)
    looker, data = ready(), sys.stdin.buffer.read()
    close_doors()
    out = sys.stdout.buffer
    out.write(b"ready\n")
    out.flush()
    report, blobs = looker(data)
    out.write(json.dumps({**report, "blobs": [len(blob) for blob in blobs]}).encode() + b"\n")
    out.writelines(blobs)
    out.flush()


def caged(lookers: Lookers, order: list[str], files: list[int]) -> int:
    """The exit code of a look, with nothing open but the file, the report and the noise."""
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.closerange(FIRST_FREE, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    try:
        look(lookers[order[0]], int(order[1]), int(order[2]))
    except BaseException:  # noqa: BLE001 - whatever it was, this process has nobody else to tell
        traceback.print_exc()
        sys.stderr.flush()
        return 1
    return 0


def guard(lookers: Lookers, order: list[str], files: list[int], answer: int) -> None:
    """Start one caged process, end it when its time is over, and say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if not child:
        os._exit(caged(lookers, order, files))
    ending = select.poll()
    ending.register(os.pidfd_open(child), select.POLLIN)
    late = not ending.poll(float(order[3]) * 1000)
    if late:
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.write(answer, b"late" if late else str(code).encode())


def bury(*_: object) -> None:
    """Take leave of every guard that has ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def serve(lookers: Lookers) -> None:
    """Take orders until whoever gives them is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for those who give orders
    signal.signal(signal.SIGCHLD, bury)
    with socket.socket(fileno=0) as orders:
        while True:
            order, files, _flags, _sender = socket.recv_fds(orders, 256, 4)
            if not order:
                return
            if not os.fork():
                *work, answer = files
                guard(lookers, order.decode().split(), work, answer)
                os._exit(0)
            for file in files:
                os.close(file)
