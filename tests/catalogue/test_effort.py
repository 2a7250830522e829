"""What one form spares a person, counted: never more than separate forms ask, and less whenever something is shared."""

from hypothesis import given, settings

from app.catalogue.answers import asked_by, documents_needed, merge, visible
from app.catalogue.effort import effort
from tests.catalogue.world import GOOD_ANSWERS, OWN_DOCUMENTS, World, notification, real, worlds

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
    assert (fetched.questions_fetched, fetched.documents_fetched) == (2, 2)
    assert fetched.documents == len(OWN_DOCUMENTS)


def test_what_the_portal_knows_itself_is_asked_nowhere() -> None:
    form = merge(real(), [notification()])
    with_kind = {**GOOD_ANSWERS, "applicant_kind": "person"}

    assert "applicant_kind" in form.questions
    assert effort(form, with_kind, ()).questions == len([q for q in visible(form, with_kind) if q.given is None])
