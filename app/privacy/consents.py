"""Optional uses of data: asked one by one, refused without loss, withdrawn as easily as given (PDPA s.19)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.privacy import texts
from app.privacy.models import Consent, PrivacyText, Purpose, TextKind

VERSION = "2"

OFFERED = (Purpose.REGISTRIES_PREFILL, Purpose.REUSE)
"""What is asked today: only uses that the portal really makes. Older purposes stay in the history."""

QUESTIONS: dict[Purpose, str] = {
    Purpose.REGISTRIES_PREFILL: (
        "ให้จุดเดียวดึงข้อมูลของคุณจากทะเบียนของรัฐมากรอกแบบฟอร์มนี้ให้ ถ้าไม่ให้ดึง คุณกรอกเองได้ และยื่นคำขอได้เหมือนกัน"
    ),
    Purpose.REUSE: ("ให้จุดเดียวนำคำตอบจากแบบฟอร์มที่คุณส่งครั้งล่าสุดมาใส่ในแบบฟอร์มใหม่ให้คุณตรวจ ถ้าไม่ให้ แบบฟอร์มใหม่เริ่มจากว่าง"),
}
"""What exactly is asked (msgids). A change of words is a new `VERSION`; earlier answers keep their words."""


@dataclass(frozen=True)
class Standing:
    """The answer that holds now. `since` is when it was given; None: never asked, which counts as no."""

    purpose: Purpose
    given: bool
    since: datetime | None = None
    withdrawn: bool = False
    """Once given and then taken back, as opposed to refused from the start."""


@dataclass(frozen=True)
class Answered:
    """One row of the history: which words, in which language, what was answered."""

    purpose: Purpose
    given: bool
    at: datetime
    language: str
    version: str
    text: str
    digest: str


def give(db: Session, person_id: UUID, purpose: Purpose, text: str, language: str, now: datetime) -> None:
    """The person allows `purpose`, having read exactly `text` (the question as it was shown to them)."""
    _answer(db, person_id, purpose, text, language, now, given=True)


def refuse(db: Session, person_id: UUID, purpose: Purpose, text: str, language: str, now: datetime) -> None:
    """The person does not allow `purpose`, having read exactly `text`."""
    _answer(db, person_id, purpose, text, language, now, given=False)


withdraw = refuse
"""Taking a consent back is the same act as refusing it, and as easy (s.19)."""


def current(db: Session, person_id: UUID) -> dict[Purpose, Standing]:
    """What holds now for every purpose we ask about, asked of this person or not."""
    latest: dict[Purpose, Standing] = {}
    rows = db.execute(
        select(Consent.purpose, Consent.given, Consent.at)
        .where(Consent.person_id == person_id)
        .order_by(Consent.at, Consent.id)
    )
    for row in rows:
        before = latest.get(row.purpose)
        withdrawn = not row.given and before is not None and (before.given or before.withdrawn)
        latest[row.purpose] = Standing(row.purpose, row.given, row.at, withdrawn)
    return {purpose: latest.get(purpose, Standing(purpose, given=False)) for purpose in OFFERED}


def allowed(db: Session, person_id: UUID, purpose: Purpose) -> bool:
    """Whether the person's latest answer to `purpose` is yes."""
    return bool(
        db.scalar(
            select(Consent.given)
            .where(Consent.person_id == person_id, Consent.purpose == purpose)
            .order_by(Consent.at.desc(), Consent.id.desc())
            .limit(1)
        )
    )


def history(db: Session, person_id: UUID) -> list[Answered]:
    """Every answer with the words it was given to, newest first."""
    rows = db.execute(
        select(
            Consent.purpose,
            Consent.given,
            Consent.at,
            PrivacyText.language,
            PrivacyText.version,
            PrivacyText.text,
            PrivacyText.digest,
        )
        .join(PrivacyText, PrivacyText.digest == Consent.text_digest)
        .where(Consent.person_id == person_id)
        .order_by(Consent.at.desc(), Consent.id.desc())
    )
    return [Answered(*row) for row in rows]


def _answer(
    db: Session, person_id: UUID, purpose: Purpose, text: str, language: str, now: datetime, *, given: bool
) -> None:
    digest = texts.keep(db, TextKind.CONSENT, VERSION, language, text, now)
    db.add(Consent(person_id=person_id, purpose=purpose, given=given, text_digest=digest, at=now))
    db.flush()
