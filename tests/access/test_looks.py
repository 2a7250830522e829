"""Whatever shows a person's data to an officer is written down for that person, by whichever door it came."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.privacy.models import AccessLog
from tests.access.cases import PHOTOS, Cases
from tests.access.cast import Cast, Visitor, Who

DESK = "/officer/applications/{application_id}"


def looks(cast: Cast, officer: Who, application: str) -> list[set[str]]:
    """What this officer is on record to have seen of a case, oldest first."""
    with cast.database.transaction() as db:
        rows = db.scalars(
            select(AccessLog.what)
            .where(AccessLog.officer_id == cast.known[officer], AccessLog.application_id == UUID(application))
            .order_by(AccessLog.id)
        )
        return [{item["key"] for item in what} for what in rows]


def opened(cast: Cast, officer: Visitor, made: Cases, page: str) -> list[set[str]]:
    """What came on record when this officer opened a page."""
    application = made.at["rejected"]["application_id"]
    before = len(looks(cast, officer.who, application))
    assert officer.ask("GET", made.path(page, "rejected")).status_code == 200
    return looks(cast, officer.who, application)[before:]


@pytest.mark.parametrize("page", [DESK, f"{DESK}/check"])
def test_opening_a_case_is_on_record_with_every_personal_answer(cast: Cast, made: Cases, page: str) -> None:
    [seen] = opened(cast, cast[Who.OFFICER], made, page)

    assert {"applicant_given_name", "applicant_family_name", "applicant_address", "applicant_phone"} <= seen


def test_a_document_is_on_record_by_its_page_and_by_its_file(cast: Cast, made: Cases) -> None:
    for page in (f"{DESK}/documents/{{key}}", f"{DESK}/files/{{key}}"):
        assert opened(cast, cast[Who.OFFICER], made, page) == [{PHOTOS}]


def test_a_picture_asked_for_past_its_page_is_on_record_too_and_once(cast: Cast, made: Cases) -> None:
    picture = f"{DESK}/files/{{key}}/pages/{{number}}"

    assert opened(cast, cast[Who.RECEIVER], made, picture) == [{PHOTOS}]
    assert opened(cast, cast[Who.RECEIVER], made, picture) == []
    assert opened(cast, cast[Who.OFFICER], made, f"{DESK}/documents/{{key}}") == [{PHOTOS}]
    assert opened(cast, cast[Who.OFFICER], made, picture) == []


def test_the_list_of_documents_shows_none_of_them(cast: Cast, made: Cases) -> None:
    page = cast[Who.OFFICER].ask("GET", made.path(f"{DESK}/documents", "rejected"))

    assert "/files/" not in page.text


def test_looking_on_behalf_of_nobody_is_impossible(cast: Cast, made: Cases) -> None:
    with cast.database.transaction() as db:
        before = db.scalar(select(func.count()).select_from(AccessLog))
    assert cast[Who.ELSEWHERE].ask("GET", made.path(DESK, "rejected")).status_code == 404
    with cast.database.transaction() as db:
        assert db.scalar(select(func.count()).select_from(AccessLog)) == before
