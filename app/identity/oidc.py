"""What is ours in OpenID Connect: which clients, which secret, which answer is good enough, and what failure means.

The protocol itself is authlib's; the part of it that speaks HTTP to the browser lives in `pages/sign_in.py`.
"""

import hashlib
from collections.abc import Mapping
from enum import StrEnum

from app.core.errors import DomainError
from app.settings import OidcClient

LEEWAY_SECONDS = 60
TIMEOUT_SECONDS = 5.0
ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures we accept whatever the provider offers: never `none`, never a shared secret."""


class Reason(StrEnum):
    """Why a sign-in did not succeed."""

    DENIED = "denied"
    EXPIRED = "expired"
    PROVIDER_DOWN = "provider_down"
    BAD_ANSWER = "bad_answer"
    REFUSED = "refused"
    NOT_FRESH = "not_fresh"
    TOO_WEAK = "too_weak"


_WORDS = {
    Reason.DENIED: "คุณยังไม่ได้เข้าสู่ระบบ เพราะไม่ได้อนุญาตให้ส่งข้อมูลในหน้าของผู้ให้บริการยืนยันตัวตน เข้าสู่ระบบใหม่ได้ทุกเมื่อ",
    Reason.EXPIRED: "การเข้าสู่ระบบครั้งนี้หมดเวลาหรือใช้ไปแล้ว เริ่มเข้าสู่ระบบใหม่อีกครั้ง",
    Reason.PROVIDER_DOWN: "ผู้ให้บริการยืนยันตัวตนยังไม่ตอบ ข้อมูลที่คุณกรอกไว้ยังอยู่ครบ รอสักครู่แล้วเข้าสู่ระบบอีกครั้ง",
    Reason.BAD_ANSWER: "เราตรวจคำตอบของผู้ให้บริการยืนยันตัวตนแล้วไม่ผ่าน จึงไม่เปิดข้อมูลให้ เริ่มเข้าสู่ระบบใหม่จากหน้านี้",
    Reason.NOT_FRESH: "ผู้ให้บริการยืนยันตัวตนตอบว่าคุณยังไม่ได้ยืนยันตัวตนใหม่ในครั้งนี้ กดยืนยันตัวตนอีกครั้ง แล้วทำตามที่หน้านั้นขอให้ครบ",
    Reason.TOO_WEAK: "วิธียืนยันตัวตนที่ใช้ยังไม่แข็งแรงพอสำหรับลงนามหลายเรื่อง ยืนยันอีกครั้งด้วยแอปหรืออุปกรณ์ของคุณ",
}
_STATUS = {
    Reason.DENIED: 403,
    Reason.EXPIRED: 400,
    Reason.PROVIDER_DOWN: 503,
    Reason.BAD_ANSWER: 502,
    Reason.NOT_FRESH: 403,
    Reason.TOO_WEAK: 403,
}


class SignInFailed(DomainError):
    """Nobody was signed in. `reason` chooses words and status; `cause` is for the log, without personal data."""

    def __init__(self, reason: Reason, cause: str = "") -> None:
        super().__init__(_WORDS.get(reason, ""))
        self.reason = reason
        self.cause = cause
        self.status = _STATUS.get(reason, DomainError.status)

    @classmethod
    def refused(cls, why: DomainError) -> "SignInFailed":
        """The provider vouched for someone whom we do not let in; the words and the status are those of `why`."""
        failed = cls(Reason.REFUSED, type(why).__name__)
        failed.message, failed.values, failed.status = why.message, why.values, why.status
        return failed


def secret(client: OidcClient) -> str:
    """The client secret as it is sent.

    DGA Digital ID expects, instead of the issued secret, s = md5_hex(s + "EGA") repeated `secret_rounds` times (7 in
    its documents). Not a protection, only its protocol.
    """
    sent = client.client_secret
    for _ in range(client.secret_rounds):
        sent = hashlib.md5(f"{sent}EGA".encode(), usedforsecurity=False).hexdigest()
    return sent


def discovery_url(client: OidcClient) -> str:
    """Where the provider describes itself (OpenID Connect Discovery 1.0 §4)."""
    return client.issuer.rstrip("/") + "/.well-known/openid-configuration"


def check_provider(client: OidcClient, metadata: Mapping[str, object]) -> list[str]:
    """Refuse a description that is not of our issuer, cannot do S256 or signs with nothing we accept.

    Returns the signature algorithms that remain. Raises SignInFailed(BAD_ANSWER).
    """
    if metadata.get("issuer") != client.issuer:
        raise SignInFailed(Reason.BAD_ANSWER, "discovery names another issuer")
    for endpoint in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(metadata.get(endpoint), str):
            raise SignInFailed(Reason.BAD_ANSWER, f"discovery has no {endpoint}")
    offered = metadata.get("id_token_signing_alg_values_supported", ["RS256"])
    accepted = [name for name in ALGORITHMS if isinstance(offered, list) and name in offered]
    if not accepted:
        raise SignInFailed(Reason.BAD_ANSWER, "provider signs with nothing we accept")
    return accepted


def claims_options(client: OidcClient) -> dict[str, dict[str, object]]:
    """What the id_token must say beside nonce and time: this issuer, and us as audience.

    authlib alone would accept a token for somebody else that names us in `azp`.
    """
    return {
        "iss": {"essential": True, "values": [client.issuer]},
        "sub": {"essential": True},
        "aud": {"essential": True, "values": [client.client_id]},
        "nonce": {"essential": True},
    }


def check_answer(client: OidcClient, query: Mapping[str, str], metadata: Mapping[str, object]) -> None:
    """The authorization response must come from the provider we asked (RFC 9207, against mix-up)."""
    iss = query.get("iss")
    if iss is None and not metadata.get("authorization_response_iss_parameter_supported"):
        return
    if iss != client.issuer:
        raise SignInFailed(Reason.BAD_ANSWER, "answer names another issuer")


def same_person(id_token: Mapping[str, object], userinfo: Mapping[str, object]) -> dict[str, object]:
    """Userinfo added to the id_token's claims, which win; refused when `sub` differs (OpenID Connect Core 5.3.2)."""
    if userinfo.get("sub") != id_token.get("sub"):
        raise SignInFailed(Reason.BAD_ANSWER, "userinfo is about somebody else")
    return {**userinfo, **id_token}
