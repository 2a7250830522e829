"""What has been done to signed documents elsewhere does not work here: nothing but what was issued is called genuine."""

from app.core.cage import Limits
from app.pdf import examining
from app.pdf.augmenting import Lasting
from app.pdf.documents import render
from app.pdf.validating import Finding, examine
from tests.pdf import attacks, samples
from tests.pdf.pki import Country


def test_no_attack_makes_another_document_genuine(issued: bytes, lasting: Lasting, country: Country) -> None:
    fooled: list[str] = []
    for name, attack in attacks.every(country.signers[1], country.timestamper).items():
        for form, pdf in (("issued", issued), ("lasting", lasting.pdf)):
            attacked = attack(pdf)
            assert attacked != pdf, name
            if examine(attacked, [country.root], now=country.now()).genuine:
                fooled.append(f"{name} ({form})")
    assert fooled == []


def test_a_document_that_was_prepared_before_it_was_signed_shows_nothing_else_afterwards(country: Country) -> None:
    """Two drawings with one number: the signature covers both, and a later table would choose the other."""
    signed = country.sign(attacks.prepared(render(samples.licence(), country.now())))
    assert examine(signed, [country.root], now=country.now()).genuine

    found = examine(attacks.shadow_hide_and_replace(signed), [country.root], now=country.now())

    assert not found.genuine


def test_the_cage_says_the_same_as_the_judge_outside(issued: bytes, lasting: Lasting, country: Country) -> None:
    for pdf in (issued, lasting.pdf, issued + b"x", attacks.updated(issued, attacks.overlay), b""):
        now = country.now()
        assert examining.examine(pdf, [country.root], now) == examine(pdf, [country.root], now=now)


def test_a_file_that_takes_too_long_is_one_that_cannot_be_read(issued: bytes, country: Country) -> None:
    found = examining.examine(issued, [country.root], country.now(), Limits(wall_seconds=0.01))
    assert (found.genuine, found.finding) == (False, Finding.UNREADABLE)
