"""A reporter reads what real cases proved, an agency's manager reads their own, and neither meets a person."""

import csv
import io
import json

import pytest

from app.core.clock import bangkok_date
from app.demo import walk
from app.demo.browsing import Browser
from app.demo.officials import MUANG, NAKHON
from app.reporting import maturity
from app.reporting.criteria import Criterion
from tests.stories.world import Case, World

HOME = "/officer/reports"
LINE = f"{HOME}/{walk.SERVICE}/{MUANG}"


@pytest.fixture(scope="module")
def lived(shared: World) -> Case:
    """One case from the form to the licence; its receipt is a file."""
    case = shared.licensed()
    shared.when_idle()
    return case


def told(browser: Browser, path: str) -> list[dict[str, str]]:
    answer = browser.open(path)
    assert answer.status == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_case_from_form_to_licence_proves_all_eight_criteria(shared: World, lived: Case) -> None:
    del lived
    (row,) = (
        r for r in told(shared.officer("rai"), f"{HOME}.csv") if (r["service"], r["agency"]) == (walk.SERVICE, MUANG)
    )
    assert {criterion: row[f"{criterion}.verdict"] for criterion in Criterion} == dict.fromkeys(Criterion, "met")
    assert (row["evidenced_level"], row["missing"]) == ("L3", "")


def test_the_signature_and_the_check_are_facts_of_the_licence_itself(shared: World, lived: Case) -> None:
    with shared.house.database.transaction() as db:
        made = maturity.report(db, shared.house.catalogue, bangkok_date(shared.house.clock.now()))
    said = json.loads(maturity.as_json(made))["services"]
    (one,) = (s for s in said if (s["service"], s["agency"]) == (walk.SERVICE, MUANG))
    newest = {c["criterion"]: c["newest"][0] for c in one["criteria"]}
    assert "ตัวอย่าง" in newest["ca_signature"]["signature"]["subject"]
    assert newest["ca_signature"]["signature"]["issuer"]
    assert newest["ca_signature"]["signature"]["stamped_by"]
    assert (newest["pdf_a"]["profile"], newest["pdf_a"]["findings"]) == ("PDF/A-3a", [])
    assert "pikepdf" in newest["pdf_a"]["checker"]
    registries = {"id_card": "dopa", "house_registration": "dopa", "building_use": "building_control"}
    assert newest["linked_documents"]["documents"] == registries | {"food_training": "food_training"}
    assert lived.number in {piece["reference"] for c in one["criteria"] for piece in c["newest"]}


def test_every_count_leads_to_the_list_behind_it(shared: World, lived: Case) -> None:
    reporter = shared.officer("rai")
    links = reporter.open(LINE).links(rf"{LINE}/[a-z_]+\?as_of=")
    assert {link.rpartition("/")[2].partition("?")[0] for link in links} == set(Criterion)
    for link in links:
        assert reporter.open(link).status == 200
        assert reporter.page.xpath("//main//tbody/tr")
    assert reporter.open(f"{LINE}/e_form").sees(lived.number)


def test_nothing_a_reporter_reads_names_a_person_or_a_shop(shared: World, lived: Case) -> None:
    del lived
    reporter = shared.officer("rai")
    for path in (HOME, f"{HOME}.csv", f"{HOME}/figures.csv", LINE, *(f"{LINE}/{c}" for c in Criterion)):
        content = reporter.open(path).content.decode()
        for personal in ("มะลิ", "0812345678", "081-234-5678", "ดอกรัก", "1000000001072"):
            assert personal not in content, path


def test_a_reporter_signs_in_to_the_report_and_has_no_queue(shared: World) -> None:
    reporter = shared.another_browser_of("rai")
    assert reporter.url.endswith(HOME)
    assert "/officer" not in {str(a.get("href")) for a in reporter.page.xpath("//nav[contains(@class,'nav')]//a")}


def test_who_works_on_no_cases_comes_home_to_their_own_work(shared: World) -> None:
    assert shared.another_browser_of("sam").url.endswith("/officer/money")
    assert shared.another_browser_of("si").url.endswith(HOME)


def test_the_manager_of_an_agency_reads_about_their_own_services_only(shared: World) -> None:
    manager = shared.officer("si")
    assert {row["agency"] for row in told(manager, f"{HOME}.csv")} == {MUANG}
    assert manager.open(LINE).status == 200
    assert manager.open(LINE.replace(MUANG, NAKHON)).status == 404


@pytest.mark.parametrize("typed", ["2026-13-01", "tomorrow", "2999-01-01", "1999-01-01"])
def test_a_day_that_cannot_be_is_kept_and_explained(shared: World, typed: str) -> None:
    reporter = shared.officer("rai")
    assert reporter.open(f"{HOME}?as_of={typed}").status == 422
    assert reporter.sees("เลือกวันที่ไม่เกินวันนี้")
    assert reporter.page.xpath("//input[@name='as_of']/@value") == [typed]


def test_before_anything_happened_nothing_was_proved(shared: World, lived: Case) -> None:
    del lived
    rows = told(shared.officer("rai"), f"{HOME}.csv?as_of=2025-01-01")
    assert {row["evidenced_level"] for row in rows} == {"L0"}


def test_the_figures_say_of_how_many(shared: World, lived: Case) -> None:
    del lived
    rows = told(shared.officer("rai"), f"{HOME}/figures.csv")
    (row,) = (r for r in rows if (r["service"], r["agency"]) == (walk.SERVICE, MUANG))
    assert int(row["decided"]) >= 1
    assert 1 <= int(row["in_time"]) <= int(row["in_time_of"]) <= int(row["decided"])
    assert int(row["submitted"]) >= int(row["decided"])


def test_a_returned_case_was_not_right_the_first_time(shared: World) -> None:
    def shares() -> tuple[int, int]:
        (row,) = (
            r
            for r in told(shared.officer("rai"), f"{HOME}/figures.csv")
            if (r["service"], r["agency"]) == (walk.SERVICE, MUANG)
        )
        return int(row["right_first_time"]), int(row["right_first_time_of"])

    before = shares()
    case = shared.returned()
    walk.mend(case.me, case.form)
    _decide(shared, case)
    assert shares() == (before[0], before[1] + 1)


def _decide(world: World, case: Case) -> None:
    checker, approver = world.officer("nueng"), world.officer("song")
    walk.take(checker, case.desk)
    walk.check(checker, case.desk)
    walk.decide(checker, case.desk, "accept", "ลงชื่อและรับไว้พิจารณา")
    walk.take(approver, case.desk)
    walk.decide(approver, case.desk, "approve", "ลงชื่ออนุญาต")
