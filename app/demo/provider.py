"""An OpenID provider over HTTP: authorization code with PKCE, signed tokens, and a page to choose whom to sign in as.

The authorization request travels in the address through all three steps (choose, agree, go back), so several tabs,
the back button and a program all work alike: `agree` gives the address of somebody's answer.
Standards: OpenID Connect Core 1.0 and Discovery 1.0, RFC 6749, 7636 (S256 only), 9207 (issuer in the answer).
"""

import asyncio
import hashlib
import secrets
from functools import cache
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey
from starlette.datastructures import URL
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from app.core.clock import Clock, SystemClock
from app.demo.clients import Asked, Client, Stranger, check_request
from app.demo.grants import TOKEN_LIFE, Fault, Grant, Grants, Proof, Refused, unpadded
from app.demo.pages import page
from app.demo.proving import ORDINARY, STRONG, Browsers, Demand
from app.demo.roles import Both
from app.demo.schemes import Identity, Scheme

ALGORITHM = "RS256"
OUR_OWN = frozenset({"person", "answer", "fault", "ui_locales"})
"""Parameters that belong to our pages, not to the client's request."""

FAULTS: dict[Fault, Both] = {
    Fault.NONCE: Both("โทเคนมี nonce ผิด", "The token carries a wrong nonce"),
    Fault.EXPIRED: Both("โทเคนหมดอายุแล้ว", "The token has expired"),
    Fault.AUDIENCE: Both("โทเคนออกให้ระบบอื่น", "The token is meant for another client"),
    Fault.ISSUER: Both("โทเคนมาจากผู้ออกอื่น", "The token names another issuer"),
    Fault.SIGNATURE: Both("ลายเซ็นของโทเคนผิด", "The token's signature is wrong"),
    Fault.STALE: Both("ยืนยันตัวตนไว้นานแล้ว", "The person signed in long ago"),
    Fault.WEAK: Both("ยืนยันตัวตนด้วยวิธีที่อ่อนกว่า", "The person signed in more weakly than asked"),
    Fault.DOWN: Both("ผู้ให้บริการตอบ 500", "The provider answers 500"),
    Fault.GARBLED: Both("ผู้ให้บริการตอบข้อความที่อ่านไม่ได้", "The provider answers something unreadable"),
    Fault.SLOW: Both("ผู้ให้บริการตอบช้ามาก", "The provider answers very late"),
}


def agree(authorize_url: str, person: str, fault: Fault | None = None) -> str:
    """Where the browser goes when `person` presses "agree" on the page at `authorize_url`; for programs that play."""
    url = URL(authorize_url).include_query_params(person=person, answer="allow")
    return str(url.include_query_params(fault=fault.value) if fault else url)


def refuse(authorize_url: str, person: str) -> str:
    """Where the browser goes when `person` presses "do not agree"."""
    return str(URL(authorize_url).include_query_params(person=person, answer="deny"))


@cache
def _key_of(issuer: str) -> RSAKey:
    del issuer  # each has its own
    return RSAKey.generate_key(2048, parameters={"use": "sig", "alg": ALGORITHM}, private=True, auto_kid=True)


class Provider:
    """One identity scheme, speaking OpenID Connect under `issuer`. Its key lives in memory, as long as the process."""

    def __init__(self, issuer: str, scheme: Scheme, client: Client, clock: Clock, slow: float) -> None:
        self.issuer = issuer
        self.scheme = scheme
        self.client = client
        self.clock = clock
        self.slow = slow
        self.grants = Grants(clock.now)
        self.browsers = Browsers()
        self.cookie = f"known-{scheme.key}"
        self.key = _key_of(issuer)

    def router(self) -> APIRouter:
        """The endpoints, relative to the issuer."""
        scheme, router = self.scheme, APIRouter()
        router.add_api_route("/.well-known/openid-configuration", self.discovery)
        router.add_api_route("/jwks", self.jwks)
        router.add_api_route(scheme.authorize, self.authorize)
        router.add_api_route(scheme.token, self.token, methods=["POST"])
        router.add_api_route(scheme.userinfo, self.userinfo, methods=["GET", "POST"])
        router.add_api_route(scheme.end_session, self.end_session)
        return router

    async def discovery(self) -> Response:
        """OpenID Connect Discovery 1.0 §3."""
        scheme = self.scheme
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": self.issuer + scheme.authorize,
                "token_endpoint": self.issuer + scheme.token,
                "userinfo_endpoint": self.issuer + scheme.userinfo,
                "end_session_endpoint": self.issuer + scheme.end_session,
                "jwks_uri": self.issuer + "/jwks",
                "scopes_supported": list(scheme.scopes),
                "claims_supported": sorted({claim for claims in scheme.scopes.values() for claim in claims}),
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "code_challenge_methods_supported": ["S256"],
                "acr_values_supported": [ORDINARY, STRONG],
                "prompt_values_supported": ["none", "login", "consent", "select_account"],
                "ui_locales_supported": ["th", "en"],
                "request_parameter_supported": False,
                "request_uri_parameter_supported": False,
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def jwks(self) -> Response:
        """The public key."""
        return JSONResponse(dict(KeySet([self.key]).as_dict(private=False)))

    async def authorize(self, request: Request) -> Response:
        """The person's side: choose whom to be, read what is asked for, agree or not, and go back."""
        asked = request.query_params
        try:
            back = self.client.answer_address(asked)
        except Stranger as stranger:
            return page(request, "stranger.html", status=400, scheme=self.scheme, reason=str(stranger))
        try:
            check_request(asked)
            scopes = tuple(s for s in dict.fromkeys(asked["scope"].split()) if s in self.scheme.scopes)
            demand, known = Demand.of(asked), self.browsers.who(request.cookies.get(self.cookie, ""))
            person = asked.get("person") or asked.get("login_hint") or (known.identity if known and demand.anew else "")
            identity = self.scheme.identity(person)
            if identity is None:
                return self._choose(request)
            match asked.get("answer"):
                case "allow":
                    here = known if known and known.identity == identity.key else None
                    proof = here if here and demand.met_by(here) else demand.proved(identity.key)
                    code = self.grants.code(self._grant(asked, identity, scopes, proof))
                    went = self._go(back, code=code, state=asked["state"])
                    went.set_cookie(self.cookie, self.browsers.remember(proof), httponly=True, samesite="lax")
                    return went
                case "deny":
                    return self._go(back, error="access_denied", state=asked["state"])
        except Refused as refusal:
            return self._go(
                back, error=refusal.error, error_description=refusal.description, state=asked.get("state", "")
            )
        return self._ask(request, identity, scopes, demand)

    def _grant(self, asked: Asked, identity: Identity, scopes: tuple[str, ...], proof: Proof) -> Grant:
        fault = asked.get("fault")
        return Grant(
            client_id=self.client.client_id,
            redirect_uri=asked["redirect_uri"],
            identity=identity.key,
            scopes=scopes,
            nonce=asked["nonce"],
            challenge=asked["code_challenge"],
            given_at=self.clock.now(),
            proof=proof,
            fault=Fault(fault) if fault in list(Fault) else None,
        )

    def _choose(self, request: Request) -> Response:
        return page(
            request,
            "choose.html",
            scheme=self.scheme,
            client=self.client,
            people=[(person, _step(request, person=person.key)) for person in self.scheme.identities],
            faults=[
                (words, _step(request, person=self.scheme.identities[0].key, fault=fault.value))
                for fault, words in FAULTS.items()
            ],
        )

    def _ask(self, request: Request, identity: Identity, scopes: tuple[str, ...], demand: Demand) -> Response:
        given = self.scheme.claims(identity, scopes)
        fault = request.query_params.get("fault", "")
        return page(
            request,
            "consent.html",
            scheme=self.scheme,
            client=self.client,
            person=identity,
            anew=demand.anew,
            fault=FAULTS[Fault(fault)] if fault in list(Fault) else None,
            claims=[
                (label, value["formatted"] if isinstance(value := given[name], dict) else value)
                for name, label in self.scheme.labels.items()
                if name in given
            ],
            allow_url=_step(request, person=identity.key, answer="allow"),
            deny_url=_step(request, person=identity.key, answer="deny"),
            other_person_url=_step(request),
        )

    def _go(self, back: str, **answer: str) -> Response:
        query = urlencode({**{name: value for name, value in answer.items() if value}, "iss": self.issuer})
        return RedirectResponse(f"{back}{'&' if '?' in back else '?'}{query}", status_code=303)

    async def token(self, request: Request) -> Response:
        """The client's side: a code becomes an access token and a signed id_token (OpenID Connect Core §3.1.3)."""
        form = await request.form()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        try:
            self.client.authenticate(request.headers.get("authorization", ""), fields)
            grant, access_token = self.grants.redeem(
                fields.get("grant_type", ""),
                fields.get("code", ""),
                self.client.client_id,
                fields.get("redirect_uri", ""),
                fields.get("code_verifier", ""),
            )
        except Refused as refusal:
            known = refusal.error != "invalid_client"
            return JSONResponse(
                {"error": refusal.error, "error_description": refusal.description},
                status_code=400 if known else 401,
                headers={} if known else {"WWW-Authenticate": f'Basic realm="{self.scheme.key}"'},
            )
        match grant.fault:
            case Fault.DOWN:
                return PlainTextResponse("internal error", status_code=500)
            case Fault.GARBLED:
                return Response("<html>ปิดปรับปรุง", media_type="text/html")
            case Fault.SLOW:
                await asyncio.sleep(self.slow)
        return JSONResponse(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": int(TOKEN_LIFE.total_seconds()),
                "scope": " ".join(grant.scopes),
                "id_token": self._id_token(grant, access_token),
            },
            headers={"Pragma": "no-cache"},
        )

    def _id_token(self, grant: Grant, access_token: str) -> str:
        identity = self.scheme.identity(grant.identity)
        if identity is None:
            raise Refused("invalid_grant", "the person is gone")
        now = int(SystemClock().now().timestamp())  # a client's library knows the machine's clock only
        late = 3600 if grant.fault is Fault.EXPIRED else 0
        long_ago = 3600 if grant.fault is Fault.STALE else 0
        claims: dict[str, Any] = {
            "iss": "https://elsewhere.example" if grant.fault is Fault.ISSUER else self.issuer,
            "sub": identity.subject,
            "aud": "another-client" if grant.fault is Fault.AUDIENCE else grant.client_id,
            "iat": now - late,
            "exp": now - late + 300,
            "auth_time": grant.proof.at - late - long_ago,
            "acr": ORDINARY if grant.fault is Fault.WEAK else grant.proof.strength,
            "nonce": secrets.token_urlsafe(8) if grant.fault is Fault.NONCE else grant.nonce,
            "at_hash": unpadded(hashlib.sha256(access_token.encode()).digest()[:16]),
            **self.scheme.claims(identity, grant.scopes),
        }
        token = jwt.encode({"alg": ALGORITHM, "kid": self.key.kid}, claims, self.key)
        if grant.fault is Fault.SIGNATURE:
            head, body, _ = token.split(".")
            return f"{head}.{body}.{unpadded(secrets.token_bytes(256))}"
        return token

    async def userinfo(self, request: Request) -> Response:
        """The granted claims again, for the bearer of the access token (OpenID Connect Core §5.3)."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self.grants.holder(token) if scheme.lower() == "bearer" else None
        identity = self.scheme.identity(grant.identity) if grant else None
        if grant is None or identity is None:
            return JSONResponse(
                {"error": "invalid_token"},
                status_code=401,
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        return JSONResponse({"sub": identity.subject, **self.scheme.claims(identity, grant.scopes)})

    async def end_session(self, request: Request) -> Response:
        """RP-initiated logout 1.0. Digital ID spells the parameter `post_logout_redirect_url`; both are understood."""
        asked = request.query_params
        self.browsers.forget(request.cookies.get(self.cookie, ""))
        back = asked.get("post_logout_redirect_uri") or asked.get("post_logout_redirect_url")
        if back in self.client.after_sign_out and self._issued_by_us(asked.get("id_token_hint", "")):
            query = urlencode({"state": asked["state"]}) if asked.get("state") else ""
            return RedirectResponse(f"{back}?{query}" if query else back, status_code=303)
        return page(request, "signed_out.html", scheme=self.scheme)

    def _issued_by_us(self, token: str) -> bool:
        try:
            claims = jwt.decode(token, self.key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            return False
        return claims.get("iss") == self.issuer and claims.get("aud") == self.client.client_id


def _step(request: Request, **chosen: str) -> str:
    """The same authorization request with another choice in our own parameters; the language stays."""
    url = request.url.remove_query_params([*(OUR_OWN - {"ui_locales"}), "login_hint"])
    return f"?{url.include_query_params(**chosen).query}"
