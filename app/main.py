"""The composition root: settings in, a portal out. Web, worker and commands are all built here and nowhere else."""

import asyncio
import gc
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio.to_thread
from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

from app import api, pages, tasks
from app.billing.bank import Bank
from app.catalogue import archive, loader, search
from app.core import failpoints, i18n, logs
from app.core.clock import Clock, SystemClock
from app.core.db import TURNS, Database
from app.core.door import Door
from app.core.files import LocalFiles
from app.core.jobs import Worker
from app.core.secrets import Keyring
from app.core.shelf import Shelf
from app.core.templates import STATIC, environment, static_version
from app.core.web import hang
from app.pages import failures
from app.pages.providers import Providers
from app.pages.sign_in import Desk
from app.pdf.revocation import Revocation
from app.pdf.seals import Seals
from app.pdf.standing import Standing
from app.pdf.timestamping import Timestamper
from app.registries.gdx import Gdx
from app.settings import Settings, SettingsError
from app.stories.house import House

PAGE_LIMIT, UPLOAD_LIMIT = 512 * 1024, 11 * 1024 * 1024
"""Bytes of a whole request: an ordinary form; the largest document (10 MB) with what surrounds it."""

UPLOADS = re.compile(r"/(forms|applications)/[0-9a-f-]{36}/(deficiency/)?documents/[a-z0-9_]+|/verify/file")
"""Addresses that take files."""

SIGN_IN_COOKIE_SECONDS = 600


@dataclass(frozen=True)
class Portal:
    """One portal: what stories work with, its web application, and how to make a worker for it."""

    house: House
    web: FastAPI

    def worker(self, concurrency: int = 2) -> Worker:
        """A worker with every job registered."""
        worker = Worker(self.house.settings.database_url, concurrency)
        tasks.register(worker, self.house)
        return worker

    def close(self) -> None:
        """Let go of the database."""
        self.house.registry.close()
        self.house.bank.close()
        self.house.timestamper.close()
        self.house.revocation.close()
        self.house.database.close()


def build(settings: Settings, clock: Clock | None = None) -> Portal:
    """Everything wired, nothing started. Raises CatalogueError or SettingsError rather than start on bad data."""
    if settings.production and failpoints.armed():
        raise SettingsError("JUDIAO_FAILPOINTS must not be set in production")
    logs.configure()
    house = _house(settings, clock or SystemClock())
    return Portal(house, _web(house))


def web_process() -> FastAPI:
    """The web of the environment's portal: what each of several processes on one port makes for itself."""
    logs.install()
    portal = build(Settings.from_env())
    get_ready(portal.house)
    settle()
    return portal.web


def get_ready(house: House) -> None:
    """Make now what nearly every page needs: the drawing of pages, and the index that search looks into."""
    for language in i18n.LANGUAGES:
        environment(language)
    search.ready(house.catalogue)


def settle() -> None:
    """What a process has loaded it keeps: the garbage collector need not walk it again, 0.3 s in somebody's page.

    The web gets ready before it settles: without that one page in a few hundred waited 0.24 s (measured).
    """
    gc.collect()
    gc.freeze()


def _house(settings: Settings, clock: Clock) -> House:
    catalogue = loader.load(settings.catalogue_dir)
    database = Database(settings.database_url)
    with database.transaction() as db:
        archive.publish(db, catalogue, clock.now())
    seals = Seals(settings.signing.signers, settings.signing.passphrase_file)
    seals.look()
    revocation, trust_roots = Revocation(), settings.signing.trust_roots.read_bytes()
    return House(
        settings=settings,
        database=database,
        catalogue=catalogue,
        clock=clock,
        files=LocalFiles(settings.data_dir / "files"),
        quarantine=LocalFiles(settings.data_dir / "quarantine"),
        keyring=Keyring.parse(settings.keys, settings.index_key),
        registry=Gdx.from_settings(settings.gateway),
        bank=Bank(settings.bank.url),
        signers=seals,
        standing=Standing(revocation, [trust_roots]),
        timestamper=Timestamper(settings.signing.tsa_url),
        revocation=revocation,
        trust_roots=trust_roots,
    )


def _web(house: House) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        anyio.to_thread.current_default_thread_limiter().total_tokens = TURNS + 1
        get_ready(house)
        yield

    web = FastAPI(
        title="จุดเดียว",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # it would lead to whatever the Host header says; pages.failures leads on by itself
    )
    web.state.house = house
    web.state.settings = house.settings
    web.state.database = house.database
    web.state.clock = house.clock
    web.state.catalogue = house.catalogue
    web.state.turns = asyncio.Semaphore(TURNS)
    known = house.settings
    providers = Providers(known.citizens, known.officers, known.base_url, companies=known.companies)
    web.state.sign_in = Desk(house.database, house.keyring, providers)
    hang(web, (*pages.routers(), *api.routers()))
    web.mount(f"/static/{static_version()}", Shelf(directory=STATIC), name="static")
    failures.install(web)
    web.add_middleware(
        SessionMiddleware,
        secret_key=house.settings.cookie_secret,
        session_cookie="__Host-oidc",
        max_age=SIGN_IN_COOKIE_SECONDS,
        same_site="lax",
        https_only=True,
    )
    web.add_middleware(
        Door,
        https=house.settings.base_url.startswith("https:"),
        exempt=frozenset({"/callbacks/bank", "/csp-report"}),
        refuse=failures.cross_site_refused,
        limit=lambda path: UPLOAD_LIMIT if UPLOADS.fullmatch(path) else PAGE_LIMIT,
        too_big=failures.too_big,
    )
    return web
