"""A real HTTP server for a test, a portal that listens to its bank, and the stand-ins between them."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from app.core.clock import MovedClock
from app.demo.stand_ins import StandIns

SLOW = 1.0
"""How long the slow parties take in tests, in seconds."""
REPEATS = (0.01, 0.02, 0.03)
"""How long the bank waits before it says something again, in seconds."""


def door() -> socket.socket:
    """A listening socket on a free port of the loopback."""
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    found.listen(64)
    return found


@contextmanager
def served(app: ASGIApp, at: socket.socket) -> Iterator[str]:
    """`app` over HTTP until the block ends; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [at]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            thread.join(0.01)
        yield f"http://127.0.0.1:{at.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@dataclass
class Knock:
    """One confirmation as the portal received it."""

    body: bytes
    timestamp: str
    signature: str

    @property
    def said(self) -> dict[str, Any]:
        """The JSON in it."""
        return json.loads(self.body)


@dataclass
class Listener:
    """A portal's bank door: keeps what comes, and answers 503 as often as `refusals` says before it answers 200."""

    knocks: list[Knock] = field(default_factory=list)
    refusals: int = 0
    _heard: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, number: int) -> None:
        """Until so many knocks have come."""
        with self._heard:
            assert self._heard.wait_for(lambda: len(self.knocks) >= number, timeout=60)

    def app(self) -> FastAPI:
        """The door."""

        async def hear(request: Request) -> Response:
            headers = request.headers
            body = await request.body()
            with self._heard:
                self.knocks.append(Knock(body, headers["X-Timestamp"], headers["X-Signature"]))
                self._heard.notify_all()
            if self.refusals:
                self.refusals -= 1
                return Response(status_code=503)
            return JSONResponse({"resCode": "00", "resDesc": "success"})

        app = FastAPI(openapi_url=None)
        app.add_api_route("/callbacks/bank", hear, methods=["POST"])
        return app


@dataclass
class World:
    """The stand-ins as a test sees them."""

    url: str
    portal_url: str
    environment: dict[str, str]
    clock: MovedClock
    portal: Listener
    stand_ins: StandIns
    http: httpx2.Client


@contextmanager
def the_world(folder: Path) -> Iterator[World]:
    """Stand-ins with a fresh data folder, and a portal beside them."""
    clock, portal, here, there = MovedClock(), Listener(), door(), door()
    parties = StandIns(here.getsockname()[1], folder)
    with (
        served(portal.app(), there) as portal_url,
        served(parties.app(portal_url, clock, SLOW, REPEATS), here) as url,
        httpx2.Client(base_url=url, trust_env=False) as http,
    ):
        yield World(url, portal_url, parties.environment(), clock, portal, parties, http)
