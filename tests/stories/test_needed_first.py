"""A licence that must be there first: officers wait for it, see it elsewhere, or do without it by law; all is told."""

import pytest
from sqlalchemy import select

from app.applications.models import Application, ClockMove
from app.core.events import Event
from app.demo import journey, walk
from app.demo.browsing import Browser
from app.licences.life import Action
from app.licences.models import Licence
from tests.stories.world import Case, World, picture, summary
from tests.world import order

REGISTER, LIQUOR, TOBACCO = "commercial-registration", "liquor-retail", "tobacco-retail"
SAID = journey.RESTAURANT | {"head_office_at": "shop"}
HELD = "ยังอนุญาตไม่ได้จนกว่าจะมีใบทะเบียนพาณิชย์"
APPROVE = {TOBACCO: "approve", LIQUOR: "propose_approval"}


def filed(world: World, person: str, *services: str) -> dict[str, Case]:
    """One form, sent: the case at each desk, by service."""
    me = world.citizen(person)
    form = walk.start_form(me, *services)
    walk.await_prefill(me, form)
    walk.answer_all(me, form, SAID)
    walk.attach(me, form, picture)
    walk.submit(me, form)
    query = select(Application.service_slug, Application.number)
    sent = world.rows(query.where(Application.single_form_id == form.rpartition("/")[2]))
    desks = {REGISTER: "paet", LIQUOR: "sipet", TOBACCO: "sipet"}
    return {
        row.service_slug: Case(me, form, row.number, walk.find_case(world.officer(desks[row.service_slug]), row.number))
        for row in sent
    }


def complete(world: World, case: Case, checker: str, approver: str) -> Browser:
    """Found complete; taken by who goes on with it."""
    walk.take(world.officer(checker), case.desk)
    walk.check(world.officer(checker), case.desk)
    walk.decide(world.officer(checker), case.desk, "accept", "ลงชื่อและรับไว้พิจารณา")
    walk.take(world.officer(approver), case.desk)
    return world.officer(approver)


def registered(world: World, case: Case) -> None:
    """The commercial registration is granted, paid for and there."""
    registrar = complete(world, case, "paet", "kao")
    walk.decide(registrar, case.desk, "approve", "ลงชื่ออนุญาต")
    walk.pay(case.me, walk.bill_path(case.me, case.form))
    walk.await_licence(case.me, case.form)


def ordered(world: World, action: Action) -> None:
    """The municipality gives an order about the registration."""
    with world.house.database.transaction() as db:
        (held,) = db.scalars(select(Licence).where(Licence.service_slug == REGISTER))
        order(db, held, action, world.house.clock.now())


def kinds(world: World, case: Case) -> list[str]:
    rows = world.rows(select(Event.kind).where(Event.stream == f"application:{case.id}").order_by(Event.seq))
    return [kind for (kind,) in rows]


def test_the_tobacco_licence_waits_for_the_registration_and_the_clock_runs_on(world: World) -> None:
    cases = filed(world, "mali", REGISTER, TOBACCO)
    tobacco, register = cases[TOBACCO], cases[REGISTER]
    signer = complete(world, tobacco, "sipet", "sipsong")

    signer.open(tobacco.desk).must_see(HELD).must_see("ยื่นแล้ว ยังไม่ออก").must_see(register.number)
    signer.open(f"{tobacco.desk}/decide").must_see(HELD)
    assert signer.links(r"/decide/reject"), "refusing stays open"
    assert not signer.links(r"/decide/approve")
    assert signer.open(signer.links(r"^/track/")[0]).status == 200, "the needed case is one press away"
    assert signer.open(f"{tobacco.desk}/decide/approve").status == 409
    signer.must_see("ยังอนุญาตไม่ได้ เพราะยังไม่มีใบทะเบียนพาณิชย์")
    tobacco.me.open(f"{tobacco.form}/track").must_see("เรื่องนี้รอใบทะเบียนพาณิชย์")
    tobacco.me.must_see("เวลาตามกฎหมายยังนับอยู่ระหว่างรอ")
    moves = world.rows(select(ClockMove.tick).where(ClockMove.application_id == tobacco.id))
    assert [tick for (tick,) in moves] == ["start"], "waiting stops no clock"

    registered(world, register)
    ordered(world, Action.SUSPEND)
    signer.open(f"{tobacco.desk}/decide").must_see(HELD)
    ordered(world, Action.REINSTATE)

    tobacco.me.open(f"{tobacco.form}/track").must_see("มีใบทะเบียนพาณิชย์ (พค.0403)แล้ว")
    walk.decide(signer, tobacco.desk, "approve", "ลงชื่ออนุญาต")


@pytest.mark.parametrize(
    ("person", "basis", "kind", "told"),
    [
        ("tasi", "seen", "see_support", "เจ้าหน้าที่เห็นใบทะเบียนพาณิชย์"),
        ("chaem", "not_bound", "spare_support", "พ.ร.บ.ทะเบียนพาณิชย์ พ.ศ. 2499 มาตรา 7"),
    ],
)
def test_an_officer_who_saw_it_elsewhere_or_names_the_law_says_so_and_the_applicant_reads_it(
    world: World, person: str, basis: str, kind: str, told: str
) -> None:
    (case,) = filed(world, person, LIQUOR).values()
    maker = complete(world, case, "sipet", "sipet")
    maker.open(case.desk).must_see("ผู้ยื่นยังไม่ได้ยื่นขอที่นี่")
    assert not maker.links(r"/decide/propose_approval")
    case.me.open(f"{case.form}/track").must_see("ยื่นใบทะเบียนพาณิชย์")

    maker.open(case.desk).press("บันทึกและพิจารณาต่อได้", {"support_note": "สั้นไป"})
    assert maker.status == 422
    assert set(summary(maker)) == {"support_basis", "support_note"}
    assert maker.page.get_element_by_id("support_note").value.strip() == "สั้นไป"

    why = "เลขทะเบียน 1234567890123 ออกเมื่อ 3 มี.ค. 2561 ดูฉบับจริงแล้ว"
    maker.press("บันทึกและพิจารณาต่อได้", {"support_basis": basis, "support_note": why})

    assert maker.status == 200
    assert not maker.sees(HELD)
    assert kinds(world, case).count(f"application.{kind}") == 1
    case.me.open(f"{case.form}/track").must_see(told).must_see(why)
    walk.decide(maker, case.desk, "propose_approval", "ลงชื่อเสนอ")
    signer = world.officer("sipsong")
    walk.take(signer, case.desk)
    signer.open(case.desk).must_see(why)
    walk.decide(signer, case.desk, "approve", "ลงชื่ออนุญาต")


def test_who_has_not_taken_the_case_finds_nothing_to_press_and_a_need_it_has_not_is_not_kept(world: World) -> None:
    (case,) = filed(world, "tasi", TOBACCO).values()
    checker = world.officer("sipet")
    checker.open(case.desk)
    assert not checker.sees("บันทึกและพิจารณาต่อได้")
    walk.take(checker, case.desk)
    checker.open(case.desk).press("บันทึกและพิจารณาต่อได้", {"need": "food-premises-licence", "support_basis": "seen"})
    checker.must_see(HELD)
    assert not [kind for kind in kinds(world, case) if kind.endswith("_support")]
