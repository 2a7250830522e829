"""The laws of the table: they hold for every state, role and combination of facts, because all of them are tried."""

import itertools
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.applications.workflow import (
    FINAL,
    HOLDER,
    PUBLIC_STATUS,
    RULES,
    START,
    Action,
    By,
    Facts,
    Hands,
    Holder,
    State,
    actions,
    diagram,
    next_state,
)
from app.core.errors import Conflict

LAWS = settings(deadline=None, derandomize=True, max_examples=300)

VALUES: dict[str, list[Any]] = {
    field.name: list(Hands) if field.name == "hands" else [False, True] for field in fields(Facts)
}
READY: dict[str, Any] = {"mine": True, "standing_unconfirmed": False, "support_lacking": False}
"""Nothing but the case itself speaks against granting it, and I have it."""
ANY_FACTS = [Facts(*values) for values in itertools.product(*VALUES.values())]
ANY_ROLES = [set(some) for count in range(len(By) + 1) for some in itertools.combinations(By, count)]
OFFICER = {By.CHECKER, By.APPROVER}

facts = st.builds(Facts, **{name: st.sampled_from(values) for name, values in VALUES.items()})
roles = st.frozensets(st.sampled_from(By))


def situations() -> Iterator[tuple[State, set[By], Facts]]:
    return itertools.product(State, ANY_ROLES, ANY_FACTS)


def allowed(state: State, action: Action, by: set[By], given_facts: Facts) -> bool:
    try:
        next_state(state, action, by, given_facts)
    except Conflict:
        return False
    return True


def reached_from(state: State) -> set[State]:
    """Where the rules lead, in any number of steps, when the facts are right for each step."""
    reached, waiting = {state}, [state]
    while waiting:
        source = waiting.pop()
        nexts = {rule.target for rule in RULES if rule.source == source and any(map(rule.when, ANY_FACTS))}
        waiting += nexts - reached
        reached |= nexts
    return reached


def test_no_two_rules_ever_compete_for_one_action() -> None:
    for state, by, given_facts in situations():
        open_rules = [r for r in RULES if r.source == state and r.by in by and r.when(given_facts)]
        assert len({r.action for r in open_rules}) == len(open_rules), (state, by, given_facts)


def test_a_button_is_shown_exactly_when_the_server_accepts_its_act() -> None:
    for state, by, given_facts in situations():
        shown = actions(state, by, given_facts)
        assert set(shown) == {action for action in Action if allowed(state, action, by, given_facts)}
        assert len(shown) == len(set(shown))


@LAWS
@given(st.sampled_from(State), roles, facts)
def test_every_act_shown_leads_where_a_rule_of_the_table_says(
    state: State, by: frozenset[By], given_facts: Facts
) -> None:
    for action in actions(state, by, given_facts):
        target = next_state(state, action, by, given_facts)
        assert any((r.source, r.action, r.target) == (state, action, target) and r.by in by for r in RULES)


def test_every_state_is_reached_from_the_start() -> None:
    assert reached_from(START) == set(State)


def test_every_state_leads_to_an_end() -> None:
    assert all(reached_from(state) & FINAL for state in State)


def test_the_final_states_are_the_named_ones_and_have_no_way_out() -> None:
    assert {State.ISSUED, State.REJECTED, State.WITHDRAWN, State.LAPSED} == FINAL
    assert set(State) - {rule.source for rule in RULES} == FINAL


def test_every_rule_can_be_used_and_no_rule_stands_twice() -> None:
    assert all(any(map(rule.when, ANY_FACTS)) for rule in RULES)
    assert len(set(RULES)) == len(RULES)


def test_somebody_holds_every_open_case_and_nobody_a_closed_one() -> None:
    assert set(HOLDER) == set(State)
    assert {state for state in State if HOLDER[state] is Holder.NOBODY} == FINAL


@pytest.mark.parametrize(
    ("holder", "by"),
    [(Holder.AGENCY, OFFICER), (Holder.APPLICANT, {By.APPLICANT}), (Holder.PORTAL, {By.SYSTEM})],
)
def test_whoever_holds_a_case_can_move_it(holder: Holder, by: set[By]) -> None:
    held = [state for state in State if HOLDER[state] is holder]
    assert held
    assert all(any(actions(state, by, given_facts) for given_facts in ANY_FACTS) for state in held)


def test_every_state_has_a_public_status_in_the_words_of_the_biz_portal() -> None:
    status = {
        "CHECK",
        "PENDING",
        "APPROVED_WAITING_PAY_FEE",
        "PAID_FEE_CREATING_LICENSE",
        "COMPLETED",
        "REJECTED",
    }
    whose_turn = {Holder.AGENCY: "WAITING_AGENT_WORKING", Holder.PORTAL: "WAITING_AGENT_WORKING"}
    whose_turn |= {Holder.APPLICANT: "WAITING_USER_WORKING", Holder.NOBODY: "DONE"}
    assert {state: PUBLIC_STATUS[state][1] for state in State} == {state: whose_turn[HOLDER[state]] for state in State}
    assert {PUBLIC_STATUS[state][0] for state in State} == status


@pytest.mark.parametrize("given_facts", [f for f in ANY_FACTS if not f.mine])
def test_an_officer_who_has_not_taken_the_case_can_do_nothing_to_it(given_facts: Facts) -> None:
    assert [actions(state, OFFICER, given_facts) for state in State] == [[]] * len(State)


def test_defects_are_listed_once_and_then_the_case_is_accepted_or_closed() -> None:
    first = actions(State.SUBMITTED, OFFICER, Facts(mine=True))
    again = actions(State.SUBMITTED, OFFICER, Facts(mine=True, returned_before=True))
    assert (first, again) == ([Action.ACCEPT, Action.RETURN], [Action.ACCEPT, Action.CLOSE_INCOMPLETE])


@LAWS
@given(facts)
def test_a_licence_with_a_fee_is_never_made_before_the_fee_is_paid(given_facts: Facts) -> None:
    ready = replace(given_facts, **READY, hands=Hands.ONE)
    due, free = replace(ready, has_fee=True), replace(ready, has_fee=False)
    assert next_state(State.ACCEPTED, Action.APPROVE, OFFICER, due) is State.AWAITING_PAYMENT
    assert next_state(State.ACCEPTED, Action.APPROVE, OFFICER, free) is State.PREPARING
    assert not {r.by for r in RULES if r.source is State.AWAITING_PAYMENT and r.target is State.PREPARING} - {By.SYSTEM}


@LAWS
@given(facts)
def test_nothing_is_granted_to_a_company_before_an_officer_has_read_who_may_sign_for_it(
    given_facts: Facts,
) -> None:
    unread = replace(given_facts, mine=True, standing_unconfirmed=True)
    assert not {Action.APPROVE, Action.PROPOSE_APPROVAL} & set(actions(State.ACCEPTED, OFFICER, unread))
    assert Action.REJECT in actions(State.ACCEPTED, OFFICER, replace(unread, hands=Hands.ONE))


@LAWS
@given(facts)
def test_nothing_is_granted_while_a_licence_that_must_be_there_first_is_not_and_refusing_stays_open(
    given_facts: Facts,
) -> None:
    waiting = replace(given_facts, mine=True, support_lacking=True)
    assert not {Action.APPROVE, Action.PROPOSE_APPROVAL} & set(actions(State.ACCEPTED, OFFICER, waiting))
    assert Action.REJECT in actions(State.ACCEPTED, OFFICER, replace(waiting, hands=Hands.ONE))


DECIDING = {Action.APPROVE, Action.REJECT}
PROPOSING = {Action.PROPOSE_APPROVAL, Action.PROPOSE_REFUSAL}


@LAWS
@given(st.sampled_from(State), facts)
def test_one_person_is_never_both_hands(state: State, given_facts: Facts) -> None:
    """Whatever their duties: who has proposed cannot sign, and where two must agree nobody signs what none proposed."""
    for hands in (Hands.PROPOSED_BY_ME, Hands.TO_PROPOSE):
        assert not DECIDING & set(actions(state, OFFICER, replace(given_facts, hands=hands)))


@LAWS
@given(facts)
def test_the_second_hand_signs_what_the_first_proposed_or_sends_it_back(given_facts: Facts) -> None:
    ready = replace(given_facts, **READY)
    for hands, signs in ((Hands.APPROVAL_PROPOSED, Action.APPROVE), (Hands.REFUSAL_PROPOSED, Action.REJECT)):
        may = set(actions(State.ACCEPTED, {By.APPROVER}, replace(ready, hands=hands)))
        assert may == {signs, Action.SEND_BACK}


@LAWS
@given(facts)
def test_proposing_is_only_where_two_must_agree_and_moves_the_case_nowhere(given_facts: Facts) -> None:
    alone = replace(given_facts, hands=Hands.ONE)
    both = replace(given_facts, **READY, hands=Hands.TO_PROPOSE)
    assert not PROPOSING & set(actions(State.ACCEPTED, OFFICER, alone))
    assert set(actions(State.ACCEPTED, OFFICER, both)) == PROPOSING
    assert {next_state(State.ACCEPTED, action, OFFICER, both) for action in PROPOSING} == {State.ACCEPTED}


def test_an_applicant_may_withdraw_until_the_licence_is_being_made() -> None:
    may = {state for state in State if Action.WITHDRAW in actions(state, {By.APPLICANT}, Facts())}
    assert may == set(State) - FINAL - {State.PREPARING}


def test_one_who_checks_cannot_decide_and_one_who_decides_cannot_check() -> None:
    given_facts = Facts(mine=True, has_fee=True)
    assert actions(State.ACCEPTED, {By.CHECKER}, given_facts) == []
    assert actions(State.SUBMITTED, {By.APPROVER}, given_facts) == []


def by_the_clock(state: State, given_facts: Facts) -> list[Action]:
    """What the system may do besides ending what rests on a licence that is gone."""
    return [action for action in actions(state, {By.SYSTEM}, given_facts) if action is not Action.CEASE]


def test_nothing_lapses_before_its_last_day_is_over() -> None:
    assert by_the_clock(State.RETURNED, Facts(payment_overdue=True)) == []
    assert by_the_clock(State.RETURNED, Facts(mending_overdue=True)) == [Action.LAPSE]
    assert by_the_clock(State.AWAITING_PAYMENT, Facts(mending_overdue=True)) == [Action.PAY]
    assert by_the_clock(State.AWAITING_PAYMENT, Facts(payment_overdue=True)) == [Action.PAY, Action.LAPSE]


def test_whatever_is_under_way_ends_when_what_it_renews_is_gone() -> None:
    open_states = {state for state in State if Action.CEASE in actions(state, {By.SYSTEM}, Facts())}
    assert open_states == set(State) - FINAL
    assert not any(Action.CEASE in actions(state, set(By) - {By.SYSTEM}, Facts(mine=True)) for state in State)


def test_an_act_that_no_rule_allows_is_refused_with_what_to_do() -> None:
    with pytest.raises(Conflict, match="ดูสถานะล่าสุด"):
        next_state(State.ISSUED, Action.APPROVE, By, Facts(mine=True))


def test_the_diagram_draws_every_rule_the_start_and_every_end() -> None:
    first, start, *lines = diagram().splitlines()
    drawn = [f"    {r.source} --> {r.target}: {r.action} ({r.by})" for r in RULES]
    assert (first, start) == ("stateDiagram-v2", f"    [*] --> {START}")
    assert lines[: len(RULES)] == drawn
    assert set(lines[len(RULES) :]) == {f"    {state} --> [*]" for state in FINAL}
