"""One form for four services at three agencies: what each officer may read of it, field by field."""

from uuid import UUID

import pytest
from sqlalchemy import select

from app.applications.models import Application
from app.catalogue.schema import Service
from app.demo import journey, walk
from app.demo.officials import OFFICERS
from app.demo.roles import Officer
from tests.stories.world import World

AT_A_DESK = [o for o in OFFICERS if {"receive", "check", "approve"} & set(o.duties)]


@pytest.fixture(scope="module")
def filed(shared: World) -> dict[str, UUID]:
    """A restaurant with a bar, its head office under another local authority: service to application."""
    me = shared.citizen()
    form = walk.start_form(me, *journey.BAR)
    walk.await_prefill(me, form)
    walk.answer_all(me, form, dict(journey.RESTAURANT))
    walk.attach(me, form)
    walk.submit(me, form)
    sent = select(Application.service_slug, Application.id).where(
        Application.single_form_id == UUID(form.rpartition("/")[2])
    )
    return {row.service_slug: row.id for row in shared.rows(sent)}


def at_its_desk(world: World, officer: Officer, application_id: UUID) -> bool:
    """Whether the application went to this officer's agency and office."""
    went = select(Application.agency_code, Application.office_code).where(Application.id == application_id)
    (to,) = world.rows(went)
    return officer.agency == to.agency_code and officer.office in {None, to.office_code}


def services(world: World, filed: dict[str, UUID]) -> dict[str, Service]:
    return {slug: world.house.catalogue.services[slug] for slug in filed}


def test_the_form_went_to_three_agencies(shared: World, filed: dict[str, UUID]) -> None:
    agencies = shared.rows(select(Application.agency_code).where(Application.id.in_(filed.values())).distinct())
    assert (len(filed), len(agencies)) == (4, 3)


@pytest.mark.parametrize("officer", AT_A_DESK, ids=lambda o: o.key)
def test_an_officer_reads_every_field_of_their_own_case_and_none_of_any_other(
    shared: World, filed: dict[str, UUID], officer: Officer
) -> None:
    reader = shared.another_browser_of(officer.key)
    asked_by = {slug: {q.key: q.name.th for q in s.questions} for slug, s in services(shared, filed).items()}
    documents = {slug: {use.key for use in s.documents} for slug, s in services(shared, filed).items()}
    for slug, application_id in filed.items():
        desk = f"/officer/applications/{application_id}"
        mine = at_its_desk(shared, officer, application_id)
        reader.open(desk)
        assert reader.status == (200 if mine else 404), (officer.key, slug)
        if not mine:
            pages = [f"{desk}/documents", f"{desk}/check", f"{desk}/decide", f"{desk}/hand-over", f"{desk}/take-over"]
            assert {reader.open(page).status for page in pages} <= {404, 403}
            continue
        shown = {term.text_content().strip() for term in reader.page.xpath("//main//dl//dt")}
        stored = shared.rows(select(Application.answers, Application.documents).where(Application.id == application_id))
        assert {asked_by[slug][key] for key in stored[0].answers} <= shown
        strange = {name for other in filed if other != slug for name in asked_by[other].values()}
        assert not shown & (strange - set(asked_by[slug].values()))
        assert set(stored[0].answers) <= set(asked_by[slug])
        held = {document["key"] for document in stored[0].documents}
        assert held <= documents[slug]
        for key in set().union(*documents.values()):
            assert reader.open(f"{desk}/files/{key}").status == (200 if key in held else 404), (officer.key, slug, key)


def test_every_case_has_its_readers(shared: World, filed: dict[str, UUID]) -> None:
    readers = {slug: {o.key for o in AT_A_DESK if at_its_desk(shared, o, id_)} for slug, id_ in filed.items()}
    assert all(readers.values()), readers
    assert readers["liquor-retail"].isdisjoint(readers["food-premises-notification"])
    assert readers["commercial-registration"].isdisjoint(readers["liquor-retail"])


def test_a_search_finds_only_what_lies_at_ones_own_desk(shared: World, filed: dict[str, UUID]) -> None:
    rows = shared.rows(select(Application.id, Application.number).where(Application.id.in_(filed.values())))
    numbers = {row.id: row.number for row in rows}
    for officer in AT_A_DESK:
        reader = shared.another_browser_of(officer.key)
        for application_id, number in numbers.items():
            reader.open(f"/officer?tab=new&q={number.replace(' ', '+')}")
            found = bool(reader.links(f"/officer/applications/{application_id}"))
            assert found == at_its_desk(shared, officer, application_id), (officer.key, number)
