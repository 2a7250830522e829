"""Very many have paid: four workers make their licences at once, one is killed, and no number is missing or twice."""

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, func, make_url, select, text

from app.applications.models import Application
from app.core import events, jobs
from app.core.embedded import Urls
from app.core.events import Event
from app.demo import many_cases
from app.demo.bench import CLERK
from app.licences.models import Licence, LicenceDocument
from app.pdf import confirming
from app.stories import authenticity
from tests.stories.mortal import Mortal, mortal_on
from tests.stories.world import World

PATIENCE_SECONDS = 3_600
_PAID = text("update applications set state = 'preparing', closed_at = null where number like 'COPY %' returning id")


@pytest.fixture
def mortal(own_database: Urls, run_folder: Path) -> Iterator[Mortal]:
    with mortal_on(own_database, run_folder / "many") as portal:
        yield portal


def until(mortal: Mortal, count: int) -> None:
    """Wait until so many licences are made."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    issued = select(func.count()).where(Licence.issued_at.is_not(None))
    while True:
        with mortal.here.portal.house.database.transaction() as db:
            if (db.scalar(issued) or 0) >= count:
                return
        assert time.monotonic() < deadline, "they are not made"
        time.sleep(0.1)


@pytest.mark.parametrize(
    "many", [120, pytest.param(10_000, marks=pytest.mark.soak)], ids=["120 licences", "10 000 licences"]
)
def test_four_workers_of_which_one_is_killed_number_and_sign_without_gap_or_duplicate(
    own_database: Urls, mortal: Mortal, many: int
) -> None:
    mortal.start()
    world = World(mortal.here)
    form = UUID(world.submitted().form.rpartition("/")[2])
    world.close()
    mortal.kill()
    owner = create_engine(make_url(own_database.owner).set(drivername="postgresql+psycopg"))
    many_cases.copy(owner, str(form), CLERK.subject, many)
    with owner.begin() as on:
        ids = list(on.execute(_PAID).scalars())
    owner.dispose()
    house = mortal.here.portal.house
    with house.database.transaction() as db:
        for application_id in ids:
            jobs.enqueue(db, "issue_licence", application_id=str(application_id))

    workers = [mortal.a_worker() for _ in range(4)]
    until(mortal, many // 4)
    workers[0].kill()
    workers.append(mortal.a_worker())
    until(mortal, many)
    for worker in workers:
        worker.kill()
        worker.join()

    with house.database.transaction() as db:
        numbers = [number for (number,) in db.execute(select(Licence.number))]
        files = list(db.scalars(select(LicenceDocument.digest).where(LicenceDocument.form == 1)))
        acts = select(func.count()).where(Event.kind.in_(["licence.issue", "application.issue"]))
        open_ = select(func.count()).where(Application.id.in_(ids), Application.state != "issued")
        assert (db.scalar(acts), db.scalar(open_)) == (2 * many, 0)
        assert events.verify(db)[1] == []
    assert sorted(int(number.split()[1].split("/")[0]) for number in numbers) == list(range(1, many + 1))
    assert len(set(files)) == many
    now = house.clock.now()
    for digest in files:
        confirming.confirm(house.files.read(digest), [house.trust_roots], now)
    assert all(authenticity.of_file(house, house.files.read(digest)).genuine for digest in files[:: many // 10])
