"""A document becomes a file: printed, signed by its agency, and judged before anybody sees it.

It is printed at the press once that has proved itself in this process, else the plain way. Every file is looked
through; the press's form, which is the same for all, is also judged by the archive's own validator (see `proving`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.pdf import checking, confirming, documents, press, signing
from app.pdf.certificates import UnfitCertificate
from app.pdf.confirming import Confirmation
from app.pdf.issued import Form
from app.pdf.press import Reasons
from app.pdf.whole import Document
from app.stories.house import House

REASON = "ออกเอกสารอิเล็กทรอนิกส์"


class Unfit(Exception):
    """A drawn document failed its own check: it is never shown to anybody; the job fails loudly with the findings."""


@dataclass(frozen=True)
class Fit:
    """A file without findings, and who says so."""

    data: bytes
    checker: str


def unsigned(house: House, document: Document, now: datetime) -> Fit:
    """A document that carries no signature. Raises Unfit, MissingGlyph for a character that cannot be drawn."""
    if house.presses.unsigned(now):
        return _looked_through(house, document, press.printed(document, now))
    return _judged(documents.render(document, now))


def sealed(house: House, agency_code: str, document: Document, now: datetime) -> Fit:
    """The document signed with its agency's certificate and time-stamped.

    Raises Unavailable when an authority does not answer, UnfitCertificate without a certificate that may sign now,
    MissingGlyph for a character that cannot be drawn (nothing is signed then), Unfit.
    """
    signer = house.signers.get(agency_code)
    if signer is None:
        raise UnfitCertificate(f"no certificate for agency {agency_code}")
    agency = house.agency(agency_code).name.th
    house.standing.require(signer, now)
    proved = house.presses.of(signer, house.timestamper, house.trust_roots, now)
    if proved is not None:
        printed = proved.signed(document, Reasons(REASON, agency, agency), house.timestamper, now=now)
        return _looked_through(house, document, printed)
    return _judged(
        signing.sign(
            documents.render(document, now),
            signer,
            house.timestamper,
            now=now,
            reason=REASON,
            location=agency,
            name=agency,
        )
    )


def _looked_through(house: House, document: Document, pdf: bytes) -> Fit:
    """A file of the press."""
    findings, checker = house.presses.judges(document, pdf)
    return _without(findings, pdf, checker)


def _judged(pdf: bytes) -> Fit:
    """A file made the plain way."""
    return _without(checking.check(pdf), pdf, checking.CHECKER)


def _without(findings: list[str], pdf: bytes, checker: str) -> Fit:
    if findings:
        raise Unfit("; ".join(findings))
    return Fit(pdf, checker)


def stored(house: House, fit: Fit, now: datetime, *, signed: bool) -> Form:
    """The file in the store, and what is to be noted beside it. Raises SignatureBroken for a signature that fails."""
    proof = confirming.confirm(fit.data, [house.trust_roots], now) if signed else None
    seal = proof.certificate.fingerprint if proof else ""
    return Form(house.files.put(fit.data), len(fit.data), seal, evidence(fit, proof))


def evidence(fit: Fit, proof: Confirmation | None) -> dict[str, Any]:
    """What our own look at a file found, kept beside it, so that a report reads it and assumes nothing."""
    looked = {"profile": checking.PROFILE, "checker": fit.checker, "findings": []}
    if proof is None:
        return looked
    signature = {
        "profile": "PAdES B-T",
        "subject": proof.subject,
        "issuer": proof.issuer,
        "serial": proof.serial,
        "stamped_at": proof.stamped_at.isoformat(),
        "stamped_by": proof.stamped_by,
    }
    return {**looked, "signature": signature}
