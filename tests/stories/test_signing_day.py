"""The officers' signing day: many decisions looked through, confirmed by one fresh sign-in, each done for itself."""

import random
import subprocess
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import func, select
from starlette.datastructures import URL

from app.applications.models import Application
from app.applications.workflow import State
from app.core import events
from app.core.events import Event
from app.core.numbers import Counter
from app.core.thai import be_year
from app.demo import walk
from app.demo.acts import Filer
from app.demo.browsing import Browser
from app.demo.desks import Desk
from app.demo.grants import Fault
from app.demo.people import CITIZENS
from app.demo.provider import agree
from app.licences.models import Licence
from app.privacy.models import AccessLog
from app.stories.review import Said
from tests.stories.world import World

VAT, LARGE = "vat-registration", "food-premises-licence"
DAY, ALL, TICKED = "/officer/signing", "ไปตรวจและลงนาม", "เฉพาะเรื่องที่เลือก"
LEAVE_OUT, SIGN = "เอาเรื่องนี้ออกจากรายการ", "ยืนยันตัวตนและลงนาม"


def accepted(world: World, service: str, count: int) -> list[Desk]:
    """So many cases of this service that were found complete, and proposed for approval where two officers sign."""
    me = Filer(world.house, CITIZENS[0])
    forms = [me.begin([service]) for _ in range(count)]
    world.when_idle()
    opens = world.house.clock.now() + timedelta(days=40)
    dates = {"day": str(opens.day), "month": str(opens.month), "year": str(be_year(opens.date()))}
    said = {f"opening_date.{part}": text for part, text in dates.items()} | {
        "applicant_phone": "08 1234 5678",
        "premises_address.subdistrict": "พระปฐมเจดีย์ เมืองนครปฐม นครปฐม",
        "premises_right": "own",
        "premises_area": "240",
        "head_office_at": "shop",
    }
    for n, form in enumerate(forms):
        shop = {"shop_name": f"ครัวมะลิ {n}", "premises_address.house": f"9/{n + 1}"}
        me.answer(form, said | shop, random.Random(5))
        me.attach(form)
    world.when_idle()
    return [complete(world, service, application) for form in forms for application in me.send(form)]


def complete(world: World, service: str, application: UUID) -> Desk:
    desk = Desk(world.house, application)
    desk.accepts()
    if service == LARGE:
        desk.proposes(Said("ยินดีต้อนรับ"))
    return desk


def states(world: World, desks: list[Desk]) -> list[State]:
    found = {row.id: row.state for row in world.rows(select(Application.id, Application.state))}
    return [found[desk.id] for desk in desks]


def revision(world: World, desk: Desk) -> int:
    return int(world.rows(select(Application.revision).where(Application.id == desk.id))[0][0])


@pytest.fixture(scope="module")
def kept(shared: World) -> Desk:
    """A case that nobody succeeds in signing."""
    return accepted(shared, LARGE, 1)[0]


@pytest.fixture
def signing(shared: World, kept: Desk) -> tuple[World, Desk, Browser, str]:
    """The director with a list of that one case."""
    signer = shared.officer("song")
    return shared, kept, signer, listed(signer, TICKED, case=f"{kept.id}:{revision(shared, kept)}")


def away_to_sign(signer: Browser, batch: str, **changed: str | None) -> str:
    """The provider's page that a press on the button leads to; `changed` replaces what the request says."""
    signer.open(batch).follow(SIGN)
    asked = URL(signer.url)
    for name, text in changed.items():
        asked = asked.remove_query_params(name) if text is None else asked.include_query_params(**{name: text})
    return str(asked)


def signed(signer: Browser, batch: str, person: str) -> Browser:
    signer.open(away_to_sign(signer, batch))
    walk.prove_presence(signer, person)
    return signer


def listed(signer: Browser, button: str = ALL, **fields: object) -> str:
    """The list made of what waits: its address."""
    signer.open(DAY).press(button, fields)
    assert signer.status == 200, signer.words
    return urlsplit(signer.url).path


def test_an_officer_looks_through_leaves_one_out_and_signs_the_rest_in_one_act(world: World) -> None:
    signer = world.officer("song")
    desks = accepted(world, LARGE, 4)
    left, changed, taken, *good = desks
    signer.open("/officer").follow("ลงนาม")
    assert signer.must_see("รอลายมือชื่อของฉัน").words.count("ยินดีต้อนรับ") == 4
    looks = world.rows(select(func.count()).select_from(AccessLog))[0][0]

    batch = listed(signer)
    signer.follow("ดูทีละเรื่องก่อน").must_see("เรื่องที่ 1 จาก 4").must_see("ครัวมะลิ").must_see("ข้อเสนอให้อนุญาต")
    at = next(n for n in range(1, 5) if str(left.id) in " ".join(signer.open(f"{batch}/cases/{n}").links("/officer/")))
    assert world.rows(select(func.count()).select_from(AccessLog))[0][0] == looks + 1 + at, "every look is recorded"
    signer.press(LEAVE_OUT)
    signer.open(batch).must_see("ตรวจก่อนลงนาม 3 เรื่อง")

    colleague = world.officer("ha")
    for case in (changed, taken):
        walk.take(colleague, f"/officer/applications/{case.id}")
    colleague.open(f"/officer/applications/{changed.id}").press("คืนเรื่องเข้าคิว")
    signed(signer, batch, "song")

    assert urlsplit(signer.url).path == batch
    world.when_idle()
    signer.open(batch).must_see("ลงนามแล้ว 1 เรื่อง").must_see("ไม่สำเร็จ 2 เรื่อง").must_see("รอผู้ยื่นชำระ")
    signer.must_see("มีการเปลี่ยนแปลงในเรื่องนี้หลังจากที่คุณเปิดหน้าจอ").must_see("นายสาธิต ห้า รับเรื่องนี้ไปก่อนแล้ว")
    assert states(world, [left, changed, taken]) == [State.ACCEPTED] * 3
    assert states(world, good) == [State.AWAITING_PAYMENT]


def test_every_event_names_the_officer_the_list_and_how_they_proved_to_be_there(world: World) -> None:
    (case,) = accepted(world, LARGE, 1)
    signer = world.officer("song")
    batch = listed(signer, TICKED, case=f"{case.id}:{revision(world, case)}")
    signed(signer, batch, "song")
    world.when_idle()

    approve = select(Event).where(Event.stream == f"application:{case.id}", Event.kind == "application.approve")
    (said,) = world.rows(approve)[0]
    assert said.actor_name.startswith("นายสาธิต สอง")
    assert f"{DAY}/{said.facts['batch']}" == batch
    proof = said.facts["stepped_up"]
    assert proof["acr"] == "aal2"
    assert proof["issuer"] == world.house.settings.officers.issuer
    stream = select(Event).where(Event.stream == f"signing:{said.facts['batch']}").order_by(Event.seq)
    confirm, finish = [event for (event,) in world.rows(stream)]
    assert (confirm.kind, confirm.facts["digest"], confirm.facts["cases"]) == ("signing.confirm", proof["digest"], 1)
    assert (finish.kind, finish.facts["approved"], finish.facts["failed"]) == ("signing.finish", 1, 0)
    with world.house.database.transaction() as db:
        assert events.verify(db)[1] == []


@pytest.mark.parametrize(
    ("person", "fault", "changed", "words"),
    [
        ("song", Fault.STALE, {}, "คุณยังไม่ได้ยืนยันตัวตนใหม่ในครั้งนี้"),
        ("song", Fault.WEAK, {}, "วิธียืนยันตัวตนที่ใช้ยังไม่แข็งแรงพอ"),
        ("song", None, {"prompt": None, "max_age": None, "acr_values": None}, "วิธียืนยันตัวตนที่ใช้ยังไม่แข็งแรงพอ"),
        ("song", None, {"nonce": "0" * 64 + ".mine"}, "ไม่ผ่าน"),
        ("ha", None, {}, "ไม่ใช่เจ้าหน้าที่ที่เลือกรายการนี้"),
    ],
)
def test_a_sign_in_that_is_old_weak_unbound_or_somebody_elses_signs_nothing(
    signing: tuple[World, Desk, Browser, str],
    person: str,
    fault: Fault | None,
    changed: dict[str, str | None],
    words: str,
) -> None:
    world, case, _, batch = signing
    signer = world.another_browser_of("song")
    signer.open(agree(away_to_sign(signer, batch, **changed), person, fault))
    assert signer.status in {403, 502}
    signer.must_see("ยังไม่ได้ลงนาม").must_see(words)
    assert states(world, [case]) == [State.ACCEPTED]
    signer.open(batch).must_see("ตรวจก่อนลงนาม 1 เรื่อง")


def test_the_very_licence_is_seen_before_it_is_signed_marked_as_a_draft_and_no_number_is_burnt(
    signing: tuple[World, Desk, Browser, str], tmp_path: Path
) -> None:
    world, case, signer, batch = signing
    desk = f"/officer/applications/{case.id}"
    seen = select(func.count()).select_from(AccessLog).where(AccessLog.application_id == case.id)
    before = world.rows(seen)[0][0]
    signer.open(desk).follow("ดูร่างเอกสารที่จะออก (PDF)")
    assert signer.headers["content-type"] == "application/pdf"
    file = tmp_path / "draft.pdf"
    file.write_bytes(signer.content)
    text = words_of(file)
    assert "ใบอนุญาตจัดตั้งสถานที่จำหน่ายอาหารหรือสถานที่สะสมอาหาร" in text
    assert all(words in text for words in ("ครัวมะลิ0", "ร่างสำหรับเจ้าหน้าที่", "เลขที่ยังไม่ออกเลข"))
    assert b"/ByteRange" not in signer.content
    assert world.rows(seen)[0][0] == before + 2, "the case and its draft were looked at"

    picture = signer.open(f"{batch}/cases/1").page.xpath("//figure//img/@src")[0]
    assert signer.open(str(picture)).content.startswith(b"\x89PNG")
    assert signer.open(str(picture).replace("pages/1", "pages/9")).status == 404
    assert world.rows(select(Licence.id).where(Licence.application_id == case.id)) == []
    counted = select(Counter.last).where(Counter.series.startswith("licence:muang"))
    assert world.rows(counted) == []


def words_of(file: Path) -> str:
    shown = subprocess.run(["pdftotext", "-raw", str(file), "-"], check=True, capture_output=True).stdout.decode()
    return "".join(shown.split())
