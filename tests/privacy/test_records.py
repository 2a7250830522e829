"""What was read, what was allowed and who looked: written once, never changed, shown to the person it is about."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import new_id
from app.core.errors import NotFound
from app.core.events import SYSTEM
from app.core.secrets import Keyring
from app.identity import officers, people
from app.identity.claims import Claims
from app.identity.models import Duty
from app.identity.officers import Post
from app.privacy import access, acknowledgements, consents, texts
from app.privacy.access import About, Viewer
from app.privacy.models import Acknowledgement, Consent, PrivacyText, Purpose, ViewerKind
from app.privacy.notice import Notice, Section
from app.privacy.wording import Words

KEYRING = Keyring.fresh()
MINUTE = timedelta(minutes=1)
NOTICE = Notice("1", "th", "หนังสือแจ้ง", (Section("data", "ข้อมูล", ("ชื่อร้าน",)),))
ASKED = consents.QUESTIONS[Purpose.REUSE]
PHONE = Words("เบอร์โทร", "Phone")
INSPECT = Words("นัดตรวจสถานที่", "arrange an inspection")

NewPerson = Callable[[str], UUID]


@pytest.fixture
def new_person(db: Session, now: datetime) -> NewPerson:
    def make(citizen_id: str) -> UUID:
        claims = Claims("https://thaid.example", citizen_id, citizen_id, "", "มะลิ", "ตัวอย่าง", "", None, Decimal("2.3"))
        return people.recognise(db, KEYRING, claims, now).person_id

    return make


@pytest.fixture
def mali(new_person: NewPerson) -> UUID:
    return new_person("1000000000122")


@pytest.fixture
def officer(db: Session, now: datetime) -> Viewer:
    post = Post("example_town", "health", frozenset({Duty.CHECK}), "นักวิชาการสุขาภิบาล", "Sanitation officer")
    officer_id = officers.register(db, "https://gov.example", "s1", "สาธิต หนึ่ง", "Sathit Nueng", post, SYSTEM, now)
    town = Words("เทศบาลเมืองตัวอย่าง", "Example Town")
    return Viewer(ViewerKind.OFFICER, "example_town", town, Words(post.position_th, post.position_en), officer_id)


REGISTRY = Viewer(
    ViewerKind.REGISTRY, "dopa", Words("กรมการปกครอง", "DOPA"), Words("ทะเบียนราษฎร", "Civil registration")
)
PORTAL = Viewer(ViewerKind.SYSTEM, "portal", Words("ระบบจุดเดียว", "Judiao"), Words("ระบบ", "System"))


# — Notices ————————————————————————————————————————————————————————————————————————————————————————————————————————————


def test_the_exact_text_a_person_acknowledged_can_be_read_again(db: Session, mali: UUID, now: datetime) -> None:
    digest = acknowledgements.acknowledge(db, mali, NOTICE, now)
    kept = texts.read(db, digest)
    assert (kept.text, kept.language, kept.version) == (NOTICE.text, "th", "1")
    assert texts.digest_of(kept.text) == digest == NOTICE.digest


def test_acknowledging_twice_is_acknowledging_once(db: Session, mali: UUID, now: datetime) -> None:
    form = new_id()
    for at in (now, now + MINUTE):
        acknowledgements.acknowledge(db, mali, NOTICE, at, single_form_id=form)
        acknowledgements.acknowledge(db, mali, NOTICE, at)
    assert len(db.scalars(select(Acknowledgement.id)).all()) == 2
    assert len(db.scalars(select(PrivacyText.digest)).all()) == 1
    found = acknowledgements.of_form(db, mali, form)
    assert found is not None
    assert found.at == now


def test_an_acknowledgement_is_for_one_form_and_one_person(db: Session, mali: UUID, now: datetime) -> None:
    form = new_id()
    acknowledgements.acknowledge(db, mali, NOTICE, now, single_form_id=form)
    assert acknowledgements.of_form(db, mali, new_id()) is None
    assert acknowledgements.of_form(db, new_id(), form) is None


def test_a_changed_notice_is_acknowledged_anew_and_the_newest_comes_first(
    db: Session, mali: UUID, now: datetime
) -> None:
    form = new_id()
    changed = Notice("2", "th", "หนังสือแจ้ง ฉบับที่ 2", NOTICE.sections)
    acknowledgements.acknowledge(db, mali, NOTICE, now, single_form_id=form)
    acknowledgements.acknowledge(db, mali, changed, now + MINUTE, single_form_id=form)
    newest = acknowledgements.of_form(db, mali, form)
    assert newest is not None
    assert (newest.digest, newest.version, newest.at) == (changed.digest, "2", now + MINUTE)
    assert [read.at for read in acknowledgements.of_person(db, mali)] == [now + MINUTE, now]


def test_a_text_nobody_was_shown_is_not_found(db: Session) -> None:
    with pytest.raises(NotFound):
        texts.read(db, "0" * 64)


# — Consents ———————————————————————————————————————————————————————————————————————————————————————————————————————————


def test_who_was_never_asked_has_allowed_nothing(db: Session, mali: UUID) -> None:
    standing = consents.current(db, mali)
    assert set(standing) == set(consents.QUESTIONS)
    assert not any(held.given or held.withdrawn or held.since for held in standing.values())
    assert not consents.allowed(db, mali, Purpose.REGISTRIES_PREFILL)


def test_the_latest_answer_holds_and_every_answer_stays(db: Session, mali: UUID, now: datetime) -> None:
    consents.give(db, mali, Purpose.REUSE, ASKED, "th", now)
    assert consents.allowed(db, mali, Purpose.REUSE)
    consents.withdraw(db, mali, Purpose.REUSE, ASKED, "th", now + MINUTE)
    assert not consents.allowed(db, mali, Purpose.REUSE)
    consents.give(db, mali, Purpose.REUSE, "May Judiao keep your answers?", "en", now + 2 * MINUTE)
    assert consents.allowed(db, mali, Purpose.REUSE)
    history = consents.history(db, mali)
    assert [(answer.given, answer.language) for answer in history] == [(True, "en"), (False, "th"), (True, "th")]
    assert history[0].text == "May Judiao keep your answers?"
    assert history[1].digest == history[2].digest == texts.digest_of(ASKED)


def test_taking_consent_back_is_told_from_never_having_given_it(db: Session, mali: UUID, now: datetime) -> None:
    consents.withdraw(db, mali, Purpose.REGISTRIES_PREFILL, "ให้ดึงข้อมูล", "th", now)
    consents.give(db, mali, Purpose.REUSE, ASKED, "th", now)
    consents.withdraw(db, mali, Purpose.REUSE, ASKED, "th", now + MINUTE)
    consents.withdraw(db, mali, Purpose.REUSE, ASKED, "th", now + 2 * MINUTE)
    standing = consents.current(db, mali)
    assert not standing[Purpose.REGISTRIES_PREFILL].withdrawn
    assert standing[Purpose.REUSE].withdrawn
    assert standing[Purpose.REUSE].since == now + 2 * MINUTE


def test_one_purpose_says_nothing_about_another_and_one_person_nothing_about_another(
    db: Session, mali: UUID, new_person: NewPerson, now: datetime
) -> None:
    consents.give(db, mali, Purpose.REUSE, ASKED, "th", now)
    assert not consents.allowed(db, mali, Purpose.CONTACT)
    assert not consents.allowed(db, new_person("1000000000211"), Purpose.REUSE)


def test_an_answer_never_changes_a_row_that_is_there(db: Session, mali: UUID, now: datetime) -> None:
    consents.give(db, mali, Purpose.REUSE, ASKED, "th", now)
    before = db.execute(select(Consent.__table__)).all()
    consents.withdraw(db, mali, Purpose.REUSE, ASKED, "th", now + MINUTE)
    after = db.execute(select(Consent.__table__)).all()
    assert set(before) < set(after)
    assert len(after) == 2


@pytest.mark.parametrize("purpose", list(consents.QUESTIONS))
def test_every_purpose_that_is_asked_for_has_a_question_that_says_what_happens_without_it(purpose: Purpose) -> None:
    assert "ถ้าไม่ให้" in consents.QUESTIONS[purpose]


# — Who looked at my data ——————————————————————————————————————————————————————————————————————————————————————————————


def test_a_look_is_shown_with_who_what_why_and_when(db: Session, mali: UUID, officer: Viewer, now: datetime) -> None:
    application = new_id()
    about = About(application, "อห 2569-00312")
    access.record_view(db, mali, officer, {"phone": PHONE}, INSPECT, now, about=about)
    [view] = access.views_for(db, mali).views
    assert (view.at, view.viewer_kind, view.agency_code) == (now, ViewerKind.OFFICER, "example_town")
    assert (view.agency.to("en"), view.position.to("th")) == ("Example Town", "นักวิชาการสุขาภิบาล")
    assert (view.what, view.purpose) == ((PHONE,), INSPECT)
    assert (view.application_id, view.reference) == (application, "อห 2569-00312")


def test_the_officers_name_is_not_told(db: Session, mali: UUID, officer: Viewer, now: datetime) -> None:
    access.record_view(db, mali, officer, {"phone": PHONE}, INSPECT, now)
    assert "สาธิต" not in repr(access.views_for(db, mali))


def test_looks_are_listed_newest_first_in_pages_of_twenty_five(
    db: Session, mali: UUID, officer: Viewer, now: datetime
) -> None:
    for minute in range(30):
        access.record_view(db, mali, officer, {"phone": PHONE}, INSPECT, now + minute * MINUTE)
    first, second = access.views_for(db, mali), access.views_for(db, mali, 2)
    assert (first.pages, first.total, len(first.views), len(second.views)) == (2, 30, 25, 5)
    times = [view.at for view in first.views + second.views]
    assert times == sorted(times, reverse=True)
    assert access.views_for(db, mali, 99) == second
    assert access.views_for(db, mali, -1) == first
    assert access.every_view(db, mali) == first.views + second.views


def test_nobody_sees_the_log_of_another(db: Session, mali: UUID, new_person: NewPerson, now: datetime) -> None:
    access.record_view(db, mali, PORTAL, {"phone": PHONE}, INSPECT, now)
    empty = access.views_for(db, new_person("1000000000211"))
    assert (empty.views, empty.total, empty.pages, empty.number) == ((), 0, 1, 1)


def test_the_summary_counts_looks_and_agencies_since_a_day(
    db: Session, mali: UUID, officer: Viewer, now: datetime
) -> None:
    month = now - timedelta(days=30)
    access.record_view(db, mali, officer, {"phone": PHONE}, INSPECT, month - MINUTE)
    for viewer in (officer, officer, REGISTRY, PORTAL):
        access.record_view(db, mali, viewer, {"phone": PHONE}, INSPECT, now)
    assert access.since(db, mali, month) == (4, 2)


def test_a_look_at_nothing_is_not_recorded(db: Session, mali: UUID, now: datetime) -> None:
    with pytest.raises(ValueError, match="nothing"):
        access.record_view(db, mali, PORTAL, {}, INSPECT, now)


def test_the_database_itself_refuses_an_officers_look_without_an_officer(
    db: Session, mali: UUID, officer: Viewer, now: datetime
) -> None:
    nobody = Viewer(ViewerKind.OFFICER, officer.agency_code, officer.agency, officer.position)
    with pytest.raises(Exception, match="ck_access_log_officer"):
        access.record_view(db, mali, nobody, {"phone": PHONE}, INSPECT, now)
