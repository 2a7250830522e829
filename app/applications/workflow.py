"""The life of an application, whole, as one table. Buttons, server checks and the README's diagram are read from it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.core.errors import Conflict


class State(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    AWAITING_PAYMENT = "awaiting_payment"
    PREPARING = "preparing"
    ISSUED = "issued"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Action(StrEnum):
    """What can be done to it."""

    RETURN = "return"
    MEND = "mend"
    ACCEPT = "accept"
    CLOSE_INCOMPLETE = "close_incomplete"
    PROPOSE_APPROVAL = "propose_approval"
    PROPOSE_REFUSAL = "propose_refusal"
    RECALL = "recall"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    REJECT = "reject"
    RENEW_BY_FEE = "renew_by_fee"
    PAY = "pay"
    ISSUE = "issue"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    CEASE = "cease"
    """What it rests on is gone: the licence that it was to renew was revoked or given back."""


class By(StrEnum):
    """Who does it: the applicant, an officer with one duty, or the system by the clock or a bank's word."""

    APPLICANT = "applicant"
    CHECKER = "checker"
    APPROVER = "approver"
    SYSTEM = "system"


class Hands(StrEnum):
    """Whose turn a decision is, seen by the officer who acts: one officer's, or a maker's and then a checker's."""

    ONE = "one"
    """The service lets one officer decide."""
    TO_PROPOSE = "to_propose"
    """Two officers must agree, and nobody has proposed yet."""
    APPROVAL_PROPOSED = "approval_proposed"
    """A colleague has proposed to approve."""
    REFUSAL_PROPOSED = "refusal_proposed"
    """A colleague has proposed to refuse."""
    PROPOSED_BY_ME = "proposed_by_me"
    """The officer who acts has proposed, so another must sign: one person is never both hands."""


@dataclass(frozen=True)
class Facts:
    """All that a rule may look at besides state, action and actor."""

    has_fee: bool = False
    mine: bool = False
    returned_before: bool = False
    mending_overdue: bool = False
    payment_overdue: bool = False
    standing_unconfirmed: bool = False
    """Sent for a company, and no officer has yet confirmed that the sender may act for it."""
    support_lacking: bool = False
    """A licence that must be there before the decision is not: not here, not seen elsewhere, not spared by law."""
    fee_alone: bool = False
    """It renews a licence, and the law lets paying stand for applying (Licensing Facilitation Act s.12)."""
    hands: Hands = Hands.ONE


Guard = Callable[[Facts], bool]


def always(_: Facts) -> bool:
    """No further condition."""
    return True


def taken_by_me(facts: Facts) -> bool:
    """The officer who acts has taken the case."""
    return facts.mine


def first_time(facts: Facts) -> bool:
    """Defects may be listed once only (Licensing Facilitation Act s.8)."""
    return facts.mine and not facts.returned_before


def still_incomplete(facts: Facts) -> bool:
    """Already returned once and still incomplete: closed with written reasons, the applicant may file anew (s.9)."""
    return facts.mine and facts.returned_before


def grantable(facts: Facts) -> bool:
    """Whoever sent it may act, and what it rests on is there: nothing but the case itself can speak against it."""
    return not facts.standing_unconfirmed and not facts.support_lacking


def to_propose(facts: Facts) -> bool:
    """The service wants two hands, and this is the first."""
    return facts.mine and facts.hands is Hands.TO_PROPOSE


def approval_to_propose(facts: Facts) -> bool:
    """The same for an approval."""
    return to_propose(facts) and grantable(facts)


def proposed_by_me(facts: Facts) -> bool:
    """What waits for a signature is this officer's own proposal."""
    return facts.mine and facts.hands is Hands.PROPOSED_BY_ME


def proposed_by_a_colleague(facts: Facts) -> bool:
    """What waits for a signature was proposed by somebody else."""
    return facts.mine and facts.hands in {Hands.APPROVAL_PROPOSED, Hands.REFUSAL_PROPOSED}


def approvable(facts: Facts) -> bool:
    """Grantable, and one hand is enough or another officer has proposed exactly this."""
    return facts.mine and grantable(facts) and facts.hands in {Hands.ONE, Hands.APPROVAL_PROPOSED}


def with_fee(facts: Facts) -> bool:
    """Approvable, and a fee is due before the licence."""
    return approvable(facts) and facts.has_fee


def free(facts: Facts) -> bool:
    """Approvable, and nothing to pay."""
    return approvable(facts) and not facts.has_fee


def by_fee_alone(facts: Facts) -> bool:
    """Nobody decides: the fee is due at once."""
    return facts.fee_alone and facts.has_fee


def refusable(facts: Facts) -> bool:
    """One hand is enough, or another officer has proposed exactly this."""
    return facts.mine and facts.hands in {Hands.ONE, Hands.REFUSAL_PROPOSED}


def mending_late(facts: Facts) -> bool:
    """The deadline of the deficiency notice has passed."""
    return facts.mending_overdue


def payment_late(facts: Facts) -> bool:
    """The bill's last day has passed."""
    return facts.payment_overdue


@dataclass(frozen=True)
class Rule:
    """`action` by `by` leads from `source` to `target` when the guard holds."""

    action: Action
    by: By
    source: State
    target: State
    when: Guard = always


S, A = State, Action

RULES: Final = (
    Rule(A.ACCEPT, By.CHECKER, S.SUBMITTED, S.ACCEPTED, taken_by_me),
    Rule(A.RETURN, By.CHECKER, S.SUBMITTED, S.RETURNED, first_time),
    Rule(A.CLOSE_INCOMPLETE, By.CHECKER, S.SUBMITTED, S.LAPSED, still_incomplete),
    Rule(A.MEND, By.APPLICANT, S.RETURNED, S.SUBMITTED),
    Rule(A.LAPSE, By.SYSTEM, S.RETURNED, S.LAPSED, mending_late),
    Rule(A.PROPOSE_APPROVAL, By.CHECKER, S.ACCEPTED, S.ACCEPTED, approval_to_propose),
    Rule(A.PROPOSE_REFUSAL, By.CHECKER, S.ACCEPTED, S.ACCEPTED, to_propose),
    Rule(A.RECALL, By.CHECKER, S.ACCEPTED, S.ACCEPTED, proposed_by_me),
    Rule(A.SEND_BACK, By.APPROVER, S.ACCEPTED, S.ACCEPTED, proposed_by_a_colleague),
    Rule(A.APPROVE, By.APPROVER, S.ACCEPTED, S.AWAITING_PAYMENT, with_fee),
    Rule(A.APPROVE, By.APPROVER, S.ACCEPTED, S.PREPARING, free),
    Rule(A.REJECT, By.APPROVER, S.ACCEPTED, S.REJECTED, refusable),
    Rule(A.RENEW_BY_FEE, By.SYSTEM, S.SUBMITTED, S.AWAITING_PAYMENT, by_fee_alone),
    Rule(A.PAY, By.SYSTEM, S.AWAITING_PAYMENT, S.PREPARING),
    Rule(A.LAPSE, By.SYSTEM, S.AWAITING_PAYMENT, S.LAPSED, payment_late),
    Rule(A.ISSUE, By.SYSTEM, S.PREPARING, S.ISSUED),
    Rule(A.CEASE, By.SYSTEM, S.SUBMITTED, S.LAPSED),
    Rule(A.CEASE, By.SYSTEM, S.RETURNED, S.LAPSED),
    Rule(A.CEASE, By.SYSTEM, S.ACCEPTED, S.LAPSED),
    Rule(A.CEASE, By.SYSTEM, S.AWAITING_PAYMENT, S.LAPSED),
    Rule(A.CEASE, By.SYSTEM, S.PREPARING, S.LAPSED),
    Rule(A.WITHDRAW, By.APPLICANT, S.SUBMITTED, S.WITHDRAWN),
    Rule(A.WITHDRAW, By.APPLICANT, S.RETURNED, S.WITHDRAWN),
    Rule(A.WITHDRAW, By.APPLICANT, S.ACCEPTED, S.WITHDRAWN),
    Rule(A.WITHDRAW, By.APPLICANT, S.AWAITING_PAYMENT, S.WITHDRAWN),
)

START: Final = S.SUBMITTED
FINAL: Final = frozenset({S.ISSUED, S.REJECTED, S.WITHDRAWN, S.LAPSED})


def _open(state: State, by: Iterable[By], facts: Facts) -> list[Rule]:
    roles = set(by)
    return [r for r in RULES if r.source == state and r.by in roles and r.when(facts)]


def actions(state: State, by: Iterable[By], facts: Facts) -> list[Action]:
    """The buttons these roles see now, in the order of the table."""
    return list(dict.fromkeys(rule.action for rule in _open(state, by, facts)))


def next_state(state: State, action: Action, by: Iterable[By], facts: Facts) -> State:
    """Where `action` leads; Conflict when no rule allows it (somebody was faster, or it was never allowed)."""
    for rule in _open(state, by, facts):
        if rule.action == action:
            return rule.target
    raise Conflict("เรื่องนี้เปลี่ยนสถานะไปแล้ว จึงทำรายการนี้ไม่ได้ ดูสถานะล่าสุดก่อน")


class Holder(StrEnum):
    """Who holds the case now: the first thing a person asks."""

    AGENCY = "agency"
    APPLICANT = "applicant"
    PORTAL = "portal"
    NOBODY = "nobody"


HOLDER: Final = {
    S.SUBMITTED: Holder.AGENCY,
    S.RETURNED: Holder.APPLICANT,
    S.ACCEPTED: Holder.AGENCY,
    S.AWAITING_PAYMENT: Holder.APPLICANT,
    S.PREPARING: Holder.PORTAL,
    S.ISSUED: Holder.NOBODY,
    S.REJECTED: Holder.NOBODY,
    S.WITHDRAWN: Holder.NOBODY,
    S.LAPSED: Holder.NOBODY,
}

PUBLIC_STATUS: Final = {
    S.SUBMITTED: ("CHECK", "WAITING_AGENT_WORKING"),
    S.RETURNED: ("CHECK", "WAITING_USER_WORKING"),
    S.ACCEPTED: ("PENDING", "WAITING_AGENT_WORKING"),
    S.AWAITING_PAYMENT: ("APPROVED_WAITING_PAY_FEE", "WAITING_USER_WORKING"),
    S.PREPARING: ("PAID_FEE_CREATING_LICENSE", "WAITING_AGENT_WORKING"),
    S.ISSUED: ("COMPLETED", "DONE"),
    S.REJECTED: ("REJECTED", "DONE"),
    S.WITHDRAWN: ("REJECTED", "DONE"),
    S.LAPSED: ("REJECTED", "DONE"),
}
"""Biz Portal's own codes (Status, StatusOther) for agencies and the API."""


def diagram() -> str:
    """The table as a Mermaid state diagram, for the README (a test fails when it is stale)."""
    lines = ["stateDiagram-v2", f"    [*] --> {START}"]
    lines += [f"    {r.source} --> {r.target}: {r.action} ({r.by})" for r in RULES]
    lines += [f"    {state} --> [*]" for state in State if state in FINAL]
    return "\n".join(lines)
