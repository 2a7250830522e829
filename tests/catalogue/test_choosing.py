"""One choice, and what the answers make of it: the right service for the floor area, there and back again."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue import choosing
from app.catalogue.choosing import settle, without_twins
from app.catalogue.loader import check
from app.catalogue.schema import Service
from tests.catalogue.world import GOOD_ANSWERS, LICENCE, NOTIFICATION, Copy, notification, real


def licence() -> Service:
    return real().services[LICENCE]


def called_for(area: str | None, *chosen: Service) -> list[str]:
    said = {**GOOD_ANSWERS, "premises_area": area}
    return [service.slug for service in settle(real(), chosen, said).services]


@pytest.mark.parametrize(
    ("area", "slug"),
    [(None, NOTIFICATION), ("1", NOTIFICATION), ("200", NOTIFICATION), ("200.01", LICENCE), ("5000", LICENCE)],
)
def test_the_floor_area_decides_between_notifying_and_asking_for_a_licence(area: str | None, slug: str) -> None:
    assert called_for(area, notification()) == [slug]


@given(st.decimals("0.01", "100000", places=2))
def test_whichever_of_the_two_was_chosen_the_same_one_is_filed(area: Any) -> None:
    assert called_for(str(area), notification()) == called_for(str(area), licence())


def test_both_chosen_come_to_one() -> None:
    assert called_for("240", notification(), licence()) == [LICENCE]
    assert called_for("45", licence(), notification()) == [NOTIFICATION]


def test_a_swap_says_what_was_chosen_what_it_became_and_which_question_decided() -> None:
    (swap,) = settle(real(), [notification()], {**GOOD_ANSWERS, "premises_area": "240"}).swaps

    assert (swap.chosen.slug, swap.service.slug, swap.decides) == (NOTIFICATION, LICENCE, "premises_area")
    assert settle(real(), [notification()], GOOD_ANSWERS).swaps == ()


def test_nothing_is_swapped_for_a_service_that_is_not_offered_or_does_not_fit_either() -> None:
    said = {**GOOD_ANSWERS, "premises_area": "240"}
    gone = replace(real(), services={NOTIFICATION: notification()})
    unfit = licence().model_copy(update={"limits": notification().limits})
    neither = replace(real(), services={**real().services, LICENCE: unfit})

    for catalogue in (gone, neither):
        assert settle(catalogue, [notification()], said).services == (notification(),)


def test_the_other_service_is_told_with_the_condition_in_words() -> None:
    ((other, when),) = choosing.alternatives(real(), notification())

    assert other.slug == LICENCE
    assert choosing.in_words(real(), when).th == "พื้นที่เกิน 200\u00a0ตร.ม."
    assert choosing.in_words(real(), when).en == "the floor area is more than 200\u00a0m²"


def test_of_two_alternatives_only_the_first_can_be_chosen_and_nothing_twice_or_unknown() -> None:
    assert without_twins(real(), [NOTIFICATION, "no-such-service", LICENCE, NOTIFICATION]) == [NOTIFICATION]
    assert without_twins(real(), [LICENCE, NOTIFICATION]) == [LICENCE]


def test_everything_a_choice_can_come_to_is_reachable_from_it() -> None:
    for chosen, area in product((notification(), licence()), ("45", "240", None)):
        everything = {service.slug for service in choosing.reachable(real(), [chosen])}
        assert set(called_for(area, chosen)) <= everything


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tobacco-retail]", "tobacco-rental]", "there is no service 'tobacco-rental'"),
        ("tobacco-retail]", "liquor-retail]", "the service 'liquor-retail' stands twice"),
        ("tobacco-retail]", "food-premises-licence]", "name one of them"),
        ("[food-premises-notification, commercial-registration]", "[commercial-registration]", "at least 2 items"),
    ],
)
def test_a_bundle_that_cannot_be_chosen_never_starts(tmp_path: Path, old: str, new: str, said: str) -> None:
    copy = Copy.at(tmp_path / "catalogue")
    copy.change("bundles.yaml", old, new)

    (mistake,) = check(copy.folder)

    assert mistake.startswith("bundles.yaml:")
    assert said in mistake


def test_every_bundle_can_be_chosen_as_it_stands() -> None:
    for bundle in real().bundles.values():
        assert without_twins(real(), bundle.services) == list(bundle.services)
