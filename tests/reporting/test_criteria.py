"""The rule alone: what evidence a level needs. Every other test of this room only asks whether the evidence is there."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.clock import BANGKOK
from app.reporting.criteria import LEVELS, WINDOW_DAYS, Criterion, Known, Piece, Verdict, Window, assess, level_of

C = Criterion
LAWS = settings(deadline=None, derandomize=True, max_examples=200)
WINDOW = Window(date(2026, 11, 20))
PAID = Known(free=False, documents=9, linkable=2)
FREE = Known(free=True, documents=9, linkable=2)
NO_PAPERS = Known(free=False, documents=0, linkable=0)
NOON = datetime(2026, 11, 1, 12, tzinfo=BANGKOK)


def piece(criterion: Criterion, at: datetime = NOON, *, holds: bool = True, reference: str = "อห 2569-00001") -> Piece:
    return Piece(criterion, at, reference, {}, holds)


def level(pieces: Sequence[Piece], known: Known = PAID) -> int:
    return assess(known, pieces, WINDOW).level


EVERYTHING = [piece(criterion) for criterion in Criterion]


def test_evidence_for_all_eight_criteria_is_level_three_and_nothing_is_missing() -> None:
    found = assess(PAID, EVERYTHING, WINDOW)
    assert (found.level, found.missing) == (3, None)
    assert [finding.criterion for finding in found.findings] == list(Criterion)
    assert {finding.verdict for finding in found.findings} == {Verdict.MET}


def test_no_evidence_is_level_zero_and_the_form_is_what_is_missing_first() -> None:
    found = assess(PAID, [], WINDOW)
    assert found.missing is not None
    assert (found.level, found.missing.criterion) == (0, C.E_FORM)


@pytest.mark.parametrize("gone", list(Criterion))
def test_without_one_of_the_eight_the_level_falls_below_the_one_that_needs_it(gone: Criterion) -> None:
    found = assess(PAID, [one for one in EVERYTHING if one.criterion is not gone], WINDOW)
    assert found.missing is not None
    assert (found.level, found.missing.criterion) == (level_of(gone) - 1, gone)


def test_a_higher_level_counts_for_nothing_without_the_ones_below() -> None:
    assert level([piece(criterion) for criterion in (*LEVELS[2], *LEVELS[3])]) == 0
    assert level([piece(criterion) for criterion in (*LEVELS[1], *LEVELS[3])]) == 1
    assert level([piece(criterion) for criterion in (*LEVELS[1], *LEVELS[2])]) == 2


def test_a_free_service_needs_no_bill_and_says_so() -> None:
    found = assess(FREE, [piece(criterion) for criterion in (*LEVELS[1], *LEVELS[3])], WINDOW)
    assert found.level == 3
    assert [f.verdict for f in found.findings if f.criterion in LEVELS[2]] == [Verdict.NOT_NEEDED] * 2
    assert level([], FREE) == 0


def test_a_service_that_asks_for_no_document_has_none_to_link() -> None:
    without = [one for one in EVERYTHING if one.criterion is not C.LINKED_DOCUMENTS]
    assert (level(without), level(without, NO_PAPERS)) == (0, 3)


@pytest.mark.parametrize("criterion", [C.CA_SIGNATURE, C.PDF_A])
def test_one_licence_with_a_broken_proof_takes_level_three_away(criterion: Criterion) -> None:
    found = assess(PAID, [*EVERYTHING, piece(criterion, holds=False)], WINDOW)
    assert found.missing is not None
    assert (found.level, found.missing.verdict, found.missing.broken) == (2, Verdict.BROKEN, 1)


def test_the_window_is_ninety_days_of_bangkok_to_the_second() -> None:
    first = datetime(2026, 8, 23, tzinfo=BANGKOK)
    last = datetime(2026, 11, 20, 23, 59, 59, 999999, tzinfo=BANGKOK)
    assert (WINDOW.last - WINDOW.first).days + 1 == WINDOW_DAYS == 90
    for at, inside in {
        first: True,
        first - timedelta(microseconds=1): False,
        last: True,
        last + timedelta(microseconds=1): False,
    }.items():
        moved = [piece(criterion, at) for criterion in Criterion]
        assert level(moved) == (3 if inside else 0), at


def test_the_newest_pieces_are_the_samples_and_counts_are_parts_of_a_whole() -> None:
    sent = [piece(C.E_FORM, NOON + timedelta(hours=n), reference=f"อห 2569-{n:05d}") for n in range(5)]
    found = assess(PAID, [*sent, piece(C.PREFILLED)], WINDOW)
    form, prefilled = found.findings[:2]
    assert [one.reference[-1] for one in form.newest] == ["4", "3", "2"]
    assert (form.count, form.of, prefilled.count, prefilled.of) == (5, None, 1, 5)


pieces = st.builds(
    piece,
    st.sampled_from(Criterion),
    st.integers(-40, 140).map(lambda days: NOON - timedelta(days=days)),
    holds=st.booleans(),
)
good = pieces.filter(lambda one: one.holds)
known = st.sampled_from([PAID, FREE, NO_PAPERS])


@given(known, st.lists(pieces, max_size=20), good)
@LAWS
def test_adding_evidence_never_lowers_a_level(what: Known, held: list[Piece], more: Piece) -> None:
    assert level([*held, more], what) >= level(held, what)


@given(known, st.lists(pieces, max_size=20), pieces)
@LAWS
def test_a_broken_proof_never_raises_one(what: Known, held: list[Piece], more: Piece) -> None:
    broken = piece(more.criterion, more.at, holds=False)
    assert level([*held, broken], what) <= level(held, what)


@given(known, st.lists(pieces, max_size=12).flatmap(lambda held: st.tuples(st.just(held), st.permutations(held))))
@LAWS
def test_the_order_of_the_evidence_does_not_matter(what: Known, both: tuple[list[Piece], list[Piece]]) -> None:
    one, other = (assess(what, held, WINDOW) for held in both)
    assert (one.level, one.missing) == (other.level, other.missing)
