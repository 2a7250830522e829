"""One form for several services: asked once, hidden answers stay hidden, everything missing is told at once."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings

from app.catalogue import answers
from app.catalogue.answers import DOCUMENTS, for_service, missing, read_topic, visible
from app.catalogue.conditions import holds
from app.catalogue.merging import Form, merge
from app.catalogue.needed import documents_needed
from tests.catalogue.world import (
    ADDRESS,
    GOOD_ANSWERS,
    LICENCE,
    NOTIFICATION,
    OWN_DOCUMENTS,
    World,
    notification,
    real,
    typed,
    worlds,
)

LAWS = settings(max_examples=15)


def form_of(world: World) -> Form:
    return merge(world.catalogue, world.services)


def the_form() -> Form:
    return merge(real(), [notification()])


def alone() -> Form:
    """The same where nobody offers the licence that a larger shop needs."""
    return merge(replace(real(), services={NOTIFICATION: notification()}), [notification()])


def both() -> Form:
    return merge(real(), [real().services[LICENCE], notification()])


# ---- laws -----------------------------------------------------------------------------------------------------------


@LAWS
@given(worlds())
def test_merging_asks_every_question_once_and_in_one_order(world: World) -> None:
    form = form_of(world)
    keys = [q.key for topic in form.topics for q in topic.questions]

    assert len(keys) == len(set(keys))
    assert set(keys) == {q.key for service in world.services for q in service.questions}
    assert keys == sorted(keys, key=lambda key: world.catalogue.order[f"question:{key}"])
    assert all(
        form.used_by[q] == tuple(s.slug for s in form.services if q in {a.key for a in s.questions}) for q in keys
    )


@LAWS
@given(worlds())
def test_the_order_of_services_and_repeating_one_change_nothing(world: World) -> None:
    form = form_of(world)

    assert all(merge(world.catalogue, order) == form for order in permutations(world.services))
    assert merge(world.catalogue, [*form.services, *world.services]) == form


@LAWS
@given(worlds())
def test_no_service_ever_reads_a_hidden_answer_or_one_it_did_not_ask_for(world: World) -> None:
    form = form_of(world)
    seen = {q.key for q in visible(form, world.answers)}
    for service in form.services:
        given_to_it = for_service(service, world.answers)
        mine = {q.key for q in service.questions}

        assert set(given_to_it) == seen & mine & set(world.answers)
        assert all(world.answers[key] == value for key, value in given_to_it.items())


@LAWS
@given(worlds())
def test_what_a_hidden_question_once_said_decides_nothing(world: World) -> None:
    form = form_of(world)
    seen = {q.key for q in visible(form, world.answers)}
    forgotten = {key: value for key, value in world.answers.items() if key in seen}

    assert visible(form, forgotten) == visible(form, world.answers)
    assert documents_needed(form, forgotten) == documents_needed(form, world.answers)
    assert missing(form, forgotten, ()) == missing(form, world.answers, ())


@LAWS
@given(worlds())
def test_a_question_is_visible_exactly_when_its_condition_holds_for_the_visible_answers(world: World) -> None:
    form = form_of(world)
    seen = {q.key for q in visible(form, world.answers)}
    said = {key: value for key, value in world.answers.items() if key in seen}

    assert seen == {q.key for q in form.questions.values() if holds(q.when, said)}


@LAWS
@given(worlds())
def test_a_form_is_complete_when_everything_listed_as_missing_is_given(world: World) -> None:
    form, said = form_of(world), dict(world.answers)
    held: set[str] = set()
    for _ in range(len(form.questions) + 2):  # an answer can reveal the next question
        for one in missing(form, said, held):
            if one.kind == "document":
                held.add(one.key)
            else:
                said[one.key] = "a" if form.questions[one.key].kind == "choice" else 1

    assert missing(form, said, held) == []


@LAWS
@given(worlds())
def test_what_is_missing_is_told_in_reading_order_and_documents_last(world: World) -> None:
    form = form_of(world)
    told = missing(form, world.answers, ())
    questions = [one.key for one in told if one.kind != "document"]
    papers = [one.key for one in told if one.kind == "document"]

    assert [one.key for one in told] == questions + papers
    assert questions == [key for key in form.questions if key in questions]
    assert papers == [asked.key for asked in documents_needed(form, world.answers)]
    assert all(one.topic == (DOCUMENTS if one.kind == "document" else form.topic_of[one.key]) for one in told)


# ---- the real form --------------------------------------------------------------------------------------------------


def test_two_services_share_their_questions_and_documents() -> None:
    form = both()

    assert form.used_by["shop_name"] == (LICENCE, NOTIFICATION)
    assert len(form.questions) == len(notification().questions)
    photos = next(d for d in form.documents if d.key == "premises_photos")
    plan = next(d for d in form.documents if d.key == "premises_plan")
    assert photos.services == (NOTIFICATION,)
    assert plan.services == (LICENCE, NOTIFICATION)


def test_a_complete_form_has_nothing_missing() -> None:
    assert missing(the_form(), GOOD_ANSWERS, OWN_DOCUMENTS) == []


def test_an_empty_form_lists_everything_at_once() -> None:
    told = missing(the_form(), {}, ())

    assert [one.key for one in told if one.kind == "answer"] == [
        q.key for q in visible(the_form(), {}) if not q.optional
    ]
    assert {one.key for one in told if one.kind == "document"} == OWN_DOCUMENTS


def test_a_stored_answer_that_no_longer_fits_is_missing_again() -> None:
    told = missing(the_form(), {**GOOD_ANSWERS, "food_business": "zoo", "applicant_phone": "12"}, OWN_DOCUMENTS)
    assert [(one.kind, one.key) for one in told] == [("answer", "applicant_phone"), ("answer", "food_business")]


def test_an_area_beyond_a_service_that_nothing_replaces_says_where_to_turn_to() -> None:
    told = missing(alone(), {**GOOD_ANSWERS, "premises_area": "200.01"}, OWN_DOCUMENTS)

    assert [(one.kind, one.key, one.topic) for one in told] == [("limit", "premises_area", "hygiene")]
    assert "ใบอนุญาต" in told[0].message.th
    assert "licence" in told[0].message.en


@pytest.mark.parametrize(
    ("right", "papers", "asks_owner"),
    [
        ("own", set(), False),
        ("rent", {"premises_lease"}, True),
        ("consent", {"premises_consent", "premises_owner_proof"}, True),
    ],
)
def test_who_does_not_own_the_premises_names_the_owner_and_brings_a_paper(
    right: str, papers: set[str], *, asks_owner: bool
) -> None:
    said = {**GOOD_ANSWERS, "premises_right": right, "premises_owner_name": "นายเจ้าของ ตัวอย่าง"}
    needed = {asked.key for asked in documents_needed(the_form(), said)}

    assert needed == OWN_DOCUMENTS | papers
    assert ("premises_owner" in {t.key for t in answers.visible_topics(the_form(), said)}) is asks_owner
    assert ("premises_owner_name" in for_service(notification(), said)) is asks_owner


def test_papers_the_registry_replaces_are_asked_only_when_it_was_not_fetched() -> None:
    fetched = {asked.key for asked in documents_needed(the_form(), GOOD_ANSWERS)}
    typed_in = {asked.key for asked in documents_needed(the_form(), GOOD_ANSWERS, unfetched={"dopa"})}

    assert typed_in - fetched == {"id_card", "house_registration"}


def test_a_document_is_needed_by_those_services_whose_condition_holds() -> None:
    form = both()
    narrowed = replace(
        form,
        documents=tuple(
            replace(d, uses={**d.uses, LICENCE: d.uses[LICENCE].model_copy(update={"when": d.uses[NOTIFICATION].when})})
            if d.key == "premises_lease"
            else d
            for d in form.documents
        ),
    )
    lease = next(
        d for d in documents_needed(narrowed, {**GOOD_ANSWERS, "premises_right": "rent"}) if d.key == "premises_lease"
    )
    assert lease.services == (LICENCE, NOTIFICATION)


# ---- reading a page -------------------------------------------------------------------------------------------------

PLACE = {
    **typed("premises_address", house="99/9", subdistrict="730101"),
    **typed("premises_building", "ชั้น ๑"),
    **typed("premises_right", "rent"),
}


def test_a_page_is_read_in_one_go_and_every_wrong_answer_is_kept() -> None:
    fields: dict[str, Any] = {
        **typed("premises_area", "สี่สิบ"),
        **typed("food_handlers", "๓"),
        **typed("grease_trap", "no"),
    }
    readings = read_topic(the_form(), "hygiene", fields, {})

    assert list(readings) == ["premises_area", "food_handlers", "waste_system", "grease_trap"]
    assert readings["premises_area"].raw == {"premises_area": "สี่สิบ"}
    assert readings["premises_area"].problem is not None
    assert readings["food_handlers"].value == 3
    assert readings["waste_system"].problem is not None


def test_a_page_asks_what_an_earlier_page_decides() -> None:
    owner = typed("premises_owner_name", "นายเจ้าของ ตัวอย่าง")

    assert list(read_topic(the_form(), "premises_owner", owner, {"premises_right": "rent"})) == ["premises_owner_name"]
    assert read_topic(the_form(), "premises_owner", owner, {"premises_right": "own"}) == {}
    assert read_topic(the_form(), "premises_owner", owner, {}) == {}


def test_the_page_itself_decides_with_what_it_says_now() -> None:
    readings = read_topic(the_form(), "location", PLACE, {"premises_right": "own"})
    assert readings["premises_right"].value == "rent"
    assert readings["premises_address"].value == {"house": "99/9", "subdistrict": "730101", "postcode": "73000"}
    assert readings["premises_building"].value == "ชั้น ๑"


def test_fetched_answers_are_not_read_from_the_page() -> None:
    fields = {**typed("applicant_phone", "081 234 5678"), **typed("applicant_given_name", "คนอื่น")}
    fixed = {
        "applicant_title",
        "applicant_given_name",
        "applicant_family_name",
        "applicant_birth_date",
        "applicant_address",
    }
    readings = read_topic(the_form(), "applicant", fields, {"applicant_given_name": "มะลิ"}, fixed)

    assert list(readings) == ["applicant_phone", "applicant_email"]


LARGE = {
    **typed("premises_area", "๒๔๐"),
    **typed("food_handlers", "3"),
    **typed("waste_system", "yes"),
    **typed("grease_trap", "no"),
}


def test_an_answer_that_calls_for_another_service_is_kept_as_it_is() -> None:
    assert read_topic(the_form(), "hygiene", LARGE, GOOD_ANSWERS)["premises_area"].value == "240"
    assert missing(the_form(), {**GOOD_ANSWERS, "premises_area": "240"}, OWN_DOCUMENTS) == []


def test_a_limit_that_no_other_service_lifts_speaks_beside_its_question_and_leaves_no_value() -> None:
    area = read_topic(alone(), "hygiene", LARGE, GOOD_ANSWERS)["premises_area"]

    assert area.value is None
    assert area.problem == notification().limits[0].message
    assert area.raw == {"premises_area": "๒๔๐"}


def test_what_the_portal_answers_itself_is_never_asked_read_or_lost() -> None:
    form = the_form()
    asked = [q.key for topic in answers.visible_topics(form, GOOD_ANSWERS) for q in topic.questions]
    readings = read_topic(form, "applicant", typed("applicant_kind", "organisation"), GOOD_ANSWERS)

    assert "applicant_kind" in form.questions
    assert "applicant_kind" not in asked
    assert "applicant_kind" not in readings
    assert for_service(notification(), GOOD_ANSWERS)["applicant_kind"] == "person"


def test_showing_and_reading_go_through_the_question() -> None:
    asked = the_form().questions["premises_address"]
    reading = answers.read(asked, PLACE)

    assert answers.show(asked, reading.value, "th").startswith("99/9 ตำบลพระปฐมเจดีย์")
    assert answers.show(asked, ADDRESS, "en").endswith("Nakhon Pathom 73000")
