"""Is this licence genuine, and is it valid now? For a stranger with a code or a number, and for anyone with a file.

A file is genuine for one of two reasons only. It is, byte for byte, one that the register knows this house gave out.
Or it begins with such a file, and what follows is nothing but proof of it, each part under a time-stamp (see
`app.pdf.validating`): readers add that of their own accord. Everything else, whatever it says of itself and whoever
signed it, is altered or unknown.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog
from sqlalchemy.orm import Session

from app.applications import case_letters, letters
from app.applications.case_letters import Says
from app.billing import receipts
from app.catalogue.schema import Text
from app.core.errors import Unavailable
from app.core.i18n import gettext as _
from app.licences import editions, matters
from app.licences import service as licences
from app.licences.models import Licence, LicenceDocument, LicenceEdition
from app.licences.service import Verdict
from app.pdf import examining, issued
from app.pdf.certificates import CertificateFacts, in_pem
from app.pdf.validating import Examination, Finding
from app.stories.house import House

log = structlog.get_logger(__name__)

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of a file that is judged; ours have a tenth of a megabyte."""


@dataclass(frozen=True)
class Known:
    """An edition of a licence in the register: its newest file, the hash of every form of it, and what holds now."""

    licence: Licence
    edition: LicenceEdition
    in_force: LicenceEdition
    """The edition in force: this one, unless it was replaced."""
    document: LicenceDocument
    verdict: Verdict
    digests: tuple[str, ...]
    renews: Licence | None
    renewed_by: Licence | None


def of_code(db: Session, text: str, now: datetime) -> Known | None:
    """The licence behind a code from a QR or typed from paper; None when the register has none."""
    licence = licences.by_code(db, text)
    if licence is None:
        return None
    code = licences.typed(text)
    return _known(db, licence, lambda edition: edition.code == code, now)


def _known(db: Session, licence: Licence, is_it: Callable[[LicenceEdition], bool], now: datetime) -> Known:
    issued = editions.issued(db, licence.id)
    edition = next(one for one in issued if is_it(one))
    forms = editions.forms(db, edition)
    renews, renewed_by = licences.neighbours(db, licence)
    return Known(
        licence=licence,
        edition=edition,
        in_force=issued[-1],
        document=forms[-1],
        verdict=licences.verdict(licence, now, edition.code),
        digests=tuple(form.digest for form in forms),
        renews=renews,
        renewed_by=renewed_by,
    )


@dataclass(frozen=True)
class Recipe:
    """What anybody can compare a signature with who does not want to ask us: the roots, and every agency's seal."""

    roots: tuple[CertificateFacts, ...]
    seals: tuple[tuple[Text, CertificateFacts], ...]


def recipe(house: House) -> Recipe:
    """The certificates of this house as they are now."""
    seals = []
    for code in house.signers:
        with suppress(Unavailable):  # an agency whose seal cannot be used now signs nothing either
            seals.append((house.agency(code).name, house.signers[code].certificate))
    return Recipe(tuple(in_pem(house.trust_roots)), tuple(seals))


@dataclass(frozen=True)
class FileAnswer:
    """The verdict on a file, in words, with the facts it rests on."""

    genuine: bool
    kind: Literal["valid", "expired", "suspended", "surrendered", "revoked", "replaced", "altered_or_unknown"]
    words: str
    sha256: str
    facts: tuple[str, ...] = ()
    known: Known | None = None
    number: str = ""
    """The number of a genuine document that is no licence: a receipt, a letter."""
    finding: Finding | None = None
    """Why not, as far as the file shows it."""
    seal: str = ""
    """Fingerprint of the certificate that sealed it, as it was noted when it was issued."""


WORDS = {
    Verdict.VALID: "ของจริง และใช้ได้",
    Verdict.EXPIRED: "ของจริง แต่หมดอายุแล้ว",
    Verdict.SUSPENDED: "ของจริง แต่ถูกพักใช้",
    Verdict.SURRENDERED: "ของจริง แต่ผู้รับอนุญาตคืนใบแล้ว",
    Verdict.REVOKED: "ของจริง แต่ถูกเพิกถอนแล้ว",
    Verdict.REPLACED: "ของจริง แต่มีฉบับใหม่ออกแทนแล้ว",
}
UNKNOWN = "ไฟล์นี้ถูกแก้ไข หรือไม่ได้ออกจากจุดเดียว"


def of_file(house: House, pdf: bytes) -> FileAnswer:
    """Judge a PDF; it is neither kept nor written anywhere. Raises Unavailable when too many are being judged."""
    now, digest = house.clock.now(), hashlib.sha256(pdf).hexdigest()
    with house.database.transaction() as db:
        answer = _of_digest(db, digest, digest, now)
    if answer is not None:
        return answer
    try:
        found = examining.examine(pdf, [house.trust_roots], now)
    except examining.JudgeBroken as broken:
        log.exception("a file could not be judged", sha256=digest)
        found = Examination(problem=str(broken), finding=Finding.UNREADABLE)
    if found.genuine:
        with house.database.transaction() as db:
            answer = _of_digest(db, found.original, digest, now)
        if answer is not None and _by_its_signer(answer, found):
            return answer
    finding = Finding.STRANGER if found.genuine else found.finding
    return FileAnswer(
        genuine=False, kind="altered_or_unknown", words=_(UNKNOWN), sha256=digest, facts=_facts(found), finding=finding
    )


def _by_its_signer(answer: FileAnswer, found: Examination) -> bool:
    """Whether the certificate that signed is the one that is noted beside the document."""
    return found.signer is not None and answer.seal == found.signer.fingerprint


def _of_digest(db: Session, digest: str, sha256: str, now: datetime) -> FileAnswer | None:
    """What left this house with exactly this hash, and how it stands now."""
    found = licences.by_digest(db, digest)
    if found is not None:
        licence, number = found
        known = _known(db, licence, lambda edition: edition.number == number, now)
        document = known.document
        facts = (
            f"licence {licence.number}, {known.verdict}",
            f"signed {document.signed_at.isoformat()} by {document.signer}",
        )
        return FileAnswer(
            genuine=True,
            kind=known.verdict.value,
            words=_(WORDS[known.verdict]),
            sha256=sha256,
            facts=facts,
            known=known,
            number=licence.number,
            seal=document.certificate_fingerprint,
        )
    form = issued.known(db, digest)
    first, seal = (form.first, form.seal) if form else (digest, "")
    receipt = receipts.by_digest(db, first)
    if receipt is not None:
        return _document(_("ของจริง เป็นใบเสร็จรับเงิน"), "receipt", receipt.number, sha256, seal)
    letter = letters.by_digest(db, first)
    if letter is not None:
        return _document(_("ของจริง เป็นหนังสือแจ้งผลการพิจารณา"), "letter", letter.number, sha256, seal)
    told = case_letters.by_digest(db, first)
    if told is not None:
        words = _("ของจริง เป็นบันทึกข้อบกพร่อง") if told.says is Says.DEFICIENCY else _("ของจริง เป็นหนังสือแจ้งเหตุล่าช้า")
        return _document(words, "letter", told.number, sha256, seal)
    about = matters.letter_by_digest(db, first)
    if about is not None:
        return _document(_("ของจริง เป็นหนังสือถึงผู้รับอนุญาต"), "letter", about.number, sha256, seal)
    return None


def _document(words: str, what: str, number: str, sha256: str, seal: str) -> FileAnswer:
    return FileAnswer(
        genuine=True, kind="valid", words=words, sha256=sha256, facts=(f"{what} {number}",), number=number, seal=seal
    )


def _facts(found: Examination) -> tuple[str, ...]:
    facts = [
        f"signatures {found.signatures}, intact {found.intact}, trusted {found.trusted}",
        f"coverage {found.coverage or '-'}, changes {found.modification or '-'}",
    ]
    if found.signer:
        facts.append(f"signed by {found.signer.subject}")
    if found.timestamp:
        facts.append(f"time-stamp {found.timestamp.time.isoformat()} by {found.timestamp.authority}")
    if found.problem:
        facts.append(found.problem)
    return tuple(facts)
