"""Is this licence genuine, and is it valid now? For a stranger with a code, and for anyone with a file."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from app.billing import receipts
from app.core.i18n import gettext as _
from app.licences import service as licences
from app.licences.models import Licence, LicenceDocument
from app.licences.service import Verdict
from app.pdf import validating
from app.stories.house import House


@dataclass(frozen=True)
class Known:
    """A licence of the register with its newest file and what holds now."""

    licence: Licence
    document: LicenceDocument
    verdict: Verdict


def of_code(db: Session, text: str, now: datetime) -> Known | None:
    """The licence behind a code from a QR or typed from paper; None when the register has none."""
    licence = licences.by_code(db, text)
    if licence is None:
        return None
    return Known(licence, licences.document(db, licence.id), licences.verdict(licence, now))


@dataclass(frozen=True)
class FileAnswer:
    """The verdict on a file, in words, with the facts it rests on."""

    genuine: bool
    kind: Literal["valid", "expired", "suspended", "revoked", "altered_or_unknown"]
    words: str
    facts: tuple[str, ...]


WORDS = {
    Verdict.VALID: "ของจริง และใช้ได้",
    Verdict.EXPIRED: "ของจริง แต่หมดอายุแล้ว",
    Verdict.SUSPENDED: "ของจริง แต่ถูกพักใช้",
    Verdict.REVOKED: "ของจริง แต่ถูกเพิกถอนแล้ว",
}


def of_file(house: House, pdf: bytes) -> FileAnswer:
    """Judge a PDF: the exact file of the register, with a signature that still holds. Anything else is not genuine."""
    now = house.clock.now()
    digest = hashlib.sha256(pdf).hexdigest()
    found = validating.examine(pdf, [house.trust_roots], now=now)
    facts = [
        f"SHA-256 {digest}",
        f"signatures {found.signatures}, intact {found.intact}, trusted {found.trusted}",
        f"coverage {found.coverage or '-'}",
    ]
    if found.signer:
        facts.append(f"signed by {found.signer.subject}")
    if found.timestamp:
        facts.append(f"time-stamp {found.timestamp.time.isoformat()} by {found.timestamp.authority}")
    if found.problem:
        facts.append(found.problem)
    with house.database.transaction() as db:
        receipt = receipts.by_digest(db, digest)
        if receipt is not None and found.genuine:
            facts.append(f"receipt {receipt.number}")
            return FileAnswer(genuine=True, kind="valid", words=_("ของจริง เป็นใบเสร็จรับเงิน"), facts=tuple(facts))
        licence = licences.by_digest(db, digest)
        if licence is None or not found.genuine:
            return FileAnswer(
                genuine=False, kind="altered_or_unknown", words=_("ไฟล์นี้ถูกแก้ไข หรือไม่ได้ออกจากจุดเดียว"), facts=tuple(facts)
            )
        verdict = licences.verdict(licence, now)
        facts.append(f"licence {licence.number}, {verdict}")
    return FileAnswer(genuine=True, kind=verdict.value, words=_(WORDS[verdict]), facts=tuple(facts))
