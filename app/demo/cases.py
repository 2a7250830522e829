"""Sample cases for a new demonstration, one in each state, made by playing them: nothing is written past the pages."""

from copy import deepcopy

from app.core.thai import BUDDHIST_ERA
from app.demo import walk
from app.demo.browsing import Browser
from app.demo.people import CITIZENS
from app.demo.running import Running

SHOPS: tuple[tuple[str, str, str, str, str], ...] = (
    ("tasi", "ข้าวแกงตาสี (ตัวอย่าง)", "48", "issued", "eat_in"),
    ("bunma", "ก๋วยเตี๋ยวเรือบุญมา (ตัวอย่าง)", "65", "awaiting_payment", "eat_in"),
    ("prang", "ปรางค์เบเกอรี่ (ตัวอย่าง)", "30", "accepted", "takeaway"),
    ("saman", "สมานอาหารตามสั่ง (ตัวอย่าง)", "120", "returned", "eat_in"),
    ("waeo", "ของสดป้าแวว (ตัวอย่าง)", "190", "submitted", "storage"),
    ("rian", "น้ำเต้าหู้เรียน (ตัวอย่าง)", "18", "rejected", "drinks"),
    ("mali", "ครัวมะลิ (ตัวอย่าง)", "110", "draft", "eat_in"),
)
"""Who, shop, square metres, how far the case has come, kind of food business."""


def typed(person: str) -> dict[str, str]:
    """What this person types when the registry does not answer."""
    citizen = next(c for c in CITIZENS if c.key == person)
    return {
        "applicant_title": citizen.title.th,
        "applicant_given_name": citizen.given.th,
        "applicant_family_name": citizen.family.th,
        "applicant_birth_date.day": str(citizen.birth.day or 1),
        "applicant_birth_date.month": str(citizen.birth.month or 1),
        "applicant_birth_date.year": str(citizen.birth.year + BUDDHIST_ERA),
        "applicant_address.house": citizen.home.house,
        "applicant_address.road": citizen.home.road,
        "applicant_address.subdistrict": citizen.home.subdistrict,
    }


def fill(here: Running) -> int:
    """Make the sample cases; how many were made."""
    with Browser(here.url) as checker, Browser(here.url) as approver:
        walk.sign_in(checker, "nueng", "officer")
        walk.sign_in(approver, "song", "officer")
        for person, shop, area, state, food in SHOPS:
            with Browser(here.url) as me:
                _play(me, checker, approver, person, shop, area, state, food)
    return len(SHOPS)


def _play(
    me: Browser, checker: Browser, approver: Browser, person: str, shop: str, area: str, state: str, food: str
) -> None:
    walk.sign_in(me, person)
    form = walk.start_form(me)
    walk.await_prefill(me, form)
    answers = deepcopy(walk.SHOP)
    answers["applicant"] |= typed(person)
    answers["shop"] |= {"shop_name": shop, "food_business": food}
    answers["hygiene"]["premises_area"] = area
    walk.answer(me, form, answers)
    if state == "draft":
        return
    walk.attach(me, form)
    walk.submit(me, form)
    if state == "submitted":
        return
    number = walk.application_number(me, form)
    case = walk.find_case(checker, number)
    walk.take(checker, case)
    if state == "returned":
        walk.check(checker, case, {"premises_plan": "เพิ่มตำแหน่งครัวและห้องน้ำในแผนผัง แล้วถ่ายใหม่"})
        walk.decide(checker, case, "return", "ลงชื่อและส่งถึงผู้ยื่น")
        return
    walk.check(checker, case)
    walk.decide(checker, case, "accept", "ลงชื่อและรับไว้พิจารณา")
    if state == "accepted":
        return
    walk.take(approver, case)
    if state == "rejected":
        approver.open(f"{case}/decide/reject")
        ground = next(value for value in approver.page.xpath("//select[@name='ground']/option/@value") if value)
        said = {"ground": ground, "message": "ที่ตั้งอยู่ในอาคารที่ยังไม่มีหลักฐานการใช้อาคาร ยื่นใหม่ได้เมื่อมีหลักฐาน"}
        walk.decide(approver, case, "reject", "ลงชื่อไม่อนุญาต", said)
        return
    walk.decide(approver, case, "approve", "ลงชื่ออนุญาต")
    if state == "issued":
        walk.pay(me, walk.bill_path(me, form))
        walk.await_licence(me, form)
