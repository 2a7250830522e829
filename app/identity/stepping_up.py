"""Being there anew: a sign-in made for one act alone, fresh, strong enough, and bound to exactly what was shown.

The digest of what is to be signed travels as part of the OpenID `nonce`, which the provider repeats in the token it
signs: the token itself says which list its holder agreed to. OpenID Connect Core 1.0, 2 and 3.1.2.1 (`prompt`,
`max_age`, `auth_time`, `acr`).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.identity import claims
from app.identity.oidc import Reason, SignInFailed

GOOD_FOR_SECONDS = 300
"""From leaving for the provider until the act: a few minutes."""
SKEW_SECONDS = 10
"""How far the provider's clock may be behind ours."""


@dataclass(frozen=True)
class Presence:
    """Who proved to be there, when, how strongly, and for what (the digest of what they were shown)."""

    issuer: str
    subject: str
    at: datetime
    strength: str
    what: str

    def as_facts(self) -> dict[str, str]:
        """As events and records keep it."""
        return {
            "issuer": self.issuer,
            "signed_in_anew": self.at.isoformat(),
            "acr": self.strength,
            "digest": self.what,
        }


def nonce(what: str) -> str:
    """A nonce nobody can guess that names what is to be signed (a hex digest)."""
    return f"{what}.{secrets.token_urlsafe(16)}"


def asking(strong: Sequence[str]) -> dict[str, str]:
    """What an authorization request says so that the person has to sign in anew, and strongly."""
    wanted = {"prompt": "login", "max_age": "0"}
    return wanted | ({"acr_values": " ".join(strong)} if strong else {})


def presence(issuer: str, said: Mapping[str, Any], left_at: float, now: float, strong: Sequence[str]) -> Presence:
    """What verified claims prove of somebody who left for the provider at `left_at` (Unix seconds, our clock).

    Raises SignInFailed: they did not sign in anew, came back too late, or too weakly.
    """
    signed_in, strength = said.get("auth_time"), str(said.get("acr", ""))
    if now - left_at > GOOD_FOR_SECONDS:
        raise SignInFailed(Reason.EXPIRED, "came back too late to act")
    if isinstance(signed_in, bool) or not isinstance(signed_in, int | float):
        raise SignInFailed(Reason.NOT_FRESH, "no auth_time")
    if not left_at - SKEW_SECONDS <= signed_in <= now + SKEW_SECONDS:
        raise SignInFailed(Reason.NOT_FRESH, "auth_time is not of this act")
    if strength not in strong:
        raise SignInFailed(Reason.TOO_WEAK, f"acr {strength[:40]!r}")
    what = str(said.get("nonce", "")).partition(".")[0]
    return Presence(issuer, claims.subject(said), datetime.fromtimestamp(signed_in, UTC), strength, what)
