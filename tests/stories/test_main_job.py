"""The main job, told from beginning to end: one licence, and one form that becomes four applications."""

from pathlib import Path

from app.demo import first_licence, journey
from app.demo.running import Running


def test_a_shop_owner_gets_a_licence_that_anyone_can_verify(portal: Running, tmp_path: Path) -> None:
    told = first_licence.whole(portal.url, tmp_path)

    assert told["verify"]["outcome"] == "valid"
    assert told["verify"]["number"] == told["licence"]["number"]
    assert {file.name.split("-")[0] for file in tmp_path.glob("*.pdf")} == {"submission", "bill", "receipt", "licence"}


def test_a_person_opens_a_restaurant_with_a_bar_and_a_company_a_larger_one(portal: Running, tmp_path: Path) -> None:
    told = journey.played(portal.url, tmp_path)
    person, company = told["person"], told["company"]

    assert {slug: one["outcome"] for slug, one in person["applications"].items()} == {
        "food-premises-notification": "returned and mended",
        "commercial-registration": "approved",
        "liquor-retail": "approved",
        "tobacco-retail": "refused",
    }
    assert len(person["agencies"]) == 3
    assert len(person["licences"]) == 3
    assert {licence["verify"]["outcome"] for licence in person["licences"]} == {"valid"}
    assert set(company["applications"]) == {
        "food-premises-licence",
        "health-hazard-business",
        "liquor-retail",
        "tobacco-retail",
    }, "the area made a licence of the notification that was chosen"
    assert {licence["holder"] for licence in company["licences"]} == {"บริษัท ข้าวตัวอย่าง จำกัด"}
    assert {licence["verify"]["outcome"] for licence in company["licences"]} == {"valid"}
    bills = person["bills"] + company["bills"]
    assert len(list(tmp_path.glob("bill-*.pdf"))) == len(list(tmp_path.glob("receipt-*.pdf"))) == bills
    assert len(list(tmp_path.glob("licence-*.pdf"))) == len(person["licences"]) + len(company["licences"]) == 7
    assert len(list(tmp_path.glob("submission-*.pdf"))) == 2
    for filed in (person, company):
        assert filed["asked"]["questions_ratio"] <= 0.5
        assert filed["asked"]["documents_ratio"] <= 0.45
