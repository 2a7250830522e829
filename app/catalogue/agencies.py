"""Who receives applications: agencies, their offices, and the areas each office serves (DOPA codes)."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from app.catalogue.addresses import known_area
from app.catalogue.texts import Code, Data, Key, Slug, Text, Words
from app.core.thai import valid_juristic_id


def _tax_id(digits: str) -> str:
    if not re.fullmatch(r"\d{13}", digits) or not valid_juristic_id(digits):
        raise ValueError("a tax id has 13 digits, begins with 0 and ends in the right check digit")
    return digits


def _area(code: str) -> str:
    if not re.fullmatch(r"\d{4}|\d{6}", code) or not known_area(code):
        raise ValueError(f"{code!r} is neither a district (4 digits) nor a subdistrict (6 digits) of the DOPA list")
    return code


TaxId = Annotated[str, AfterValidator(_tax_id)]
BillerId = Annotated[str, StringConstraints(pattern=r"^\d{15}$")]
Area = Annotated[str, AfterValidator(_area)]


class Contact(Data):
    """Where a person turns to: a desk with at least one way to reach it."""

    name: Text
    phone: Words | None = None
    email: Words | None = None
    address: Text | None = None


class Office(Data):
    """A place of an agency where files are handled. An office without areas takes what no other office serves.

    An office that names `services` handles only these, and goes before an office that names none.
    """

    code: Code
    name: Text
    address: Text
    phone: Words
    areas: tuple[Area, ...] = ()
    services: tuple[Slug, ...] = ()


class Agency(Data):
    """A local authority or a department: the controller of its applications, and the collector of its fees."""

    code: Code
    kind: Literal["local_authority", "department"]
    name: Text
    short_name: Text
    tax_id: TaxId
    biller_id: BillerId
    """Biller ID of the Thai QR bill payment (tag 30): 15 digits, usually the tax id and a two-digit suffix."""
    address: Text
    phone: Words
    hours: Text
    signer: Text
    """The position that signs for the agency: "นายกเทศมนตรีเมืองตัวอย่าง"."""
    complaints: Contact
    data_protection: Contact
    """The data-protection officer (PDPA s.41), named in the privacy notice (s.23)."""
    offices: Annotated[tuple[Office, ...], Field(min_length=1)]

    def office(self, code: str) -> Office | None:
        """The office with this code, or None."""
        return next((office for office in self.offices if office.code == code), None)


class ToLocalAuthority(Data):
    """The application goes to the local authority that serves the address answered under `by`.

    `rather` names an address that goes before it where it was answered, such as a head office that is elsewhere.
    """

    kind: Literal["local_authority"]
    by: Key
    rather: Key | None = None


class ToDepartment(Data):
    """The application goes to one department; with `by`, to its office that serves that address."""

    kind: Literal["department"]
    agency: Code
    by: Key | None = None
    rather: Key | None = None


Receiver = Annotated[ToLocalAuthority | ToDepartment, Field(discriminator="kind")]
