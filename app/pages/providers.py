"""The identity providers as authlib's clients: for citizens, officers and companies, each with its own callback.

authlib does the protocol (discovery, code with PKCE, state, nonce, signature). What it leaves to its caller is here:
the issuer must be ours, only known algorithms, a bound on time, metadata that gets old, failures in our own words.
"""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

import anyio
import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import MismatchingStateError, OAuthError
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from fastapi import Request
from fastapi.responses import RedirectResponse
from joserfc.errors import ExpiredTokenError, JoseError

from app.core import roots
from app.core.errors import NotFound
from app.identity import claims, oidc, stepping_up
from app.identity.oidc import Reason, SignInFailed
from app.identity.stepping_up import Presence
from app.settings import OidcClient

Audience = Literal["citizen", "officer", "company"]

_ELSEWHERE: dict[Audience, Callable[[Mapping[str, object]], bool]] = {
    "citizen": claims.has_citizen_id,
    "company": lambda said: "juristic_id" in said,
}
"""What tells whether the claims are all in the id_token; if not, the userinfo endpoint is asked."""

_USED = (
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "end_session_endpoint",
    "authorization_response_iss_parameter_supported",
)
"""authlib passes a provider's description on as options of its HTTP client, so nothing else is let in."""

_OAUTH_REASONS = {
    "access_denied": Reason.DENIED,
    "invalid_grant": Reason.EXPIRED,
    "server_error": Reason.PROVIDER_DOWN,
    "temporarily_unavailable": Reason.PROVIDER_DOWN,
}


@dataclass(frozen=True)
class Answer:
    """What a provider proved: verified claims, and the id_token to sign out with."""

    issuer: str
    claims: dict[str, object]
    id_token: str


class _Client(StarletteOAuth2App):  # type: ignore[misc]
    METADATA_LIVES = 3600.0

    def __init__(self, framework: object, name: str, *, registration: OidcClient, **options: Any) -> None:
        super().__init__(framework, name, **options)
        self.registration = registration
        self.loaded_at = float("-inf")

    async def load_server_metadata(self) -> dict[str, Any]:
        """The provider's description, fetched at most once an hour and refused when it is not of our issuer."""
        if anyio.current_time() - self.loaded_at >= self.METADATA_LIVES:
            async with self._get_session() as http:
                answer = await http.request("GET", oidc.discovery_url(self.registration), withhold_token=True)
                answer.raise_for_status()
                described = answer.json()
            if not isinstance(described, dict):
                raise SignInFailed(Reason.BAD_ANSWER, "discovery is not an object")
            accepted = oidc.check_provider(self.registration, described)
            self.server_metadata = {name: described[name] for name in _USED if name in described}
            self.server_metadata["id_token_signing_alg_values_supported"] = accepted
            self.loaded_at = anyio.current_time()
        return self.server_metadata


class Providers:
    """Where people prove who they are. Every method may raise SignInFailed, within `timeout` seconds.

    Without `companies` this portal has no sign-in for companies: NotFound.
    """

    def __init__(
        self,
        citizens: OidcClient,
        officers: OidcClient,
        base_url: str,
        timeout: float = oidc.TIMEOUT_SECONDS,
        companies: OidcClient | None = None,
    ) -> None:
        self._oauth = OAuth()
        self._base_url = base_url
        self._timeout = timeout
        self._clients: dict[Audience, _Client] = {
            "citizen": self._register("citizen", citizens),
            "officer": self._register("officer", officers),
        }
        if companies is not None:
            self._clients["company"] = self._register("company", companies)

    @property
    def companies(self) -> bool:
        """Whether companies can sign in here."""
        return "company" in self._clients

    def _client(self, audience: Audience) -> "_Client":
        if audience not in self._clients:
            raise NotFound
        return self._clients[audience]

    def _register(self, audience: Audience, client: OidcClient) -> _Client:
        return cast(
            "_Client",
            self._oauth.register(
                audience,
                client_cls=_Client,
                registration=client,
                client_id=client.client_id,
                client_secret=oidc.secret(client),
                server_metadata_url=oidc.discovery_url(client),
                client_kwargs={
                    "scope": client.scopes,
                    "code_challenge_method": "S256",
                    "token_endpoint_auth_method": "client_secret_basic",
                    "timeout": self._timeout,
                    "verify": roots.trusted(),
                },
            ),
        )

    async def leave_for(self, audience: Audience, request: Request) -> RedirectResponse:
        """The redirect that starts a sign-in; state, nonce and verifier go into the signed cookie."""
        async with _outward(self._timeout):
            callback = f"{self._base_url}/sign-in/{audience}/callback"
            return cast("RedirectResponse", await self._client(audience).authorize_redirect(request, callback))

    async def leave_anew(self, request: Request, what: str) -> RedirectResponse:
        """The redirect by which an officer signs in anew for one act; `what` (a digest) becomes part of the nonce."""
        client = self._client("officer")
        said = stepping_up.asking(client.registration.strong) | {"nonce": stepping_up.nonce(what)}
        async with _outward(self._timeout):
            callback = f"{self._base_url}/officer/step-up/callback"
            return cast("RedirectResponse", await client.authorize_redirect(request, callback, **said))

    async def back_anew(self, request: Request, left_at: float) -> Presence:
        """Who came back from `leave_anew`, and what for: signed in since `left_at` (Unix seconds), strongly enough."""
        answer, strong = await self.come_back("officer", request), self._client("officer").registration.strong
        return stepping_up.presence(answer.issuer, answer.claims, left_at, time.time(), strong)

    async def come_back(self, audience: Audience, request: Request) -> Answer:
        """What the provider says, after code exchange and every check of the id_token.

        A provider that keeps its claims in userinfo (DGA Digital ID) is asked there too.
        """
        client = self._client(audience)
        async with _outward(self._timeout):
            metadata = await client.load_server_metadata()
            oidc.check_answer(client.registration, request.query_params, metadata)
            token = await client.authorize_access_token(
                request, claims_options=oidc.claims_options(client.registration), leeway=oidc.LEEWAY_SECONDS
            )
            said = token.get("userinfo")
            if not said:
                raise SignInFailed(Reason.BAD_ANSWER, "no id_token")
            if audience in _ELSEWHERE and not _ELSEWHERE[audience](said) and "userinfo_endpoint" in metadata:
                said = oidc.same_person(said, await client.userinfo(token=token))
        return Answer(client.registration.issuer, dict(said), token["id_token"])

    async def farewell(self, audience: Audience, id_token: str) -> str:
        """Where the browser ends its session at the provider too; "" when the provider offers no such place.

        DGA's guide misspells the standard `post_logout_redirect_uri`, so both spellings are sent.
        """
        client = self._client(audience)
        async with _outward(self._timeout):
            metadata = await client.load_server_metadata()
        if "end_session_endpoint" not in metadata:
            return ""
        back = f"{self._base_url}/signed-out"
        params = {
            "client_id": client.client_id,
            "post_logout_redirect_uri": back,
            "post_logout_redirect_url": back,
            **({"id_token_hint": id_token} if id_token else {}),
        }
        return cast("str", add_params_to_uri(metadata["end_session_endpoint"], params))


@asynccontextmanager
async def _outward(seconds: float) -> AsyncIterator[None]:
    """Talk to a provider: bounded in time, and every way it can fail becomes one SignInFailed."""
    try:
        with anyio.fail_after(seconds):
            yield
    except MismatchingStateError as error:
        raise SignInFailed(Reason.EXPIRED, "state is unknown here") from error
    except OAuthError as error:
        known = _OAUTH_REASONS.get(error.error)
        raise SignInFailed(known or Reason.BAD_ANSWER, error.error if known else "unknown OAuth error") from error
    except ExpiredTokenError as error:
        raise SignInFailed(Reason.EXPIRED, "id_token has expired") from error
    except (httpx2.HTTPError, TimeoutError) as error:
        raise SignInFailed(Reason.PROVIDER_DOWN, type(error).__name__) from error
    except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
        raise SignInFailed(Reason.BAD_ANSWER, type(error).__name__) from error
