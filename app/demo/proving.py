"""Who proved to be whom at a provider, in which browser, when and how strongly; and when they have to do it anew.

A provider remembers a browser, so that the next relying party asks nobody for a password again. `prompt=login`,
`max_age` and `acr_values` (OpenID Connect Core 1.0, 3.1.2.1) are how a relying party insists.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.demo.grants import Proof, Refused

ORDINARY, STRONG = "aal1", "aal2"
"""A password alone; the app on the person's own device, too."""
LONGEST = 10_000


@dataclass
class Browsers:
    """What a provider remembers of the browsers it has seen, in memory; a cookie holds the key."""

    _known: dict[str, Proof] = field(default_factory=dict)

    def remember(self, proof: Proof) -> str:
        """The value of the cookie for somebody who just proved to be there."""
        if len(self._known) >= LONGEST:
            self._known.pop(next(iter(self._known)))
        key = secrets.token_urlsafe(24)
        self._known[key] = proof
        return key

    def forget(self, key: str) -> None:
        """They signed out."""
        self._known.pop(key, None)

    def who(self, key: str) -> Proof | None:
        """Who proved to be there in this browser."""
        return self._known.get(key)


@dataclass(frozen=True)
class Demand:
    """What a relying party insists on."""

    anew: bool
    """Prove it now, whatever was proved before (`prompt=login`, and `max_age=0`, which means the same)."""
    seconds: int | None
    """Not longer ago than this (`max_age`)."""
    strong: bool
    """By the app on one's own device (`acr_values`, and whenever somebody is asked anew)."""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Demand":
        """Read from an authorization request; raises Refused."""
        text = asked.get("max_age", "")
        if text and not (text.isascii() and text.isdigit()):
            raise Refused("invalid_request", "max_age must be a number of seconds")
        anew = "login" in asked.get("prompt", "").split() or (text != "" and int(text) == 0)
        return cls(anew, int(text) if text else None, anew or STRONG in asked.get("acr_values", "").split())

    def met_by(self, proof: Proof | None) -> bool:
        """Whether what was proved before is enough."""
        if proof is None or self.anew or (self.strong and proof.strength != STRONG):
            return False
        return self.seconds is None or now() - proof.at <= self.seconds

    def proved(self, identity: str) -> Proof:
        """They proved it this moment, as strongly as was asked."""
        return Proof(identity, now(), STRONG if self.strong else ORDINARY)


def now() -> int:
    """Unix seconds of the machine: a relying party's library knows no other clock."""
    return int(time.time())
