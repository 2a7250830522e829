"""A new demonstration has a past: people's cases over three months, made by the portal's own commands."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.applications.models import Application, SingleForm
from app.applications.workflow import FINAL
from app.core import events
from app.core.clock import MovedClock
from app.core.embedded import Urls
from app.demo import season
from app.demo.running import Running
from app.licences.models import Licence
from tests.served import database_of_its_own, portal_on


@pytest.fixture(scope="module")
def grown(cluster: Urls, run_folder: Path) -> Iterator[Running]:
    """A portal after a short season, up while its stories are told."""
    with database_of_its_own(cluster) as urls, portal_on(urls.owner, run_folder) as here:
        clock = here.portal.house.clock
        assert isinstance(clock, MovedClock)
        assert season.is_new(here)
        season.grow(here, clock, forms=8)
        yield here


def test_cases_lie_over_the_months_and_the_clock_is_back_in_the_present(grown: Running) -> None:
    now = grown.portal.house.clock.now()
    with grown.portal.house.database.transaction() as db:
        first, last = db.execute(select(func.min(SingleForm.created_at), func.max(SingleForm.created_at))).one()
        cases = list(db.scalars(select(Application)))
        licences = db.scalar(select(func.count()).where(Licence.issued_at.is_not(None)).select_from(Licence))
        count, faults = events.verify(db, None)

    assert timedelta() <= now - datetime.now(UTC) + timedelta(seconds=5) < timedelta(seconds=10)
    assert season.LENGTH - timedelta(days=35) < now - first <= season.LENGTH
    assert now - timedelta(days=28) < last < now
    assert any(case.state in FINAL for case in cases)
    assert licences
    assert all(case.submitted_at < now for case in cases)
    assert count > len(cases)
    assert faults == []


def test_it_happens_once(grown: Running) -> None:
    assert not season.is_new(grown)
