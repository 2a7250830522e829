"""What the provider remembers between the authorization request and the token: codes and access tokens, in memory.

A code lives a minute and works once (RFC 6749 §4.1.2); using it again also ends the access token it had given.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

CODE_LIFE = timedelta(seconds=60)
TOKEN_LIFE = timedelta(minutes=10)
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class Fault(StrEnum):
    """What goes wrong on purpose after the person has agreed, so that a relying party can be tried."""

    NONCE = "nonce"
    EXPIRED = "expired"
    AUDIENCE = "audience"
    ISSUER = "issuer"
    SIGNATURE = "signature"
    STALE = "stale"
    WEAK = "weak"
    DOWN = "down"
    GARBLED = "garbled"
    SLOW = "slow"


@dataclass(frozen=True)
class Proof:
    """That a person proved who they are: whose key, when (Unix seconds), and by how strong a way (`acr`)."""

    identity: str
    at: int
    strength: str


@dataclass(frozen=True)
class Grant:
    """What one person allowed one client, and under which conditions the client may fetch it."""

    client_id: str
    redirect_uri: str
    identity: str
    scopes: tuple[str, ...]
    nonce: str
    challenge: str
    given_at: datetime
    proof: Proof
    fault: Fault | None = None


class Refused(Exception):
    """An OAuth error code with a text for the developer who reads it."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass
class Issued:
    """A code and, once redeemed, the access token it gave."""

    grant: Grant
    token: str | None = None


@dataclass
class Grants:
    """All codes and access tokens of one provider."""

    now: Callable[[], datetime]
    _codes: dict[str, Issued] = field(default_factory=dict)
    _tokens: dict[str, tuple[Grant, datetime]] = field(default_factory=dict)

    def code(self, grant: Grant) -> str:
        """A new code for this grant; codes nobody can use any more are forgotten."""
        old = self.now() - TOKEN_LIFE
        self._codes = {code: issued for code, issued in self._codes.items() if issued.grant.given_at > old}
        self._tokens = {token: given for token, given in self._tokens.items() if given[1] > self.now()}
        code = secrets.token_urlsafe(32)
        self._codes[code] = Issued(grant)
        return code

    def redeem(self, grant_type: str, code: str, client_id: str, redirect_uri: str, verifier: str) -> tuple[Grant, str]:
        """The grant behind `code` and a fresh access token. Raises Refused with the reason."""
        if grant_type != "authorization_code":
            raise Refused("unsupported_grant_type", "grant_type must be authorization_code")
        issued = self._codes.get(code)
        if issued is None or issued.grant.client_id != client_id:
            raise Refused("invalid_grant", "the code is unknown")
        if issued.token is not None:
            self._tokens.pop(issued.token, None)
            raise Refused("invalid_grant", "the code was used before")
        grant = issued.grant
        if self.now() - grant.given_at > CODE_LIFE:
            raise Refused("invalid_grant", "the code has expired")
        if grant.redirect_uri != redirect_uri:
            raise Refused("invalid_grant", "redirect_uri differs from the authorization request")
        if not VERIFIER.fullmatch(verifier) or not secrets.compare_digest(challenge_of(verifier), grant.challenge):
            raise Refused("invalid_grant", "code_verifier does not fit code_challenge")
        issued.token = secrets.token_urlsafe(32)
        self._tokens[issued.token] = (grant, self.now() + TOKEN_LIFE)
        return grant, issued.token

    def holder(self, token: str) -> Grant | None:
        """What the bearer of an access token may read, while the token lives."""
        grant, until = self._tokens.get(token, (None, self.now()))
        return grant if until > self.now() else None


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a code verifier (RFC 7636 §4.2)."""
    return unpadded(hashlib.sha256(verifier.encode("ascii")).digest())


def unpadded(data: bytes) -> str:
    """base64url without padding, as JOSE writes it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
