"""A record described as data: read as described, refused when it is another shape, and nothing guessed."""

import dataclasses
from dataclasses import dataclass

import pytest

from app.registries.records import Description, read


@dataclass(frozen=True)
class Said:
    field: str
    kind: str = "text"
    words: dict[str, str] = dataclasses.field(default_factory=dict)


CERTIFICATE = Description(
    rows="ResultList",
    fields={
        "area": Said("UsableArea", "number"),
        "trap": Said("GreaseTrap", words={"Y": "yes", "N": "no"}),
        "built": Said("BuiltOn", "date"),
        "use": Said("Use"),
    },
    reference="No",
    issued="IssueDate",
    ends="Until",
    standing="Status",
    good=("ACTIVE",),
)
ROW = {
    "No": "อ.6-1",
    "UsableArea": "1,250.50",
    "GreaseTrap": "Y",
    "BuiltOn": "25660315",
    "Use": "-",
    "Status": "ACTIVE",
}


def test_fields_become_our_words_and_days_of_our_calendar() -> None:
    found = read({"ResultList": [ROW | {"IssueDate": "25660401"}]}, CERTIFICATE)

    assert found is not None
    assert found.values == {"area": "1250.5", "trap": "yes", "built": "2023-03-15"}
    assert (found.reference, found.issued_on, found.ends_on, found.stands) == ("อ.6-1", "2023-04-01", "", True)


def test_codes_that_nobody_described_say_nothing_and_a_revoked_record_does_not_stand() -> None:
    found = read({"ResultList": [ROW | {"GreaseTrap": "?", "UsableArea": "many", "Status": "REVOKED"}]}, CERTIFICATE)

    assert found is not None
    assert (found.stands, "trap" in found.values, "area" in found.values) == (False, False, False)


def test_no_record_is_none() -> None:
    assert read({"ResultList": []}, CERTIFICATE) is None


@pytest.mark.parametrize(
    "answer",
    [
        {"Message": "เจ้าหน้าที่ยังไม่ได้ยืนยันสิทธิ"},
        {"ResultList": [ROW, ROW]},
        {"ResultList": ["อ.6-1"]},
        {"ResultList": [{**ROW, "No": ""}]},
        {"ResultList": [{**ROW, "IssueDate": "25660015"}]},
        {"ResultList": [{**ROW, "IssueDate": "soon"}]},
    ],
    ids=["no list", "two records", "no record", "no number", "half a day", "no day"],
)
def test_another_shape_is_refused(answer: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"record|list|day|date"):
        read(answer, CERTIFICATE)
