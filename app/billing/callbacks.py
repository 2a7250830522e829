"""The door the bank knocks at: is it the bank, is it now, does it make sense. Every knock is kept, none raises.

Authenticity: `X-Signature` is the hex HMAC-SHA256, under the secret shared with the bank, over `X-Timestamp` (unix
seconds), a full stop and the body as sent. A knock that is refused is recorded and *returned*, never raised, so that
the record is committed with the answer.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.billing import payments
from app.billing.confirmation import CHANNEL, Confirmation, read
from app.billing.models import BankCallback, Verdict
from app.core.db import new_id

MAX_BODY_BYTES = 16 * 1024
FRESH = timedelta(minutes=5)

_HEX_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_UNIX_SECONDS = re.compile(r"[0-9]{1,11}")
_UNPRINTABLE = re.compile(r"[^ -~]")
_STATUS = {
    Verdict.ACCEPTED: 200,
    Verdict.FORGED: 401,
    Verdict.STALE: 401,
    Verdict.TOO_BIG: 413,
    Verdict.MALFORMED: 400,
    Verdict.CONFLICTING: 409,
}


@dataclass(frozen=True)
class Received:
    """What a knock came to. `said` is there when it was accepted, `waiting` when the bank must now be asked."""

    verdict: Verdict
    callback: BankCallback
    said: Confirmation | None = None
    waiting: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the bank may stop repeating it."""
        return self.verdict is Verdict.ACCEPTED

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return _STATUS[self.verdict]

    @property
    def answer(self) -> dict[str, str]:
        """The JSON the bank expects. A refusal does not tell a stranger which check it failed."""
        if self.said is None:
            return {"resCode": "99", "resDesc": "refused", "transactionId": "", "confirmId": ""}
        return {
            "resCode": "00",
            "resDesc": "success",
            "transactionId": self.said.transaction_id,
            "confirmId": self.callback.id.hex,
        }


def sign(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    """The two headers that make a body authentic: what the bank sends with it."""
    seconds = str(int(at.timestamp()))
    return {"X-Timestamp": seconds, "X-Signature": _digest(secret, seconds, body)}


def receive(
    db: Session, body: bytes, headers: Mapping[str, str], secret: str, now: datetime, channel: str = CHANNEL
) -> Received:
    """Judge one knock, keep it, and claim the payment when it is the bank's. Never raises for a bad one.

    Raises ValueError only for our own mistake: an empty secret would let everybody in.
    """
    if not secret:
        raise ValueError("the bank's callback secret is not set")
    named = {name.lower(): value for name, value in headers.items()}
    signature, signed_at = named.get("x-signature", ""), named.get("x-timestamp", "")
    verdict, reason, said = _judge(body, signature, signed_at, secret, now, channel)
    waiting = False
    if said is not None:
        payment = payments.claim(db, said, now)
        waiting = payment.status in payments.NOT_BOOKED
        if payments.said_of(payment).money != said.money:
            verdict, reason, waiting = Verdict.CONFLICTING, "says something else about a known transaction", False
    callback = BankCallback(
        id=new_id(),
        received_at=now,
        channel=channel,
        body=body[:MAX_BODY_BYTES],
        size=len(body),
        signature=_UNPRINTABLE.sub("?", signature[:200]),
        signed_at=_UNPRINTABLE.sub("?", signed_at[:40]),
        verdict=verdict,
        reason=reason,
        transaction_id=said.transaction_id if said else None,
    )
    db.add(callback)
    db.flush()
    return Received(verdict, callback, said if verdict is Verdict.ACCEPTED else None, waiting)


def _judge(
    body: bytes, signature: str, signed_at: str, secret: str, now: datetime, channel: str
) -> tuple[Verdict, str, Confirmation | None]:
    if len(body) > MAX_BODY_BYTES:
        return Verdict.TOO_BIG, f"{len(body)} bytes, at most {MAX_BODY_BYTES} are read", None
    if not _HEX_DIGEST.fullmatch(signature) or not _UNIX_SECONDS.fullmatch(signed_at):
        return Verdict.FORGED, "no signature, or no time-stamp", None
    if not hmac.compare_digest(signature.lower(), _digest(secret, signed_at, body)):
        return Verdict.FORGED, "the signature does not fit", None
    if abs(now.timestamp() - int(signed_at)) > FRESH.total_seconds():
        return Verdict.STALE, "signed more than five minutes away from now", None
    try:
        return Verdict.ACCEPTED, "", read(body, channel)
    except ValueError as error:
        return Verdict.MALFORMED, str(error)[:200], None


def _digest(secret: str, seconds: str, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
