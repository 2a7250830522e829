"""A document becomes a file that its agency has signed: at the press, or the plain way where that is not proved."""

from datetime import datetime

import structlog

from app.core.errors import Unavailable
from app.pdf import documents, proving, signing
from app.pdf.blocks import Document
from app.pdf.frozen_signature import NotAsExpected
from app.pdf.press import Press, Reasons
from app.pdf.signing import Signer
from app.stories.house import House

log = structlog.get_logger(__name__)

REASON = "ออกเอกสารอิเล็กทรอนิกส์"


def sealed(house: House, agency_code: str, document: Document, now: datetime) -> bytes:
    """The document signed with its agency's certificate and time-stamped.

    Raises Unavailable without a certificate or a time-stamp, UnfitCertificate when the certificate may not sign now,
    MissingGlyph for a character that cannot be drawn: nothing is signed then.
    """
    signer = house.signers.get(agency_code)
    if signer is None:
        raise Unavailable(f"no certificate for agency {agency_code}")
    agency = house.agency(agency_code).name.th
    signer.certificate.require_valid(now)
    press = _proved(house, signer, now)
    if press is not None:
        return press.signed(document, Reasons(REASON, agency, agency), house.timestamper, now=now)
    return signing.sign(
        documents.render(document, now),
        signer,
        house.timestamper,
        now=now,
        reason=REASON,
        location=agency,
        name=agency,
    )


def _proved(house: House, signer: Signer, now: datetime) -> Press | None:
    """The press of a key, proved once in this process; None where it could not be."""
    key = signer.certificate.fingerprint
    if key not in house.presses:
        try:
            press = Press(signer)
            proving.prove(press, house.timestamper, [house.trust_roots], now)
            house.presses[key] = press
        except (NotAsExpected, proving.Unproven):
            log.exception("the press is not used for a key", signer=signer.certificate.subject)
            house.presses[key] = None
    return house.presses[key]
