"""Documents arrive: in pieces when they are large, never the same one twice by mistake, never over another in silence."""

import io
import json
from functools import partial

import httpx2
import pytest
from PIL import Image

from app.demo import papers, walk
from app.demo.browsing import Browser
from tests.stories.world import World, at_once

PLAN, PHOTOS = "premises_plan", "premises_photos"
UPLOAD = "อัปโหลด"
BOTH = "ไฟล์เดียวนี้มีทั้งสองเอกสาร"


@pytest.fixture(scope="module")
def large() -> bytes:
    """A photo of more than one piece."""
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 90).save(out, "JPEG", quality=85)
    return out.getvalue()


def begun(me: Browser, form: str, size: int, name: str = "plan.jpg") -> dict[str, object]:
    """A large file is announced."""
    what = {"name": name, "size": str(size), "mark": "1"}
    return dict(json.loads(me.send(f"{form}/documents/{PLAN}/pieces", what).content))


def piece(me: Browser, form: str, incoming: object, at: int, data: bytes) -> int:
    """One piece goes; how much is there."""
    headers = {"Content-Type": "application/octet-stream", "Cookie": me.cookies}
    with httpx2.Client(trust_env=False) as client:
        answer = client.post(f"{me.base}{form}/pieces/{incoming}?at={at}", content=data, headers=headers)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["received"])


def test_a_large_file_goes_on_where_it_stopped_and_is_looked_through_like_any_other(world: World, large: bytes) -> None:
    me = world.citizen()
    form = walk.start_form(me, fetch=False)
    found = begun(me, form, len(large))
    step = int(str(found["piece"]))
    assert len(large) > step
    assert piece(me, form, found["id"], 0, large[:step]) == step
    assert piece(me, form, found["id"], 0, large[:step]) == step, "a piece that comes twice changes nothing"
    me.send(f"{form}/documents/{PLAN}", {"incoming": str(found["id"])})
    assert me.status == 409, "it is not whole yet"

    again = begun(world.tab(me), form, len(large))

    assert (again["id"], again["received"]) == (found["id"], step)
    at = step
    while at < len(large):
        at = piece(me, form, found["id"], at, large[at : at + step])
    me.send(f"{form}/documents/{PLAN}", {"incoming": str(found["id"])})
    assert me.status == 200
    walk.wait_for(me, f"{form}/documents", lambda b: not b.sees("กำลังตรวจไฟล์") or None)
    me.must_see("plan.jpg")
    assert begun(me, form, len(large))["received"] == 0, "what has arrived is forgotten here"


def test_pieces_are_refused_before_the_first_byte_when_the_file_could_not_be_taken(world: World) -> None:
    me, other = world.citizen(), world.citizen("tasi")
    form = walk.start_form(me, fetch=False)

    assert "10\u00a0MB" in str(begun(me, form, 60 * 1024 * 1024)["problem"])
    assert ".exe" in str(begun(me, form, 1024, "plan.exe")["problem"])
    found = begun(me, form, 700_000)
    other.send(f"{form}/pieces/{found['id']}?at=0", {})
    assert other.status == 404


def test_the_same_file_for_two_documents_is_refused_by_name_unless_the_person_says_it_holds_both(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me, fetch=False)
    for key in (PLAN, PHOTOS):
        me.send(f"{form}/documents/{key}", {"seen": ""}, papers.paper("one file"))
    assert me.status == 422
    me.must_see("ไฟล์นี้แนบไว้แล้วที่").must_see(BOTH)

    me.send(f"{form}/documents/{PHOTOS}", {"seen": "", "both": "yes"}, papers.paper("one file"))

    assert me.status == 200
    me.send(f"{form}/documents/{PLAN}", {}, papers.paper("one file"))
    assert me.status == 422, "changed for a file that another document has"
    me.open(f"{form}/documents").must_see("document.pdf")


def test_a_file_attached_meanwhile_on_another_screen_is_not_replaced_unseen(world: World) -> None:
    me = world.citizen()
    form = walk.start_form(me, fetch=False)
    first, second = me.open(f"{form}/documents"), world.tab(me).open(f"{form}/documents")
    names = [papers.paper("first"), papers.photo("second")]

    at_once([partial(tab.press, UPLOAD, file=file) for tab, file in zip((first, second), names, strict=True)])

    assert sorted([first.status, second.status]) == [200, 409]
    loser = first if first.status == 409 else second
    loser.must_see("อีกหน้าจอหนึ่งแนบ")


def test_pictures_taken_one_at_a_time_become_one_file_and_one_that_cannot_be_read_takes_nothing_away(
    world: World, large: bytes
) -> None:
    me = world.citizen()
    form = walk.start_form(me, fetch=False)

    def looked_through() -> None:
        walk.wait_for(me, f"{form}/documents", lambda b: not b.sees("กำลังตรวจไฟล์") or None)

    me.send(f"{form}/documents/{PHOTOS}", {"seen": ""}, ("front.jpg", large))
    looked_through()
    for name in ("kitchen", "tables"):
        me.press("เพิ่มหน้านี้", file=(f"{name}.jpg", papers.photo(name)[1]))
        looked_through()
    me.must_see("front.pdf").must_see("3 หน้า")

    me.press("เพิ่มหน้านี้", file=("torn.jpg", large[: len(large) // 2]))
    looked_through()
    me.must_see("รูปนี้ไม่สมบูรณ์").must_see("ไฟล์ที่แนบไว้แล้วยังอยู่ครบ").must_see("3 หน้า")

    me.press("เพิ่มหน้านี้", file=papers.paper("a contract"))
    assert me.status == 422, "pictures only: what somebody else signed is not taken apart"
    me.must_see("JPG, PNG")
    me.send(f"{form}/documents/{PLAN}", {"seen": ""}, papers.paper("a contract"))
    looked_through()
    me.send(f"{form}/documents/{PLAN}", {"more": "yes"}, papers.photo("page two"))
    assert me.status == 409, "a PDF that was brought may be signed"
