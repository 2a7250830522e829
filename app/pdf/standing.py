"""Does a signer's certificate still stand? Asked of its authority before it signs, and for some minutes believed."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from app.core.errors import Unavailable
from app.pdf.certificates import UnfitCertificate
from app.pdf.revocation import Evidence, Revocation, chain
from app.pdf.signing import Signer

BELIEVED = timedelta(minutes=10)
"""How old an answer may be on which something is signed, unless nobody answers and the answer itself says longer."""


class Standing:
    """What the authorities said of our own signers. Safe across threads."""

    def __init__(self, revocation: Revocation, trust_roots: Sequence[bytes]) -> None:
        self._revocation = revocation
        self._roots = [root for data in trust_roots for root in load_certs_from_pemder_data(data)]
        self._good: dict[str, tuple[datetime, datetime]] = {}

    def require(self, signer: Signer, now: datetime) -> None:
        """Raise UnfitCertificate for a certificate that is not valid now, was revoked, or leads to no root of ours.

        Raises Unavailable when nobody can say so and the last answer is out of date.
        """
        signer.certificate.require_valid(now)
        key = signer.certificate.fingerprint
        asked, until = self._good.get(key, (datetime.min.replace(tzinfo=now.tzinfo),) * 2)
        if abs(now - asked) <= BELIEVED:
            return
        try:
            evidence = Evidence()
            pool = [*self._roots, *signer.cert_registry]
            self._revocation.gather(evidence, chain(signer.signing_cert, pool), now - BELIEVED, now)
        except Unavailable:
            if asked <= now <= until:
                return
            raise
        asyncio.run(self._validate(signer, evidence, max(now, evidence.since or now)))
        self._good[key] = (now, evidence.until or now)

    async def _validate(self, signer: Signer, evidence: Evidence, now: datetime) -> None:
        context = ValidationContext(
            trust_roots=self._roots,
            other_certs=list(evidence.certificates.values()),
            ocsps=list(evidence.ocsps.values()),
            crls=list(evidence.crls.values()),
            revocation_mode="require",
            moment=now,
        )
        validator = CertificateValidator(signer.signing_cert, validation_context=context)
        try:
            await validator.async_validate_usage({"digital_signature"})  # type: ignore[no-untyped-call] # half typed
        except (PathBuildingError, PathValidationError) as problem:
            message = f"the certificate of {signer.certificate.subject} may not sign: {problem}"
            raise UnfitCertificate(message) from problem
