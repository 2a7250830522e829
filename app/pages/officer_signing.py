"""The officers' signing day: what waits for my signature, many of it chosen, looked through and approved in one act."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import batches
from app.applications.batches import Chosen, Outcome
from app.catalogue.schema import Text
from app.core import events
from app.core.clock import bangkok_date
from app.core.db import attempt
from app.core.errors import Invalid, NotFound
from app.core.i18n import filled, ngettext
from app.core.web import Db, Fields, Now, one, render, see, texts
from app.identity.sessions import OfficerSession
from app.pages.citizen_form import house_of
from app.pages.contexts.frame import Problem
from app.pages.contexts.signing import (
    BatchCasePage,
    BatchLine,
    BatchPage,
    PastBatch,
    SigningPage,
    SigningRow,
    Stage,
)
from app.pages.officer_case import sections_of
from app.pages.officer_documents import case_documents
from app.pages.officer_preview import licence
from app.pages.officer_queue import office_name
from app.pages.officer_room import Signer, bar, bound, drawn_again, from_our_page, proposal_of, token
from app.stories import desk, look, signing_day
from app.stories.hindrance import Hindrance
from app.stories.signing_day import Candidate, Day, Line

router = APIRouter()
BATCH = "/officer/signing/{batch_id}"
TODAY = timedelta(hours=12)


@router.get("/officer/signing")
def waiting(request: Request, db: Db, officer: Signer, now: Now, service: str = "") -> Response:
    """Everything ready for my signature."""
    return render(request, "officer/signing.html", _waiting(request, db, officer, now, service))


def _waiting(
    request: Request,
    db: Db,
    officer: OfficerSession,
    now: Now,
    service: str,
    ticked: frozenset[str] = frozenset(),
    problems: tuple[Problem, ...] = (),
) -> SigningPage:
    house = house_of(request)
    known = house.catalogue.services
    service = service if service in known else ""
    found = signing_day.waiting(db, house, officer, service, now)
    rows = tuple(map(_row, found.candidates))
    able = tuple(row for row in rows if not row.why_not)
    return SigningPage(
        problems=problems,
        office=office_name(house, officer),
        today=bangkok_date(now),
        rows=able,
        hindered=tuple(row for row in rows if row.why_not),
        shown=",".join(f"{row.id}:{row.revision}" for row in able),
        ticked=ticked,
        services=tuple((slug, known[slug].short_name, n) for slug, n in found.counts.items() if slug in known),
        service=service,
        total=found.counts.get(service, 0) if service else sum(found.counts.values()),
        past=tuple(
            PastBatch(id=batch.id, at=batch.confirmed_at or batch.made_at, done=batch.finished_at is not None)
            for batch in batches.latest(db, officer.officer_id, now - TODAY)
        ),
        token=token(request, officer),
    )


def _row(found: Candidate) -> SigningRow:
    row, proposal = found.row, found.row.proposal or {}
    return SigningRow(
        id=row.id,
        revision=row.revision,
        number=row.number,
        service=found.service.short_name,
        applicant=row.applicant_name,
        premises=row.premises_name,
        fee_satang=row.fee_satang,
        proposer=f"{proposal['officer']} {proposal['position']}" if proposal else "",
        note=proposal.get("note", ""),
        clock=found.clock,
        why_not=_words(found.hindrance),
    )


def _words(hindrance: Hindrance | None) -> str:
    return filled(hindrance.message, hindrance.values) if hindrance else ""


@router.post("/officer/signing")
def choose(request: Request, fields: Fields, db: Db, officer: Signer, now: Now) -> Response:
    """A list of what was ticked, or of everything shown."""
    ticked = texts(fields).get("case", []) if one(fields, "which") != "all" else one(fields, "shown").split(",")
    try:
        with attempt(db):
            _must_be_ours(request, officer, fields)
            return see(f"/officer/signing/{signing_day.choose(db, officer, _chosen(ticked), now)}")
    except Invalid as refused:
        problems = tuple(Problem(at, filled(words, {})) for at, words in refused.problems.items())
        page = _waiting(request, db, officer, now, one(fields, "service"), frozenset(ticked), problems)
        return render(request, "officer/signing.html", page, status=422)


def _must_be_ours(request: Request, officer: OfficerSession, fields: Fields) -> None:
    if not from_our_page(request, officer, fields):
        raise Invalid(problems={"main": str(drawn_again().text)})


def _chosen(ticked: list[str]) -> list[Chosen]:
    """What `id:revision` texts say; anything else was not ours and is left out."""
    found = []
    for text in ticked:
        place, _, revision = text.partition(":")
        try:
            found.append(Chosen(UUID(place), int(revision)))
        except ValueError:
            continue
    return found


# — One list ———————————————————————————————————————————————————————————————————————————————————————————————————————————


@router.get(BATCH)
def batch(request: Request, batch_id: UUID, db: Db, officer: Signer, now: Now) -> Response:
    """A list to be confirmed, or what has become of it."""
    found = signing_day.of(db, house_of(request), officer, batch_id, now)
    return render(request, "officer/signing_batch.html", _batch(request, officer, found, now))


def _batch(request: Request, officer: OfficerSession, found: Day, now: Now) -> BatchPage:
    lines = tuple(map(_line, found.lines))
    results = Counter(line.result for line in lines)
    proof: dict[str, Any] = found.batch.proof or {}
    names = {line.service.th: line.service for line in lines}
    return BatchPage(
        id=found.batch.id,
        stage=_stage(found, now),
        lines=lines,
        approved=results["approved"],
        failed=results["failed"],
        fee_satang=sum(line.fee_satang for line in lines),
        by_service=tuple((names[th], _cases(n)) for th, n in Counter(line.service.th for line in lines).most_common()),
        to_be_made=sum(line.state == "preparing" and not line.waits_for for line in lines if line.result == "approved"),
        confirmed_at=found.batch.confirmed_at,
        finished_at=found.batch.finished_at,
        strength=proof.get("acr", ""),
        token=token(request, officer),
    )


def _stage(found: Day, now: Now) -> Stage:
    if found.batch.finished_at is not None:
        return "done"
    if found.batch.confirmed_at is not None:
        return "running"
    return "over" if batches.over(found.batch, now) else "open"


def _cases(count: int) -> str:
    return ngettext("%(num)s เรื่อง", "%(num)s เรื่อง", count) % {"num": count}


GONE = Text(th="อยู่ที่สำนักงานอื่นแล้ว", en="At another office now")


def _line(line: Line) -> BatchLine:
    item, now_is, reason = line.item, line.candidate, line.item.reason
    why = filled(reason["message"], {name: _said(value) for name, value in reason["values"].items()}) if reason else ""
    if item.outcome is Outcome.WAITING and now_is is not None:
        why = _words(now_is.hindrance)
    return BatchLine(
        position=item.position,
        id=item.application_id,
        number=now_is.row.number if now_is else "–",
        service=now_is.service.short_name if now_is else GONE,
        applicant=now_is.row.applicant_name if now_is else "",
        fee_satang=now_is.row.fee_satang if now_is else 0,
        result=item.outcome.value,
        why=why,
        licence=line.sealing.number if line.sealing else "",
        state=now_is.row.state.value if now_is else "",
        sealed=line.sealing is not None and line.sealing.sealed,
        waits_for=line.sealing.waits_for if line.sealing else None,
    )


def _said(value: Any) -> object:
    return Text.model_construct(**value) if isinstance(value, dict) else value


@router.get(f"{BATCH}/cases/{{position}}")
def case(request: Request, batch_id: UUID, position: int, db: Db, officer: Signer, now: Now) -> Response:
    """One case of the list, whole; the look is recorded."""
    found = signing_day.of(db, house_of(request), officer, batch_id, now)
    return render(request, "officer/signing_case.html", _case(request, db, officer, found, position, now))


def _case(request: Request, db: Db, officer: OfficerSession, found: Day, position: int, now: Now) -> BatchCasePage:
    house, places = house_of(request), [line.item.position for line in found.lines]
    if position not in places:
        raise NotFound
    at = places.index(position)
    line = found.lines[at]
    this = desk.case(db, house, officer, line.item.application_id, now)
    look.recorded(db, house, officer, this.application, look.personal(this.service, this.application), look.CASE, now)
    past = events.history(db, f"application:{this.application.id}")
    return BatchCasePage(
        batch=found.batch.id,
        bar=bar(request, db, officer, this),
        position=position,
        place=at + 1,
        of=len(places),
        before=places[at - 1] if at else None,
        after=places[at + 1] if at + 1 < len(places) else None,
        proposal=proposal_of(this),
        sections=tuple(sections_of(house.catalogue, this, past)),
        documents=case_documents(house, db, this),
        licence=licence(house, this) if this.service.licence else None,
        fee_satang=this.application.fee_satang,
        why_not=_line(line).why,
        may_change=_stage(found, now) == "open",
        token=token(request, officer),
    )


@router.post(f"{BATCH}/cases/{{position}}/leave-out")
def leave_out(
    request: Request, batch_id: UUID, position: int, fields: Fields, db: Db, officer: Signer, now: Now
) -> Response:
    """Take this case out of the list, and go on with the next."""
    bound(request, officer, fields)
    signing_day.leave_out(db, officer, batch_id, position, now)
    after = one(fields, "after")
    return see(f"/officer/signing/{batch_id}" + (f"/cases/{after}" if after.isdecimal() and len(after) < 5 else ""))
