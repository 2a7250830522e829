"""What becomes of a licence after it was issued: suspended, replaced, amended, given back, revoked after a hearing."""

from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import bangkok_date
from app.core.errors import Conflict, Invalid, NotFound
from app.core.thai import date_long
from app.demo.acts import Clerk, Filer
from app.demo.browsing import Browser
from app.demo.people import CITIZENS, OFFICERS
from app.licences import matters
from app.licences import service as licences
from app.licences.life import Action, Step
from app.licences.models import LicenceEdition, Reason, Status
from app.stories import authenticity, holder_acts, new_edition, renewal, supervise, tending
from app.stories.house import House
from app.stories.supervise import Said
from tests.stories.licence_in_hand import WHY, Paper, later, paper, until
from tests.stories.world import World, at_once, summary

WET = "ใบเดิมเปียกน้ำจนอ่านไม่ออก"


@pytest.fixture(scope="module")
def first(shared: World) -> Paper:
    """A licence that much happens to, story after story."""
    return paper(shared)


@pytest.fixture(scope="module")
def second(shared: World) -> Paper:
    """Another one, of which somebody wants to take."""
    return paper(shared)


def test_a_suspension_says_until_when_and_why_and_ends_by_itself(shared: World, first: Paper) -> None:
    said = until(shared, 2)
    first.officer("song", Action.SUSPEND, Step.DO, said)
    told = first.checked()
    assert said.until is not None
    assert (told["outcome"], told["suspended_until"]) == ("suspended", said.until.isoformat())
    assert "มาตรา 45" in told["ground"]
    (letter,) = first.letters()
    assert letter.file_digest
    answer = authenticity.of_file(shared.house, shared.house.files.read(letter.file_digest))
    assert (answer.genuine, answer.number) == (True, letter.number)
    assert WHY in str(letter.content)
    assert "นับจากวันที่ท่านได้รับหนังสือนี้" in str(letter.content)
    assert "ไม่ได้ฟังท่านก่อน เพราะ" in str(letter.content), "no hearing came before it, and the letter says by which law"
    signed = bangkok_date(letter.issued_at)
    unopened = holder_acts.appeal_until(letter)
    assert unopened == supervise.appeal_ends(signed + timedelta(days=7), 30), "received a week later at the latest"
    later(shared, timedelta(days=1))
    holder = shared.citizen().open("/my").must_see("ถูกพักใช้")
    assert not holder.sees("ตอนนี้คุณไม่ต้องทำอะไร")
    holder.follow("ดูเหตุและวิธีอุทธรณ์").must_see("ใช้ใบนี้ประกอบกิจการไม่ได้ ถึงวันที่")
    assert not holder.sees("ติดไว้ที่ร้าน"), "what may not be used is not hung up"
    counted = supervise.appeal_ends(signed + timedelta(days=1), 30)
    holder.follow("อ่านหนังสือ เหตุผล และวิธีอุทธรณ์").must_see(letter.number).must_see(date_long(counted))
    later(shared, timedelta(days=2))
    (letter,) = first.letters()
    assert holder_acts.appeal_until(letter) == counted, "from the day it was first opened, and not from its signing"
    told = first.checked()
    assert told["outcome"] == "valid", "at midnight, whether or not anybody wrote it down"
    first.case.me = shared.citizen()
    first.case.me.open(first.case.licence).must_see("ใช้ได้ถึง")
    assert not first.case.me.sees("มาตรา 45"), "the ground of a suspension that is over is the past"
    with shared.house.database.transaction() as db:
        prospect = renewal.prospects(db, shared.house, [first.row], shared.house.clock.now())[first.id]
    assert prospect.hindrance is renewal.Hindrance.EARLY, "it can be renewed, if it is time"
    assert (told["ground"], told["suspended_until"]) == (None, None)
    tending.sweep(shared.house)
    tending.sweep(shared.house)
    assert (first.row.status, first.row.suspended_until) == (Status.VALID, None)
    assert first.kinds()[-4:] == ["licence.suspend", "licence.letter", "licence.letter_received", "licence.reinstate"]
    shared.citizen().open("/inbox").must_see("กลับมาใช้ได้แล้ว")


def test_what_the_law_does_not_allow_is_refused_with_everything_that_is_wrong(shared: World, second: Paper) -> None:
    stays = second
    with pytest.raises(Invalid) as nothing_said:
        stays.officer("song", Action.SUSPEND, Step.DO)
    assert set(nothing_said.value.problems) == {"ground", "message"}
    with pytest.raises(Conflict):
        stays.officer("song", Action.REVOKE, Step.DO, Said("false", WHY))
    with pytest.raises(Conflict):
        stays.officer("song", Action.SUSPEND, Step.DO, until(shared, 2), revision=stays.row.revision + 1)
    for stranger in ("hok", "paet"):
        with pytest.raises(NotFound):
            stays.officer(stranger, Action.SUSPEND, Step.DO, until(shared, 2))
    with pytest.raises(NotFound):
        stays.holder(holder_acts.surrender, "", person="rian")
    assert (stays.row.status, stays.row.revision) == (Status.VALID, 0)


def test_a_substitute_takes_the_place_of_the_lost_one_under_the_same_number(shared: World, first: Paper) -> None:
    before, lost = first.row, first.file()
    first.holder(holder_acts.ask_substitute, Reason.DAMAGED, WET)
    with pytest.raises(Conflict):
        first.holder(holder_acts.surrender, "")
    first.officer("song", Action.SUBSTITUTE, Step.DO, Said("lost"))
    first.drawn()
    now = first.row
    assert (now.number, now.status) == (before.number, Status.VALID)
    assert now.code != before.code
    (ordered,) = shared.rows(select(LicenceEdition.id).where(LicenceEdition.code == now.code))
    new_edition.draw(shared.house, ordered.id)
    assert first.row.revision == now.revision, "a job that runs again changes nothing"
    old, new = first.checked(before.code), first.checked()
    assert (old["outcome"], old["edition"]["number"], old["edition_in_force"]["kind"]) == ("replaced", 1, "substitute")
    assert (new["outcome"], new["edition"]["number"]) == ("valid", 2)
    answers = [authenticity.of_file(shared.house, pdf) for pdf in (lost, first.file())]
    assert [(answer.genuine, answer.kind) for answer in answers] == [(True, "replaced"), (True, "valid")]
    page = shared.stranger().open(f"/verify/{licences.written(before.code)}")
    page.must_see("มีฉบับใหม่ออกแทนแล้ว").must_see("ฉบับที่ 2 (ใบแทน)")
    with httpx2.Client(base_url=shared.here.url, trust_env=False) as client:
        listed = client.get("/open-data/licences-not-valid.json").json()["licences"]
    assert [(row["number"], row["status"]) for row in listed] == [(before.number, "replaced")]


def test_amended_data_stand_in_a_third_edition(shared: World, first: Paper) -> None:
    why = "เปลี่ยนชื่อร้านหลังปรับปรุง"
    first.holder(holder_acts.ask_amendment, "shop_name", {"shop_name": ["ครัวใหม่ (ตัวอย่าง)"]}, why)
    first.officer("song", Action.AMEND, Step.DO, Said("changed"))
    first.drawn()
    assert first.checked()["premises"] == "ครัวใหม่ (ตัวอย่าง)"
    assert "เป็น “ครัวใหม่ (ตัวอย่าง)”" in str(first.letters()[-1].content)
    assert [row[0] for row in shared.rows(
        select(LicenceEdition.kind).where(LicenceEdition.licence_id == first.id).order_by(LicenceEdition.number)
    )] == ["original", "substitute", "amended"]  # fmt: skip
    shared.citizen().open(first.case.licence).must_see("ครัวใหม่ (ตัวอย่าง)")
    with pytest.raises(NotFound):
        first.holder(holder_acts.ask_amendment, "premises_address", {}, why)


def test_a_next_edition_waits_until_the_one_before_it_is_made(shared: World, first: Paper) -> None:
    house, before = shared.house, first.row.revision
    song = Clerk(house, next(one for one in OFFICERS if one.key == "song"))
    mali = Filer(house, next(one for one in CITIZENS if one.key == "mali"))
    of, now = first.id, house.clock.now()

    def twice(db: Session) -> None:
        for seen in (before, before + 2):
            holder_acts.ask_substitute(db, house, mali.session(db), of, seen, Reason.LOST, WET, now)
            supervise.act(db, house, song.session(db), of, Action.SUBSTITUTE, Step.DO, seen + 1, Said("lost"), now)

    with pytest.raises(Conflict, match="ฉบับก่อนหน้า"):
        first.does(twice)
    assert first.row.revision == before


def test_a_request_can_be_taken_back_or_refused_with_a_letter(shared: World, first: Paper) -> None:
    first.holder(holder_acts.ask_substitute, Reason.LOST, WET)
    first.holder(holder_acts.take_back)
    first.holder(holder_acts.ask_substitute, Reason.LOST, WET)
    first.officer("song", Action.SUBSTITUTE, Step.DROP, Said(message="ใบเดิมยังอ่านได้ครบ ไม่ต้องออกใบแทน"))
    assert "ไม่ต้องออกใบแทน" in str(first.letters()[-1].content)
    assert len(shared.rows(select(LicenceEdition.id).where(LicenceEdition.licence_id == first.id))) == 3


def test_an_edition_that_cannot_be_made_is_not_signed_or_is_given_up_and_blocks_no_other(
    shared: World, first: Paper
) -> None:
    first.drawn()
    before = first.row.code
    first.holder(holder_acts.ask_substitute, Reason.LOST, WET)
    house, clerk = shared.house, Clerk(shared.house, next(one for one in OFFICERS if one.key == "song"))
    misled = replace(house, settings=replace(house.settings, base_url="no address at all"))

    def sign(db: Session, at: House) -> None:
        seen, now = first.row.revision, house.clock.now()
        supervise.act(db, at, clerk.session(db), first.id, Action.SUBSTITUTE, Step.DO, seen, Said("lost"), now)

    with pytest.raises(Conflict, match="ยังไม่ได้ลงชื่อ"):
        first.does(lambda db: sign(db, misled))
    assert first.kinds()[-1] == "licence.ask_substitute", "nothing is signed that will never be"

    def signed_in_vain(db: Session) -> None:
        sign(db, house)
        (edition,) = db.scalars(select(LicenceEdition.id).where(first.of_it, LicenceEdition.issued_at.is_(None)))
        new_edition.give_up(db, edition, "a glyph is missing", house.clock.now())

    first.does(signed_in_vain)
    shared.citizen().open("/inbox").must_see("ฉบับเดิมยังใช้ได้")
    assert first.row.code == before

    first.holder(holder_acts.ask_substitute, Reason.LOST, WET)
    first.officer("song", Action.SUBSTITUTE, Step.DO, Said("lost"))
    first.drawn()
    numbers = [row[0] for row in shared.rows(select(LicenceEdition.number).where(first.of_it))]
    assert sorted(numbers) == [*range(1, max(numbers) + 1)], "no number is lost to what never was"
    assert first.row.code != before


def test_a_licence_given_back_holds_no_more_for_good(shared: World, first: Paper) -> None:
    first.holder(holder_acts.surrender, "เลิกกิจการแล้ว")
    assert first.checked()["outcome"] == "surrendered"
    for action in (Action.SUSPEND, Action.REINSTATE):
        with pytest.raises(Conflict):
            first.officer("song", action, Step.DO, until(shared, 2))
    with pytest.raises(Conflict):
        first.holder(holder_acts.ask_substitute, Reason.LOST, WET)


def test_nobody_loses_a_licence_unheard_and_who_answers_is_read(shared: World, second: Paper) -> None:
    second.officer("nueng", Action.REVOKE, Step.ANNOUNCE, Said("false", WHY))
    assert second.checked()["outcome"] == "valid"
    assert "ท่านโต้แย้งได้" in str(second.letters()[-1].content)
    with pytest.raises(Conflict):
        second.officer("song", Action.REVOKE, Step.DO)
    second.holder(holder_acts.objection, "แก้ไขแล้วตั้งแต่สัปดาห์ก่อน มีภาพถ่ายยืนยัน")
    with pytest.raises(Conflict):
        second.holder(holder_acts.objection, "เพิ่มเติมอีกครั้งหลังจากส่งไปแล้ว")
    with pytest.raises(Conflict):
        second.officer("nueng", Action.REVOKE, Step.DO)
    matter = second.does(lambda db: matters.under_way(db, second.id))
    assert matter is not None
    assert "แก้ไขแล้ว" in matter.objection
    second.officer("song", Action.REVOKE, Step.DROP, Said(message="ผู้รับอนุญาตแก้ไขครบแล้ว"))
    assert second.row.status is Status.VALID
    shared.citizen().open("/inbox").must_see("ยุติเรื่อง")


def test_whoever_does_not_answer_in_the_days_given_is_judged_after_them_once(shared: World, second: Paper) -> None:
    second.officer("nueng", Action.REVOKE, Step.ANNOUNCE, Said("false", WHY))
    later(shared, timedelta(days=17))
    with pytest.raises(Conflict):
        second.holder(holder_acts.objection, "ขอโต้แย้งหลังพ้นกำหนดแล้ว")
    seen = second.row.revision

    def sign() -> str:
        try:
            second.officer("song", Action.REVOKE, Step.DO, revision=seen)
        except Conflict:
            return "too late"
        return "signed"

    assert sorted(at_once([sign, sign, sign])) == ["signed", "too late", "too late"]
    assert second.kinds().count("licence.revoke") == 1
    told = second.checked()
    assert (told["outcome"], "มาตรา 51" in told["ground"]) == ("revoked", True)
    assert [letter.says for letter in second.letters()] == ["intent", "intent", "order"]
    assert authenticity.of_file(shared.house, second.file()).kind == "revoked"


# — The pages, on a licence of somebody else ———————————————————————————————————————————————————————————————————————


def desk(world: World, licence: Paper, officer: str = "song") -> Browser:
    """An officer finds the licence by a part of its number and opens it."""
    page = world.another_browser_of(officer).open(f"/officer/licences?q={licence.row.number.rpartition(' ')[2]}")
    return page.follow(licence.row.number)


@pytest.fixture(scope="module")
def third(shared: World) -> Paper:
    """What officers look after at their pages."""
    return paper(shared, "chaem")


def test_an_officer_finds_a_licence_reads_the_letter_and_signs_and_a_stale_page_never_wins(
    shared: World, third: Paper
) -> None:
    page, stale = desk(shared, third), desk(shared, third).follow("สั่งพักใช้")
    page.must_see(third.row.holder).must_see("ออกใบ").follow("สั่งพักใช้")
    page.press("ดูหนังสือก่อนลงชื่อ", {"message": "สั้น"})
    assert page.status == 422
    assert set(summary(page)) == {"ground", "message"}
    page.press("ดูหนังสือก่อนลงชื่อ", {"ground": "rules", "message": WHY})
    page.must_see("คำสั่งพักใช้").must_see("จนกว่าจะมีคำสั่งให้กลับมาใช้ได้").must_see(WHY).must_see("อุทธรณ์ได้ภายใน")
    assert third.row.status is Status.VALID, "nothing is done by looking"
    page.press("ลงชื่อและมีผลทันที").must_see("ถูกพักใช้").must_see("พักใช้ เหตุ")
    stale.press("ดูหนังสือก่อนลงชื่อ", {"ground": "hygiene", "message": f"{WHY} อีกคน"})
    assert stale.status == 409
    stale.must_see("เปลี่ยนไปแล้ว").must_see(f"{WHY} อีกคน").must_see("พักใช้ เหตุ")
    shelf = shared.another_browser_of("nueng").open("/officer/licences?shelf=suspended")
    shelf.must_see(third.row.number)
    assert not shared.another_browser_of("hok").open("/officer/licences").sees(third.row.number), "another agency"
    page.follow("สั่งให้กลับมาใช้").press("ดูหนังสือก่อนลงชื่อ", {"ground": "mended"}).press("ลงชื่อและมีผลทันที")
    assert third.row.status is Status.VALID


def test_the_holder_answers_an_intent_on_the_letters_own_page_and_the_signing_officer_reads_it(
    shared: World, third: Paper
) -> None:
    checker = desk(shared, third, "nueng").follow("แจ้งเหตุที่อาจเพิกถอน ให้ผู้ถือโต้แย้ง")
    checker.press("ดูหนังสือก่อนลงชื่อ", {"ground": "false", "message": WHY}).press("ลงชื่อและส่งถึงผู้ถือ")
    checker.must_see("ผู้ถือยังโต้แย้งได้")
    me = shared.citizen("chaem").open("/inbox").follow("อาจเพิกถอน")
    me.must_see(WHY).press("ส่งคำตอบ", {"objection": "สั้น"})
    assert me.status == 422
    answer = "แก้ผังร้านให้ตรงแล้ว ขอให้ตรวจอีกครั้ง"
    me.press("ส่งคำตอบ", {"objection": answer}).must_see(answer)
    song = desk(shared, third).must_see("ผู้ถือโต้แย้งแล้ว อ่านก่อนลงชื่อ").must_see(answer)
    song.follow("สั่งเพิกถอน").must_see("คำสั่งเพิกถอน").must_see(WHY).press("ลงชื่อและมีผลทันที")
    song.must_see("เพิกถอนแล้ว")
    third.letters()
    assert song.open(song.url).links(r"/letters/")
    assert shared.stranger().open(f"/verify/{licences.written(third.row.code)}").sees("ถูกเพิกถอนแล้ว")
