"""The case file: every answer with its source, every look recorded; what officers note upon it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import cases, changes, checking, uploads
from app.applications.changes import Asked
from app.billing.fees import Quote
from app.catalogue.schema import Catalogue
from app.core import events, i18n
from app.core.db import attempt
from app.core.errors import Invalid
from app.core.events import Event
from app.core.i18n import filled
from app.core.i18n import gettext as _
from app.core.thai import clean_lines, parse_date
from app.core.web import Db, Fields, Now, one, render, see
from app.identity.sessions import OfficerSession
from app.pages import happenings, officer_letters
from app.pages.citizen_change import change_view
from app.pages.citizen_form import house_of
from app.pages.contexts.after import ChangeView, UnaskedView
from app.pages.contexts.frame import FeeLine, Happening, Problem
from app.pages.contexts.officer import (
    CasePage,
    CaseRow,
    CaseSection,
    RenewsView,
)
from app.pages.needed import NOTHING_TYPED, Typed, needed_views, waits_for
from app.pages.officer_documents import document_file
from app.pages.officer_room import (
    CASE,
    Worker,
    bar,
    case_path,
    drawn_again,
    from_our_page,
    moment_of,
    proposal_of,
    token,
)
from app.pages.standings import standing_view
from app.stories import delay, desk, look, passing, renewal, sources
from app.stories.desk import Case

router = APIRouter()

UNTIL = ("until.day", "until.month", "until.year")
GIVEN_ANEW = frozenset({"application.mend", "application.accept_change"})
"""Events that put new answers into a case."""


@router.get(CASE)
def case(request: Request, application_id: UUID, db: Db, officer: Worker, now: Now) -> Response:
    """The whole case as this agency may see it; the look is recorded."""
    return render(request, "officer/case.html", case_page(request, db, officer, application_id, now))


def case_page(
    request: Request,
    db: Db,
    officer: OfficerSession,
    application_id: UUID,
    now: Now,
    problems: tuple[Problem, ...] = (),
    note: str = "",
    why: tuple[str, dict[str, str]] | None = None,
    standing_note: str = "",
    needed: Typed = NOTHING_TYPED,
    change_reason: tuple[UUID | None, str] = (None, ""),
) -> CasePage:
    """The case file as it is drawn, also again with what was typed; the look is recorded."""
    house = house_of(request)
    found = desk.case(db, house, officer, application_id, now)
    look.recorded(
        db, house, officer, found.application, look.personal(found.service, found.application), look.CASE, now
    )
    quote = Quote.from_json(found.application.quote)
    agency = house.agency(officer.agency_code).name.to(i18n.lang())
    past = events.history(db, f"application:{application_id}")
    return CasePage(
        problems=problems,
        bar=bar(request, db, officer, found),
        proposal=proposal_of(found),
        delay=(found.application.delay_reason or waits_for(found)) if why is None else why[0],
        until=_boxes(found.application.delay_until) if why is None else why[1],
        letters=officer_letters.links(db, found),
        may_take_over=passing.may_take_over(db, officer, found.application, found.service, now),
        sections=tuple(sections_of(house.catalogue, found, past)),
        fees=tuple(FeeLine(line.label, line.law, line.satang, line.explanation) for line in quote.lines),
        total_satang=quote.total,
        thread=happenings.told(past, officer.officer_id, agency, names=True),
        notes=tuple(Happening(n.at, n.text, n.officer_name) for n in checking.notes(db, application_id)),
        moves=tuple((m.at, m.reason) for m in cases.clock_entries(db, application_id)),
        note=note,
        standing=standing_view(db, found.application),
        standing_note=standing_note,
        needed=needed_views(found, needed),
        unasked=_unasked(db, found),
        changes=_changes(db, found, problems, change_reason),
        has_draft=found.service.licence is not None and found.application.closed_at is None,
        renews=_renews(db, found),
        token=token(request, officer),
    )


def _renews(db: Db, found: Case) -> RenewsView | None:
    """What the application renews, beside what it says otherwise than last time."""
    differs = renewal.differences(db, found.application)
    if differs is None:
        return None
    before, keys = differs
    names = {question.key: question for question in found.service.asked}
    said = [(names[key], was, now) for key, was, now in keys if key in names]
    lang = i18n.lang()
    return RenewsView(
        before.number,
        before.valid_until,
        tuple((q.name, q.show(was, lang) if was else "", q.show(now, lang) if now else "") for q, was, now in said),
    )


def _unasked(db: Db, found: Case) -> UnaskedView | None:
    """What the form did not ask and the applicant wanted to say."""
    said = found.application.unasked
    if said is None:
        return None
    stored = said["document"]
    file = document_file(found.application.id, stored, uploads.one(db, UUID(stored["upload"]))) if stored else None
    return UnaskedView(text=said["text"], file=file)


def _changes(
    db: Db, found: Case, problems: tuple[Problem, ...], typed: tuple[UUID | None, str]
) -> tuple[ChangeView, ...]:
    """What the applicant asks to change and nobody has answered; with what was typed into an answer."""
    wrong = {problem.field: problem.text for problem in problems}
    asked = [one for one in changes.of_application(db, found.application.id) if one.state is Asked.OPEN]
    fee = found.application.fee_satang
    views = (change_view(found.service, one, fee, wrong.get(f"reason-{one.id}", "")) for one in asked)
    return tuple(replace(view, reason=typed[1]) if view.id == typed[0] else view for view in views)


def before_mending(past: Sequence[Event]) -> dict[str, Any]:
    """The answers that were replaced after a deficiency notice, by question."""
    replaced = [change for event in past if event.kind in GIVEN_ANEW for change in event.facts["changes"]]
    return {change["key"]: change["before"] for change in replaced}


def sections_of(catalogue: Catalogue, found: Case, past: Sequence[Event]) -> list[CaseSection]:
    """Every answer of the case by topic, with where it came from."""
    lang = i18n.lang()
    replaced = before_mending(past)
    sections = []
    for topic in found.service.topics:
        rows = []
        for question in topic.questions:
            answer = found.application.answers.get(question.key)
            if answer is None:
                continue
            differs = answer.get("fetched")
            rows.append(
                CaseRow(
                    label=question.name,
                    text=question.show(answer["value"], lang),
                    source=sources.of(catalogue, question, answer.get("source") or ""),
                    at=moment_of(answer.get("source_at")),
                    differs=question.show(differs, lang) if differs is not None else "",
                    mended=bool(answer.get("mended")),
                    reused_from=answer.get("reused_from", ""),
                    before=question.show(replaced.get(question.key), lang) if answer.get("mended") else "",
                )
            )
        if rows:
            sections.append(CaseSection(title=topic.title, rows=tuple(rows)))
    return sections


def _boxes(day: date | None) -> dict[str, str]:
    """A day as the three boxes of a form hold it, in the Buddhist era."""
    return dict(zip(UNTIL, (str(day.day), str(day.month), str(day.year + 543)), strict=True)) if day else {}


def _day(raw: dict[str, str]) -> date | None:
    """The day that was typed; None for what is no day."""
    with suppress(ValueError):
        return parse_date(*(raw[name] for name in UNTIL))
    return None


@router.post(f"{CASE}/notes")
def add_note(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Worker, now: Now) -> Response:
    """Tell colleagues something the applicant does not see."""
    application = cases.at_desk(db, desk.reach(officer), application_id)
    text = clean_lines(one(fields, "note"))[:2000]
    if not from_our_page(request, officer, fields):
        page = case_page(request, db, officer, application_id, now, (drawn_again(),), text)
        return render(request, "officer/case.html", page, status=422)
    if text:
        checking.note(db, application.id, officer.officer_id, officer.name, text, now)
    return see(case_path(request, application_id))


@router.post(f"{CASE}/delay")
def say_why(request: Request, application_id: UUID, fields: Fields, db: Db, officer: Worker, now: Now) -> Response:
    """Tell the applicant why it takes longer than the manual allows, and by when it will be done."""
    text, raw = clean_lines(one(fields, "delay"))[:2000], {name: one(fields, name)[:20] for name in UNTIL}
    problems: tuple[Problem, ...] = () if from_our_page(request, officer, fields) else (drawn_again(),)
    try:
        with attempt(db):
            if not problems:
                delay.explain(db, house_of(request), officer, application_id, text, _day(raw), now)
    except Invalid as refused:
        problems = tuple(Problem(at, _(words)) for at, words in refused.problems.items())
        problems = problems or (Problem("delay", filled(refused.message, refused.values)),)
    if problems:
        page = case_page(request, db, officer, application_id, now, problems, why=(text, raw))
        return render(request, "officer/case.html", page, status=422)
    return see(case_path(request, application_id))
