"""The outside parties in one process: ThaID, Digital ID, the registry gateway, a bank, a certification authority.

They listen on one port of the loopback (by custom the portal's plus one). Browsers are sent to `http://localhost:{port}`
while the portal is `http://127.0.0.1:…`: hosts, unlike ports, do not share cookies. Secrets are made per data folder.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.clock import Clock, SystemClock
from app.demo import keeping
from app.demo.bank import REPEATS, Bank
from app.demo.bank_book import Book
from app.demo.bank_pages import Counter
from app.demo.ca import TSA_PATH, Authority
from app.demo.clients import Client
from app.demo.companies import COMPANIES, UNVERIFIED
from app.demo.gdx import Consumer, Gateway
from app.demo.pages import HEADERS, STYLESHEET, page
from app.demo.people import CITIZENS, NEWCOMER, OFFICERS, agencies
from app.demo.provider import Provider
from app.demo.roles import Agency, Both
from app.demo.schemes import GOVID, JURISTIC, THAID, Scheme

AGENT_ID = "judiao"
"""How the portal names itself to the gateway where no officer asks (the guide allows a system's name)."""
SLOW = 12.0
"""Seconds that a slow party takes: longer than anyone waits."""
AUDIENCES: tuple[tuple[Scheme, str], ...] = (
    (THAID, "citizen"),
    (GOVID, "officer"),
    (JURISTIC, "company"),
)


class StandIns:
    """The outside world of one data folder, as seen on `port`."""

    def __init__(self, port: int, data_dir: Path, seals: Sequence[Agency] | None = None) -> None:
        self.port = port
        self.browser_url = f"http://localhost:{port}"
        self.machine_url = f"http://127.0.0.1:{port}"
        self.folder = data_dir.resolve() / "stand_ins"
        self.agencies = agencies() if seals is None else tuple(seals)
        self.authority = Authority(self.folder / "ca", f"{self.browser_url}/ca", self.agencies)
        self.authority.prepare()

    def environment(self) -> dict[str, str]:
        """What the portal must be told to find these parties and be known to them."""
        found = {
            "JUDIAO_GDX_URL": f"{self.machine_url}/gdx",
            "JUDIAO_GDX_CONSUMER_KEY": self._secret("gdx_key"),
            "JUDIAO_GDX_CONSUMER_SECRET": self._secret("gdx_secret"),
            "JUDIAO_GDX_AGENT_ID": AGENT_ID,
            "JUDIAO_BANK_URL": f"{self.machine_url}/bank",
            "JUDIAO_BANK_PAY_PAGE": f"{self.browser_url}/bank/pay",
            "JUDIAO_BANK_CALLBACK_SECRET": self._secret("bank_callback"),
            "JUDIAO_TSA_URL": f"{self.machine_url}/ca{TSA_PATH}",
            "JUDIAO_TRUST_ROOTS": str(self.authority.root_file),
            "JUDIAO_SIGNERS": str(self.authority.signers),
            "JUDIAO_SIGNERS_PASSPHRASE_FILE": str(self.authority.passphrase_file),
        }
        for scheme, audience in AUDIENCES:
            prefix = f"JUDIAO_{audience.upper()}"
            found[f"{prefix}_ISSUER"] = self.issuer(scheme)
            found[f"{prefix}_CLIENT_ID"] = _client_id(audience)
            found[f"{prefix}_CLIENT_SECRET"] = self._secret(f"{audience}_client")
            found[f"{prefix}_SECRET_ROUNDS"] = str(scheme.secret_rounds)
        return found

    def issuer(self, scheme: Scheme) -> str:
        """The issuer of an identity scheme, the same for browsers and machines."""
        return f"{self.browser_url}/{scheme.key}"

    def _secret(self, name: str) -> str:
        return keeping.word(self.folder / "secrets" / name)

    def app(self, portal_url: str, clock: Clock, slow: float = SLOW, repeats: Sequence[float] = REPEATS) -> FastAPI:
        """The ASGI application that answers for all parties to the portal at `portal_url`."""
        portal_url = portal_url.rstrip("/")
        book = Book(self.folder / "bank" / "transactions.jsonl")
        secret = self._secret("bank_callback")
        bank = Bank(self.agencies, book, f"{portal_url}/callbacks/bank", secret, clock, repeats)
        consumer = Consumer(self._secret("gdx_key"), self._secret("gdx_secret"))

        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[None]:
            del app
            yield
            await bank.close()

        app = FastAPI(title="stand-ins", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
        for scheme, audience in AUDIENCES:
            client = Client(
                client_id=_client_id(audience),
                secret=scheme.sent_secret(self._secret(f"{audience}_client")),
                name=Both("จุดเดียว", "Judiao"),
                redirect_uris=frozenset(portal_url + path for path in _callbacks(audience)),
                after_sign_out=frozenset({f"{portal_url}/signed-out"}),
            )
            provider = Provider(self.issuer(scheme), scheme, client, clock, slow)
            app.include_router(provider.router(), prefix=f"/{scheme.key}")
        app.include_router(Gateway(consumer, clock, slow).router(), prefix="/gdx")
        app.include_router(bank.router(), prefix="/bank")
        app.include_router(Counter(bank, portal_url).router(), prefix="/bank")
        app.include_router(self.authority.router(clock), prefix="/ca")
        app.include_router(self._front(portal_url))
        app.add_middleware(_Headers)
        return app

    def _front(self, portal_url: str) -> APIRouter:
        async def front(request: Request) -> Response:
            return page(
                request,
                "front.html",
                portal_url=portal_url,
                citizens=CITIZENS,
                companies=(*COMPANIES, UNVERIFIED),
                officers=(*OFFICERS, NEWCOMER),
                agencies=self.agencies,
            )

        async def stylesheet() -> Response:
            return FileResponse(STYLESHEET, media_type="text/css")

        async def root_certificate() -> Response:
            return FileResponse(
                self.authority.root_file, media_type="application/x-pem-file", filename="judiao-demo-root.pem"
            )

        async def no_icon() -> Response:
            return Response(status_code=204)

        router = APIRouter()
        router.add_api_route("/", front)
        router.add_api_route("/favicon.ico", no_icon)
        router.add_api_route("/stand_ins.css", stylesheet)
        router.add_api_route("/root.pem", root_certificate)
        return router


class _Headers:
    """Puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def build(
    port: int,
    portal_url: str,
    data_dir: Path,
    *,
    seals: Sequence[Agency] | None = None,
    clock: Clock | None = None,
) -> FastAPI:
    """All parties, to be served on `127.0.0.1:port` for the portal at `portal_url`."""
    return StandIns(port, data_dir, seals).app(portal_url, clock or SystemClock())


def environment(port: int, data_dir: Path, seals: Sequence[Agency] | None = None) -> dict[str, str]:
    """The settings with which a portal finds the stand-ins on `port`; makes keys and certificates if there are none."""
    return StandIns(port, data_dir, seals).environment()


def _callbacks(audience: str) -> tuple[str, ...]:
    """Where a provider answers: after a sign-in, and after an officer proved to be there for one act."""
    return (f"/sign-in/{audience}/callback", *(("/officer/step-up/callback",) if audience == "officer" else ()))


def _client_id(audience: str) -> str:
    return f"judiao-{audience}"
