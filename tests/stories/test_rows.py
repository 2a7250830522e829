"""Signs, rooms, people: answers in rows, one row on a page of its own, from the form to the officer's desk and back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.applications.form_models import Answer
from app.applications.models import Application
from app.core.embedded import Urls
from app.demo import walk
from app.demo.browsing import Browser, text_of
from tests import rowed
from tests.rowed import SIGN
from tests.served import database_of_its_own, portal_on
from tests.stories.world import World, summary

NEXT, ADD, KEEP, ANOTHER = "บันทึกและไปหน้าถัดไป", "เพิ่มป้าย", "บันทึกป้าย", "บันทึกและเพิ่มอีก"


@pytest.fixture(scope="module")
def world(cluster: Urls, run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = rowed.catalogue(tmp_path_factory.mktemp("rowed") / "catalogue")
    with database_of_its_own(cluster) as urls, portal_on(urls.owner, run_folder, folder) as here:
        made = World(here)
        yield made
        made.close()


@pytest.fixture
def form(world: World) -> tuple[Browser, str]:
    """A draft that wants to know of placards."""
    me = world.citizen("mali")
    form = walk.start_form(me, rowed.SERVICE, fetch=False)
    return me, form


def page(form: str) -> str:
    return f"{form}/topics/{rowed.TOPIC}"


def cells(me: Browser, row: dict[str, str]) -> dict[str, str]:
    """A row under the names its page gives it."""
    names = {name.rpartition(".")[2]: name for name in me.field_names() if name.startswith("placards.")}
    return {names[key]: said for key, said in row.items() if key in names}


def add(me: Browser, form: str, *rows: dict[str, str]) -> None:
    """Add rows from the list, one after the other."""
    me.open(page(form)).press(NEXT, {"register_copy": "certificate", "purposes": "placards"})
    me.open(page(form)).press(ADD)
    for row in rows:
        me.press(ANOTHER, cells(me, row))
        assert me.status == 200, me.words[:400]


def rows(world: World, form: str) -> Any:
    with world.house.database.transaction() as db:
        return db.scalar(
            select(Answer.value).where(Answer.single_form_id == form.rpartition("/")[2], Answer.key == "placards")
        )


def lines(me: Browser, form: str) -> list[str]:
    return [
        " ".join(li.xpath("string(div)").split()) for li in me.open(page(form)).page.xpath("//ol[@class='rows']/li")
    ]


def test_rows_are_added_one_after_the_other_and_stand_in_a_list(form: tuple[Browser, str]) -> None:
    me, at = form
    add(me, at, SIGN, {**SIGN, "words": "เปิด", "width": "๐.๕", "height": "0.5"})

    assert lines(me, at) == [
        "1. ครัวมะลิ · ความกว้าง 2.5 ม. · ความสูง 1 ม. · ไฟ ไม่ใช่",
        "2. เปิด · ความกว้าง 0.5 ม. · ความสูง 0.5 ม. · ไฟ ไม่ใช่",
    ]
    me.must_see("2.75 ตร.ม.")


def test_what_else_is_typed_on_the_page_is_kept_when_a_row_is_opened(form: tuple[Browser, str]) -> None:
    me, at = form
    add(me, at, SIGN)
    me.open(page(at)).press(ADD, {"purposes": ["placards", "other"], "register_copy": "changes"})
    me.open(page(at))
    assert me.page.get_element_by_id("other_purpose").value == ""
    assert [box.get("value") for box in me.page.xpath("//input[@checked]")] == ["changes", "placards", "other"]


def test_a_wrong_row_is_kept_named_in_the_list_and_stands_in_the_way_of_sending(
    world: World, form: tuple[Browser, str]
) -> None:
    me, at = form
    add(me, at, SIGN)
    me.press(KEEP, cells(me, {**SIGN, "width": "กว้างมาก", "height": "-1"}))

    assert me.status == 422
    assert len(summary(me)) == 2
    me.open(page(at)).press(NEXT)
    assert me.status == 422
    me.must_see("ป้ายที่ 2: ใส่ความกว้างเป็นตัวเลข")
    (link,) = me.links(r"^#placards\.")
    assert me.page.get_element_by_id(link[1:]).tag == "button"
    assert "placards" in str(me.open(f"{at}/check").links(r"/topics/register\?back=check#placards$"))

    me.open(page(at)).press("แก้ไข ป้าย 2")
    boxes = [me.page.get_element_by_id(name) for name in cells(me, {"width": "", "height": ""})]
    held = {str(box.name).rpartition(".")[2]: box.value for box in boxes}
    assert held == {"width": "กว้างมาก", "height": "-1"}
    me.press(KEEP, cells(me, SIGN))
    assert me.status == 200
    assert len(rows(world, at)) == 2


def test_an_answer_of_a_row_opens_a_question_of_the_same_row(world: World, form: tuple[Browser, str]) -> None:
    me, at = form
    add(me, at)
    me.press(KEEP, cells(me, {**SIGN, "lit": "yes"}))

    assert me.status == 200
    assert "ใส่กำลังไฟ" not in me.words
    me.press(KEEP, cells(me, {"watts": "40"}))
    assert rows(world, at)[0]["watts"] == 40


def test_two_tabs_that_change_different_boxes_of_a_row_lose_nothing(world: World, form: tuple[Browser, str]) -> None:
    me, at = form
    add(me, at, SIGN)
    first, second = me.open(page(at)), world.tab(me).open(page(at))
    for tab in (first, second):
        tab.press("แก้ไข ป้าย 1")
    first.press(KEEP, cells(first, {"words": "ครัวมะลิ สาขา 1"}))
    second.press(KEEP, cells(second, {"width": "3"}))

    assert lines(me, at)[0].startswith("1. ครัวมะลิ สาขา 1 · ความกว้าง 3 ม.")


def test_two_tabs_that_change_the_same_box_see_each_other(world: World, form: tuple[Browser, str]) -> None:
    me, at = form
    add(me, at, SIGN)
    first, second = me.open(page(at)), world.tab(me).open(page(at))
    for tab in (first, second):
        tab.press("แก้ไข ป้าย 1")
    first.press(KEEP, cells(first, {"width": "3"}))
    second.press(KEEP, cells(second, {"width": "4", "height": "2"}))

    assert second.status == 409
    second.must_see("คำตอบ 1 ข้อไม่ตรงกัน").must_see("จากอีกหน้าจอหนึ่งหรือโดยคนอื่น")
    assert {key: rows(world, at)[0][key] for key in ("width", "height")} == {"width": "3", "height": "2"}
    (theirs, mine) = second.page.xpath("//input[@type='radio']")
    assert ["3" in text_of(theirs.getnext()), "4" in text_of(mine.getnext())] == [True, True]
    second.press("ใช้คำตอบที่เลือก")
    assert second.status == 422, "nobody chooses for the person"
    second.press("ใช้คำตอบที่เลือก", {theirs.name: "mine"})
    assert second.url.endswith(f"{page(at)}#placards")
    assert rows(world, at)[0]["width"] == "4"


def test_a_row_that_was_changed_meanwhile_is_not_taken_out_unseen(world: World, form: tuple[Browser, str]) -> None:
    me, at = form
    add(me, at, SIGN, {**SIGN, "words": "เปิด"})
    first, second = me.open(page(at)), world.tab(me).open(page(at))
    for tab in (first, second):
        tab.press("แก้ไข ป้าย 1")
    first.press(KEEP, cells(first, {"width": "3"}))
    second.press("เอาป้ายออก")
    assert second.status == 409
    assert [box.value for box in second.page.xpath("//input[contains(@id, '.width')]")] == ["3"]
    second.must_see("ดูก่อน แล้วกดเอาออกอีกครั้ง").press("เอาป้ายออก")

    assert second.status == 200
    assert [row["words"] for row in rows(world, at)] == ["เปิด"]


def test_a_row_that_another_tab_took_out_comes_back_only_when_the_person_wants_it(
    world: World, form: tuple[Browser, str]
) -> None:
    me, at = form
    add(me, at, SIGN, {**SIGN, "words": "เปิด"})
    first, second = me.open(page(at)), world.tab(me).open(page(at))
    for tab in (first, second):
        tab.press("แก้ไข ป้าย 2")
    first.press("เอาป้ายออก")
    second.press(KEEP, cells(second, {"width": "3"}))

    assert second.status == 409
    second.must_see("มีการเอาป้ายนี้ออกจากอีกหน้าจอหนึ่งแล้ว")
    assert len(rows(world, at)) == 1
    second.press(KEEP)
    assert [(row["words"], row["width"]) for row in rows(world, at)] == [("ครัวมะลิ", "2.5"), ("เปิด", "3")]


def test_every_change_of_a_row_is_kept_at_once_box_by_box(form: tuple[Browser, str]) -> None:
    me, at = form
    add(me, at)
    new = me.url
    (box,) = cells(me, {"words": ""})
    keep = f"{page(at)}/rows/placards/{box.split('.')[1]}/keep"

    def kept(name: str, was: str, said: str) -> Any:
        sent = {f"was.{box.replace('words', name)}": was, box.replace("words", name): said}
        return json.loads(me.send(keep, sent).content)

    assert kept("words", "", "ครัว")["words"].startswith("บันทึกแล้ว ")
    assert kept("words", "ครัว", "ครัวมะลิ")["seen"][f"was.{box}"] == "ครัวมะลิ"
    assert kept("words", "ครัว", "ครัวอื่น")["clashes"] == [box], "somebody typed something else meanwhile"
    assert kept("width", "", "กว้างมาก")["clashes"] == [], "what does not fit is kept too"
    assert me.open(new).status == 200
    names = cells(me, {"words": "", "width": "", "height": ""})
    held = {name.rpartition(".")[2]: me.page.get_element_by_id(name).value for name in names}
    assert held == {"words": "ครัวมะลิ", "width": "กว้างมาก", "height": ""}
    assert me.page.xpath("//h1")[0].text == "แก้ป้าย", "the address of a new row is that row, once it was kept"
    me.press("เอาป้ายออก")
    assert "ครัวมะลิ" not in me.words


def test_sending_a_new_row_twice_adds_it_once(world: World, form: tuple[Browser, str]) -> None:
    me, at = form
    add(me, at)
    again = world.tab(me)
    sent = {box.get("name"): box.get("value") for box in me.page.xpath("//main//input[@type='hidden']")}
    sent |= cells(me, SIGN)
    for browser in (me, again):
        browser.send(f"{page(at)}/rows/placards/new", sent)
    assert len(rows(world, at)) == 1


def test_a_hundred_rows_fit_through_every_door_and_the_next_one_is_told_what_to_do(
    form: tuple[Browser, str],
) -> None:
    me, at = form
    add(me, at, SIGN)
    for some in (range(90), range(90, 98)):
        table = {f"placards.r{n}.{key}": said for n in some for key, said in SIGN.items()}
        me.open(page(at)).press("บันทึกและกลับมาทำต่อ", table)
    me.open(f"{page(at)}/rows/placards/new")
    assert "บันทึกและเพิ่มอีก" not in me.words
    me.press(KEEP, cells(me, SIGN))

    assert len(lines(me, at)) == 100
    me.must_see("ครบ 100 รายการแล้ว")
    me.open(f"{page(at)}/rows/placards/new")
    me.press(KEEP, cells(me, SIGN))
    assert me.status == 422
    me.must_see("เอาป้ายออกให้เหลือไม่เกิน 100 รายการ")
    me.open(page(at)).press(NEXT, {"big_placard_note": "วิศวกรตัวอย่าง"})
    assert me.status == 200


def test_nobody_elses_rows_are_there_and_no_group_means_no_page(world: World, form: tuple[Browser, str]) -> None:
    me, at = form
    add(me, at, SIGN)
    assert world.citizen("tasi").open(f"{page(at)}/rows/placards/new").status == 404
    for strange in ("shop_name/new", "placards/zzz", "nothing/new"):
        assert me.open(f"{page(at)}/rows/{strange}").status == 404


def test_rows_reach_the_desk_and_the_frozen_share_and_what_is_hidden_does_not(world: World) -> None:
    me = world.citizen("mali")
    at = walk.start_form(me, rowed.SERVICE)
    walk.await_prefill(me, at)
    add(me, at, {**SIGN, "width": "12"}, SIGN)
    said = {**rowed.SAID, "big_placard_note": "วิศวกรตัวอย่าง"}
    secret = {"purposes": ["placards", "other"], "other_purpose": "ลับ", "big_placard_note": "วิศวกรตัวอย่าง"}
    me.open(page(at)).press(NEXT, secret)
    assert me.status == 200
    walk.answer_all(me, at, said)
    walk.attach(me, at)
    me.open(f"{at}/check").must_see("1. ครัวมะลิ · ความกว้าง 12 ม.").must_see("14.5 ตร.ม.")
    walk.submit(me, at)

    with world.house.database.transaction() as db:
        share = db.scalars(select(Application).where(Application.single_form_id == at.rpartition("/")[2])).one().answers
    assert [row["width"] for row in share["placards"]["value"]] == ["12", "2.5"]
    assert share["placards_area"]["value"] == "14.5"
    assert "other_purpose" not in share
    officer = world.officer("paet")
    desk = walk.find_case(officer, walk.application_number(me, at))
    walk.take(officer, desk)
    officer.open(desk).must_see("2. ครัวมะลิ · ความกว้าง 2.5 ม.").must_see("คำนวณจากคำตอบ")
    officer.open(f"{desk}/check")
    assert "answer-placards.verdict" in officer.field_names()
    assert "answer-placards_area.verdict" not in officer.field_names()

    walk.check(officer, desk, {"answer-placards": "วัดป้ายที่ 2 ใหม่"})
    walk.decide(officer, desk, "return", "ลงชื่อและส่งถึงผู้ยื่น")
    notice = me.open(f"{at}/track").links(r"/deficiency$")[0]
    me.open(notice).must_see("วัดป้ายที่ 2 ใหม่").press("แก้ไข ป้าย 2")
    me.press(KEEP, cells(me, {"width": "กว้าง"}))
    assert me.status == 422
    me.press(KEEP, cells(me, {"width": "3"}))
    assert me.url.endswith("/deficiency#placards")
    me.press("ส่งที่แก้แล้ว")
    officer.open(desk).must_see("2. ครัวมะลิ · ความกว้าง 3 ม.").must_see("เดิม “1. ครัวมะลิ · ความกว้าง 12 ม.")


def test_a_row_can_be_asked_about_half_filled_and_leads_back_to_itself(form: tuple[Browser, str]) -> None:
    me, draft = form
    add(me, draft)
    me.press("ถามหน่วยงานเรื่องหน้านี้", cells(me, {"words": "ครัวกำลังถาม", "width": "กว้างมาก"}))
    assert "/ask/register?row=placards." in me.url
    me.press("ส่งคำถาม", {"text": " "})
    assert me.status == 422
    (back,) = me.links(r"/rows/placards/")[:1]
    assert {"ครัวกำลังถาม", "กว้างมาก"} <= set(me.open(back).page.xpath("//input/@value")), "what was typed is kept"
