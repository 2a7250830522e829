"""Where a service wants two hands, one officer proposes and another signs: never the same, never other words."""

from functools import partial

import pytest
from sqlalchemy import String, cast, func, select

from app.applications.models import Application, InternalNote
from app.applications.workflow import State
from app.core.events import Event
from app.demo import walk
from app.demo.browsing import Browser
from tests.stories.test_right_service import LARGE
from tests.stories.world import Case, World, at_once

REASON = "ห้องครัวไม่มีที่ระบายอากาศตามกฎกระทรวง"
SECRET = "ลายมือชื่อเจ้าของอาคารไม่ตรงกับทะเบียน ดูอีกครั้ง"


def complete(world: World, maker: Browser) -> Case:
    """A licence for a large restaurant, found complete by somebody who keeps it to propose."""
    me = world.citizen()
    form = world.filled(me, LARGE)
    walk.submit(me, form)
    case = world.sent(me, form)
    walk.take(maker, case.desk)
    walk.check(maker, case.desk)
    walk.decide(maker, case.desk, "accept", "ลงชื่อและรับไว้พิจารณา")
    return case


def decided(world: World, case: Case) -> Application:
    with world.house.database.transaction() as db:
        return db.get_one(Application, case.id)


def acts(world: World, case: Case, act: str) -> int:
    query = select(func.count()).where(Event.stream == f"application:{case.id}", Event.kind == f"application.{act}")
    return int(world.rows(query)[0][0])


def test_what_one_officer_proposes_another_signs_and_the_applicant_hears_only_of_the_decision(world: World) -> None:
    maker, signer = world.officer("nueng"), world.officer("song")
    case = complete(world, maker)
    maker.open(f"{case.desk}/decide").must_see("งานนี้ต้องมีผู้ลงนามอีกคน")

    walk.decide(maker, case.desk, "propose_approval", "ลงชื่อเสนอ", {"message": "ยินดีต้อนรับ"})

    maker.must_see("ผู้ยื่นยังไม่ได้รับแจ้งผล")
    assert not case.told().sees("เสนอ")
    case.me.must_see("กำลังพิจารณา")
    walk.take(signer, case.desk)
    signer.open(case.desk).must_see("ข้อเสนอให้อนุญาต").must_see("นางสาธิต หนึ่ง").must_see("ยินดีต้อนรับ")
    walk.decide(signer, case.desk, "approve", "ลงชื่ออนุญาต")

    made = decided(world, case)
    assert made.state is State.AWAITING_PAYMENT
    assert (made.decision or {})["note"] == "ยินดีต้อนรับ"
    assert made.decided_by not in {None, made.proposed_by}
    assert [acts(world, case, act) for act in ("propose_approval", "approve")] == [1, 1]
    assert not case.told().sees("เสนอ")
    signer.open(case.desk).must_see("เสนอให้อนุญาต")


def test_who_proposed_cannot_sign_whatever_their_duties(world: World) -> None:
    whole = world.officer("ha")
    case = complete(world, whole)
    for action in ("approve", "reject"):
        assert whole.open(f"{case.desk}/decide/{action}").status == 409
    signing = whole.open(f"{case.desk}/decide/propose_approval")
    token = signing.page.xpath("//main//input[@name='token']/@value")[0]
    walk.decide(whole, case.desk, "propose_approval", "ลงชื่อเสนอ")
    walk.take(whole, case.desk)
    revision = decided(world, case).revision

    whole.send(f"{case.desk}/decide/approve", {"token": token, "revision": str(revision), "step": "sign"})

    assert whole.status == 409
    made = decided(world, case)
    assert (made.state, made.decided_by) == (State.ACCEPTED, None)
    assert whole.open(f"{case.desk}/decide").url.endswith("/decide/recall"), "all that is left to do is take it back"
    walk.decide(whole, case.desk, "recall", "เรียกข้อเสนอกลับ")
    whole.open(f"{case.desk}/decide").must_see("เสนอไม่อนุญาต")


def test_the_second_hand_sends_back_with_a_reason_that_only_officers_read(world: World) -> None:
    maker, signer = world.officer("nueng"), world.officer("song")
    case = complete(world, maker)
    walk.decide(maker, case.desk, "propose_approval", "ลงชื่อเสนอ")
    walk.take(signer, case.desk)
    signer.open(f"{case.desk}/decide/send_back").press("ส่งกลับผู้เสนอ", {"message": "สั้น"})
    assert signer.status == 422

    walk.decide(signer, case.desk, "send_back", "ส่งกลับผู้เสนอ", {"message": SECRET})

    maker.open("/officer?tab=mine").must_see(case.number)
    maker.open(case.desk).must_see("ภายใน: บันทึกเจ้าหน้าที่").must_see(SECRET)
    assert not case.told().sees(SECRET)
    assert not case.me.sees("ส่งข้อเสนอกลับ")
    facts = select(func.count()).where(Event.stream == f"application:{case.id}")
    assert world.rows(facts.where(cast(Event.facts, String).contains(SECRET)))[0][0] == 0, (
        "a copy of my data holds my events"
    )
    walk.decide(maker, case.desk, "propose_approval", "ลงชื่อเสนอ")
    assert acts(world, case, "propose_approval") == 2


def test_a_refusal_is_signed_in_the_words_it_was_proposed_in_with_ground_and_last_day_to_appeal(world: World) -> None:
    maker, signer = world.officer("nueng"), world.officer("song")
    case = complete(world, maker)
    page = maker.open(f"{case.desk}/decide/propose_refusal")
    ground = next(value for value in page.page.xpath("//select[@name='ground']/option/@value") if value)
    maker.press("ลงชื่อเสนอ", {"ground": "", "message": "สั้น"})
    assert maker.status == 422
    maker.must_see("เลือกเหตุตามกฎหมาย").must_see("อธิบายเหตุผลให้ผู้ยื่นเข้าใจ")
    walk.decide(maker, case.desk, "propose_refusal", "ลงชื่อเสนอ", {"ground": ground, "message": REASON})
    walk.take(signer, case.desk)
    preview = signer.open(f"{case.desk}/decide/reject").must_see(REASON).must_see("อุทธรณ์ได้ถึงวันที่")
    assert not {"message", "ground"} & preview.field_names()

    walk.decide(signer, case.desk, "reject", "ลงชื่อไม่อนุญาต", {"message": "คำอื่น", "ground": "คำอื่น"})

    said = decided(world, case).decision or {}
    assert (said["ground_key"], said["explanation"]) == (ground, REASON)
    assert said["officer"] == "นายสาธิต สอง"
    assert set(said) >= {"ground", "law", "appeal", "appeal_law", "appeal_until", "position", "on"}
    case.told().must_see(REASON)


def test_eight_signers_at_once_are_one_signature_and_seven_see_what_happened(world: World) -> None:
    maker = world.officer("nueng")
    case = complete(world, maker)
    walk.decide(maker, case.desk, "propose_approval", "ลงชื่อเสนอ")
    walk.take(world.officer("song"), case.desk)
    desks = [world.another_browser_of("song") for _ in range(8)]
    for number, desk in enumerate(desks):
        desk.open(f"{case.desk}/decide/{'send_back' if number % 2 else 'approve'}")

    at_once(
        [
            partial(desk.press, "ส่งกลับผู้เสนอ", {"message": f"{SECRET} {number}"})
            if number % 2
            else partial(desk.press, "ลงชื่ออนุญาต")
            for number, desk in enumerate(desks)
        ]
    )

    assert sorted(desk.status for desk in desks) == [200, *[409] * 7]
    assert acts(world, case, "approve") + acts(world, case, "send_back") == 1
    for number, desk in enumerate(desks):
        if desk.status == 409:
            desk.must_see("เกิดขึ้นหลังจากที่คุณเปิดหน้า").must_see("เราไม่ได้บันทึกสิ่งที่คุณเพิ่งส่ง")
            assert desk.sees(f"{SECRET} {number}") == bool(number % 2), "what was typed is there to copy"
    notes = world.rows(select(func.count()).where(InternalNote.application_id == case.id))[0][0]
    assert notes == acts(world, case, "send_back")


@pytest.mark.parametrize("officer", ["paet", "sipsam"])
def test_a_proposal_is_for_nobody_outside_the_office(world: World, officer: str) -> None:
    case = complete(world, world.officer("nueng"))
    walk.decide(world.officer("nueng"), case.desk, "propose_approval", "ลงชื่อเสนอ")
    assert world.officer(officer).open(case.desk).status == 404
