"""What one form spares a person, counted: never more than separate forms ask, and less whenever something is shared."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import given, settings
from pydantic import JsonValue

from app.catalogue.answers import asked_by, visible
from app.catalogue.asking import Prefill
from app.catalogue.effort import effort
from app.catalogue.merging import merge
from app.catalogue.needed import documents_needed
from app.demo.people import CITIZENS
from app.demo.registers import REGISTERS
from app.registries.records import Description, read
from tests.catalogue.world import GOOD_ANSWERS, OWN_DOCUMENTS, World, notification, real, worlds

BUNDLE = "restaurant_with_bar_sign_and_staff"
HOME = {"house": "99/1", "soi": "ดอกรัก 2", "road": "ดอกไม้", "subdistrict": "730101"}
DOPA = ("applicant_title", "applicant_given_name", "applicant_family_name", "applicant_birth_date", "applicant_address")
"""What the population registry answers for everybody it knows."""


def known(prefill: Prefill | None, answers: Mapping[str, Any]) -> JsonValue:
    """What the demonstration's registers say of a shop of Mali's at her home, read as the portal reads it."""
    registry = real().registries[prefill.registry] if prefill else None
    if registry is None or prefill is None or not registry.linked:
        return None
    identity = registry.identity(answers) or {}
    asked = {name: identity.get(name) or CITIZENS[0].citizen_id for name in registry.asks}
    row = REGISTERS[registry.path or ""](asked, date(2026, 11, 20))
    if row is None:
        return registry.absent.get(prefill.path)
    description = Description(registry.rows, registry.fields, registry.reference or "")
    record = read({registry.rows: [row]}, description)
    return record.values.get(prefill.path) if record else None


LAWS = settings(max_examples=25)


@LAWS
@given(worlds())
def test_one_form_never_asks_more_than_separate_forms_and_asks_each_shared_question_once(world: World) -> None:
    form = merge(world.catalogue, world.services)
    counted = effort(form, world.answers, fetched=())
    shared = sum(len(form.used_by[q.key]) - 1 for q in visible(form, world.answers))

    assert counted.questions_apart - counted.questions == shared
    assert counted.documents <= counted.documents_apart
    assert counted.questions_apart == sum(len(asked_by(service, world.answers)) for service in form.services)
    assert counted.documents == len(documents_needed(form, world.answers))


def test_one_service_alone_spares_only_what_the_registries_know() -> None:
    form = merge(real(), [notification()])
    by_hand = effort(form, GOOD_ANSWERS, fetched=(), unfetched=real().registries)
    fetched = effort(form, GOOD_ANSWERS, fetched={"applicant_title", "applicant_given_name"})

    assert by_hand.questions == by_hand.questions_apart
    assert by_hand.documents == by_hand.documents_apart
    assert fetched.questions == fetched.questions_apart - 2
    assert (fetched.questions_fetched, fetched.documents_fetched) == (2, 4)
    assert fetched.documents == len(OWN_DOCUMENTS)


def test_what_the_portal_knows_itself_is_asked_nowhere() -> None:
    form = merge(real(), [notification()])
    with_kind = {**GOOD_ANSWERS, "applicant_kind": "person"}

    assert "applicant_kind" in form.questions
    assert effort(form, with_kind, ()).questions == len([q for q in visible(form, with_kind) if q.given is None])


def test_more_than_half_of_the_restaurant_with_bar_sign_and_staff_is_there_before_anything_is_typed() -> None:
    """Counted strictly: every question that is shown, optional and unanswered ones too; a group of signs is one."""
    form = merge(real(), [real().services[slug] for slug in real().bundles[BUNDLE].services])
    typed = {**GOOD_ANSWERS, "premises_address": HOME, "opening_date": "2026-12-01", "food_handlers": 3}
    at = {q.key: q for q in visible(form, typed) if q.prefill}
    said = {key: value for key, q in at.items() if (value := q.accept(known(q.prefill, typed))) is not None}
    answers = {**typed, **{key: typed.get(key, GOOD_ANSWERS.get(key)) for key in GOOD_ANSWERS}, **said}
    for question in visible(form, answers):
        if (value := question.derived(answers)[0]) is not None:
            answers[question.key] = value

    before_typing = {*said, *DOPA} - {"premises_right"}  # asked on the page that asks the address, so it is typed
    counted = effort(form, answers, fetched={*said, *DOPA}, filled=before_typing)

    assert counted.questions_asked == 33
    assert counted.filled_ratio >= 0.5, counted
