"""A service is published anew while people fill its form: drafts move on at their word, what was filed stays as it was."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, select

from app.applications.form_models import ChosenService
from app.applications.models import Application
from app.core.clock import MovedClock
from app.core.embedded import Urls
from app.demo import walk
from app.demo.browsing import Browser
from app.demo.running import started
from tests.catalogue.world import NOTIFICATION, Copy, real
from tests.served import database_of_its_own, free_pair
from tests.stories.world import World, picture

VERSION = real().services[NOTIFICATION].version
FILE = f"services/{NOTIFICATION}.yaml"
OPTION = """        - value: drinks
          label: {th: เครื่องดื่ม กาแฟ หรือขนม, en: "Drinks, coffee or sweets"}
"""
QUESTION = """
    hand_basins:
      kind: integer
      label: {th: จำนวนที่ล้างมือ, en: Hand basins}
      min: "1"
      max: "99"
    grease_trap:
"""
MEND = "อ่านแล้ว ใช้ฉบับใหม่"


def new_manual(folder: Path) -> None:
    """One more question, one document fewer, an option gone, more time for the officers: for this service only."""
    copy = Copy(folder)
    copy.change("questions.yaml", OPTION, "")
    copy.change("questions.yaml", "\n    grease_trap:\n", QUESTION)
    copy.change(FILE, f'version: "{VERSION}"', f'version: "{VERSION + 1}"')
    copy.change(FILE, "  - grease_trap\n", "  - hand_basins\n  - grease_trap\n")
    copy.change(FILE, "  - {document: health_certificates}\n", "")
    copy.change(FILE, 'duration:\n  n: "7"', 'duration:\n  n: "9"')
    copy.change(FILE, 'n: "4"\n    unit: working_days', 'n: "6"\n    unit: working_days')
    for other in ("food-premises-licence",):  # it asks for the kind of food business too
        version = real().services[other].version
        copy.change(f"services/{other}.yaml", f'version: "{version}"', f'version: "{version + 1}"')


@pytest.fixture(scope="module")
def draft_and_case(
    cluster: Urls, run_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Browser, str, str]]:
    """A case that was filed and a draft that was begun under the old manual; the portal now runs with the new one."""
    folder = Copy.at(tmp_path_factory.mktemp("published") / "catalogue").folder
    with database_of_its_own(cluster) as urls:
        portal_url = make_url(urls.owner).set(username="portal").render_as_string(hide_password=False)
        home, port, clock = run_folder / uuid4().hex, free_pair(), MovedClock()
        authority = home / "stand_ins" / "ca"
        authority.mkdir(parents=True)
        (run_folder / "keys").mkdir(exist_ok=True)
        (authority / "keys").symlink_to(run_folder / "keys")
        with started(Urls(urls.owner, portal_url), port, home, clock, folder) as here:
            before = World(here)
            filed = before.submitted()
            me = before.citizen("mali")
            form = walk.start_form(me)
            walk.await_prefill(me, form)
            walk.answer(me, form, {**walk.SHOP, "shop": {**walk.SHOP["shop"], "food_business": "drinks"}})
            walk.attach(me, form, picture)
        new_manual(folder)
        (folder / "drafts").mkdir()
        draft = (folder / FILE).read_text(encoding="utf-8").replace(f'"{VERSION + 1}"', f'"{VERSION + 2}"', 1)
        (folder / "drafts" / f"{NOTIFICATION}.yaml").write_text(draft.replace("  - grease_trap\n", "", 1), "utf-8")
        (folder / "drafts" / "half.yaml").write_text("version: one\nname: {th: ครึ่งเดียว, en: Half}\n", "utf-8")
        with started(Urls(urls.owner, portal_url), port, home, clock, folder) as here:
            after = World(here)
            yield after, me, form, filed.desk
            before.close()
            after.close()


def cells(me: Browser) -> list[tuple[str, str]]:
    """The rows of the table of changes."""
    rows = me.page.xpath("//main//table/tbody/tr")
    return [(" ".join(row[0].text_content().split()), " ".join(row[1].text_content().split())) for row in rows]


def version_of(world: World, form: str) -> int:
    (row,) = world.rows(
        select(ChosenService.service_version).where(ChosenService.single_form_id == form.rpartition("/")[2])
    )
    return int(row[0])


def test_what_was_filed_is_still_judged_by_the_manual_it_was_filed_under(
    draft_and_case: tuple[World, Browser, str, str],
) -> None:
    world, _, _, desk = draft_and_case
    (row,) = world.rows(select(Application.service_version))
    checker = world.officer("nueng")
    walk.take(checker, desk)
    names = checker.open(f"{desk}/check").field_names()

    assert row[0] == VERSION
    assert "document-health_certificates.verdict" in names, "a document the new manual no longer wants"
    assert not any("hand_basins" in name for name in names)


def test_a_draft_is_told_what_changed_and_what_to_look_at_and_moves_on_at_its_owners_word(
    draft_and_case: tuple[World, Browser, str, str],
) -> None:
    world, me, form, _ = draft_and_case
    me.open(form).must_see("คู่มือของแจ้งเปิดร้านอาหารเปลี่ยนตั้งแต่คุณเริ่มกรอก")
    me.open(f"{form}/changes")
    told = dict(cells(me))
    assert told.pop("คำถาม “ประเภทกิจการอาหาร”").endswith("ตัวเลือกที่ไม่มีแล้ว: เครื่องดื่ม กาแฟ หรือขนม")
    assert told == {
        "คำถาม “จำนวนที่ล้างมือ”": "เพิ่มใหม่",
        "เอกสาร “ใบรับรองแพทย์ของผู้สัมผัสอาหาร (9 โรค)”": "ไม่ใช้แล้ว",
        "ระยะเวลาของเจ้าหน้าที่": "จาก 7 วันทำการ เป็น 9 วันทำการ",
        "ขั้นตอน": "เปลี่ยนแล้ว อ่านในคู่มือ",
    }
    looks = [" ".join(li.text_content().split()) for li in me.page.xpath("//main//ul[@class='bullets']/li")]
    assert looks == ["ประเภทกิจการอาหาร", "จำนวนที่ล้างมือ"]

    assert version_of(world, form) == VERSION, "reading moves nothing"
    me.press(MEND)
    assert version_of(world, form) == VERSION + 1
    me.must_see("รับทราบ")  # more is asked: the notice is read again
    me.open(f"{form}/changes").must_see("แบบร่างนี้ใช้คู่มือฉบับที่มีผลอยู่แล้ว")


def test_after_moving_on_the_answers_are_there_and_only_what_needs_a_look_is_left(
    draft_and_case: tuple[World, Browser, str, str],
) -> None:
    world, me, form, _ = draft_and_case
    me.open(f"{form}/notice").press("รับทราบและเริ่มกรอก")
    walk.await_prefill(me, form)
    left = {str(link).rpartition("#")[2] for link in me.open(f"{form}/check").links(r"/topics/.*#")}
    assert {"food_business", "hand_basins"} <= left

    walk.answer(me, form, {"shop": {"food_business": "eat_in"}, "hygiene": {"hand_basins": "2"}})
    walk.submit(me, form)
    versions = {row[0] for row in world.rows(select(Application.service_version))}
    assert versions == {VERSION, VERSION + 1}


def test_officers_read_a_draft_service_before_citizens_do(draft_and_case: tuple[World, Browser, str, str]) -> None:
    world, me, _, _ = draft_and_case
    officer = world.officer("si")
    officer.open("/officer/drafts").must_see("แก้จากฉบับที่ใช้อยู่")
    officer.open(f"/officer/drafts/{NOTIFICATION}").must_see("จำนวนที่ล้างมือ")
    assert cells(officer) == [("คำถาม “บ่อดักไขมัน”", "ไม่ใช้แล้ว")]
    officer.open(f"/officer/drafts/{NOTIFICATION}/manual").must_see("9 วันทำการ")
    half = officer.open("/officer/drafts/half").words

    assert "drafts/half.yaml:1: version" in half
    assert "drafts/half.yaml:1: summary: this field is missing" in half
    assert officer.open("/officer/drafts/half/manual").status == 404
    assert officer.open("/officer/drafts/half/licence.pdf").status == 404
    drawn = officer.open(f"/officer/drafts/{NOTIFICATION}").follow("ดูร่างเอกสารที่จะออก (PDF)")
    assert (drawn.status, drawn.headers["content-type"]) == (200, "application/pdf")
    assert me.open("/officer/drafts").status == 403
    assert world.stranger().open("/services?q=ครึ่งเดียว").words.count("ครึ่งเดียว") <= 2
