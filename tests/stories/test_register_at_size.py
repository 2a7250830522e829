"""The register of an agency with ten thousand licences: whatever is looked for in it is found through an index."""

from datetime import datetime

import pytest
from sqlalchemy import create_engine, text

from app.applications.cases import Reach
from app.core.db import Database
from app.demo import many_cases
from app.identity.models import Officer
from app.stories import register
from tests.statements import heard
from tests.world import OFFICE, make_application, make_officer

COPIES = 10_000
LICENCES = text(
    """
    insert into licences (id, application_id, applicant_id, number, code, service_slug, service_version, agency_code,
        holder, premises, status, status_ground, status_at, valid_from, reserved_at, issued_at, revision)
    select gen_random_uuid(), id, applicant_id, 'อญ ' || n || '/2569', lpad(n::text, 13, '0'), service_slug,
        service_version, agency_code, 'นางสาวสมมติ คนที่' || n, 'ร้าน ' || md5(n::text) || ' Café', 'valid', '',
        :now, :day, :now, :now, 0
    from (select *, row_number() over (order by id) as n from applications) as numbered
    """
)
EDITIONS = text(
    """
    insert into licence_editions (id, licence_id, number, code, kind, holder, premises, answers, ordered_at, issued_at)
    select id, id, 1, code, 'original', holder, premises, '{}', issued_at, issued_at from licences
    """
)
SOUGHT = ("อญ ๔๓๒๑/๒๕๖๙", "อญ4321", "คนที่4321", "สมมติ คนที่4321", "0000000004321")
"""A number, a part of one, a part of a name, two words of it, a code."""
NOTHING = ("ไม่มีร้านนี้", "%%%", "___", "\\\\\\", "ร้าน' or 1=1", "ฮ")


@pytest.fixture
def office(database: Database, owner_url: str, now: datetime) -> Reach:
    """An office whose applications have all become licences."""
    with database.transaction() as db:
        officer = make_officer(db, now, office_code=OFFICE)
        application = make_application(db, now)
        subject = db.get_one(Officer, officer.officer_id).subject
        form_id = str(application.single_form_id)
    owner = create_engine(owner_url.replace("postgresql://", "postgresql+psycopg://"))
    many_cases.copy(owner, form_id, subject, COPIES)
    with owner.begin() as db:
        db.execute(LICENCES, {"now": now, "day": now.date()})
        db.execute(EDITIONS)
        db.execute(text("analyze licences"))
        db.execute(text("analyze applications"))
    owner.dispose()
    return officer


def test_a_licence_among_ten_thousand_is_found_by_a_part_and_no_table_is_walked(
    database: Database, office: Reach, now: datetime
) -> None:
    said = []
    for asked in SOUGHT:
        with heard(database) as these, database.transaction() as db:
            lines, total = register.listed(db, office, "all", asked, "", now, 1)
        said += these
        assert "อญ 4321/2569" in [line.number for line in lines], asked
        assert total == len(lines)

    with database.engine.connect() as connection:
        for statement, values in said:
            plan = connection.exec_driver_sql(f"explain {statement}", values).scalars().all()
            assert not [line for line in plan if "Seq Scan on licences" in line], "\n".join(plan)
    with database.transaction() as db:
        for asked in NOTHING:
            assert register.listed(db, office, "all", asked, "", now, 1)[1] == 0, asked
        assert register.listed(db, office, "all", "CAFÉ", "", now, 1)[1] > COPIES, "in whatever letters it is typed"
