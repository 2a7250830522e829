"""A new demonstration has a past: people's cases over three months, made by the portal's own commands."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.applications.form_models import SingleForm
from app.applications.models import Application
from app.applications.workflow import FINAL, State
from app.core import events
from app.core.clock import MovedClock, bangkok_date
from app.core.embedded import Urls
from app.demo import renewals, season, walk
from app.demo.acts import Filer
from app.demo.browsing import Browser
from app.demo.companies import TOWNS
from app.demo.crowd import CROWD
from app.demo.lives import COPY, HAZARD, LARGE, LIQUOR, PLACES, TOBACCO, files, never
from app.demo.officials import MUANG, NAKHON
from app.demo.running import Running
from app.demo.town import Town
from app.licences.models import Licence, Status
from app.reporting import evidence, maturity
from app.reporting.criteria import Criterion, Window
from tests.served import database_of_its_own, portal_on


@pytest.fixture(scope="module")
def grown(cluster: Urls, run_folder: Path) -> Iterator[Running]:
    """A portal after a short season, up while its stories are told."""
    with database_of_its_own(cluster) as urls, portal_on(urls.owner, run_folder) as here:
        clock = here.portal.house.clock
        assert isinstance(clock, MovedClock)
        assert season.is_new(here)
        season.grow(here, clock, forms=2, sure=season.LEVELS)
        yield here


def test_cases_lie_over_the_months_and_the_clock_is_back_in_the_present(grown: Running) -> None:
    now = grown.portal.house.clock.now()
    with grown.portal.house.database.transaction() as db:
        first, last = db.execute(select(func.min(SingleForm.created_at), func.max(SingleForm.created_at))).one()
        cases = list(db.scalars(select(Application)))
        licences = db.scalar(select(func.count()).where(Licence.issued_at.is_not(None)).select_from(Licence))
        count, faults = events.verify(db, None)

    assert timedelta() <= now - datetime.now(UTC) + timedelta(seconds=5) < timedelta(seconds=10)
    assert renewals.OPENED[1] < now - first <= renewals.OPENED[0]
    assert now - timedelta(days=28) < last < now
    assert any(case.state in FINAL for case in cases)
    assert licences
    with grown.portal.house.database.transaction() as db:
        former = db.scalars(select(Licence).where(Licence.follows_id.is_not(None))).one()
        ending = db.scalars(select(Licence).where(Licence.reminded.is_not(None), Licence.id != former.follows_id)).all()
    assert former.issued_at, "one has renewed"
    assert ending, "another is told that its own ends"
    assert all(case.submitted_at < now for case in cases)
    assert count > len(cases)
    assert faults == []


@pytest.mark.parametrize("luck", range(2))
def test_whatever_chance_answers_every_service_can_be_filled_to_its_end(grown: Running, luck: int) -> None:
    house, clock = grown.portal.house, grown.portal.house.clock
    assert isinstance(clock, MovedClock)
    town = Town(grown, clock, random.Random(luck))
    for n, slug in enumerate(sorted(house.catalogue.services)):
        form = files(town, Filer(house, CROWD[n % len(CROWD)]), (slug,), PLACES[n % len(PLACES)], n, never)
        next(form)
        town.rest()
        next(form)


def test_it_happens_once(grown: Running) -> None:
    assert not season.is_new(grown)


def test_services_stand_at_each_level_and_each_says_in_plain_words_why_not_higher(grown: Running) -> None:
    house = grown.portal.house
    with house.database.transaction() as db:
        made = maturity.report(db, house.catalogue, bangkok_date(house.clock.now()))
    said = {line.offer.place: (line.assessment.level, line.missing) for line in made.lines}

    new = {
        (HAZARD, NAKHON): (1, "ยังไม่มีใบแจ้งชำระที่ออกบนระบบใน 90 วัน"),
        (COPY, NAKHON): (1, "ยังไม่มีใบเสร็จอิเล็กทรอนิกส์ใน 90 วัน"),
        (COPY, MUANG): (2, "งานบริการนี้จบที่ใบเสร็จ ยังไม่ออกเอกสารเป็นไฟล์"),
    }
    unused = "ยังไม่มีคำขอที่กรอกและยื่นบนเว็บใน 90 วัน"
    used = {place: level for place, level in said.items() if level != (0, unused)}
    assert used == dict.fromkeys(used, (3, "")) | new
    assert {slug for slug, _ in used} == {slug for _, _, services in season.LEVELS for slug in services}


def test_without_its_receipts_a_service_of_the_town_falls_to_level_one(grown: Running) -> None:
    """The counterfactual on the town's own evidence: nothing is deleted, the report is made without the pieces."""
    house = grown.portal.house
    window = Window(bangkok_date(house.clock.now()))
    with house.database.transaction() as db:
        found = evidence.pieces(db, window)
    given = evidence.offers(house.catalogue)
    whole = maturity.judged(given, found, window).line(COPY, MUANG)
    left = {
        place: [piece for piece in pieces if piece.criterion is not Criterion.E_RECEIPT]
        for place, pieces in found.items()
    }
    without = maturity.judged(given, left, window).line(COPY, MUANG)

    assert whole is not None
    assert without is not None
    assert (whole.assessment.level, without.assessment.level) == (2, 1)
    assert without.missing == "ยังไม่มีใบเสร็จอิเล็กทรอนิกส์ใน 90 วัน"


def test_the_company_of_the_town_has_its_licences_and_sees_what_its_agent_did(grown: Running) -> None:
    with Browser(grown.url) as agent:
        walk.sign_in(agent, "chaem")
        agent.open("/acting").must_see(TOWNS.name.th)
    with grown.portal.house.database.transaction() as db:
        filed = db.execute(
            select(Application.service_slug, Application.state).where(Application.applicant_name == TOWNS.name.th)
        ).all()
    assert {slug for slug, _ in filed} == {LARGE, HAZARD, LIQUOR, TOBACCO}
    assert {state for _, state in filed} == {State.ISSUED}


def test_officers_of_the_town_look_after_what_they_have_issued(grown: Running) -> None:
    """Each act by its own hand and after the holder was heard, as everywhere."""
    with grown.portal.house.database.transaction() as db:
        (revoked,) = db.scalars(select(Licence).where(Licence.status == Status.REVOKED))
        past = events.history(db, f"licence:{revoked.id}")
    told = [(event.kind, event.actor_name) for event in past if event.actor_kind == "officer"]
    assert told == [("licence.announce_revoke", "นางสาธิต หนึ่ง"), ("licence.revoke", "นายสาธิต สอง")]
