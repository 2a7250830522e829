"""One authority, one signer, one time-stamping authority and one signed document for all tests of this room."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from app.pdf.augmenting import Lasting, augment
from app.pdf.documents import render
from app.pdf.signing import Signer, sign
from app.pdf.timestamping import Timestamper
from tests.pdf import samples
from tests.pdf.pki import PASSPHRASE, Authority, Country, TimeAuthority, a_country, time_authority


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="session")
def signer(authority: Authority) -> Signer:
    return Signer.from_pkcs12(authority.issue(key=rsa.generate_private_key(65537, 2048)), PASSPHRASE)


@pytest.fixture(scope="session")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimeAuthority]:
    with time_authority(tmp_path_factory.mktemp("tsa"), samples.NOW) as running:
        yield running


@pytest.fixture(scope="session")
def timestamper(tsa: TimeAuthority) -> Iterator[Timestamper]:
    stamper = Timestamper(tsa.url)
    yield stamper
    stamper.close()


@pytest.fixture(scope="session")
def licence() -> bytes:
    return render(samples.licence(), samples.NOW)


@pytest.fixture(scope="session")
def signed(licence: bytes, signer: Signer, timestamper: Timestamper) -> bytes:
    return sign(licence, signer, timestamper, now=samples.NOW, reason="ออกเอกสาร", location="นครราชสีมา")


@pytest.fixture(scope="session")
def country(run_folder: Path) -> Iterator[Country]:
    """Agencies with seals, and authorities that answer for them over HTTP."""
    with a_country(run_folder) as found:
        yield found


@pytest.fixture(scope="session")
def issued(country: Country) -> bytes:
    """A licence of the first agency, as it leaves the portal."""
    return country.sign(render(samples.licence(), country.now()))


@pytest.fixture(scope="session")
def lasting(country: Country, issued: bytes) -> Lasting:
    """The same with all proof in it."""
    return augment(issued, country.timestamper, country.revocation, [country.root], now=country.now())
