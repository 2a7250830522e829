"""Narrowing a list down: what is chosen in one facet is enough, in several all must agree, and counts tell the truth."""

from itertools import product

import pytest

from app.catalogue import facets
from tests.catalogue.world import real


def everything() -> list[facets.Option]:
    services = list(real().services.values())
    return [option for options in facets.options(real(), services, {}).values() for option in options]


@pytest.mark.parametrize("option", everything(), ids=lambda option: f"{option.facet}={option.value}")
def test_a_count_says_how_many_choosing_it_leaves(option: facets.Option) -> None:
    left = facets.narrowed(real().services.values(), {option.facet: [option.value]})

    assert 0 < option.count == len(left)


def test_two_values_of_one_facet_add_up_and_two_facets_cut_down() -> None:
    services = list(real().services.values())
    for one, other in product(everything(), everything()):
        both = facets.narrowed(services, {one.facet: [one.value], other.facet: [other.value]})
        if one.facet != other.facet:
            assert len(both) <= min(one.count, other.count)


def test_a_count_minds_what_is_chosen_elsewhere_but_not_in_its_own_facet() -> None:
    services = list(real().services.values())
    offered = facets.options(real(), services, {"fee": ["free"], "agency": ["revenue"]})

    assert {(option.value, option.count) for option in offered["agency"] if option.chosen} == {("revenue", 1)}
    assert {option.value for option in offered["agency"]} > {"revenue"}, "another agency can still be added"


def test_a_value_nobody_has_leaves_nothing_and_every_service_has_a_fee_and_an_agency() -> None:
    services = list(real().services.values())

    assert facets.narrowed(services, {"agency": ["no-such-agency"]}) == []
    for facet in ("fee", "agency"):
        assert sum(option.count for option in facets.options(real(), services, {})[facet]) == len(services)
