"""A form while it is being filled: nothing typed is lost, nothing is overwritten in silence, nobody else sees it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.applications import choices, drafts, forms, keeping
from app.applications.form_models import Answer, FormState, Prefill, SingleForm
from app.applications.forms import Held
from app.applications.keeping import Clash, Given
from app.core import events
from app.core.db import Database, new_id
from app.core.errors import Conflict, NotFound
from tests.world import FOOD, LIQUOR, acting, at_once, make_applicant, make_form, make_person, send, share

LAWS = settings(
    deadline=None, derandomize=True, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
DOPA = "กรมการปกครอง"
TOO_BIG = {"th": "ไม่เกิน 200", "en": "200 at most"}


def right(key: str, value: Any, seen: int = 0) -> Given:
    """An answer that fits, from a page that was drawn when the answer had this revision."""
    return Given(key, value, {"": str(value)}, None, seen)


def wrong(key: str, typed: str, seen: int = 0) -> Given:
    """What was typed and does not fit."""
    return Given(key, None, {"": typed}, TOO_BIG, seen)


def save(db: Session, form: SingleForm, now: datetime, *given: Given) -> list[Clash]:
    clashes = keeping.save(db, form, given, form.started_by, now)
    db.refresh(form)  # it is written to by statement
    return clashes


def held(db: Session, form: SingleForm, key: str) -> Held:
    return forms.answers(db, form.id)[key]


def fetched(db: Session, form: SingleForm, now: datetime, **values: Any) -> int:
    return forms.prefill(db, form, values, DOPA, now - timedelta(minutes=1), now)


def dispute(db: Session, form: SingleForm, now: datetime, *keys: str) -> None:
    person = make_person(db, now)
    forms.dispute(db, form, keys, form.started_by, acting(person), now)


# — opening


def test_a_new_form_is_a_draft_with_a_reference_of_its_own_and_the_services_in_the_order_chosen(
    db: Session, now: datetime
) -> None:
    first, second = make_form(db, now, services=[LIQUOR, FOOD]), make_form(db, now)
    assert (first.reference, second.reference) == ("JD 2569-0000001", "JD 2569-0000002")
    assert (first.state, first.prefill) == (FormState.DRAFT, Prefill.NOT_ASKED)
    assert choices.of_form(db, first.id) == [(LIQUOR, 1), (FOOD, 1)]
    assert [(e.kind, e.facts) for e in events.history(db, f"form:{first.id}")] == [
        ("form.start", {"services": [LIQUOR, FOOD]})
    ]


def test_only_its_applicant_finds_a_form(db: Session, now: datetime) -> None:
    form, stranger = make_form(db, now), make_applicant(db, now)
    assert forms.of_applicant(db, form.applicant_id, form.id) is form
    for look in (forms.of_applicant, forms.draft):
        with pytest.raises(NotFound):
            look(db, stranger, form.id)
    with pytest.raises(NotFound):
        forms.of_applicant(db, form.applicant_id, new_id())
    assert forms.all_of(db, stranger) == []


def test_my_forms_are_listed_with_the_one_last_touched_first(db: Session, now: datetime) -> None:
    person = make_person(db, now)
    old, new = make_form(db, now, person), make_form(db, now + timedelta(hours=1), person)
    make_form(db, now)
    assert [form.id for form in forms.all_of(db, person.applicant_id)] == [new.id, old.id]
    save(db, old, now + timedelta(hours=2), right("shop", "ครัวมะลิ"))
    assert [form.id for form in forms.all_of(db, person.applicant_id)] == [old.id, new.id]


# — keeping answers


def test_an_answer_is_kept_whether_right_or_wrong(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    assert save(db, form, now, right("shop", "ครัวมะลิ"), wrong("area", "สองร้อยกว่า")) == []
    kept = forms.answers(db, form.id)
    assert (kept["shop"].value, kept["shop"].problem, kept["shop"].revision) == ("ครัวมะลิ", None, 1)
    assert (kept["area"].value, kept["area"].raw, kept["area"].problem) == (None, {"": "สองร้อยกว่า"}, TOO_BIG)
    assert forms.values(kept) == {"shop": "ครัวมะลิ"}


def test_a_wrong_answer_becomes_right_and_a_right_one_wrong_without_a_trace_of_before(
    db: Session, now: datetime
) -> None:
    form = make_form(db, now)
    save(db, form, now, wrong("area", "มาก"), right("shop", "ครัวมะลิ"))
    save(db, form, now, right("area", 120, seen=1), wrong("shop", "ก" * 300, seen=1))
    area, shop = held(db, form, "area"), held(db, form, "shop")
    assert (area.value, area.problem, area.revision) == (120, None, 2)
    assert (shop.value, shop.problem, shop.raw) == (None, TOO_BIG, {"": "ก" * 300})


def test_an_answer_emptied_again_is_kept_as_empty(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    save(db, form, now, wrong("soi", "??"))
    save(db, form, now, Given("soi", None, {"": ""}, None, 1))
    assert (held(db, form, "soi").value, held(db, form, "soi").problem) == (None, None)
    assert forms.values(forms.answers(db, form.id)) == {}


@LAWS
@given(
    st.dictionaries(
        st.sampled_from(["shop", "area", "owner", "soi"]),
        st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)),
        min_size=1,
    )
)
def test_whatever_was_saved_is_what_comes_back(db: Session, now: datetime, page: dict[str, str | None]) -> None:
    form = make_form(db, now)
    save(db, form, now, *(wrong(key, "?") if typed is None else right(key, typed) for key, typed in page.items()))
    kept = forms.answers(db, form.id)
    assert {key: kept[key].value for key in kept} == page
    assert {key for key in kept if kept[key].problem} == {key for key, typed in page.items() if typed is None}


@pytest.mark.parametrize("value", [True, 0, "", [], {"house": "9/1", "subdistrict": "300101"}, "2026-11-20"])
def test_an_answer_of_any_kind_keeps_its_kind(db: Session, now: datetime, value: object) -> None:
    form = make_form(db, now)
    save(db, form, now, right("q", value))
    found = held(db, form, "q").value
    assert (found, type(found)) == (value, type(value))


# — two tabs


def test_two_tabs_never_overwrite_each_other_in_silence(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    save(db, form, now, right("shop", "ครัวมะลิ"))
    save(db, form, now, right("shop", "ครัวของแท็บแรก", seen=1))

    (clash,) = save(db, form, now, right("shop", "ครัวของแท็บสอง", seen=1))

    assert (clash.key, clash.mine, clash.my_raw) == ("shop", "ครัวของแท็บสอง", {"": "ครัวของแท็บสอง"})
    assert (clash.theirs.value, clash.theirs.revision) == ("ครัวของแท็บแรก", 2)
    assert held(db, form, "shop").value == "ครัวของแท็บแรก"


def test_one_who_has_seen_the_clash_may_overwrite(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    save(db, form, now, right("shop", "ครัวของแท็บแรก"))
    (clash,) = save(db, form, now, right("shop", "ครัวของแท็บสอง"))
    assert save(db, form, now, right("shop", "ครัวของแท็บสอง", seen=clash.theirs.revision)) == []
    assert held(db, form, "shop").value == "ครัวของแท็บสอง"


def test_a_clash_in_one_answer_does_not_hold_back_the_others_of_the_page(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    save(db, form, now, right("shop", "หนึ่ง"))
    clashes = save(db, form, now, right("shop", "สอง"), right("area", 90))
    assert ([clash.key for clash in clashes], held(db, form, "area").value) == (["shop"], 90)


def test_a_wrong_answer_of_another_tab_is_not_overwritten_either(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    save(db, form, now, wrong("area", "มาก"))
    (clash,) = save(db, form, now, wrong("area", "น้อย"))
    assert (clash.theirs.raw, clash.my_raw) == ({"": "มาก"}, {"": "น้อย"})
    assert held(db, form, "area").raw == {"": "มาก"}


def test_the_same_answer_from_two_tabs_is_no_clash_and_no_change(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    for given_answer in (right("shop", "ครัวมะลิ"), wrong("area", "มาก")):
        assert save(db, form, now, given_answer) == []
        assert save(db, form, now, given_answer) == []
        assert held(db, form, given_answer.key).revision == 1


def test_two_tabs_that_save_at_the_same_moment_clash_once(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        form = make_form(db, now)
    applicant_id, form_id = form.applicant_id, form.id

    def tab(value: str) -> Callable[[Session], list[Clash]]:
        def act(db: Session) -> list[Clash]:
            return save(db, forms.draft(db, applicant_id, form_id), now, right("shop", value))

        return act

    results, refused = at_once(database.url, *(tab(f"แท็บ {n}") for n in range(4)))

    assert (sorted(len(clashes) for clashes in results), refused) == ([0, 1, 1, 1], [])
    with database.transaction() as db:
        assert {clash.theirs.value for clashes in results for clash in clashes} == {held(db, form, "shop").value}


# — what the registries know


def test_a_fetched_value_carries_its_source_and_time(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    assert fetched(db, form, now, owner="มะลิ ตัวอย่าง") == 1
    answer = held(db, form, "owner")
    assert (answer.value, answer.source, answer.source_at) == ("มะลิ ตัวอย่าง", DOPA, now - timedelta(minutes=1))
    assert answer.from_registry


def test_what_was_typed_into_an_empty_box_while_the_registry_answered_counts_whoever_was_faster(
    db: Session, now: datetime
) -> None:
    form = make_form(db, now)
    fetched(db, form, now, owner="มะลิ ตัวอย่าง", born="1995-06-01")

    assert save(db, form, now, right("owner", "ชื่ออื่น", seen=0), right("born", "1995-06-01", seen=0)) == []

    kept, same = held(db, form, "owner"), held(db, form, "born")
    assert (kept.value, kept.fetched, kept.disputed) == ("ชื่ออื่น", "มะลิ ตัวอย่าง", True)
    assert (same.value, same.disputed) == ("1995-06-01", False)


def test_what_the_person_typed_is_never_replaced_and_both_values_are_kept(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    save(db, form, now, right("owner", "มะลิ ใหม่"), wrong("born", "ปีมะโรง"))
    fetched(db, form, now, owner="มะลิ ตัวอย่าง", born="1995-06-01")
    owner, born = held(db, form, "owner"), held(db, form, "born")
    assert (owner.value, owner.fetched, owner.disputed) == ("มะลิ ใหม่", "มะลิ ตัวอย่าง", True)
    assert (born.value, born.raw, born.fetched, born.disputed) == (None, {"": "ปีมะโรง"}, "1995-06-01", True)


def test_what_the_person_typed_exactly_as_the_registry_knows_it_gets_its_source(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    save(db, form, now, right("owner", "มะลิ ตัวอย่าง"))
    fetched(db, form, now, owner="มะลิ ตัวอย่าง")
    assert held(db, form, "owner").from_registry


def test_a_question_left_empty_is_filled(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    save(db, form, now, Given("owner", None, {"": ""}, None, 0))
    fetched(db, form, now, owner="มะลิ ตัวอย่าง")
    assert (held(db, form, "owner").value, held(db, form, "owner").from_registry) == ("มะลิ ตัวอย่าง", True)


def test_a_newer_fetched_value_replaces_an_older_fetched_one_and_nobody_disputed_it(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    fetched(db, form, now, owner="มะลิ เก่า")
    fetched(db, form, now, owner="มะลิ ใหม่")
    owner = held(db, form, "owner")
    assert (owner.value, owner.fetched, owner.disputed, owner.from_registry) == ("มะลิ ใหม่", "มะลิ ใหม่", False, True)


def test_a_disputed_answer_emptied_by_the_person_is_not_filled_again(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    fetched(db, form, now, owner="มะลิ ตัวอย่าง")
    dispute(db, form, now, "owner")
    save(db, form, now, Given("owner", None, {"": ""}, None, 1))
    fetched(db, form, now, owner="มะลิ ตัวอย่าง")
    assert (held(db, form, "owner").value, held(db, form, "owner").disputed) == (None, True)


def test_a_disputed_answer_opens_for_typing_and_the_fetched_value_stays_beside_it(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    fetched(db, form, now, owner="มะลิ ตัวอย่าง", born="1995-06-01")
    dispute(db, form, now, "owner")
    save(db, form, now, right("owner", "มะลิ ใหม่", seen=held(db, form, "owner").revision))
    owner = held(db, form, "owner")
    assert (owner.value, owner.fetched, owner.disputed, owner.from_registry) == ("มะลิ ใหม่", "มะลิ ตัวอย่าง", True, False)
    assert held(db, form, "born").from_registry


def test_retyping_the_fetched_value_restores_its_source(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    fetched(db, form, now, owner="มะลิ ตัวอย่าง")
    dispute(db, form, now, "owner")
    save(db, form, now, right("owner", "มะลิ ใหม่", seen=1))
    save(db, form, now, right("owner", "มะลิ ตัวอย่าง", seen=2))
    assert (held(db, form, "owner").from_registry, held(db, form, "owner").source) == (True, DOPA)


def test_an_opened_answer_saved_as_it_was_restores_its_source_too(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    fetched(db, form, now, owner="มะลิ ตัวอย่าง")
    dispute(db, form, now, "owner")
    save(db, form, now, right("owner", "มะลิ ตัวอย่าง", seen=1))
    assert held(db, form, "owner").from_registry


def test_a_dispute_is_written_down_with_what_it_really_opened(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    fetched(db, form, now, owner="มะลิ ตัวอย่าง")
    save(db, form, now, right("shop", "ครัวมะลิ"))
    dispute(db, form, now, "owner", "shop", "no such question")
    dispute(db, form, now, "owner")
    written = [e.facts for e in events.history(db, f"form:{form.id}") if e.kind == "form.dispute"]
    assert written == [{"keys": ["owner"]}]
    assert held(db, form, "shop").revision == 1


# — how long a draft is kept


def test_every_save_keeps_the_draft_for_another_full_term(db: Session, now: datetime) -> None:
    form, later = make_form(db, now), now + timedelta(days=80)
    assert form.expires_at == now + timedelta(days=drafts.DRAFT_DAYS)
    save(db, form, later, right("shop", "ครัวมะลิ"))
    assert (form.updated_at, form.expires_at) == (later, later + timedelta(days=drafts.DRAFT_DAYS))


def test_only_drafts_untouched_for_their_whole_term_are_over(db: Session, now: datetime) -> None:
    forgotten, touched, sent = make_form(db, now), make_form(db, now), make_form(db, now)
    send(db, sent, now, [share()])
    save(db, touched, now + timedelta(days=2), right("shop", "ครัวมะลิ"))
    last_moment = now + timedelta(days=drafts.DRAFT_DAYS)
    assert drafts.expired(db, last_moment) == []
    assert drafts.expired(db, last_moment + timedelta(seconds=1)) == [forgotten]


def test_a_discarded_form_is_gone_for_its_applicant_and_stays_on_record(db: Session, now: datetime) -> None:
    form, person = make_form(db, now), make_person(db, now)
    drafts.discard(db, form, acting(person), now)
    with pytest.raises(NotFound):
        forms.of_applicant(db, form.applicant_id, form.id)
    assert forms.all_of(db, form.applicant_id) == []
    assert drafts.expired(db, now + timedelta(days=365)) == []
    assert events.history(db, f"form:{form.id}")[-1].kind == "form.discard"


def test_a_form_that_was_sent_cannot_be_changed_any_more(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    assert forms.draft(db, form.applicant_id, form.id) is form
    send(db, form, now, [share()])
    with pytest.raises(Conflict, match="ส่งแบบฟอร์มนี้ไปแล้ว"):
        forms.draft(db, form.applicant_id, form.id)
    assert forms.of_applicant(db, form.applicant_id, form.id) is form


def test_the_lock_on_a_draft_shows_what_another_transaction_did_meanwhile(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        form = make_form(db, now)
    with database.transaction() as db:
        seen = forms.of_applicant(db, form.applicant_id, form.id)
        with database.transaction() as other:
            send(other, forms.draft(other, form.applicant_id, form.id), now, [share()])
        assert seen.state is FormState.DRAFT
        with pytest.raises(Conflict):
            forms.draft(db, form.applicant_id, form.id)


def test_the_same_question_is_stored_once_per_form(db: Session, now: datetime) -> None:
    form, other = make_form(db, now), make_form(db, now)
    for n in range(3):
        save(db, form, now, right("shop", f"ชื่อ {n}", seen=n))
    save(db, other, now, right("shop", "ของคนอื่น"))
    assert db.scalar(select(func.count()).select_from(Answer).where(Answer.single_form_id == form.id)) == 1
    assert (held(db, form, "shop").value, held(db, other, "shop").value) == ("ชื่อ 2", "ของคนอื่น")


def test_the_end_of_a_draft_is_announced_once_two_weeks_and_once_three_days_before(db: Session, now: datetime) -> None:
    form = make_form(db, now)
    over = form.expires_at

    def told_on(days_before: float) -> bool:
        moment = over - timedelta(days=days_before)
        due = drafts.ending(db, moment)
        for one in due:
            one.reminded_at = moment
        db.flush()
        return due == [form]

    assert [told_on(days) for days in (20, 14, 13.9, 4, 3, 2.9, 0)] == [False, True, False, False, True, False, False]
    drafts.touch(form, over - timedelta(days=1))
    db.flush()
    assert not drafts.ending(db, over), "whoever opened it again has all its days"
