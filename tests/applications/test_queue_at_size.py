"""The queue of an office with ten thousand applications: every tab is read from an index, and counting walks no table."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from app.applications import queue
from app.applications.cases import Reach
from app.applications.queue import TABS, Asked, Hand
from app.core.clock import bangkok_date
from app.core.db import Database
from app.demo import many_cases
from app.identity.models import Officer
from tests.statements import Said, heard
from tests.world import FOOD, OFFICE, make_application, make_officer

COPIES = 10_000
Plan = dict[str, Any]


def nodes(plan: Plan) -> Iterator[Plan]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def plans(database: Database, sent: Said) -> list[Plan]:
    """How the database would read each of them."""
    found = []
    with database.engine.connect() as connection:
        for statement, values in sent:
            row = connection.exec_driver_sql(f"explain (analyze, format json) {statement}", values).scalar_one()
            found.append(row[0])
    return found


def scanned(plan: Plan) -> set[tuple[str, str]]:
    """How applications are reached: kind of scan, and by which index."""
    return {
        (node["Node Type"], node.get("Index Name", ""))
        for node in nodes(plan["Plan"])
        if node.get("Relation Name") == "applications" or node["Node Type"] == "Bitmap Index Scan"
    }


@pytest.fixture
def office(database: Database, owner_url: str, now: datetime) -> Reach:
    """An office with ten thousand applications, a tenth of them in the hands of this officer."""
    with database.transaction() as db:
        officer = make_officer(db, now, office_code=OFFICE)
        application = make_application(db, now)
        subject = db.get_one(Officer, officer.officer_id).subject
        form_id = str(application.single_form_id)
    owner = create_engine(owner_url.replace("postgresql://", "postgresql+psycopg://"))
    many_cases.copy(owner, form_id, subject, COPIES)
    with owner.begin() as db:
        db.execute(text("analyze applications"))
    owner.dispose()
    return officer


def test_every_tab_and_the_counts_of_all_are_read_from_indexes(
    database: Database, office: Reach, now: datetime
) -> None:
    today = bangkok_date(now)
    soon = today + timedelta(days=3)
    hand = Hand(checks=True, decides=True, two_hands=("food-premises-licence",))
    for reach in (office, replace(office, office_code=None)):
        with database.transaction() as db, heard(database) as sent:
            counts = queue.tab_counts(db, reach, today, soon)
            for tab in TABS:
                queue.queue(db, reach, Asked(tab), today, soon, held=counts[tab])
                queue.first(db, reach, Asked(tab, service=FOOD, hand=hand), today, soon)
        assert len(sent) == 1 + 2 * len(TABS), "the counts of all tabs are one query"
        read = plans(database, sent)
        assert not {kind for plan in read for kind, _ in scanned(plan) if kind == "Seq Scan"}
        assert {index for kind, index in scanned(read[0])} >= {"ix_applications_open", "ix_applications_done"}
        assert sum(counts[tab] for tab in ("new", "mine", "colleagues", "applicant", "done")) == COPIES + 1
