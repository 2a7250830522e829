"""The completeness check: findings are kept as the officer goes along, and notes stay among officers."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.applications import checking
from app.applications.checking import Item, Mark
from app.applications.models import Application, Finding
from tests.world import make_application, make_officer

MAP: Item = ("document", "site_map")
SHOP: Item = ("answer", "shop_name")
OK = Mark(Finding.OK)
BLURRED = Mark(Finding.MISSING, "unreadable", "ถ่ายใหม่ให้เห็นครบทั้งแผ่น")


def found(db: Session, application: Application, now: datetime, **marks: Mark) -> None:
    items = {"map": MAP, "shop": SHOP}
    officer = make_officer(db, now)
    checking.keep(db, application.id, {items[name]: mark for name, mark in marks.items()}, officer.officer_id, now)


def test_findings_are_kept_until_the_officer_finds_otherwise(db: Session, now: datetime) -> None:
    application, other = make_application(db, now), make_application(db, now)
    found(db, application, now, map=BLURRED, shop=OK)
    found(db, other, now, map=OK)
    assert checking.marks(db, application.id) == {MAP: BLURRED, SHOP: OK}
    found(db, application, now, map=OK)
    assert checking.marks(db, application.id) == {MAP: OK}
    assert checking.marks(db, other.id) == {MAP: OK}


def test_only_what_is_missing_goes_into_the_notice(db: Session, now: datetime) -> None:
    application = make_application(db, now)
    found(db, application, now, map=BLURRED, shop=OK)
    assert checking.missing(checking.marks(db, application.id)) == {MAP: BLURRED}


def test_findings_about_mended_things_are_forgotten_and_the_others_stay(db: Session, now: datetime) -> None:
    application = make_application(db, now)
    found(db, application, now, map=BLURRED, shop=OK)
    checking.clear(db, application.id, [MAP, ("document", "never_marked")])
    assert checking.marks(db, application.id) == {SHOP: OK}
    checking.clear(db, application.id)
    assert checking.marks(db, application.id) == {}


def test_notes_of_a_case_are_read_newest_first(db: Session, now: datetime) -> None:
    application, other, officer = make_application(db, now), make_application(db, now), make_officer(db, now)
    for minute, text in enumerate(["โทรแล้ว", "ไม่รับสาย"]):
        checking.note(db, application.id, officer.officer_id, "ปรีชา ตัวอย่าง", text, now + timedelta(minutes=minute))
    checking.note(db, other.id, officer.officer_id, "ปรีชา ตัวอย่าง", "เรื่องอื่น", now)
    assert [note.text for note in checking.notes(db, application.id)] == ["ไม่รับสาย", "โทรแล้ว"]
