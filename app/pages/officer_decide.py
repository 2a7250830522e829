"""Checking completeness and deciding: one act per page, with a preview of what the person will read."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import cases, checking, deadlines
from app.applications.checking import Item, Mark
from app.applications.deadlines import Unit
from app.applications.models import Finding
from app.applications.workflow import Action
from app.billing.fees import Quote
from app.catalogue import wording
from app.catalogue.schema import Text
from app.core import events, i18n
from app.core.clock import bangkok_date
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.i18n import filled
from app.core.i18n import gettext as _
from app.core.thai import clean_lines, date_long
from app.core.web import Db, Fields, Now, one, render, see
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import FeeLine, Problem
from app.pages.contexts.officer import (
    CheckItem,
    CheckPage,
    DecidedPage,
    DecidePage,
    Letter,
    LicencePreview,
    Verdict,
)
from app.pages.officer_desk import (
    Checker,
    Decider,
    bar,
    before_mending,
    case_documents,
    drawn_again,
    from_our_page,
    to_check,
    token,
)
from app.stories import apply, look, review
from app.stories.house import House
from app.stories.review import Case, Defect

router = APIRouter()

SHORTEST_INSTRUCTION = 5
DECISIONS = (Action.ACCEPT, Action.RETURN, Action.CLOSE_INCOMPLETE, Action.APPROVE, Action.REJECT)


# — Completeness ————————————————————————————————————————————————————————————————————————————————————————————————————


def _items(db: Db, found: Case, marks: dict[Item, Mark]) -> list[CheckItem]:
    """Everything the manual asks for: documents first, then answers. What a registry confirmed needs no finding."""
    lang = i18n.lang()
    base = f"/officer/applications/{found.application.id}/documents"
    replaced = before_mending(events.history(db, f"application:{found.application.id}"))
    items = []
    for document in case_documents(db, found):
        mark = marks.get(("document", document.key))
        items.append(
            CheckItem(
                id=f"document-{document.key}",
                kind="document",
                name=document.document.name,
                text=f"{document.file.name} · {document.file.size}" if document.file else "",
                confirmed_by="" if document.file else apply.DOPA_NAME,
                verdict=_verdict(mark),
                reasons=tuple((reason.key, reason.text) for reason in document.document.reasons),
                reason=mark.reason if mark else "",
                instruction=mark.instruction if mark else "",
                href=f"{base}/{document.key}" if document.file else "",
                mended=document.mended,
            )
        )
    for question in found.service.questions:
        answer = found.application.answers.get(question.key)
        if answer is None:
            continue
        mark = marks.get(("answer", question.key))
        differs = answer.get("fetched")
        items.append(
            CheckItem(
                id=f"answer-{question.key}",
                kind="question",
                name=question.name,
                text=question.show(answer["value"], lang),
                confirmed_by=apply.DOPA_NAME if answer.get("source") else "",
                verdict=_verdict(mark) or ("" if differs is not None or answer.get("mended") else "ok"),
                instruction=mark.instruction if mark else "",
                differs=question.show(differs, lang) if differs is not None else "",
                mended=bool(answer.get("mended")),
                before=question.show(replaced.get(question.key), lang) if answer.get("mended") else "",
            )
        )
    return items


def _verdict(mark: Mark | None) -> Verdict:
    if mark is None:
        return ""
    return "ok" if mark.finding is Finding.OK else "missing"


def _read(items: list[CheckItem], fields: Fields, *, whole: bool) -> tuple[dict[Item, Mark], list[CheckItem]]:
    """The findings that were sent, and the items as they must be shown again (with what to mend)."""
    marks: dict[Item, Mark] = {}
    shown = []
    for item in items:
        if item.confirmed_by:
            shown.append(item)
            continue
        verdict = one(fields, f"{item.id}.verdict")
        reason = one(fields, f"{item.id}.reason")
        instruction = clean_lines(one(fields, f"{item.id}.instruction"))[:1000]
        known = reason if reason in {key for key, _words in item.reasons} else ""
        kind, key = item.id.split("-", 1)
        problem, at = "", ""
        if verdict not in {"ok", "missing"}:
            problem, at = _("%(name)s: เลือกว่าครบ หรือขาด"), f"{item.id}.verdict"
        elif verdict == "missing" and item.reasons and not known:
            problem, at = _("%(name)s: เลือกเหตุตามคู่มือ"), f"{item.id}.reason"
        elif verdict == "missing" and len(instruction) < SHORTEST_INSTRUCTION:
            problem, at = _("%(name)s: บอกผู้ยื่นว่าต้องแก้อะไร เช่น ถ่ายใหม่ให้เห็นครบ"), f"{item.id}.instruction"
        if verdict in {"ok", "missing"}:
            marks[kind, key] = Mark(
                Finding.OK if verdict == "ok" else Finding.MISSING,
                known if verdict == "missing" else "",
                instruction if verdict == "missing" else "",
            )
        if not whole:
            problem, at = "", ""
        problem %= {"name": item.name.to(i18n.lang())}
        shown.append(
            replace(item, verdict=verdict, reason=known, instruction=instruction, problem=problem, at=at)  # type: ignore[arg-type]
        )
    return marks, shown


def _check_page(
    request: Request, db: Db, officer: OfficerSession, found: Case, items: list[CheckItem], now: Now, *extra: Problem
) -> CheckPage:
    house = house_of(request)
    look.recorded(
        db, house, officer, found.application, look.personal(found.service, found.application), look.CASE, now
    )
    return CheckPage(
        problems=(*extra, *(Problem(item.at, item.problem) for item in items if item.problem)),
        bar=bar(db, house, officer, found),
        items=tuple(items),
        returned_before=found.notice is not None,
        action=f"/officer/applications/{found.application.id}/check",
        token=token(request, officer),
    )


@router.get("/officer/applications/{application_id}/check")
def check(request: Request, application_id: UUID, db: Db, officer: Checker, now: Now) -> Response:
    """The checklist made from the manual, with what was found so far."""
    found = review.case(db, house_of(request), officer, application_id, now)
    items = _items(db, found, checking.marks(db, application_id))
    return render(request, "officer/check.html", _check_page(request, db, officer, found, items, now))


@router.post("/officer/applications/{application_id}/check")
def keep_check(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Checker, now: Now) -> Response:
    """Keep the findings; when all are there, on to the decision."""
    found = review.case(db, house_of(request), officer, application_id, now)
    if not found.mine:
        raise Forbidden("รับเรื่องนี้ก่อน จึงบันทึกผลตรวจได้")
    if Action.ACCEPT not in found.actions:
        raise Conflict("ตรวจความครบถ้วนของเรื่องนี้จบไปแล้ว ดูสถานะล่าสุดของเรื่องก่อน")
    staying = one(fields, "then") == "stay"
    marks, items = _read(_items(db, found, {}), fields, whole=not staying)
    if not from_our_page(request, officer, fields):
        page = _check_page(request, db, officer, found, items, now, drawn_again())
        return render(request, "officer/check.html", page, status=422)
    checking.keep(db, application_id, marks, officer.officer_id, now)
    if any(item.problem for item in items):
        page = _check_page(request, db, officer, found, items, now)
        return render(request, "officer/check.html", page, status=422)
    return see(f"/officer/applications/{application_id}/{'check' if staying else 'decide'}")


# — Decision ————————————————————————————————————————————————————————————————————————————————————————————————————————


def _choices(found: Case, marks: dict[Item, Mark]) -> tuple[Action, ...]:
    """What the table allows, less what the findings contradict: the incomplete or unchecked is not accepted."""
    lacking = checking.missing(marks)
    checked = to_check(found) <= marks.keys()
    closed_by = {Action.RETURN, Action.CLOSE_INCOMPLETE}
    return tuple(
        action
        for action in DECISIONS
        if action in found.actions
        and not (action is Action.ACCEPT and (lacking or not checked))
        and not (action in closed_by and not lacking)
    )


def _page(
    request: Request,
    db: Db,
    officer: OfficerSession,
    found: Case,
    now: Now,
    chosen: Action | None,
    message: str = "",
    ground: str = "",
    problems: tuple[Problem, ...] = (),
) -> DecidePage:
    house = house_of(request)
    marks = checking.marks(db, found.application.id)
    service, application = found.service, found.application
    if chosen is not None:
        look.recorded(db, house, officer, application, look.personal(service, application), look.CASE, now)
    quote = Quote.from_json(application.quote)
    returning = chosen is Action.RETURN
    due = None
    if chosen is Action.ACCEPT and service.duration.unit != "minutes":
        due = deadlines.days_after(
            deadlines.deemed_received_on(application.complete_from), service.duration.n, Unit(service.duration.unit)
        )
    lacking = checking.missing(marks)
    items = tuple((_name(found, item), mark.instruction) for item, mark in lacking.items())
    return DecidePage(
        problems=problems,
        bar=bar(db, house, officer, found),
        choices=_choices(found, marks),
        chosen=chosen,
        action=f"/officer/applications/{application.id}/decide" + (f"/{chosen}" if chosen else ""),
        grounds=tuple(
            (g.key, Text.model_construct(th=f"{g.text.th} ({g.law.th})", en=f"{g.text.en} ({g.law.en})"))
            for g in service.grounds
        )
        if chosen is Action.REJECT
        else (),
        ground=ground,
        message=message,
        mend_by=review.mend_by(service, now) if returning else None,
        mend_days=service.deficiency.words if returning else None,
        items=items,
        fees=tuple(FeeLine(line.label, line.law, line.satang) for line in quote.lines),
        total_satang=quote.total,
        due_on=due,
        letter=_letter(house, officer, found, chosen, message, ground, items, now)
        if chosen in {Action.RETURN, Action.REJECT, Action.CLOSE_INCOMPLETE}
        else None,
        licence=_licence(house, found) if chosen is Action.APPROVE and service.licence else None,
        token=token(request, officer),
    )


def _name(found: Case, item: Item) -> Text:
    kind, key = item
    if kind == "document":
        return next(use.document.name for use in found.service.documents if use.key == key)
    return next(q.name for q in found.service.questions if q.key == key)


def _licence(house: House, found: Case) -> LicencePreview:
    lang = i18n.lang()
    application, service = found.application, found.service
    agency = house.agency(application.agency_code)
    blank = "…"
    issuing = dict.fromkeys(("number", "issued_on", "valid_from", "valid_until", "fee", "receipt_number"), blank)
    issuing |= {
        "agency": agency.name.to(lang),
        "office": agency.name.to(lang),
        "holder": application.applicant_name,
        "signer": agency.signer.to(lang),
    }
    values = {key: answer["value"] for key, answer in application.answers.items()}
    words = wording.licence_wording(service, values, issuing, lang)
    return LicencePreview(
        title=service.result_name,
        issuer=agency.name,
        facts=tuple((row.label, row.value, True) for row in words.rows),
    )


def _letter(
    house: House,
    officer: OfficerSession,
    found: Case,
    chosen: Action | None,
    message: str,
    ground_key: str,
    items: tuple[tuple[Text, str], ...],
    now: Now,
) -> Letter:
    """The letter in Thai, as the person will read it; what comes from this officer's form is marked."""
    application, service = found.application, found.service
    filed = date_long(bangkok_date(application.submitted_at))
    opening = ((f"ตามที่ท่านยื่นคำขอ{service.name.th} เมื่อวันที่ {filed} ", False),)
    paragraphs: list[tuple[tuple[str, bool], ...]] = []
    subject = "บันทึกข้อบกพร่อง"
    if chosen is Action.RETURN:
        by = date_long(review.mend_by(service, now))
        paragraphs = [
            (*opening, (f"เจ้าหน้าที่ตรวจแล้วพบว่าต้องแก้ไข {len(items)} รายการ ดังนี้", False)),
            *(((f"{n}. {name.th} ", False), (said, True)) for n, (name, said) in enumerate(items, 1)),
            *((((message, True),),) if message else ()),
            ((f"ส่งภายในวันที่ {by} หากพ้นกำหนด เจ้าหน้าที่จะคืนคำขอพร้อมเหตุผล และท่านยื่นใหม่ได้", False),),
        ]
    elif chosen is Action.REJECT:
        subject = "แจ้งผลการพิจารณา"
        ground = next((g for g in service.grounds if g.key == ground_key), None)
        paragraphs = [
            (*opening, ("เจ้าหน้าที่พิจารณาแล้วไม่อนุญาต", False)),
            (("เหตุตามกฎหมาย ", False), (f"{ground.text.th} ({ground.law.th})" if ground else "…", True)),
            (("เหตุผล ", False), (message or "…", True)),
            ((service.appeal.text.th, False),),
        ]
    else:
        subject = "คืนคำขอ"
        paragraphs = [
            (*opening, ("เจ้าหน้าที่เคยแจ้งให้แก้ไขแล้ว แต่เอกสารยังไม่ครบ จึงคืนคำขอ", False)),
            (("สิ่งที่ยังขาด ", False), (message or "…", True)),
            (("ท่านยื่นคำขอใหม่ได้ทุกเมื่อ หรืออุทธรณ์คำสั่งนี้ได้ตามกฎหมาย", False),),
        ]
    return Letter(
        sender=house.agency(officer.agency_code).name.th,
        on=date_long(bangkok_date(now)),
        heads=(("เรื่อง", f"{subject} คำขอที่ {application.number}"), ("เรียน", application.applicant_name)),
        paragraphs=tuple(paragraphs),
        signer=officer.name,
        position=officer.position,
    )


@router.get("/officer/applications/{application_id}/decide")
def choose(request: Request, application_id: UUID, db: Db, officer: Decider, now: Now) -> Response:
    """Which act; each is a page of its own."""
    found = review.case(db, house_of(request), officer, application_id, now)
    return render(request, "officer/decide.html", _page(request, db, officer, found, now, None))


def _chosen(officer: OfficerSession, found: Case, action: str) -> Action:
    known = next((one_ for one_ in DECISIONS if one_ == action), None)
    if known is None:
        raise NotFound
    if not review.within_duties(officer, known):
        raise Forbidden("หน้าที่ของคุณยังไม่รวมการลงชื่อเรื่องนี้ ขอสิทธิ์จากผู้ดูแลระบบของหน่วยงานคุณ")
    if known not in found.actions:
        raise Conflict("ตอนนี้ทำรายการนี้ไม่ได้ ดูสถานะล่าสุดของเรื่องก่อน")
    return known


@router.get("/officer/applications/{application_id}/decide/{action}")
def prepare(request: Request, application_id: UUID, action: str, db: Db, officer: Decider, now: Now) -> Response:
    """One act, with a preview of what the person will read."""
    found = review.case(db, house_of(request), officer, application_id, now)
    chosen = _chosen(officer, found, action)
    return render(request, "officer/decide.html", _page(request, db, officer, found, now, chosen))


@router.post("/officer/applications/{application_id}/decide/{action}")
def decide(
    request: Request, application_id: UUID, action: str, fields: Fields, db: Db, officer: Decider, now: Now
) -> Response:
    """Sign it, or look at the preview again with the words as they are now."""
    house = house_of(request)
    found = review.case(db, house, officer, application_id, now)
    chosen = _chosen(officer, found, action)
    message = clean_lines(one(fields, "message"))[:4000]
    ground = one(fields, "ground")
    if not from_our_page(request, officer, fields):
        page = _page(request, db, officer, found, now, chosen, message, ground, (drawn_again(),))
        return render(request, "officer/decide.html", page, status=422)
    if one(fields, "step") == "preview":
        return render(request, "officer/decide.html", _page(request, db, officer, found, now, chosen, message, ground))
    try:
        _sign(db, house, officer, found, chosen, _revision(fields), message, ground, now)
    except Invalid as refused:
        named = {"explanation": "message"}
        problems = tuple(Problem(named.get(at, at), _(words)) for at, words in refused.problems.items())
        problems = problems or (Problem("message", filled(refused.message, refused.values)),)
        page = _page(request, db, officer, found, now, chosen, message, ground, problems)
        return render(request, "officer/decide.html", page, status=422)
    return see(f"/officer/applications/{application_id}/decided/{chosen}")


def _revision(fields: Fields) -> int:
    text = one(fields, "revision")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _sign(
    db: Db,
    house: House,
    officer: OfficerSession,
    found: Case,
    chosen: Action,
    revision: int,
    message: str,
    ground: str,
    now: Now,
) -> None:
    case_id = found.application.id
    if chosen is Action.ACCEPT:
        marks = checking.marks(db, case_id)
        if checking.missing(marks):
            raise Invalid("ผลตรวจบอกว่ายังมีข้อที่ขาด แก้ผลตรวจก่อนรับคำขอ")
        if not to_check(found) <= marks.keys():
            raise Invalid("ยังตรวจไม่ครบทุกรายการ ตรวจให้ครบก่อนรับคำขอ")
        review.accept(db, house, officer, case_id, revision, now)
    elif chosen is Action.RETURN:
        lacking = checking.missing(checking.marks(db, case_id))
        review.return_once(db, house, officer, case_id, revision, _defects(found, lacking), message, now)
    elif chosen is Action.APPROVE:
        review.approve(db, house, officer, case_id, revision, message, now)
    elif chosen is Action.REJECT:
        review.reject(db, house, officer, case_id, revision, ground, message, now)
    else:
        review.close_incomplete(db, house, officer, case_id, revision, message, now)


def _defects(found: Case, lacking: dict[Item, Mark]) -> list[Defect]:
    reasons = {(use.key, reason.key): reason.text for use in found.service.documents for reason in use.document.reasons}
    defects = []
    for (kind, key), mark in lacking.items():
        reason = reasons.get((key, mark.reason))
        defects.append(Defect(kind, key, reason.th if reason else "", mark.instruction))
    return defects


@router.get("/officer/applications/{application_id}/decided/{action}")
def decided(request: Request, application_id: UUID, action: str, db: Db, officer: Decider, now: Now) -> Response:
    """Done; what happens now, and the next case in line."""
    house = house_of(request)
    found = review.case(db, house, officer, application_id, now)
    done = next((known for known in DECISIONS if known == action), None)
    if done is None:
        raise NotFound
    signed = [e for e in events.history(db, f"application:{application_id}") if e.kind == f"application.{done}"]
    if not signed:
        return see(f"/officer/applications/{application_id}")
    today: date = bangkok_date(now)
    rows, _total = cases.queue(db, review.reach(officer), "mine", today, today)
    after = next((row for row in rows if row.id != application_id), None)
    page = DecidedPage(
        bar=bar(db, house, officer, found),
        done=done,
        at=signed[-1].at,
        person_told=True,
        next_id=after.id if after else None,
        next_number=after.number if after else "",
    )
    return render(request, "officer/decided.html", page)
