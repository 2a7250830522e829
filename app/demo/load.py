"""Presses the portal from outside and reads what it cost: a load of few connections, and the CPU of processes.

The load is one thread over plain sockets: it answers for itself (about 50 µs a request, not counted), and a library
that spends a millisecond per request would measure itself.
"""

import multiprocessing
import os
import re
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import psutil
import uvicorn
from fastapi import FastAPI

from app.demo import stand_ins
from app.settings import ROOT

PATIENCE_SECONDS = 60.0

Requests = Iterator[bytes]
"""What one connection sends, each when the answer to the one before has come."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_STATUS = slice(9, 12)


class Unexpected(Exception):
    """An answer that was not asked for: what is measured would not be what is meant."""


@dataclass(frozen=True)
class Load:
    """What came of pressing: seconds from first to last, and for each answer its milliseconds and bytes."""

    seconds: float
    millis: Sequence[float]
    bytes: int

    @property
    def count(self) -> int:
        """How many answers came."""
        return len(self.millis)

    @property
    def per_second(self) -> float:
        """Answers per second on the clock."""
        return self.count / self.seconds

    def percentile(self, percent: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.millis)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def get(port: int, path: str, headers: Mapping[str, str]) -> bytes:
    """A request for a page."""
    return _request("GET", port, path, headers, b"")


def post(port: int, path: str, headers: Mapping[str, str], fields: Mapping[str, str]) -> bytes:
    """A form as a browser sends it from a page of the same site."""
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    return _request("POST", port, path, {**headers, **kind}, urlencode(fields).encode())


def _request(method: str, port: int, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    told = {"Host": f"127.0.0.1:{port}", **headers, "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


@dataclass
class _Connection:
    """One keep-alive connection that waits for one answer at a time."""

    socket: socket.socket
    requests: Requests
    expected: bytes
    sent_at: float = 0.0
    got: bytearray = field(default_factory=bytearray)

    def send(self) -> bool:
        """Send the next request; False when there is none."""
        request = next(self.requests, None)
        if request is None:
            return False
        self.got.clear()
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)
        return True

    def receive(self) -> bool:
        """Take what has come; True when the answer is whole."""
        came = self.socket.recv(256 * 1024)
        if not came:
            raise Unexpected("the server closed the connection")
        self.got += came
        head = self.got.find(b"\r\n\r\n")
        if head < 0:
            return False
        length = _LENGTH.search(self.got, 0, head)
        if length is None or self.got[_STATUS] != self.expected:
            raise Unexpected(self.got[:2000].decode(errors="replace"))
        return len(self.got) >= head + 4 + int(length[1])


def press(port: int, connections: Sequence[Requests], seconds: float, status: int = 200, *, pause: float = 0.0) -> Load:
    """Send every connection's requests, at most for `seconds`. Raises Unexpected on any other answer than `status`.

    `pause`: the seconds for which somebody reads or types between an answer and their next request.
    """
    open_ = [_Connection(_connect(port), requests, str(status).encode()) for requests in connections]
    millis, size = [], 0
    resting: deque[tuple[float, _Connection]] = deque()
    start = time.perf_counter()
    with selectors.DefaultSelector() as waiting:
        for one in open_:
            if one.send():
                waiting.register(one.socket, selectors.EVENT_READ, one)
        while waiting.get_map():
            next_at = resting[0][0] if resting else None
            patience = PATIENCE_SECONDS if next_at is None else max(0.0, next_at - time.perf_counter())
            ready = waiting.select(patience)
            if not ready and next_at is None:
                raise Unexpected("no answer came")
            for key, _ in ready:
                one = key.data
                if not one.receive():
                    continue
                now = time.perf_counter()
                millis.append((now - one.sent_at) * 1000)
                size += len(one.got)
                resting.append((now + pause, one))
            while resting and resting[0][0] <= time.perf_counter():
                _, one = resting.popleft()
                if time.perf_counter() - start > seconds or not one.send():
                    waiting.unregister(one.socket)
    ended = time.perf_counter()
    for one in open_:
        one.socket.close()
    return Load(ended - start, millis, size)


def _connect(port: int) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


# — Processes ——————————————————————————————————————————————————————————————————————————————————————————————————————


def cpu_seconds(process: psutil.Process) -> float:
    """CPU (user and system) of a process and of everything it ever started, ended or not."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            spent = one.cpu_times()
        except psutil.NoSuchProcess:  # its parent has its times now
            continue
        total += spent.user + spent.system + spent.children_user + spent.children_system
    return total


@contextmanager
def spending(**processes: psutil.Process) -> Iterator[dict[str, float]]:
    """CPU seconds of each of these processes inside the block, by its name; readable when the block has ended."""
    before = {name: cpu_seconds(process) for name, process in processes.items()}
    spent: dict[str, float] = {}
    yield spent
    spent.update({name: cpu_seconds(process) - before[name] for name, process in processes.items()})


@contextmanager
def started(arguments: Sequence[str], env: Mapping[str, str], log: Path) -> Iterator[psutil.Process]:
    """A Python program in a process of its own; what it says goes to `log`."""
    with log.open("ab") as said:
        child = subprocess.Popen(
            [sys.executable, *arguments], env={**os.environ, **env}, cwd=ROOT, stdout=said, stderr=said
        )
    try:
        yield psutil.Process(child.pid)
    finally:
        child.terminate()
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def until_it_answers(process: psutil.Process, url: str, log: Path) -> None:
    """Wait for the first 200 of `url`; OSError with the program's last words when it ends or stays silent."""
    until = time.monotonic() + PATIENCE_SECONDS
    with httpx2.Client(trust_env=False) as client:
        while time.monotonic() < until and process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            try:
                if client.get(url).status_code == httpx2.codes.OK:
                    return
            except httpx2.TransportError:
                time.sleep(0.02)
    raise OSError(f"{url} does not answer: {log.read_text(errors='replace')[-1500:]}")


@contextmanager
def outside(port: int, portal_url: str, data_dir: Path) -> Iterator[None]:
    """The stand-ins in a process of their own: what they cost is not the portal's."""
    child = multiprocessing.get_context("spawn").Process(
        target=_serve_outside, args=(port, portal_url, data_dir), daemon=True
    )
    child.start()
    try:
        until_it_answers(psutil.Process(child.pid), f"http://127.0.0.1:{port}/", Path(os.devnull))
        yield
    finally:
        child.terminate()
        child.join(30)


def _serve_outside(port: int, portal_url: str, data_dir: Path) -> None:
    app = stand_ins.build(port, portal_url, data_dir)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


def hello() -> FastAPI:
    """The yardstick: FastAPI saying hello, as bare as its documentation shows it."""
    app = FastAPI()

    @app.get("/")
    async def greet() -> dict[str, str]:
        return {"message": "Hello World"}

    return app
