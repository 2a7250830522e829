"""What a certificate says, and whether it may sign documents."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.core.errors import Unavailable

_SMALLEST_RSA_BITS = 2048
_PURPOSES = frozenset(
    {
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # document signing, RFC 9336
        x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),  # document signing, Microsoft
        x509.ObjectIdentifier("1.2.840.113583.1.1.5"),  # authentic documents, Adobe
    }
)


class UnfitCertificate(Unavailable):
    """A key or certificate that must not sign: unreadable, of another purpose, too weak, revoked, not valid now.

    What was to be signed waits until there is another one: it is not available, and nothing is lost.
    """


@dataclass(frozen=True)
class CertificateFacts:
    """What is worth storing of a certificate. `serial` and `fingerprint` (SHA-256) are lower-case hexadecimal."""

    subject: str
    common_name: str
    issuer: str
    serial: str
    fingerprint: str
    not_before: datetime
    not_after: datetime

    @classmethod
    def of(cls, certificate: x509.Certificate) -> "CertificateFacts":
        """Read them from a certificate."""
        names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return cls(
            subject=certificate.subject.rfc4514_string(),
            common_name=str(names[0].value) if names else "",
            issuer=certificate.issuer.rfc4514_string(),
            serial=f"{certificate.serial_number:x}",
            fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
        )

    def require_valid(self, now: datetime) -> None:
        """Raise UnfitCertificate unless `now` lies within its validity."""
        if now > self.not_after:
            message = f"the certificate of {self.subject} expired on {self.not_after:%Y-%m-%d}"
            raise UnfitCertificate(message)
        if now < self.not_before:
            message = f"the certificate of {self.subject} is valid only from {self.not_before:%Y-%m-%d}"
            raise UnfitCertificate(message)


def in_pem(data: bytes) -> list[CertificateFacts]:
    """Every certificate of a PEM file."""
    return [CertificateFacts.of(certificate) for certificate in x509.load_pem_x509_certificates(data)]


def require_fit_to_sign(certificate: x509.Certificate) -> None:
    """Raise UnfitCertificate for an authority's certificate, one of another purpose, or a key too weak to last."""
    subject = certificate.subject.rfc4514_string()
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < _SMALLEST_RSA_BITS:
            message = f"the RSA key of {subject} has {key.key_size} bits, fewer than {_SMALLEST_RSA_BITS}"
            raise UnfitCertificate(message)
    elif not isinstance(key, ec.EllipticCurvePublicKey):
        message = f"the key of {subject} is neither RSA nor elliptic curve"
        raise UnfitCertificate(message)
    for extension in certificate.extensions:
        value = extension.value
        if isinstance(value, x509.BasicConstraints) and value.ca:
            message = f"{subject} is a certification authority, not a signer"
            raise UnfitCertificate(message)
        if isinstance(value, x509.KeyUsage) and not (value.digital_signature or value.content_commitment):
            message = f"the key usage of {subject} does not allow signatures"
            raise UnfitCertificate(message)
        if isinstance(value, x509.ExtendedKeyUsage) and _PURPOSES.isdisjoint(value):
            message = f"the extended key usage of {subject} does not include documents"
            raise UnfitCertificate(message)
