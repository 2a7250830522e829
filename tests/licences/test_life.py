"""The laws of the table: who may do what to an issued licence, tried over every combination of facts."""

import itertools
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import Conflict
from app.licences.life import (
    FINAL,
    ON_REQUEST,
    ORDERS,
    RULES,
    START,
    Action,
    By,
    Facts,
    Stage,
    Standing,
    Step,
    choices,
    next_standing,
    standing,
)

LAWS = settings(deadline=None, derandomize=True, max_examples=400)
A, S = Action, Standing
OFFICERS = {By.CHECKER, By.APPROVER}
SIGNED = ORDERS | ON_REQUEST
POWERS = [frozenset[Action](), *(frozenset({action}) for action in sorted(SIGNED)), SIGNED]


def any_facts() -> Iterator[Facts]:
    """Every combination that can be: a stage exactly when something is under way."""
    under_way: list[tuple[Action | None, Stage | None]] = [(None, None), *itertools.product(sorted(SIGNED), Stage)]
    truths = itertools.product([False, True], repeat=5)
    for (action, stage), (mine, objected, heard, lifted, over) in itertools.product(under_way, truths):
        for two, first in itertools.product(POWERS, POWERS):
            yield Facts(action, stage, mine, objected, heard, SIGNED, two, first, lifted, over)


ALL = tuple(any_facts())
ANY_ROLES = [set(some) for count in range(len(By) + 1) for some in itertools.combinations(By, count)]
facts, roles, standings = st.sampled_from(ALL), st.sampled_from(ANY_ROLES), st.sampled_from(S)


def test_no_two_rules_ever_compete_over_what_an_act_leads_to() -> None:
    for source in S:
        mine = [rule for rule in RULES if rule.source is source]
        for given_facts in ALL[::7]:
            led: dict[tuple[Action, Step], Standing] = {}
            for rule in mine:
                if rule.when(given_facts):
                    assert led.setdefault((rule.action, rule.step), rule.target) is rule.target


@LAWS
@given(standings, roles, facts)
def test_a_button_is_shown_exactly_when_the_server_accepts_its_act(
    at: Standing, by: set[By], given_facts: Facts
) -> None:
    shown = choices(at, by, given_facts)
    assert len(shown) == len(set(shown))
    for action, step in itertools.product(Action, Step):
        try:
            next_standing(at, action, step, by, given_facts)
        except Conflict:
            assert (action, step) not in shown
        else:
            assert (action, step) in shown


@LAWS
@given(standings, facts)
def test_where_two_hands_are_wanted_whoever_put_it_forward_never_signs(at: Standing, given_facts: Facts) -> None:
    signed = {action for action, step in choices(at, OFFICERS, given_facts) if step is Step.DO}
    if given_facts.mine and given_facts.stage in {Stage.PROPOSED, Stage.HEARING}:
        assert not signed & given_facts.two_hands
    if given_facts.stage is None:
        assert not signed & (given_facts.two_hands | given_facts.heard_first | ON_REQUEST)


@LAWS
@given(standings, roles, facts)
def test_nobody_is_judged_unheard(at: Standing, by: set[By], given_facts: Facts) -> None:
    """Where the holder must be heard, an order comes after their answer or after their days, never before."""
    for action, step in choices(at, by - {By.SYSTEM}, given_facts):
        if step is Step.DO and action in given_facts.heard_first & ORDERS and given_facts.stage is not Stage.PROPOSED:
            assert given_facts.stage is Stage.HEARING
            assert given_facts.objected or given_facts.hearing_over


@LAWS
@given(standings, roles, facts)
def test_only_a_signature_the_holder_or_the_clock_changes_what_a_licence_is(
    at: Standing, by: set[By], given_facts: Facts
) -> None:
    for action, step in choices(at, by, given_facts):
        if next_standing(at, action, step, by, given_facts) is not at:
            assert step is Step.DO
            assert by & {By.APPROVER, By.HOLDER, By.SYSTEM}


@LAWS
@given(standings, facts)
def test_one_thing_at_a_time(at: Standing, given_facts: Facts) -> None:
    if given_facts.stage is not None:
        begun = {step for action, step in choices(at, set(By) - {By.SYSTEM}, given_facts) if action in SIGNED}
        assert not begun & {Step.ASK, Step.ANNOUNCE}
        assert (A.SURRENDER, Step.DO) not in choices(at, {By.HOLDER}, given_facts)


@LAWS
@given(standings, roles, facts)
def test_a_law_that_does_not_know_an_order_lets_no_officer_give_it(
    at: Standing, by: set[By], given_facts: Facts
) -> None:
    values: dict[str, Any] = {field.name: getattr(given_facts, field.name) for field in fields(Facts)}
    lawless = Facts(**values | {"lawful": frozenset(), "under_way": None, "stage": None})
    assert not {action for action, _ in choices(at, by & OFFICERS, lawless)}


def test_what_has_ended_for_good_has_no_way_out_and_every_other_standing_is_reached() -> None:
    assert {rule.source for rule in RULES} | FINAL == set(S)
    assert {rule.source for rule in RULES}.isdisjoint(FINAL)
    reached = {START}
    while more := {rule.target for rule in RULES if rule.source in reached} - reached:
        reached |= more
    assert reached == set(S)


def test_every_rule_can_be_used_and_none_stands_twice() -> None:
    keys = [(rule.action, rule.step, rule.by, rule.source) for rule in RULES]
    assert len(keys) == len(set(keys))
    assert all(any(rule.when(given_facts) for given_facts in ALL) for rule in RULES)


@pytest.mark.parametrize("stored", [S.VALID, S.SUSPENDED, S.SURRENDERED, S.REVOKED])
def test_expiry_follows_from_the_date_and_never_hides_something_worse(stored: Standing) -> None:
    last = date(2027, 3, 31)
    assert standing(stored, last, last) is stored
    after = standing(stored, last, last + timedelta(days=1))
    assert after is (S.EXPIRED if stored is S.VALID else stored)
    assert standing(stored, None, last + timedelta(days=36_500)) is stored
