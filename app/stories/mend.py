"""The person mends exactly what the deficiency notice lists, and nothing else; the old answers stay in the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.applications import cases, checking, deadlines, uploads
from app.applications.form_models import Upload, UploadState
from app.applications.models import Application, DeficiencyItem, DeficiencyNotice
from app.applications.workflow import Action, By, State
from app.catalogue.asking import Reading
from app.catalogue.rows import GroupQuestion
from app.catalogue.schema import DocumentUse, Question, Service, Text
from app.core.errors import Conflict, Invalid, NotFound
from app.identity import sessions
from app.identity.sessions import CitizenSession
from app.stories import acting, case_letter, rows
from app.stories.boxes import Typed, merged, was_sent
from app.stories.house import House
from app.stories.rows import SavedRow


@dataclass(frozen=True)
class Mending:
    """A deficiency notice being answered: each item with its question or document and what was given so far."""

    application: Application
    service: Service
    notice: DeficiencyNotice
    items: tuple[DeficiencyItem, ...]
    files: Mapping[UUID, Upload]

    def question(self, item: DeficiencyItem) -> Question:
        """The question an answer item is about."""
        return next(q for q in self.service.questions if q.key == item.key)

    def document(self, item: DeficiencyItem) -> DocumentUse:
        """The document a document item is about."""
        return next(d for d in self.service.documents if d.key == item.key)

    def reason(self, item: DeficiencyItem) -> Text | str:
        """Why it was sent back: the manual's words in both languages, else what the notice says."""
        known = self.document(item).document.reasons if item.kind == "document" else ()
        return next((reason.text for reason in known if reason.text.th == item.reason), item.reason)

    def done(self, item: DeficiencyItem) -> bool:
        """Whether this item has a usable answer or file."""
        if item.kind == "answer":
            return item.answered_at is not None and item.problem is None
        upload = self.files.get(item.id)
        return upload is not None and upload.state is UploadState.CLEAN

    @property
    def open_items(self) -> list[DeficiencyItem]:
        """What is still to do."""
        return [item for item in self.items if not self.done(item)]


def open_notice(
    db: Session, house: House, citizen: CitizenSession, application_id: UUID, *, lock: bool = False
) -> Mending:
    """The notice of my application; NotFound when there is none."""
    application = cases.of_applicant(db, citizen.applicant_id, application_id, lock=lock)
    notice = cases.deficiency(db, application.id)
    if notice is None:
        raise NotFound
    items = tuple(cases.deficiency_items(db, notice.id))
    service = house.service(db, application.service_slug, application.service_version)
    return Mending(application, service, notice, items, uploads.of_items(db, [i.id for i in items]))


def being_mended(mending: Mending) -> None:
    """Conflict when the application is no longer waiting for the person."""
    if mending.application.state is not State.RETURNED:
        raise Conflict("เรื่องนี้ไม่ได้รอให้คุณแก้แล้ว ดูสถานะล่าสุดก่อน")


def item_of(mending: Mending, item_id: UUID) -> DeficiencyItem:
    """One item of the notice, else NotFound."""
    for item in mending.items:
        if item.id == item_id:
            return item
    raise NotFound


def document_item(mending: Mending, key: str) -> DeficiencyItem:
    """The item about this document, else NotFound."""
    for item in mending.items:
        if item.kind == "document" and item.key == key:
            return item
    raise NotFound


def answer_item(mending: Mending, key: str) -> DeficiencyItem:
    """The item about this question, else NotFound."""
    for item in mending.items:
        if item.kind == "answer" and item.key == key:
            return item
    raise NotFound


def group_of(mending: Mending, key: str) -> GroupQuestion | None:
    """The repeating group that an item asks for, if it is one."""
    question = mending.question(answer_item(mending, key))
    return question if isinstance(question, GroupQuestion) else None


def boxes(mending: Mending, item: DeficiencyItem) -> dict[str, str]:
    """What the boxes of an answer hold: what was typed while mending, else what was sent."""
    if item.raw is not None:
        return dict(item.raw)
    before = mending.application.answers.get(item.key, {}).get("value")
    return mending.question(item).fill(before) if before is not None else {}


def row(
    db: Session,
    mending: Mending,
    question: GroupQuestion,
    name: str,
    sent: Mapping[str, Sequence[str]],
    now: datetime,
    *,
    remove: bool,
) -> SavedRow | None:
    """Keep one row of a group that is being mended, or take it out; None when it is gone."""
    if not remove:
        return keep_row(db, mending, question, name, sent, now)
    left = rows.without_row(question, boxes(mending, answer_item(mending, question.key)), name, sent)
    if isinstance(left, SavedRow):
        return left
    _hold(db, mending, question, left, now)
    return None


def keep_row(
    db: Session,
    mending: Mending,
    question: GroupQuestion,
    name: str,
    sent: Mapping[str, Sequence[str]],
    now: datetime,
) -> SavedRow:
    """Keep one row of a group that is being mended, right or wrong."""
    saved = rows.with_row(question, boxes(mending, answer_item(mending, question.key)), name, sent)
    if saved.kept:
        _hold(db, mending, question, saved.raw, now)
    return saved


def _hold(db: Session, mending: Mending, question: GroupQuestion, raw: Mapping[str, str], now: datetime) -> None:
    _keep(answer_item(mending, question.key), question.read({box: (text,) for box, text in raw.items()}), now)
    db.flush()


def _keep(item: DeficiencyItem, reading: Reading, now: datetime) -> None:
    item.value, item.raw = reading.value, dict(reading.raw)
    item.problem = reading.problem.model_dump() if reading.problem else None
    item.answered_at = now


def remove_file(mending: Mending, item: DeficiencyItem, now: datetime) -> None:
    """Take the new file of one item out again."""
    being_mended(mending)
    upload = mending.files.get(item.id)
    if upload is None:
        raise NotFound
    uploads.remove(upload, now)


def file_of(mending: Mending, upload_id: UUID) -> Upload:
    """A clean new file of the notice, else NotFound."""
    for upload in mending.files.values():
        if upload.id == upload_id and upload.state is UploadState.CLEAN:
            return upload
    raise NotFound


def preview_of(upload: Upload, number: int) -> str:
    """The digest of the picture of one page (from 1), else NotFound."""
    if not 1 <= number <= len(upload.previews):
        raise NotFound
    return str(upload.previews[number - 1])


def answer(db: Session, mending: Mending, sent: Typed, now: datetime) -> dict[str, str]:
    """Keep new answers, also those that do not fit yet, of a notice that is locked.

    An answer that another screen changed since the page was drawn stays; returned is what was typed over it here.
    """
    disputed: dict[str, str] = {}
    for item in (one for one in mending.items if one.kind == "answer"):
        names = mending.question(item).fields
        if not any(was_sent(name, sent) for name in names):
            continue
        after, clashes = merged(boxes(mending, item), [names], sent)
        disputed |= clashes
        if not clashes:
            _keep(item, mending.question(item).read({name: (said,) for name, said in after.items()}), now)
    db.flush()
    return disputed


def send(
    db: Session, house: House, citizen: CitizenSession, application_id: UUID, revision: int, now: datetime
) -> None:
    """Send the mended application back: the new values replace the old in the case, both stay in the events.

    What the officer found about them is forgotten, so that they are looked at again; all other findings stay.
    """
    mending = open_notice(db, house, citizen, application_id, lock=True)
    being_mended(mending)
    application = mending.application
    cases.stale(application, revision)
    if mending.open_items:
        raise Invalid("แก้ให้ครบทุกข้อก่อนส่ง", {str(i.id): "ข้อนี้ยังไม่เสร็จ" for i in mending.open_items})
    answers = dict(application.answers)
    documents = {document["key"]: document for document in application.documents}
    changes = []
    for item in mending.items:
        if item.kind == "answer":
            before = answers.get(item.key, {})
            answers[item.key] = {
                "value": item.value,
                "source": "",
                "source_at": now.isoformat(),
                "fetched": before.get("fetched"),
                "mended": True,
            }
            changes.append({"key": item.key, "before": before.get("value"), "after": item.value})
        else:
            document = {**uploads.frozen(mending.files[item.id]), "mended": True}
            changes.append(
                {
                    "key": item.key,
                    "before": documents.get(item.key, {}).get("sha256"),
                    "after": document["sha256"],
                }
            )
            documents[item.key] = document
    application.answers, application.documents = answers, list(documents.values())
    given = cases.facts(db, application, now)
    actor = sessions.actor(citizen)
    cases.act(db, application, Action.MEND, [By.APPLICANT], actor, given, now, changes=changes)
    acting.tell_principal(
        db,
        citizen,
        "agent_mended",
        now,
        href=f"/forms/{application.single_form_id}/track",
        reference=application.number,
    )
    case_letter.countersign(db, citizen, application_id, now)
    checking.clear(db, application.id, [(item.kind, item.key) for item in mending.items])
    mending.notice.mended_at = now
    application.complete_from = now
    received = deadlines.deemed_received_on(now)
    days = mending.service.completeness_check.n
    application.check_by = deadlines.working_days_after(received, days - 1) if days > 1 else received
    db.flush()
