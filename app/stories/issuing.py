"""Licences are made, many at once: numbered in one short transaction, drawn and signed outside any, filed one by one.

Whatever hinders one keeps no other from its licence. Killed anywhere, the same jobs run again to the same numbers and
one licence each: who has a number keeps it, and who is issued is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.applications import cases
from app.applications.models import Application
from app.applications.workflow import Action, By, State
from app.catalogue.schema import Service
from app.core.clock import bangkok_date
from app.core.errors import Unavailable
from app.core.events import SYSTEM, Actor
from app.core.failpoints import reach
from app.licences import reserving, waiting
from app.licences import service as licences
from app.licences.models import Licence, Wait
from app.licences.reserving import Order
from app.licences.service import Signed
from app.pdf.certificates import UnfitCertificate
from app.stories import issue, renewal, renewal_halted
from app.stories.end import finish_clock, with_receipt
from app.stories.house import House

log = structlog.get_logger(__name__)

AT_ONCE = 40
"""How many one worker takes in hand: beyond that a number, a lock and a job cost nothing more to share."""


@dataclass(frozen=True)
class InHand:
    """An application whose licence is to be made, as it was read with its number; no licence where there is none."""

    application: Application
    service: Service
    licence: Licence | None
    follows: str = ""
    """The number of the licence that it renews."""


def licences_of(house: House, application_ids: Sequence[UUID]) -> dict[UUID, Exception]:
    """Job: the licences of paid (or free) applications; of those that could not be made, why.

    What hinders the sealing is noted for the tracking page. An agency that cannot seal now is not asked again for the
    others: they wait with the one that found out.
    """
    failed: dict[UUID, Exception] = {}
    hindered: dict[str, Unavailable] = {}
    found = _in_hand(house, application_ids, failed)
    reach("issue.reserved")
    for one in sorted(found, key=lambda one: one.application.agency_code):
        application_id, agency = one.application.id, one.application.agency_code
        try:
            if agency in hindered:
                failed[application_id] = hindered[agency]
            else:
                _made(house, one)
        except Unavailable as hindrance:
            failed[application_id] = hindered[agency] = hindrance
        except Exception as problem:  # noqa: BLE001 - the worker tells it and tries this one again; the others go on
            failed[application_id] = problem
    _wait(house, {key: problem for key, problem in failed.items() if isinstance(problem, Unavailable)})
    return failed


def _in_hand(house: House, ids: Sequence[UUID], failed: dict[UUID, Exception]) -> list[InHand]:
    """All with their numbers. Where one spoils it for all, each is asked for alone."""
    try:
        found, held = _numbered(house, ids)
    except Exception as problem:  # noqa: BLE001 - as above
        if len(ids) == 1:
            failed[ids[0]] = problem
            return []
        found, held = [], list(ids)
    return found + [one for application_id in held for one in _in_hand(house, [application_id], failed)]


def _numbered(house: House, ids: Sequence[UUID]) -> tuple[list[InHand], list[UUID]]:
    """Those that wait for their licence, with its number; and those to be asked for alone.

    That is what somebody else holds at this moment, and a renewal: it may end here instead, and its fee go back.
    """
    now = house.clock.now()
    with house.database.transaction() as db:
        free = [cases.by_system(db, ids[0])] if len(ids) == 1 else cases.those_free(db, ids)
        due = [application for application in free if application.state is State.PREPARING]
        services = {one.id: house.service(db, one.service_slug, one.service_version) for one in due}
        due = [one for one in due if services[one.id].licence is None or renewal_halted.may_be_made(db, one, now)]
        before = {one.id: renewal.followed(db, one) for one in due if services[one.id].licence}
        orders = (_order(one, services[one.id], before[one.id], now) for one in due if one.id in before)
        reserved = reserving.reserve(db, orders, now)
    return [
        InHand(one, services[one.id], reserved.get(one.id), former.number if (former := before.get(one.id)) else "")
        for one in due
    ], [*set(ids).difference(one.id for one in free)]


def _order(application: Application, service: Service, before: Licence | None, now: datetime) -> Order:
    start = bangkok_date(now)
    return Order(
        application_id=application.id,
        applicant_id=application.applicant_id,
        number_prefix=service.number_prefix,
        service_slug=service.slug,
        service_version=service.version,
        agency_code=application.agency_code,
        holder=application.applicant_name,
        premises=application.premises_name,
        valid_from=start,
        valid_until=issue.last_day(service, before, start),
        follows=application.renews,
    )


def _made(house: House, one: InHand) -> None:
    if one.licence is None or one.service.licence is None:
        _ended(house, one)
        return
    now = house.clock.now()
    content = issue.content(house, one.application, one.service, one.licence, previous=one.follows)
    signed = issue.signed(house, one.licence.agency_code, content, one.service.licence, now)
    reach("issue.stored")
    with house.database.transaction() as db:
        _filed(db, one.application, one.licence, signed, now)


def _filed(db: Session, read: Application, reserved: Licence, signed: Signed, now: datetime) -> None:
    db.info["failpoint"] = "issue"
    if read.renews is not None:
        renewal_halted.first_the_former(db, read.id)
    application = cases.again(db, read)
    if application.state is not State.PREPARING:
        return
    actor = Actor(SYSTEM.kind, None, SYSTEM.name, application.applicant_id)
    renewal.goes_on(db, application, reserved, actor, now)
    licences.issue(db, reserved.id, signed, actor, now)
    given = cases.facts_of(application, None, now)  # the rule of issuing asks for none
    said = {"licence": reserved.number, "sha256": signed.digest}
    cases.act(db, application, Action.ISSUE, [By.SYSTEM], actor, given, now, **said)
    finish_clock(db, application, now, "ออกเอกสารให้แล้ว")


def _ended(house: House, one: InHand) -> None:
    """Where the service has no licence, the application simply ends."""
    with house.database.transaction() as db:
        application = cases.again(db, one.application)
        if application.state is State.PREPARING:
            with_receipt(db, application, one.service, house.clock.now())


def _wait(house: House, hindered: dict[UUID, Unavailable]) -> None:
    """Note what each waits for: its own agency's certificate, or somebody outside."""
    if not hindered:
        return
    now = house.clock.now()
    with house.database.transaction() as db:
        for application_id, hindrance in hindered.items():
            reason = Wait.CERTIFICATE if isinstance(hindrance, UnfitCertificate) else Wait.AUTHORITY
            waiting.waits(db, application_id, reason, SYSTEM, now)
    log.warning("licences wait to be sealed", applications=len(hindered), hindrances={*map(str, hindered.values())})
