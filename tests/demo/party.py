"""A relying party as it stands in the world: authlib is its client, joserfc checks what it gets."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from app.demo.provider import agree
from tests.demo.world import SLOW, World

VERIFIER = "a-verifier-that-is-long-enough-to-be-allowed-0123456789"
NONCE = "a-nonce-nobody-guesses"
THAID_SCOPES = "openid pid title given_name family_name name birthdate address ial"
GOVID_SCOPES = "openid profile citizen_id citizen_id_verified ial_level user_id"


class Party:
    """A relying party that trusts one of the two providers."""

    def __init__(self, world: World, audience: str, scopes: str) -> None:
        told = {name.removeprefix(f"JUDIAO_{audience.upper()}_"): value for name, value in world.environment.items()}
        self.http = world.http
        self.issuer, self.client_id, self.scopes = told["ISSUER"], told["CLIENT_ID"], scopes
        self.secret = told["CLIENT_SECRET"]
        for _ in range(int(told["SECRET_ROUNDS"])):
            self.secret = hashlib.md5(f"{self.secret}EGA".encode(), usedforsecurity=False).hexdigest()
        self.redirect_uri = f"{world.portal_url}/sign-in/{audience}/callback"
        self.about = world.http.get(f"{self.issuer}/.well-known/openid-configuration").json()

    @contextmanager
    def client(self, method: str = "client_secret_basic") -> Iterator[OAuth2Client]:
        with OAuth2Client(
            self.client_id,
            self.secret,
            token_endpoint_auth_method=method,
            scope=self.scopes,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            trust_env=False,
        ) as client:
            yield client

    def request(self, **changes: str | None) -> str:
        """The address of a sign-in request; `changes` replaces parameters, None leaves one out."""
        with self.client() as client:
            endpoint = self.about["authorization_endpoint"]
            url, _ = client.create_authorization_url(endpoint, code_verifier=VERIFIER, nonce=NONCE, state="the-state")
        parts = urlsplit(url)
        query = {**dict(parse_qsl(parts.query)), **changes}
        return urlunsplit(parts._replace(query=urlencode({name: said for name, said in query.items() if said})))

    def answer(self, url: str) -> dict[str, str]:
        """What the provider sends back to the redirect address."""
        went = self.http.get(url)
        assert went.status_code == 303
        assert went.headers["Location"].startswith(f"{self.redirect_uri}?")
        return dict(parse_qsl(urlsplit(went.headers["Location"]).query))

    def tokens(self, answer: dict[str, str], verifier: str = VERIFIER, method: str = "client_secret_basic") -> Any:
        back = f"{self.redirect_uri}?{urlencode(answer)}"
        with self.client(method) as client:
            return client.fetch_token(
                self.about["token_endpoint"],
                authorization_response=back,
                code_verifier=verifier,
                state="the-state",
                timeout=SLOW / 2,
            )

    def checked(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """The claims of an id_token that stands every test of OpenID Connect Core §3.1.3.7."""
        keys = KeySet.import_key_set(self.http.get(self.about["jwks_uri"]).json())
        token = jwt.decode(tokens["id_token"], keys, algorithms=self.about["id_token_signing_alg_values_supported"])
        wanted = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
            "nonce": {"essential": True, "value": NONCE},
        }
        params = {"nonce": NONCE, "client_id": self.client_id, "access_token": tokens["access_token"]}
        claims = CodeIDToken(token.claims, token.header, wanted, params)
        claims.validate(leeway=10)
        return dict(claims)

    def signed_in(self, person: str) -> dict[str, Any]:
        return self.checked(self.tokens(self.answer(agree(self.request(), person))))
