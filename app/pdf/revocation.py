"""Asks whoever issued a certificate whether it still stands: OCSP (RFC 6960) where it names a responder, else its list.

Only certificates that lead to an authority we trust are asked about, so only addresses are opened that it wrote itself.
"""

import itertools
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx2
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate, load_der_x509_crl, ocsp

from app.core import roots
from app.core.errors import Unavailable

NO_ANSWER = "ผู้ออกใบรับรองยังไม่ตอบว่าใบรับรองยังใช้ได้ ระบบจะลองใหม่ให้เอง"
LARGEST_ANSWER = 8 * 1024 * 1024
"""Bytes of the longest revocation list that is read: national authorities publish some of several megabytes."""
_LIST_AGE = timedelta(minutes=10)
"""How long a list is good for whoever asks next; an answer to a question must be younger than what it is to prove."""
_AHEAD = timedelta(minutes=1)
"""How much later somebody else may have asked: jobs that began before it do not ask again."""
_SUCCESSFUL = ocsp.OCSPResponseStatus.SUCCESSFUL


@dataclass(frozen=True)
class Answer:
    """What an authority said about a certificate (DER), when it said so, until when it stands by it, when we asked."""

    data: bytes
    at: datetime
    until: datetime
    asked: datetime
    listed: bool
    """A list of all revoked certificates, published whenever it was; otherwise an answer made for this question."""


@dataclass
class Evidence:
    """Certificates and answers that prove, without asking anybody again, that a chain stood at some moment."""

    certificates: dict[bytes, x509.Certificate] = field(default_factory=dict)
    ocsps: dict[bytes, asn1_ocsp.OCSPResponse] = field(default_factory=dict)
    crls: dict[bytes, asn1_crl.CertificateList] = field(default_factory=dict)
    since: datetime | None = None
    """When the youngest of the answers was given: before that moment they prove nothing."""
    until: datetime | None = None
    """The first moment at which one of the answers is out of date."""


class Revocation:
    """The authorities' answers, remembered while they hold. Its connections are kept open. Safe across threads."""

    def __init__(self, timeout: float = 10.0) -> None:
        """`timeout` in seconds bounds the connection and each wait for an answer."""
        self._http = httpx2.Client(timeout=timeout, verify=roots.trusted())
        self._answers: dict[bytes, Answer] = {}
        self._lock = threading.Lock()

    def gather(self, evidence: Evidence, chain: Sequence[x509.Certificate], since: datetime, now: datetime) -> None:
        """Add to `evidence` all that is needed for a chain (signer first, root last), asked at or after `since`.

        Raises Unavailable when an authority does not answer.
        """
        for certificate in chain:  # the root too: who signed a list is looked for among the certificates in the file
            evidence.certificates.setdefault(certificate.sha256, certificate)
        for certificate, issuer in itertools.pairwise(chain):
            answer = self._about(certificate, issuer, since, now)
            if answer is None:
                continue
            evidence.since = max(answer.at, evidence.since or answer.at)
            evidence.until = min(answer.until, evidence.until or answer.until)
            if answer.listed:
                evidence.crls.setdefault(answer.data, asn1_crl.CertificateList.load(answer.data))
            else:
                response = asn1_ocsp.OCSPResponse.load(answer.data)
                evidence.ocsps.setdefault(answer.data, response)
                self._responder(evidence, response, issuer, since, now)

    def _responder(
        self,
        evidence: Evidence,
        response: asn1_ocsp.OCSPResponse,
        issuer: x509.Certificate,
        since: datetime,
        now: datetime,
    ) -> None:
        """The same for a responder's own certificate, unless its issuer said that nobody need ask (RFC 6960)."""
        for responder in response.basic_ocsp_response["certs"] or ():
            if responder.ocsp_no_check_value is None and responder.sha256 != issuer.sha256:
                self.gather(evidence, [responder, issuer], since, now)

    def _about(
        self, certificate: x509.Certificate, issuer: x509.Certificate, since: datetime, now: datetime
    ) -> Answer | None:
        """The remembered or a new answer; None for a certificate that names nobody to ask."""
        key = certificate.sha256
        with self._lock:
            known = self._answers.get(key)
        if known is not None and now < known.until and _good_for(known, since, now):
            return known
        places = list(_places(certificate))
        if not places:
            return None
        for place, listed in places:
            try:
                answer = self._list(place, now) if listed else self._responded(place, certificate, issuer, now)
            except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
                continue
            if now <= answer.until:
                with self._lock:
                    self._answers[key] = answer
                return answer
        raise Unavailable(NO_ANSWER)

    def _responded(self, url: str, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime) -> Answer:
        subject, authority = (load_der_x509_certificate(one.dump()) for one in (certificate, issuer))
        # SHA-1 only names the certificate here (RFC 5019, 2.1.1): many responders know no other name.
        builder = ocsp.OCSPRequestBuilder().add_certificate(subject, authority, hashes.SHA1())  # noqa: S303
        body = builder.build().public_bytes(Encoding.DER)
        headers = {"Content-Type": "application/ocsp-request"}
        data = _read(self._http.post(url, content=body, headers=headers))
        found = ocsp.load_der_ocsp_response(data)
        if found.response_status is not _SUCCESSFUL or found.serial_number != certificate.serial_number:
            raise ValueError("the responder does not answer for this certificate")
        at = found.this_update_utc
        return Answer(data, at, found.next_update_utc or at + _LIST_AGE, now, listed=False)

    def _list(self, url: str, now: datetime) -> Answer:
        data = _read(self._http.get(url))
        found = load_der_x509_crl(data)
        at = found.last_update_utc
        return Answer(data, at, found.next_update_utc or datetime.max.replace(tzinfo=UTC), now, listed=True)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def chain(certificate: x509.Certificate, pool: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    """The way from a certificate up through `pool`, as its authorities name each other. Nothing is proved by it."""
    by_name: dict[bytes, list[x509.Certificate]] = {}
    for one in pool:
        by_name.setdefault(one.subject.dump(), []).append(one)
    found = [certificate]
    while found[-1].issuer != found[-1].subject:
        above = [c for c in by_name.get(found[-1].issuer.dump(), ()) if _may_have_issued(c, found[-1])]
        if not above or above[0] in found:
            break
        found.append(above[0])
    return found


def _may_have_issued(authority: x509.Certificate, certificate: x509.Certificate) -> bool:
    named, own = certificate.authority_key_identifier, authority.key_identifier
    return named is None or own is None or named == own


def _good_for(answer: Answer, since: datetime, now: datetime) -> bool:
    if answer.asked - now > _AHEAD:
        return False
    return answer.at >= since.replace(microsecond=0) or (answer.listed and now - answer.asked < _LIST_AGE)


def _places(certificate: x509.Certificate) -> Iterable[tuple[str, bool]]:
    """Where to ask, the responders before the lists."""
    yield from ((url, False) for url in certificate.ocsp_urls if url.startswith("http"))
    for point in certificate.crl_distribution_points:
        if point.url and point.url.startswith("http"):
            yield point.url, True


def _read(answer: httpx2.Response) -> bytes:
    answer.raise_for_status()
    if len(answer.content) > LARGEST_ANSWER:
        raise ValueError("an answer of that size is not read")
    return answer.content
