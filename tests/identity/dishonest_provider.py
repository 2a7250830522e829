"""An OpenID provider that speaks the real protocol over HTTP and can be told to lie in one respect at a time."""

import asyncio
import hmac
import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

CLIENT_ID = "judiao"
SECRET = "a secret of thirty-two characters"
CITIZEN = {"pid": "1000000000122", "given_name": "มะลิ", "family_name": "ตัวอย่าง", "ial": "2.3"}

Change = Callable[[dict[str, Any]], dict[str, Any]]


def honest(said: dict[str, Any]) -> dict[str, Any]:
    """Change nothing."""
    return said


class Provider:
    """`metadata`, `claims` and `answer` change what is said; `sign` how; without `speaks` it is silent."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.published = [self.key]
        self.issuer = ""
        self.speaks = threading.Event()
        self.reset()
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/jwks", self._jwks),
                Route("/token", self._token, methods=["POST"]),
                Route("/userinfo", self._userinfo),
            ]
        )

    def reset(self) -> None:
        """Honest again."""
        self.nonce = ""
        self.metadata: Change = honest
        self.claims: Change = honest
        self.answer: Change = honest
        self.userinfo: Change = honest
        self.sign: Callable[[dict[str, Any]], str] = self._signed
        self.instead: Callable[[], Response] | None = None
        self.speaks.set()
        self.published = [self.key]

    def rotate(self) -> None:
        """Sign with a new key from now on."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)})
        self.published = [self.key]

    def _signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def signed_by_a_stranger(self, claims: dict[str, Any]) -> str:
        """With a key nobody published, under the id of the one that is."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, RSAKey.generate_key(2048))

    def signed_with_the_shared_secret(self, claims: dict[str, Any]) -> str:
        """HS256 with the client secret."""
        return _hs256({"alg": "HS256"}, claims, SECRET.encode())

    def signed_with_the_public_key_as_secret(self, claims: dict[str, Any]) -> str:
        """HS256 with the published RSA key as if it were a shared secret (algorithm confusion)."""
        return _hs256({"alg": "HS256", "kid": self.key.kid}, claims, self.key.as_pem(private=False))

    def unsigned(self, claims: dict[str, Any]) -> str:
        """With alg none and an empty signature."""
        return _hs256({"alg": "none"}, claims, b"").rpartition(".")[0] + "."

    def _discovery(self, _: Request) -> Response:
        said: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/end",
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
        }
        return JSONResponse(self.metadata(said))

    def _jwks(self, _: Request) -> Response:
        return JSONResponse({"keys": [key.as_dict(private=False) for key in self.published]})

    async def _token(self, request: Request) -> Response:
        await asyncio.to_thread(self.speaks.wait)
        if self.instead is not None:
            return self.instead()
        async with request.form() as form:
            if form.get("code") != "good" or not form.get("code_verifier"):
                return JSONResponse({"error": "invalid_grant"}, status_code=400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "mali",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            **CITIZEN,
        }
        id_token = self.sign(self.claims(claims))
        return JSONResponse(self.answer({"access_token": "at", "token_type": "Bearer", "id_token": id_token}))

    def _userinfo(self, _: Request) -> Response:
        return JSONResponse(self.userinfo({"sub": "mali", **CITIZEN}))


def _hs256(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    parts = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)]
    signature = hmac.digest(secret, ".".join(parts).encode(), "sha256")
    return ".".join([*parts, urlsafe_b64encode(signature).decode().rstrip("=")])


def gone() -> Response:
    """A gateway's error page."""
    return PlainTextResponse("<html>502 Bad Gateway</html>", status_code=502)


def not_json() -> Response:
    """A friendly page where JSON should be."""
    return PlainTextResponse("<html>สวัสดี</html>")


def a_list() -> Response:
    """JSON, but not an object."""
    return JSONResponse(["id_token"])
