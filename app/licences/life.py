"""The life of an issued licence, whole, as one table: who may do what to it, and what it then is.

Buttons, server checks and the README's diagram are read from it. An act of an authority may need two hands, or that
its holder is heard first; then something is *under way* about the licence before the act is done, one thing at a time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.core.errors import Conflict


class Standing(StrEnum):
    """What a licence is now."""

    RESERVED = "reserved"
    """It has a number; its document is still being drawn and sealed."""
    VALID = "valid"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    """Its last day is over. Never stored: it follows from the date."""
    SURRENDERED = "surrendered"
    """Its holder has given it back."""
    REVOKED = "revoked"


class Action(StrEnum):
    """What can happen to a licence."""

    ISSUE = "issue"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REVOKE = "revoke"
    SURRENDER = "surrender"
    AMEND = "amend"
    """A new edition with other data."""
    SUBSTITUTE = "substitute"
    """A new edition with the same data, for one that was lost or damaged (ใบแทน)."""
    RENEW = "renew"
    """A new licence follows this one and names it."""
    EXPIRE = "expire"


class Step(StrEnum):
    """How far an act goes: done at once, or first put forward, announced, answered, asked for, dropped."""

    DO = "do"
    PROPOSE = "propose"
    """The first of two hands."""
    ANNOUNCE = "announce"
    """The holder is told what is intended and has days to object (Administrative Procedure Act s.30)."""
    OBJECT = "object"
    ASK = "ask"
    """The holder asks for it."""
    DROP = "drop"
    """Nothing comes of it: taken back by whoever put it forward, or refused by whoever would have signed."""


class By(StrEnum):
    """Who does it: the holder, an officer with one duty, or the system by the clock."""

    HOLDER = "holder"
    CHECKER = "checker"
    APPROVER = "approver"
    SYSTEM = "system"


class Stage(StrEnum):
    """Where something that is under way stands."""

    ASKED = "asked"
    HEARING = "hearing"
    PROPOSED = "proposed"


@dataclass(frozen=True)
class Facts:
    """All that a rule may look at besides standing, act and actor."""

    under_way: Action | None = None
    """The act that something is under way towards."""
    stage: Stage | None = None
    """How far it has come; None exactly when nothing is under way."""
    mine: bool = False
    """Whoever acts has put it forward, or asked for it."""
    objected: bool = False
    hearing_over: bool = False
    """The last day to object is over."""
    lawful: frozenset[Action] = frozenset()
    """What the law of this service lets its officers do at all."""
    two_hands: frozenset[Action] = frozenset()
    """What one officer alone may not do under the law of this service."""
    heard_first: frozenset[Action] = frozenset()
    """Before what the holder must be heard."""
    suspension_over: bool = False
    over: bool = False
    """Its last day is over."""


Guard = Callable[[Facts], bool]


def always(_: Facts) -> bool:
    """No further condition."""
    return True


def nothing_under_way(facts: Facts) -> bool:
    """One thing at a time."""
    return facts.stage is None


def last_day_over(facts: Facts) -> bool:
    """Its last day has passed."""
    return facts.over


def suspended_long_enough(facts: Facts) -> bool:
    """The days of the suspension are over, whatever else is under way."""
    return facts.suspension_over


def _at(action: Action, *stages: Stage) -> Guard:
    return lambda facts: facts.under_way is action and facts.stage in stages


def _proposable(action: Action) -> Guard:
    """Two hands are wanted, the holder need not be heard, and this is the first hand."""

    def holds(facts: Facts) -> bool:
        fresh = nothing_under_way(facts) and action not in facts.heard_first
        asked = facts.under_way is action and facts.stage is Stage.ASKED
        return action in facts.lawful & facts.two_hands and (asked if action in ON_REQUEST else fresh)

    return holds


def _announceable(action: Action) -> Guard:
    return lambda facts: action in facts.lawful & facts.heard_first and nothing_under_way(facts)


def _objectable(action: Action) -> Guard:
    return lambda facts: _at(action, Stage.HEARING)(facts) and not facts.objected and not facts.hearing_over


def _signable(action: Action) -> Guard:
    """Everything the law wants before it is there: the holder was heard, another hand has put it forward."""

    def holds(facts: Facts) -> bool:
        two = action in facts.two_hands
        if facts.stage is None:
            return action in facts.lawful - ON_REQUEST - facts.two_hands - facts.heard_first
        if facts.under_way is not action:
            return False
        if facts.stage is Stage.ASKED:
            return action in ON_REQUEST and not two
        if facts.stage is Stage.PROPOSED:
            return not facts.mine
        return (facts.objected or facts.hearing_over) and not (two and facts.mine)

    return holds


def _askable(action: Action) -> Guard:
    return lambda facts: action in facts.lawful and nothing_under_way(facts)


def _recallable(action: Action) -> Guard:
    return lambda facts: _at(action, Stage.HEARING, Stage.PROPOSED)(facts) and facts.mine


def _refusable(action: Action) -> Guard:
    """By whoever would sign otherwise."""
    return _at(action, *Stage)


def _retractable(action: Action) -> Guard:
    return _at(action, Stage.ASKED)


@dataclass(frozen=True)
class Rule:
    """`step` of `action` by `by` leads from `source` to `target` when the guard holds."""

    action: Action
    step: Step
    by: By
    source: Standing
    target: Standing
    when: Guard = always


S, A = Standing, Action

OFFICERS: Final = frozenset({By.CHECKER, By.APPROVER})
ON_REQUEST: Final = frozenset({A.AMEND, A.SUBSTITUTE})
"""What officers do only when the holder asks for it."""
AGAINST_HOLDER: Final = frozenset({A.SUSPEND, A.REVOKE})
"""Orders against the holder: reasons are told, and how to appeal."""
ORDERS: Final = frozenset({A.SUSPEND, A.REINSTATE, A.REVOKE})
"""What officers begin themselves: orders to the holder, each on a legal ground."""

_FROM: Final = (
    (A.SUSPEND, S.VALID, S.SUSPENDED),
    (A.REINSTATE, S.SUSPENDED, S.VALID),
    (A.REVOKE, S.VALID, S.REVOKED),
    (A.REVOKE, S.SUSPENDED, S.REVOKED),
    (A.AMEND, S.VALID, S.VALID),
    (A.SUBSTITUTE, S.VALID, S.VALID),
)
"""What officers sign: from where to where. Everything before the signature leaves the licence as it is."""

RULES: Final = (
    Rule(A.ISSUE, Step.DO, By.SYSTEM, S.RESERVED, S.VALID),
    *(Rule(act, Step.DO, By.APPROVER, source, target, _signable(act)) for act, source, target in _FROM),
    *(Rule(act, Step.PROPOSE, By.CHECKER, source, source, _proposable(act)) for act, source, _ in _FROM),
    *(Rule(act, Step.ANNOUNCE, By.CHECKER, at, at, _announceable(act)) for act, at, _ in _FROM if act in ORDERS),
    *(Rule(act, Step.OBJECT, By.HOLDER, at, at, _objectable(act)) for act, at, _ in _FROM if act in ORDERS),
    *(Rule(act, Step.ASK, By.HOLDER, at, at, _askable(act)) for act, at, _ in _FROM if act in ON_REQUEST),
    *(Rule(act, Step.DROP, By.HOLDER, at, at, _retractable(act)) for act, at, _ in _FROM if act in ON_REQUEST),
    *(Rule(act, Step.DROP, By.CHECKER, at, at, _recallable(act)) for act, at, _ in _FROM),
    *(Rule(act, Step.DROP, By.APPROVER, at, at, _refusable(act)) for act, at, _ in _FROM),
    Rule(A.SURRENDER, Step.DO, By.HOLDER, S.VALID, S.SURRENDERED, nothing_under_way),
    Rule(A.SURRENDER, Step.DO, By.HOLDER, S.SUSPENDED, S.SURRENDERED, nothing_under_way),
    Rule(A.REINSTATE, Step.DO, By.SYSTEM, S.SUSPENDED, S.VALID, suspended_long_enough),
    Rule(A.RENEW, Step.DO, By.SYSTEM, S.VALID, S.VALID),
    Rule(A.RENEW, Step.DO, By.SYSTEM, S.EXPIRED, S.EXPIRED),
    Rule(A.EXPIRE, Step.DO, By.SYSTEM, S.VALID, S.EXPIRED, last_day_over),
)

START: Final = S.RESERVED
FINAL: Final = frozenset({S.SURRENDERED, S.REVOKED})
"""No way leads out of these; a licence that has expired can still be followed by its renewal."""


def standing(stored: str, valid_until: date | None, today: date, suspended_until: date | None = None) -> Standing:
    """What a licence is on a day: as it is stored, unless the calendar says otherwise.

    The days of a suspension end by themselves; a valid licence expires when its last day is over.
    """
    known = Standing(stored)
    if known is S.SUSPENDED and suspended_until is not None and today > suspended_until:
        known = S.VALID
    over = valid_until is not None and today > valid_until
    return S.EXPIRED if over and known is S.VALID else known


def _open(at: Standing, by: Iterable[By], facts: Facts) -> list[Rule]:
    roles = set(by)
    return [rule for rule in RULES if rule.source == at and rule.by in roles and rule.when(facts)]


def choices(at: Standing, by: Iterable[By], facts: Facts) -> list[tuple[Action, Step]]:
    """What these roles can do now, in the order of the table."""
    return list(dict.fromkeys((rule.action, rule.step) for rule in _open(at, by, facts)))


def next_standing(at: Standing, action: Action, step: Step, by: Iterable[By], facts: Facts) -> Standing:
    """Where it leads; Conflict when no rule allows it (somebody was faster, or it was never allowed)."""
    for rule in _open(at, by, facts):
        if (rule.action, rule.step) == (action, step):
            return rule.target
    raise Conflict("ใบนี้เปลี่ยนสถานะไปแล้ว จึงทำรายการนี้ไม่ได้ ดูสถานะล่าสุดก่อน")


def diagram() -> str:
    """The table as a Mermaid state diagram, for the README (a test fails when it is stale).

    What leaves a licence as it is stands on one arrow for each who does it.
    """
    lines = ["stateDiagram-v2", f"    [*] --> {START}"]
    lines += [f"    {r.source} --> {r.target}: {r.action} ({r.by})" for r in RULES if r.source is not r.target]
    for at in Standing:
        for by in By:
            inside = [_said(rule) for rule in RULES if rule.source is rule.target is at and rule.by is by]
            if inside:
                lines.append(f"    {at} --> {at}: {', '.join(inside)} ({by})")
    lines += [f"    {at} --> [*]" for at in Standing if at in FINAL]
    return "\n".join(lines)


def _said(rule: Rule) -> str:
    return str(rule.action) if rule.step is Step.DO else f"{rule.step} {rule.action}"
