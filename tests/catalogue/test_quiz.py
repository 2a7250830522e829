"""The quiz as laws over its data: what is asked, what is carried, and that an answer more never makes less certain."""

from itertools import chain, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue import outcome, quiz
from app.catalogue.loader import check
from app.catalogue.quiz import UNSURE, Said
from tests.catalogue.world import LICENCE, NOTIFICATION, Copy, real

OPENING = {
    "does": ["food"],
    "applicant_kind": ["person"],
    "premises_area": ["240"],
    "sells_liquor": ["yes"],
    "liquor_service": ["drink_in"],
    "sells_tobacco": ["no"],
    "forbidden_place": ["no"],
    "vat_registered": ["no"],
    "income_high": ["no"],
    "karaoke": [UNSURE],
    "has_sign": ["yes"],
    "has_staff": ["no"],
    "builds": ["no"],
    "connects": ["none"],
    "announces": ["no"],
}


def come_to(**changed: str) -> outcome.Outcome:
    """What the opening of a restaurant with a bar comes to, with some answers changed."""
    return outcome.outcome(real(), quiz.read(real().quiz, OPENING | {key: [value] for key, value in changed.items()}))


def slugs(verdicts: tuple[outcome.Verdict, ...]) -> set[str]:
    return {verdict.service.slug for verdict in verdicts}


def answers_of(key: str) -> st.SearchStrategy[list[str]]:
    """Any answer to one question, not being sure and none at all included."""
    question = real().quiz.questions[key]
    options = [option.value for option in getattr(question, "choices", ())]
    if not options:
        return st.one_of(st.just([]), st.just([UNSURE]), st.integers(1, 999).map(lambda number: [str(number)]))
    several = st.lists(st.sampled_from(options), max_size=3 if question.kind == "multi_choice" else 1, unique=True)
    return st.one_of(several, st.just([UNSURE]))


PEOPLE = st.fixed_dictionaries({key: answers_of(key) for key in real().quiz.questions})


def test_a_restaurant_with_a_bar_is_told_what_it_needs_and_why() -> None:
    found = come_to()

    assert slugs(found.needed) == {"commercial-registration", LICENCE, "liquor-retail", "sign-board-tax"}
    assert slugs(found.perhaps) == {"karaoke-licence"}
    smaller = next(one for one in found.not_needed if one.service.slug == NOTIFICATION)
    assert smaller.questions == ("premises_area",)


def test_the_area_decides_between_the_two_and_not_knowing_it_keeps_the_one_that_most_begin_with() -> None:
    assert NOTIFICATION in slugs(come_to(premises_area="200").needed)
    assert LICENCE in slugs(come_to(premises_area="200.5").needed)
    assert slugs(come_to(premises_area=UNSURE).needed) & {NOTIFICATION, LICENCE} == {NOTIFICATION}


def test_what_cannot_be_had_is_told_with_what_to_do_instead() -> None:
    found = come_to(forbidden_place="yes")
    assert slugs(found.stopped) == {"liquor-retail"}

    small = come_to(does="stay", hotel_rooms="4", hotel_guests="10")
    (hotel,) = [verdict for verdict in small.stopped if verdict.service.slug == "hotel-licence"]
    assert hotel.limit
    assert "8 ห้อง" in hotel.limit.message.th


@given(PEOPLE)
def test_every_service_of_the_quiz_gets_one_verdict_and_only_alternatives_are_left_out(people: dict[str, Any]) -> None:
    found = outcome.outcome(real(), quiz.read(real().quiz, people))
    groups = [slugs(group) for group in (found.needed, found.perhaps, found.not_needed, found.stopped)]

    told = list(chain.from_iterable(groups))
    assert len(told) == len(set(told))
    assert real().quiz.rules.keys() - set(told) <= {NOTIFICATION, LICENCE}
    assert not {NOTIFICATION, LICENCE} <= groups[0]


@given(PEOPLE)
def test_an_address_holds_the_answers_exactly(people: dict[str, Any]) -> None:
    said = quiz.read(real().quiz, people)
    fields: dict[str, list[str]] = {}
    for name, value in quiz.written(real().quiz, said):
        fields.setdefault(name, []).append(value)

    assert quiz.read(real().quiz, fields) == said


@given(PEOPLE)
def test_one_answer_more_never_unsettles_what_was_settled(people: dict[str, Any]) -> None:
    asked, said = real().quiz, quiz.read(real().quiz, people)
    first = {key: said.answers[key] for key in list(asked.questions)[:6] if key in said.answers}
    before = outcome.outcome(real(), Said(first))
    after = outcome.outcome(real(), Said({**first, **said.answers}))
    open_after = slugs(after.perhaps)

    assert not slugs(before.not_needed) & open_after
    assert not slugs(before.needed) & open_after


@given(PEOPLE)
def test_following_the_questions_always_comes_to_an_end_and_back_returns(people: dict[str, Any]) -> None:
    asked, fields, way = real().quiz, dict[str, list[str]](), list[str]()
    while (question := quiz.following(asked, quiz.read(asked, fields))) is not None:
        assert question.key not in way
        way.append(question.key)
        fields[question.key] = people[question.key] or [UNSURE]
    said = quiz.read(asked, fields)

    assert [question.key for question in quiz.asked(asked, said)] == way
    for earlier, later in pairwise(way):
        found = quiz.before(asked, said, later)
        assert found is not None
        assert found.key == earlier


@given(PEOPLE)
def test_only_what_the_form_asks_and_what_still_counts_is_carried_on(people: dict[str, Any]) -> None:
    asked, said = real().quiz, quiz.read(real().quiz, people)
    carried = quiz.carried(asked, said)

    assert carried.keys() <= real().questions.keys()
    assert all(real().questions[key].accept(value) == value for key, value in carried.items())
    assert carried.keys() <= {question.key for question in quiz.asked(asked, said)}


def test_every_service_that_people_need_for_a_business_is_in_the_quiz() -> None:
    assert real().services.keys() - real().quiz.rules.keys() == {"commercial-register-copy"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("question: sells_liquor", "question: sells_licker", "there is no question 'sells_licker' in the quiz"),
        ("{question: does, in: [food, massage, spa]}", "{question: announces, is: maybe}", "asked later"),
        ("    - {value: water,", "    - {value: unsure,", "'unsure' is what everybody may answer"),
        ("announces:\n  kind: yes_no\n", "announces:\n  personal: yes\n  kind: yes_no\n", "could name somebody"),
        ("\nliquor_service:\n", "\napplicant_phone:\n", "could name somebody"),
    ],
)
def test_a_quiz_that_cannot_work_or_could_name_somebody_never_starts(
    tmp_path: Any, old: str, new: str, said: str
) -> None:
    copy = Copy.at(tmp_path / "catalogue")
    file = "quiz.yaml" if old in (copy.folder / "quiz.yaml").read_text(encoding="utf-8") else ""
    copy.change(file or "services/liquor-retail.yaml", old, new)

    assert [mistake for mistake in check(copy.folder) if said in mistake], check(copy.folder)
