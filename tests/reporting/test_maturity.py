"""Evidence that real commands left in the events, read through the view, judged, and written the same way every time."""

import csv
import io
import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.applications import filing, forms
from app.catalogue import loader
from app.catalogue.schema import Catalogue
from app.core import i18n, migrating
from app.core.clock import BANGKOK
from app.core.events import SYSTEM, canonical
from app.reporting import evidence, maturity
from app.reporting.criteria import Criterion, Verdict, Window
from app.reporting.maturity import Line, as_csv, as_json, as_text
from app.settings import ROOT
from tests.reporting.world import CHECKED, SLUG, TOWN, Town
from tests.world import acting, make_person, share

C = Criterion
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return loader.load(ROOT / "services_catalog")


@pytest.fixture
def town(db: Session, now: datetime) -> Town:
    return Town(db, now)


def line(town: Town, catalogue: Catalogue, as_of: date = TODAY, agency: str = TOWN) -> Line:
    found = maturity.report(town.db, catalogue, as_of).line(SLUG, agency)
    assert found is not None
    return found


def test_a_service_that_was_used_from_form_to_licence_is_at_level_three(town: Town, catalogue: Catalogue) -> None:
    town.whole()
    found = line(town, catalogue)
    assert (found.assessment.level, found.missing) == (3, "")
    assert {f.criterion: f.count for f in found.assessment.findings} == dict.fromkeys(Criterion, 1)


def test_what_one_town_did_is_no_evidence_for_another(town: Town, catalogue: Catalogue) -> None:
    town.whole()
    assert line(town, catalogue, agency="nakhon-sommut").assessment.level == 0


def _without(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    checked = deepcopy(CHECKED)
    change(checked)
    return checked


LEFT_OUT: dict[Criterion, tuple[int, Callable[[Town], object]]] = {
    C.E_FORM: (0, lambda _: None),
    C.PREFILLED: (0, lambda town: _lived(town, linked_answers={})),
    C.LINKED_DOCUMENTS: (0, lambda town: _lived(town, linked_documents={})),
    C.BILL: (1, lambda town: _lived(town, billed=False)),
    C.E_RECEIPT: (1, lambda town: town.bill(town.application())),
    C.E_LICENCE: (2, lambda town: town.receipt(town.bill(town.application()))),
    C.CA_SIGNATURE: (2, lambda town: town.whole(_without(lambda c: c.pop("signature")))),
    C.PDF_A: (2, lambda town: town.whole(_without(lambda c: c.update(findings=["no language"])))),
}
"""Everything but one thing was done: the level that is left."""


def _lived(town: Town, *, billed: bool = True, **other: object) -> None:
    application = town.application(**other)
    if billed:
        town.receipt(town.bill(application))
    town.licence(application)


@pytest.mark.parametrize("gone", list(Criterion))
def test_without_one_piece_of_evidence_the_level_falls(town: Town, catalogue: Catalogue, gone: Criterion) -> None:
    left, live = LEFT_OUT[gone]
    live(town)
    found = line(town, catalogue)
    assert found.assessment.missing is not None
    assert (found.assessment.level, found.assessment.missing.criterion) == (left, gone)
    assert found.missing


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(_without(lambda c: c["signature"].pop("issuer")), id="no authority vouched for it"),
        pytest.param(_without(lambda c: c["signature"].pop("stamped_at")), id="nobody said when"),
        pytest.param({"self_check": "passed"}, id="a record from before the proof was kept"),
    ],
)
def test_one_licence_with_a_broken_signature_takes_level_three_away(
    town: Town, catalogue: Catalogue, broken: dict[str, Any]
) -> None:
    town.whole()
    assert line(town, catalogue).assessment.level == 3
    town.whole(broken)
    found = line(town, catalogue)
    missing = found.assessment.missing
    assert missing is not None
    assert (found.assessment.level, missing.criterion, missing.verdict) == (2, C.CA_SIGNATURE, Verdict.BROKEN)
    assert found.missing == "1 ไฟล์ที่ออกใน 90 วันไม่มีผลตรวจยืนยัน"


def test_a_bill_that_nobody_paid_has_no_receipt_and_a_number_without_a_file_is_none(
    town: Town, catalogue: Catalogue
) -> None:
    town.bill(town.application())
    counts = {f.criterion: f.count for f in line(town, catalogue).assessment.findings}
    assert (counts[C.BILL], counts[C.E_RECEIPT]) == (1, 0)


def test_one_bill_for_two_services_is_evidence_for_each_of_them(town: Town, now: datetime) -> None:
    person = make_person(town.db, now)
    one, other = (town.application(slug=slug, person=person) for slug in (SLUG, "liquor-retail"))
    made = town.bill(one)
    lines = town.db.execute(text("select * from bill_lines")).mappings().one()
    town.db.execute(
        text(
            "insert into bill_lines select :bill, 2, :id, agency_code, :slug, label_th, label_en, law, satang from bill_lines"
        ),
        {"bill": made.id, "id": other.id, "slug": "liquor-retail"},
    )
    assert lines["application_id"] == one.id
    found = evidence.pieces(town.db, Window(TODAY))
    for place in ((SLUG, TOWN), ("liquor-retail", TOWN)):
        assert [p.reference for p in found[place] if p.criterion is C.BILL] == [made.number]


def test_evidence_is_forgotten_on_the_ninety_first_day_and_unknown_on_the_day_before(
    town: Town, catalogue: Catalogue
) -> None:
    town.now = datetime(2026, 8, 1, 0, 0, tzinfo=BANGKOK)
    town.whole()
    days = {date(2026, 7, 31): 0, date(2026, 8, 1): 3, date(2026, 10, 29): 3, date(2026, 10, 30): 0}
    assert {day: line(town, catalogue, day).assessment.level for day in days} == days


def test_what_happens_later_does_not_change_what_was_so(town: Town, catalogue: Catalogue) -> None:
    town.whole()
    before = as_json(maturity.report(town.db, catalogue, TODAY))
    town.now += timedelta(days=1)
    town.whole(_without(lambda c: c.pop("signature")))
    assert as_json(maturity.report(town.db, catalogue, TODAY)) == before
    assert line(town, catalogue, TODAY + timedelta(days=1)).assessment.level == 2


def test_the_same_data_give_the_same_bytes_and_other_data_another_hash(town: Town, catalogue: Catalogue) -> None:
    town.whole()
    first, again = (as_json(maturity.report(town.db, catalogue, TODAY)) for _ in range(2))
    assert first == again == canonical(json.loads(first))
    with i18n.speaking("en"):
        assert as_json(maturity.report(town.db, catalogue, TODAY)) == first
    town.application()
    assert (
        json.loads(as_json(maturity.report(town.db, catalogue, TODAY)))["input_hash"] != json.loads(first)["input_hash"]
    )


def test_the_report_names_the_evidence_and_no_person(town: Town, catalogue: Catalogue) -> None:
    application = town.whole()
    said = as_json(maturity.report(town.db, catalogue, TODAY))
    (told,) = (s for s in json.loads(said)["services"] if (s["service"], s["agency"]) == (SLUG, TOWN))
    assert told["evidenced_level"] == "L3"
    assert told["criteria"][0]["newest"][0]["reference"] == application.number
    assert told["criteria"][6]["newest"][0]["signature"]["issuer"] == CHECKED["signature"]["issuer"]
    for personal in (application.applicant_name, str(application.applicant_id), "ครัวมะลิ"):
        assert personal not in said


def test_every_agency_that_gives_a_service_has_a_line_and_no_other(catalogue: Catalogue) -> None:
    places = [offer.place for offer in evidence.offers(catalogue)]
    assert len(places) == len(set(places))
    assert {slug for slug, _ in places} == set(catalogue.services)
    assert (SLUG, TOWN) in places
    for slug, agency in places:
        receiver = catalogue.services[slug].receiver
        assert catalogue.agencies[agency].kind == receiver.kind


def test_the_tables_say_the_same_as_the_report(town: Town, catalogue: Catalogue) -> None:
    town.bill(town.application())
    made = maturity.report(town.db, catalogue, TODAY)
    rows = list(csv.DictReader(io.StringIO(as_csv(made))))
    assert len(rows) == len(made.lines)
    (row,) = (r for r in rows if (r["service"], r["agency"]) == (SLUG, TOWN))
    assert (row["evidenced_level"], row["missing_criterion"], row["input_hash"]) == ("L1", "e_receipt", made.input_hash)
    assert (row["bill.verdict"], row["bill.count"]) == ("met", "1")
    assert "ยังไม่มีใบเสร็จอิเล็กทรอนิกส์ใน 90 วัน" in as_text(made)


def test_an_application_that_an_officer_typed_in_is_no_e_form(town: Town, now: datetime) -> None:
    person = make_person(town.db, now)
    form = forms.start(town.db, person.applicant_id, person.person_id, [(SLUG, 1)], "th", acting(person), now)
    said, digest = filing.snapshot({"reference": form.reference})
    shares = [share(SLUG, agency_code=TOWN)]
    filing.submit(town.db, form, person.person_id, "ผู้ยื่น", said, digest, shares, "key", SYSTEM, now)
    assert evidence.pieces(town.db, Window(TODAY)) == {}


def test_the_portal_reads_the_views_and_cannot_write_through_them(town: Town) -> None:
    with pytest.raises(DBAPIError, match="cannot delete from view"):
        town.db.execute(text("delete from views.decisions"))


def test_a_table_under_a_view_may_change_and_the_views_stand_again(owner_url: str) -> None:
    migrating.downgrade(owner_url, "0011")
    migrating.upgrade(owner_url)
    migrating.upgrade(owner_url)
    assert migrating.differences(owner_url) == []


def test_the_hook_that_makes_the_views_knows_no_room_by_name() -> None:
    source = Path(migrating.__file__).read_text()
    assert "reporting" not in source
    assert "evidence" not in source
