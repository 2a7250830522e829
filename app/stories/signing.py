"""Several people sign one paper: asked by the applicant, each alone with the paper, the same words, the same hash.

An electronic signature here is an act of somebody who is signed in with ThaID, has the whole paper before them and says
so by pressing its button (Electronic Transactions Act B.E. 2544 s.9): the event names who, how surely known, and the
SHA-256 of exactly what stood there. An edit of a quoted answer makes other words, so it voids what was signed.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import forms, uploads
from app.applications.drafts import touch
from app.applications.form_models import FormState, SingleForm
from app.catalogue.papers import Role
from app.core import jobs
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.events import Actor
from app.core.thai import clean
from app.identity import people, sessions
from app.identity.sessions import CitizenSession
from app.notices import inbox
from app.papers import document, sheets, signers
from app.papers.document import Signed
from app.papers.models import Paper, Signer
from app.papers.signers import Standing
from app.stories import quoting, voiding
from app.stories.apply import with_shape
from app.stories.house import House
from app.stories.papers import Look, look, open_draft
from app.stories.sealing import unsigned

LEAST_IAL = Decimal("2.3")
"""Who signs has proved their identity to this level (ThaID)."""
LONGEST_NAME = 120
NOT_FOR_YOU = "ลิงก์นี้ใช้ได้เฉพาะคนที่ผู้ยื่นระบุชื่อไว้ ชื่อที่คุณเข้าสู่ระบบไม่ตรง ขอให้ผู้ยื่นตรวจชื่อ แล้วส่งลิงก์ใหม่ให้คุณ"


# — The applicant asks ——————————————————————————————————————————————————————————————————————————————————————————


def ask(
    db: Session, house: House, citizen: CitizenSession, form_id: UUID, key: str, who: tuple[str, str], now: datetime
) -> Signer:
    """Ask somebody (role, name) to sign a paper of my draft. Invalid without a name, Conflict when the role is full."""
    found = open_draft(db, house, citizen, form_id, key)
    role_key, typed = who
    role = _role(found, role_key)
    name = voiding.named(found.filled, role) or clean(typed)[:LONGEST_NAME]
    if len(name.split()) < 2:
        raise Invalid("ใส่ชื่อและนามสกุลของผู้ลงนาม เช่น นางบุญมา จำลอง")
    mine = [one for one in found.draft.signers if one.role == role.key and one.document_key == key]
    if len(mine) >= role.most or any(one.name == name for one in mine):
        raise Conflict("ขอลายมือชื่อของคนนี้ หรือครบจำนวนของฐานะนี้แล้ว ดูรายชื่อในหน้านี้")
    signer = signers.ask(db, form_id, key, role.key, name, citizen.person_id, now)
    form = forms.draft(db, citizen.applicant_id, form_id)
    form.signing = True
    touch(form, now)
    voiding.record(db, form, "form.signer_asked", sessions.actor(citizen), now, document=key, role=role.key, name=name)
    return signer


def renew(db: Session, citizen: CitizenSession, form_id: UUID, signer_id: UUID, now: datetime) -> Signer:
    """A new link for somebody I asked; the old one ends. Conflict once they have signed."""
    signer, form = _asked(db, citizen, form_id, signer_id)
    signers.renew(signer, now)
    who = sessions.actor(citizen)
    voiding.record(db, form, "form.signer_asked_again", who, now, document=signer.document_key, name=signer.name)
    return signer


def take_back(
    db: Session, house: House, citizen: CitizenSession, form_id: UUID, signer_id: UUID, now: datetime
) -> Signer:
    """Whom I asked need not sign any more; their link ends at once. Conflict once they have signed.

    Were they the last to wait for, the paper is done with those who signed.
    """
    signer, form = _asked(db, citizen, form_id, signer_id)
    voiding.take_back(db, form, signer, sessions.actor(citizen), now)
    db.flush()
    with suppress(NotFound):  # the form needs that paper no more
        _done(db, house, look(db, house, citizen, form_id, signer.document_key), citizen.person_id, now)
    return signer


def _done(db: Session, house: House, found: Look, person_id: UUID, now: datetime) -> None:
    """File the paper once nobody is waited for, unless it is there already."""
    form_id, sha256 = found.draft.form.id, sheets.digest(found.filled.body())
    mine = [one for one in signers.of_form(db, form_id) if one.document_key == found.asked.key]
    papers = sheets.several(db, {one.paper_id for one in mine if one.paper_id and one.signed_at})
    if not mine or missing(found, mine, now) or [one.sha256 for one in papers.values()] != [sha256]:
        return
    (paper,) = papers.values()
    if found.file is None or found.file.paper_id != paper.id:
        _file(db, house, found, paper, mine, person_id, now)


def _asked(db: Session, citizen: CitizenSession, form_id: UUID, signer_id: UUID) -> tuple[Signer, SingleForm]:
    form = forms.draft(db, citizen.applicant_id, form_id)
    signer = signers.one(db, form_id, signer_id)
    if signer.signed_at is not None:
        raise Conflict("คนนี้ลงนามแล้ว ถ้าข้อความผิด แก้คำตอบ แล้วขอลายมือชื่อใหม่")
    return signer, form


def _role(found: Look, key: str) -> Role:
    role = next((one for one in found.filled.prepared.roles if one.key == key), None)
    if role is None or found.filled.prepared.signing != "online":
        raise NotFound
    return role


def link(house: House, signer: Signer) -> str:
    """The address to hand over."""
    return f"{house.settings.base_url}/sign/{signer.id}/{signers.token(house.keyring, signer)}"


# — Somebody opens their link —————————————————————————————————————————————————————————————————————————————————————


def opened(
    db: Session, house: House, citizen: CitizenSession, signer_id: UUID, token: str, now: datetime, *, act: bool = False
) -> tuple[Signer, Look]:
    """What I am asked to sign: only this paper and what it quotes.

    NotFound for no such link, Forbidden for one that is meant for somebody else, Conflict for one that is over.
    """
    first = signers.by_link(db, house.keyring, signer_id, token)
    if act:
        forms.lock(db, first.single_form_id)
    signer = signers.by_link(db, house.keyring, signer_id, token, lock=True)
    names = people.names(db, citizen.person_id)
    if signer.person_id not in (None, citizen.person_id) or not signers.meant(signer, *names):
        raise Forbidden(NOT_FOR_YOU)
    form = db.get_one(SingleForm, signer.single_form_id)
    if signers.standing(signer, now) is Standing.EXPIRED or form.state is FormState.DISCARDED:
        raise Conflict("ลิงก์นี้หมดอายุหรือแบบฟอร์มถูกยกเลิกแล้ว ขอลิงก์ใหม่จากผู้ยื่น")
    current = with_shape(db, house, form)
    asked = next((one for one in current.documents if one.key == signer.document_key), None)
    filled = quoting.filled(current.shape, asked, current.values) if asked else None
    if asked is None or filled is None:
        raise Conflict("ผู้ยื่นไม่ต้องใช้เอกสารนี้แล้ว คุณไม่ต้องลงนาม")
    if not act:
        _bind(db, form, signer, citizen, now)
    return signer, Look(current, asked, filled)


def _bind(db: Session, form: SingleForm, signer: Signer, citizen: CitizenSession, now: datetime) -> None:
    """From here on the link is this person's alone."""
    if signer.person_id is None:
        signer.person_id, signer.opened_at = citizen.person_id, now
        voiding.record(db, form, "form.signer_opened", _human(citizen), now, document=signer.document_key)


def sign(
    db: Session, house: House, citizen: CitizenSession, signer_id: UUID, token: str, seen: str, now: datetime
) -> Signer:
    """Sign exactly what was seen. Conflict when it reads differently by now, Forbidden for a sign-in too weak."""
    signer, found = opened(db, house, citizen, signer_id, token, now, act=True)
    if citizen.ial < LEAST_IAL:
        raise Forbidden("การลงนามต้องยืนยันตัวตนระดับ %(level)s ขึ้นไป เข้าสู่ระบบใหม่ด้วยแอป ThaID", level=LEAST_IAL)
    if signer.signed_at is not None:
        return signer
    form, body = found.draft.form, found.filled.body()
    if signer.refused_at is not None or form.state is not FormState.DRAFT:
        raise Conflict("เอกสารนี้ปิดรับลายมือชื่อแล้ว สอบถามผู้ยื่น")
    if found.filled.lacking or sheets.digest(body) != seen:
        raise Conflict("ข้อความเปลี่ยนไปหลังจากที่คุณเปิดหน้านี้ อ่านอีกครั้งก่อนลงนาม")
    _bind(db, form, signer, citizen, now)
    paper = sheets.keep(db, house.keyring, form.id, signer.document_key, body, now)
    signers.sign(signer, paper, citizen.display_name, citizen.ial, now)
    facts = {"document": paper.document_key, "role": signer.role, "sha256": paper.sha256, "ial": str(citizen.ial)}
    voiding.record(db, form, "form.signed", _human(citizen), now, method="ThaID", **facts)
    _tell(db, form, "paper_signed", signer, now)
    db.flush()
    mine = [one for one in signers.of_form(db, form.id) if one.document_key == signer.document_key]
    if not missing(found, mine, now) and all(one.paper_id == paper.id for one in mine):
        _file(db, house, found, paper, mine, citizen.person_id, now)
    return signer


def refuse(
    db: Session, house: House, citizen: CitizenSession, signer_id: UUID, token: str, reason: str, now: datetime
) -> None:
    """I will not sign; the applicant reads why. Invalid without a reason, Conflict once signed."""
    signer, found = opened(db, house, citizen, signer_id, token, now, act=True)
    why = clean(reason)
    if not why:
        raise Invalid("บอกเหตุผลที่ไม่ลงนาม ผู้ยื่นจะได้แก้ได้ถูก")
    if signer.signed_at is not None:
        raise Conflict("คุณลงนามแล้ว ถ้าต้องการถอน ติดต่อผู้ยื่นหรือหน่วยงาน")
    form = found.draft.form
    _bind(db, form, signer, citizen, now)
    signers.refuse(signer, why, now)
    voiding.record(db, form, "form.signing_refused", _human(citizen), now, document=signer.document_key, reason=why)
    _tell(db, form, "paper_refused", signer, now)


def missing(found: Look, mine: Sequence[Signer], now: datetime) -> list[str]:
    """Who has still to sign before the paper is done: names of those asked, and roles nobody was asked for."""
    waiting = [one.name for one in mine if signers.standing(one, now) is not Standing.SIGNED]
    for role in found.filled.prepared.roles:
        lacking = role.least - sum(one.role == role.key for one in mine)
        waiting += [voiding.named(found.filled, role) or role.title.th] * max(lacking, 0)
    return waiting


def _file(
    db: Session, house: House, found: Look, paper: Paper, by: Sequence[Signer], person_id: UUID, now: datetime
) -> None:
    """Everybody has signed: the paper with its signatures is put in its place, looked through like any file."""
    prepared, reference = found.filled.prepared, found.draft.form.reference
    titles = {role.key: role.title.th for role in prepared.roles}
    said = [
        Signed(titles[one.role], one.name, str(one.ial), one.signed_at, f"form:{one.single_form_id}")
        for one in by
        if one.signed_at is not None
    ]
    says = document.signed(paper, prepared, reference, house.settings.base_url, said)
    data = unsigned(house, says, now).data
    uploads.at_quarantine(db)
    upload = uploads.put(
        db,
        found.draft.form.id,
        paper.document_key,
        filename=f"{prepared.title.th}.pdf",
        media_type="application/pdf",
        size=len(data),
        digest=house.quarantine.put(BytesIO(data)),
        person_id=person_id,
        now=now,
    )
    upload.paper_id = paper.id
    jobs.enqueue(db, "inspect_upload", upload_id=str(upload.id))


def remind(house: House) -> None:
    """By the clock: who is silent for days is reminded, and so is the applicant; once for each link."""
    now = house.clock.now()
    with house.database.transaction() as db:
        for signer in signers.to_remind(db, now):
            form = db.get_one(SingleForm, signer.single_form_id)
            if form.state is FormState.DRAFT:
                _tell(db, form, "paper_waiting", signer, now)
                voiding.tell_signer(db, signer, "please_sign", now)
            signer.reminded_at = now


def _tell(db: Session, form: SingleForm, kind: str, signer: Signer, now: datetime) -> None:
    href = f"/forms/{form.id}/papers/{signer.document_key}"
    inbox.tell(db, form.applicant_id, kind, now, href=href, who=signer.name, reference=form.reference)


def _human(citizen: CitizenSession) -> Actor:
    """The human being: a signature is theirs, whomever else they act for."""
    return Actor("citizen", citizen.person_id, citizen.display_name)
