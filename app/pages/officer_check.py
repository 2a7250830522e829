"""The completeness check: what the manual asks for, one finding each, kept as the officer goes along."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import checking
from app.applications.checking import Item, Mark
from app.applications.models import Finding
from app.applications.workflow import Action
from app.catalogue.schema import Question
from app.core import events, i18n
from app.core.errors import Conflict, Forbidden
from app.core.i18n import gettext as _
from app.core.thai import clean_lines
from app.core.web import Db, Fields, Now, one, render, see
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.officer import (
    CheckItem,
    CheckPage,
    Verdict,
)
from app.pages.officer_case import before_mending
from app.pages.officer_documents import case_documents
from app.pages.officer_room import (
    CASE,
    Checker,
    bar,
    case_path,
    drawn_again,
    from_our_page,
    token,
)
from app.stories import desk, look, sources
from app.stories.desk import Case
from app.stories.house import House

router = APIRouter()


SHORTEST_INSTRUCTION = 5


def _items(house: House, db: Db, found: Case, marks: dict[Item, Mark]) -> list[CheckItem]:
    """Everything the manual asks for: documents first, then answers. What a registry confirmed needs no finding."""
    lang = i18n.lang()
    base = f"/officer/applications/{found.application.id}/documents"
    replaced = before_mending(events.history(db, f"application:{found.application.id}"))
    items = []
    for document in case_documents(house, db, found):
        mark = marks.get(("document", document.key))
        items.append(
            CheckItem(
                id=f"document-{document.key}",
                kind="document",
                name=document.document.name,
                text=" · ".join((document.file.name, document.file.size, *(one.to(lang) for one in document.claimed)))
                if document.file
                else "",
                confirmed_by="" if document.file else document.source,
                verdict=_verdict(mark),
                reasons=tuple((reason.key, reason.text) for reason in document.document.reasons),
                reason=mark.reason if mark else "",
                instruction=mark.instruction if mark else "",
                href=f"{base}/{document.key}" if document.file else "",
                mended=document.mended,
            )
        )
    for question in found.service.asked:
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
                confirmed_by="" if _open(question) else sources.said_by(house.catalogue, answer.get("source") or ""),
                verdict=_verdict(mark) or ("" if differs is not None or answer.get("mended") else "ok"),
                instruction=mark.instruction if mark else "",
                differs=question.show(differs, lang) if differs is not None else "",
                mended=bool(answer.get("mended")),
                before=question.show(replaced.get(question.key), lang) if answer.get("mended") else "",
            )
        )
    return items


def _open(question: Question) -> bool:
    """Whether the person could simply change what a registry said: then an officer looks at it like at any answer."""
    return question.prefill is not None and question.prefill.editable


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
        bar=bar(request, db, officer, found),
        items=tuple(items),
        returned_before=found.notice is not None,
        action=case_path(request, found.application.id, "/check"),
        token=token(request, officer),
    )


@router.get(f"{CASE}/check")
def check(request: Request, application_id: UUID, db: Db, officer: Checker, now: Now) -> Response:
    """The checklist made from the manual, with what was found so far."""
    found = desk.case(db, house_of(request), officer, application_id, now)
    items = _items(house_of(request), db, found, checking.marks(db, application_id))
    return render(request, "officer/check.html", _check_page(request, db, officer, found, items, now))


@router.post(f"{CASE}/check")
def keep_check(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Checker, now: Now) -> Response:
    """Keep the findings; when all are there, on to the decision."""
    found = desk.case(db, house_of(request), officer, application_id, now)
    if not found.mine:
        raise Forbidden("รับเรื่องนี้ก่อน จึงบันทึกผลตรวจได้")
    if Action.ACCEPT not in found.actions:
        raise Conflict("ตรวจความครบถ้วนของเรื่องนี้จบไปแล้ว ดูสถานะล่าสุดของเรื่องก่อน")
    staying = one(fields, "then") == "stay"
    marks, items = _read(_items(house_of(request), db, found, {}), fields, whole=not staying)
    if not from_our_page(request, officer, fields):
        page = _check_page(request, db, officer, found, items, now, drawn_again())
        return render(request, "officer/check.html", page, status=422)
    checking.keep(db, application_id, marks, officer.officer_id, now)
    if any(item.problem for item in items):
        page = _check_page(request, db, officer, found, items, now)
        return render(request, "officer/check.html", page, status=422)
    return see(case_path(request, application_id, "/check" if staying else "/decide"))
