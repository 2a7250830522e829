"""A portal in a process of its own, web and worker, that a test may kill as a power cut would and start again.

The bank, the registries and the time-stamp authority are in the test's process: they do not die with us.
"""

import multiprocessing
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from signal import SIGKILL

import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core import roots
from app.core.embedded import Urls
from app.demo import running, stand_ins
from app.demo.ca import TSA_PATH
from app.demo.running import Running, Server
from app.main import build
from tests.served import free_pair
from tests.stories.one_life import live, work

PATIENCE_SECONDS = 120.0
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.stories.forked_from"])


class Authority:
    """In front of the stand-ins: time-stamps can be withheld while the caller waits for them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.silent = False
        self.asked = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, but no time-stamp while silent."""
        if self.silent and scope["type"] == "http" and scope["path"].endswith(TSA_PATH):
            self.asked.set()
            while (await receive())["type"] != "http.disconnect":
                continue
            return
        await self.app(scope, receive, send)


class Mortal:
    """The portal of one database and folder, at most one process at a time. `here` is what stories talk to."""

    def __init__(self, here: Running, env: Mapping[str, str], port: int, authority: Authority) -> None:
        self.here = here
        self.authority = authority
        self._env = dict(env)
        self._port = port
        self._process: ForkServerProcess | None = None

    def start(self, failpoint: str = "") -> None:
        """Start it; it will die when it reaches `failpoint`. Returns when it answers, or has died of waiting work."""
        assert self._process is None, "it lives already"
        env = self._env | {"JUDIAO_FAILPOINTS": failpoint}
        self._process = PROCESSES.Process(target=live, args=(env, self._port), daemon=True)
        self._process.start()
        until = time.monotonic() + PATIENCE_SECONDS
        with httpx2.Client(trust_env=False, verify=roots.trusted()) as client:
            while time.monotonic() < until and self._process.is_alive():
                try:
                    if client.get(f"{self.here.url}/readyz").status_code == httpx2.codes.OK:
                        return
                except httpx2.TransportError:
                    time.sleep(0.02)
        assert self._process.exitcode == -SIGKILL, "the portal does not answer"

    def a_worker(self) -> ForkServerProcess:
        """One more worker on the same database, in a process of its own. Whoever starts it kills it."""
        process = PROCESSES.Process(target=work, args=(self._env,), daemon=True)
        process.start()
        return process

    def dies(self) -> None:
        """Wait until it has killed itself at its failpoint."""
        assert self._process is not None
        self._process.join(PATIENCE_SECONDS)
        assert self._process.exitcode == -SIGKILL, f"it lives, or ended by itself: {self._process.exitcode}"
        self._process = None

    def kill(self) -> None:
        """Pull the plug."""
        if self._process is not None:
            self._process.kill()
            self._process.join(PATIENCE_SECONDS)
            self._process = None


@contextmanager
def mortal_on(urls: Urls, folder: Path) -> Iterator[Mortal]:
    """A portal that may die, on a migrated database, with an outside world that goes on."""
    forkserver.ensure_running()  # reads the libraries while we make the rest ready
    port = free_pair()
    env = running.environment(port, folder, urls)
    portal = build(running.settings(port, folder, urls))
    running.seed_officers(portal)
    url = portal.house.settings.base_url
    authority = Authority(stand_ins.build(port + 1, url, folder))
    outside = Server(authority, port + 1, "outside")  # type: ignore[arg-type]
    outside.start()
    mortal = Mortal(Running(portal, url, f"http://localhost:{port + 1}"), env, port, authority)
    try:
        yield mortal
    finally:
        mortal.kill()
        outside.stop()
        portal.close()
