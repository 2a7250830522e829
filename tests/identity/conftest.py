"""The real sign-in pages in a small portal, without the rooms that have nothing to do with it."""

import asyncio
from typing import Annotated, Protocol

import pytest
from fastapi import Depends, FastAPI
from starlette.middleware.sessions import SessionMiddleware

from app.core.clock import MovedClock
from app.core.db import Database
from app.core.door import Door
from app.core.secrets import Keyring
from app.identity import oidc
from app.identity.models import Duty
from app.identity.sessions import OfficerSession
from app.pages import failures, sign_in
from app.pages.providers import Providers
from app.pages.who import Citizen, MaybeSignedIn, Officer, duty
from app.settings import OidcClient, Settings


class MakePortal(Protocol):
    """Builds a portal; `patience` is how many seconds it waits for a provider."""

    def __call__(
        self,
        database: Database,
        base_url: str,
        citizens: OidcClient,
        officers: OidcClient,
        patience: float = oidc.TIMEOUT_SECONDS,
    ) -> FastAPI: ...


NO_DATABASE = "postgresql://nobody@127.0.0.1:9/nothing"
"""Where nothing answers: a portal with this database proves that a refused sign-in never gets as far as writing."""

ENVIRONMENT = dict.fromkeys(
    [
        "DATABASE_URL",
        "JUDIAO_KEYS",
        "JUDIAO_INDEX_KEY",
        "JUDIAO_COOKIE_SECRET",
        "JUDIAO_CITIZEN_ISSUER",
        "JUDIAO_CITIZEN_CLIENT_ID",
        "JUDIAO_CITIZEN_CLIENT_SECRET",
        "JUDIAO_OFFICER_ISSUER",
        "JUDIAO_OFFICER_CLIENT_ID",
        "JUDIAO_OFFICER_CLIENT_SECRET",
        "JUDIAO_GDX_URL",
        "JUDIAO_GDX_CONSUMER_KEY",
        "JUDIAO_GDX_CONSUMER_SECRET",
        "JUDIAO_GDX_AGENT_ID",
        "JUDIAO_BANK_URL",
        "JUDIAO_BANK_CALLBACK_SECRET",
        "JUDIAO_SIGNERS",
        "JUDIAO_SIGNERS_PASSPHRASE_FILE",
        "JUDIAO_TRUST_ROOTS",
        "JUDIAO_TSA_URL",
    ],
    "not used here",
)


@pytest.fixture
def make_portal(clock: MovedClock) -> MakePortal:
    """Builds a portal that lives at an address and trusts one provider for citizens and one for officers."""

    def make(
        database: Database,
        base_url: str,
        citizens: OidcClient,
        officers: OidcClient,
        patience: float = oidc.TIMEOUT_SECONDS,
    ) -> FastAPI:
        app = FastAPI()
        app.state.settings = Settings.from_env(ENVIRONMENT | {"JUDIAO_BASE_URL": base_url})
        app.state.turns = asyncio.Semaphore(database.turns)
        app.state.database = database
        app.state.clock = clock
        app.state.sign_in = sign_in.Desk(database, Keyring.fresh(), Providers(citizens, officers, base_url, patience))
        app.include_router(sign_in.router)
        app.add_api_route("/whoami", who_am_i)
        app.add_api_route("/my", mine)
        app.add_api_route("/officer", office)
        app.add_api_route("/officer/approve", approving)
        failures.install(app)
        app.add_middleware(
            SessionMiddleware, secret_key="for tests", session_cookie="__Host-oidc", https_only=True, max_age=600
        )
        app.add_middleware(
            Door,
            https=False,
            exempt=frozenset(),
            refuse=failures.cross_site_refused,
            limit=lambda _: 64 * 1024,
            too_big=failures.too_big,
        )
        return app

    return make


def who_am_i(session: MaybeSignedIn) -> dict[str, str]:
    return {"kind": type(session).__name__ if session else "", "id": str(session.session_id) if session else ""}


def mine(citizen: Citizen) -> dict[str, str]:
    return {"name": citizen.display_name, "ial": str(citizen.ial), "person": str(citizen.person_id)}


def office(officer: Officer) -> dict[str, str]:
    return {"name": officer.name, "agency": officer.agency_code}


def approving(officer: Annotated[OfficerSession, Depends(duty(Duty.APPROVE, Duty.MANAGE))]) -> dict[str, str]:
    return {"name": officer.name}
