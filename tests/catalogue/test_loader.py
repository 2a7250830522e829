"""Loading: a good folder becomes a catalogue, a bad one becomes every mistake in it, at once and with its line."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from app.catalogue import guide_slides
from app.catalogue.guides import Recorded, Slides
from app.catalogue.loader import check, load
from app.catalogue.shelf import CatalogueError
from app.core import webm
from app.core.webm import Still
from tests.catalogue.world import EXCISE, FOLDER, MUANG, NAKHON, NOTIFICATION, THUNG, Copy, real

SERVICE = f"services/{NOTIFICATION}.yaml"
FEES = "authorities/muang-tuayang.yaml"
TRADE, LIQUOR = "services/commercial-registration.yaml", "services/liquor-retail.yaml"
OWNER = "when: {question: premises_right, in: [rent, consent]}"
NEED = """needs:
  - services: [food-licence, food-premises-notification]
    when: {question: premises_right, is: gift}
    before: opening
    why: {th: เหตุผล, en: Reason}
"""
RECEIVER = "receiver: {kind: local_authority, by: premises_address}"


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy.at(tmp_path / "catalogue")


def mistakes(copy: Copy) -> list[str]:
    return check(copy.folder)


def test_the_catalogue_of_the_house_has_no_mistakes() -> None:
    assert check(FOLDER) == []


def test_a_catalogue_holds_services_by_file_name_and_agencies_by_code() -> None:
    assert set(real().services) == {file.stem for file in (FOLDER / "services").glob("*.yaml")}
    assert set(real().agencies) > {MUANG, NAKHON, THUNG, EXCISE}
    assert real().services[NOTIFICATION].slug == NOTIFICATION


def test_three_bad_files_are_told_in_one_run(copy: Copy) -> None:
    copy.change("agencies.yaml", 'tax_id: "0994569000012"', 'tax_id: "0994569000013"')
    copy.change("questions.yaml", "kind: phone", "kind: telephone")
    copy.change(SERVICE, 'n: "7"\n  unit: working_days', 'n: "7"\n  unit: weeks')
    told = mistakes(copy)

    assert len(told) == 3
    assert [line.split(":")[0] for line in told] == ["agencies.yaml", "questions.yaml", SERVICE]
    assert "check digit" in told[0]
    assert "telephone" in told[1]
    assert "duration.unit" in told[2]


def test_a_mistake_names_its_line(copy: Copy) -> None:
    copy.change("questions.yaml", "kind: phone", "kind: telephone")
    line = (copy.folder / "questions.yaml").read_text(encoding="utf-8").split("applicant_phone:")[0].count("\n") + 1

    assert mistakes(copy)[0].startswith(f"questions.yaml:{line}: applicant.questions.applicant_phone")


def test_a_bad_catalogue_does_not_load(copy: Copy) -> None:
    copy.change(SERVICE, "code: FOOD-NOTIFY", "code: food notify")
    with pytest.raises(CatalogueError) as refused:
        load(copy.folder)

    assert [mistake.path for mistake in refused.value.mistakes] == ["code"]
    assert str(refused.value) == mistakes(copy)[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        # YAML
        (
            SERVICE,
            "code: FOOD-NOTIFY",
            "code: FOOD-NOTIFY\ncode: FOOD-AGAIN",
            "the key 'code' stands twice (first in line 5)",
        ),
        (SERVICE, "version:", "\tversion:", "not YAML"),
        (SERVICE, "known_by: shop_name", "known_by: *nobody", "aliases (*name) are not used here"),
        (SERVICE, "known_by: shop_name", "known_by: !!python/name:os.system shop_name", "every value is text"),
        (SERVICE, "known_by: shop_name", "[a, b]: shop_name", "a key must be one word"),
        (SERVICE, "short_name: {th: แจ้งเปิดร้านอาหาร", "short_name: {th: ✓แจ้งเปิดร้านอาหาร", "documents cannot show “✓”"),
        # the shape of one entry
        (SERVICE, "known_by: shop_name", "known_bye: shop_name", "known_bye: unknown field"),
        (SERVICE, 'last_reviewed: "2026-10-01"\n', "", "last_reviewed: this field is missing"),
        (
            SERVICE,
            "short_name: {th: แจ้งเปิดร้านอาหาร, en: Food premises notification}",
            "short_name: แจ้งเปิดร้านอาหาร",
            "short_name",
        ),
        (SERVICE, "{holder} เพื่อ", "{holder.__class__} เพื่อ", "{holder.__class__} is not the key of a value"),
        (SERVICE, "{holder} เพื่อ", "{holder เพื่อ", "braces do not match"),
        (SERVICE, "is: rent}", "is: rent, in: [rent]}", "give exactly one of is, in"),
        (
            SERVICE,
            "when: {question: premises_right, is: rent}",
            "when: {premises_right: rent}",
            "a condition starts with all, any, not or question",
        ),
        (SERVICE, 'deficiency:\n  n: "7"', 'deficiency:\n  n: "6"', "at least 7 days"),
        (SERVICE, "result: certificate", "result: receipt_only", "licence wording belongs to"),
        (SERVICE, "result: certificate", "result: certificate\ndelivery: {th: ส่งให้, en: Sent}", "delivery says how"),
        ("agencies.yaml", 'areas: ["7301"]', 'areas: ["7399"]', "neither a district (4 digits) nor a subdistrict"),
        ("agencies.yaml", 'biller_id: "099456900001201"', 'biller_id: "0994569000012"', "biller_id"),
        (
            "questions.yaml",
            "- {from: opening_date}",
            "- {from: employees_pay}",
            "asked later: only earlier answers count",
        ),
        (
            "questions.yaml",
            "takeaway, drinks, storage]}, value: shop}",
            "takeaway]}, value: stall}",
            "is no answer to it",
        ),
        ("documents.yaml", "waived_by: vat_register", "waived_by: vat_registry", "there is no registry 'vat_registry'"),
        (
            "questions.yaml",
            "{registry: place_map, path: near}",
            "{registry: place_map, path: far}",
            "only forbidden, near",
        ),
        (
            "questions.yaml",
            "registry: land_title, path: right",
            "registry: the_land, path: right",
            "there is no registry",
        ),
        (
            "registries.yaml",
            "{ELSEWHERE: elsewhere}",
            "{ELSEWHERE: far_away}",
            "'far_away' of 'commercial_register' is no",
        ),
        (
            "registries.yaml",
            "HouseNo: premises_address.house",
            "HouseNo: premises_address.number",
            "has no part 'number'",
        ),
        (
            "registries.yaml",
            "{LicenceNo: wellness_operator_licence}",
            "{LicenceNo: wellness_licence}",
            "there is no question",
        ),
        ("registries.yaml", "  reference: ZoneNo\n", "", "a registry of records needs this field"),
        ("registries.yaml", "path: /ws/rd/vat/v1/operator", "path: https://rd.example/vat", "should match pattern"),
        ("documents.yaml", "  waived_by: dopa\n", "", "names the registry it comes from"),
        (
            "questions.yaml",
            "max_length: 150",
            "max_length: 150\n      sensitive: yes",
            "sensitive data is personal data",
        ),
        (FEES, 'amount: "100"', 'amount: "100 บาท"', "write an amount in baht such as 100"),
        # what one entry says about another
        (
            "questions.yaml",
            OWNER,
            "when: {question: premises_area, above: '5'}",
            "asked later: only earlier questions can decide",
        ),
        ("questions.yaml", OWNER, "when: {question: premises_owner_name, answered: yes}", "asked later"),
        (
            "questions.yaml",
            "in: [rent, consent]",
            "in: [rent, borrow]",
            "'premises_right' has no answer 'borrow': it has own, rent, consent",
        ),
        (
            "questions.yaml",
            OWNER,
            "when: {question: premises_right, above: '3'}",
            "above needs an integer or decimal question; 'premises_right' is choice",
        ),
        (
            "questions.yaml",
            OWNER,
            "when: {question: shop_name, is: rent}",
            "is needs a choice or yes_no question; 'shop_name' is text",
        ),
        (
            "questions.yaml",
            OWNER,
            "when: {question: premises_wrong, is: rent}",
            "there is no question 'premises_wrong'",
        ),
        ("questions.yaml", "- value: consent", "- value: rent", "the option 'rent' appears twice"),
        ("questions.yaml", "value: organisation", "value: company", "the portal gives person or organisation"),
        ("questions.yaml", "given: applicant_kind", "given: weather", "given: Input should be 'applicant_kind'"),
        (
            "questions.yaml",
            "given: applicant_kind",
            "given: applicant_kind\n      optional: yes",
            "no when, prefill or",
        ),
        (
            "questions.yaml",
            "autocomplete: family-name",
            "given: applicant_kind",
            "is a choice; 'applicant_family_name'",
        ),
        (SERVICE, "    at: premises_area", "    at: applicant_kind", "'applicant_kind' is never shown"),
        (SERVICE, "limits:\n", NEED + "limits:\n", "there is no service 'food-licence'"),
        (SERVICE, "limits:\n", NEED + "limits:\n", "a service cannot rest on itself"),
        (
            "services/liquor-retail.yaml",
            "services: [commercial-registration]",
            "services: [commercial-register-copy]",
            "ends without a licence",
        ),
        (SERVICE, "limits:\n", NEED + "limits:\n", "'premises_right' has no answer 'gift'"),
        (
            "questions.yaml",
            '      min: "1"\n      max: "100000"',
            '      min: "9"\n      max: "5"',
            "min 9 is above max 5",
        ),
        (
            "questions.yaml",
            "    premises_building:",
            "    shop_name:",
            "the question 'shop_name' is already defined in questions.yaml",
        ),
        (SERVICE, "  - premises_right\n", "", "asks 'premises_owner_name' but not 'premises_right'"),
        (SERVICE, "  - grease_trap", "  - grease_trapp", "there is no question 'grease_trapp'"),
        (SERVICE, "  - grease_trap", "  - waste_system", "the question 'waste_system' is asked twice"),
        (SERVICE, "{document: food_training}", "{document: food_raining}", "there is no document 'food_raining'"),
        (SERVICE, "{document: food_training}", "{document: id_card}", "the document 'id_card' is asked twice"),
        (SERVICE, "is: consent}", "is: gift}", "premises_consent: 'premises_right' has no answer 'gift'"),
        (SERVICE, "instead: food-premises-licence", "instead: food-licence", "there is no service 'food-licence'"),
        (SERVICE, "known_by: shop_name", "known_by: shop", "does not ask 'shop'"),
        (SERVICE, "by: premises_address}", "by: shop_name}", "does not ask an address under 'shop_name'"),
        (SERVICE, RECEIVER, "receiver: {kind: department, agency: customs}", "there is no agency 'customs'"),
        (
            SERVICE,
            RECEIVER,
            "receiver: {kind: department, agency: muang-tuayang}",
            "only local authorities have ordinances",
        ),
        (
            SERVICE,
            'n: "4"\n    unit: working_days',
            'n: "3"\n    unit: working_days',
            "the steps add up to 6, but the duration is 7",
        ),
        (SERVICE, 'cap: "1000"', 'cap: "900"', "1,000.00 baht is above the cap of 900.00 baht"),
        (SERVICE, "“{shop_name}” ต่อ", "“{shop_names}” ต่อ", "{shop_names} is neither an answer"),
        (SERVICE, "“{shop_name}” ต่อ", "“{premises_building}” ต่อ", "{premises_building} is not always answered"),
        (SERVICE, "xml: PremisesName", "xml: Notifier", "the XML element 'Notifier' stands twice"),
        (FEES, "agency: muang-tuayang", "agency: nakhon-sommut", "file name and agency must agree"),
        (FEES, "  food-premises-licence:", "  food-premises-permit:", "there is no service 'food-premises-permit'"),
        (
            FEES,
            "  food-premises-licence:",
            "  food-premises-permit:",
            "authorities/muang-tuayang.yaml gives no fee for it",
        ),
        (FEES, "by: premises_area", "by: shop_name", "does not ask a number under 'shop_name'"),
        (FEES, 'up_to: "50"', 'up_to: "15"', "rows must be in the order of up_to"),
        (FEES, '{up_to: "300", amount: "2000"}', '{amount: "2000"}', "only the last row may be without up_to"),
        (
            "agencies.yaml",
            'areas: ["400106", "400107"]',
            'areas: ["400106", "7301"]',
            "7301 is already served by muang-tuayang health",
        ),
        (
            "agencies.yaml",
            'areas: ["400106", "400107"]',
            "areas: []",
            "an office of a local authority names the areas it serves",
        ),
        ("agencies.yaml", "code: health-north", "code: health", "the office 'health' stands twice"),
        (
            "agencies.yaml",
            "services: [commercial-registration, commercial-register-copy]",
            "services: [trade]",
            "there is no service 'trade'",
        ),
        (
            "agencies.yaml",
            "services: [commercial-registration, commercial-register-copy]",
            "services: []",
            "7301 is already served by muang-tuayang",
        ),
        (TRADE, "rather: head_office_address", "rather: shop_name", "does not ask an address under 'shop_name'"),
        (LIQUOR, 'of: ["no"], amount', 'of: ["yes"], amount', "the answer 'yes' has two amounts"),
        (LIQUOR, '    - {of: ["no"], amount: "330"}\n', "", "the answer 'no' to 'vat_registered' has no amount"),
        (LIQUOR, 'of: ["no"], amount', 'of: ["no", "perhaps"], amount', "'vat_registered' has no answer 'perhaps'"),
        (LIQUOR, "by: vat_registered", "by: shop_name", "'liquor-retail' does not ask a choice under 'shop_name'"),
        (LIQUOR, 'of: ["no"], amount: "330"', 'of: ["no"]', "give an amount, or by and rows"),
        (FEES, "by: machine_power", "by: hazard_detail", "does not ask a number under 'hazard_detail'"),
        (FEES, '{up_to: "20", amount: "5000"}', '{amount: "5000"}', "only the last row may be without up_to"),
        (
            "documents.yaml",
            "same_as: applicant_address",
            "same_as: applicant_email",
            "same_as needs two questions of one kind; 'applicant_email' is not address",
        ),
        (
            "documents.yaml",
            "waived_when: {question: premises_address, same_as: applicant_address}",
            "waived_when: {question: premises_address, same_as: head_office_address}",
            "house_registration: depends on 'head_office_address', which this service does not ask",
        ),
        (
            "documents.yaml",
            "  who_prepares: applicant\n  hint: {th: ทุกหน้า",
            "  who_prepares: applicant\n  waived_when: {question: premises_right, is: own}\n  hint: {th: ทุกหน้า",
            "waived_when says when",
        ),
    ],
)
def test_a_mistake_is_told_in_words(copy: Copy, file: str, old: str, new: str, told: str) -> None:
    copy.change(file, old, new)
    assert any(told in line for line in mistakes(copy)), mistakes(copy)


def test_one_broken_shared_question_is_blamed_once_and_not_by_everyone_who_asks_it(copy: Copy) -> None:
    copy.change("questions.yaml", "premises_area:\n      kind: decimal", "premises_area:\n      kind: dezimal")
    assert len(mistakes(copy)) == 1


def test_one_broken_service_is_blamed_once_and_not_by_its_ordinances(copy: Copy) -> None:
    copy.change(SERVICE, "known_by: shop_name", "known_bye: shop_name")
    assert len(mistakes(copy)) == 1


def test_a_missing_file_and_a_stray_one_are_told(copy: Copy) -> None:
    (copy.folder / "documents.yaml").unlink()
    (copy.folder / "services" / "draft.yml").write_text("version: 1", encoding="utf-8")
    told = mistakes(copy)

    assert any(line.startswith("documents.yaml:1: cannot be read") for line in told)
    assert "services/draft.yml:1: only files that end in .yaml belong here" in told


def test_a_file_that_is_not_utf8_is_told(copy: Copy) -> None:
    (copy.folder / "documents.yaml").write_bytes("id_card: สำเนา".encode("cp874"))
    assert any(line == "documents.yaml:1: is not UTF-8 text" for line in mistakes(copy))


@pytest.mark.parametrize("text", ["", "just words", "- a\n- list"])
def test_a_file_of_another_shape_is_told(copy: Copy, text: str) -> None:
    (copy.folder / SERVICE).write_text(text, encoding="utf-8")
    assert any(line.startswith(f"{SERVICE}:1:") for line in mistakes(copy))


def test_text_stays_text(copy: Copy) -> None:
    copy.change("questions.yaml", "example: {th: ครัวมะลิ, en: Mali Kitchen}", "example: {th: 0105, en: no}")
    example = load(copy.folder).questions["shop_name"].example

    assert example is not None
    assert (example.th, example.en) == ("0105", "no")


OWN_PARTS = """
topics:
  shop:
    questions:
      food_seats:
        kind: integer
        label: {th: จำนวนที่นั่ง, en: Seats}
        when: {question: food_business, is: eat_in}
  garden:
    title: {th: สวน, en: Garden}
    questions:
      garden_trees:
        kind: yes_no
        label: {th: มีต้นไม้หรือไม่, en: "Are there trees?"}
own_documents:
  garden_photo:
    name: {th: ภาพสวน, en: Photo of the garden}
    kind: other
    issuer: {th: ผู้ยื่น, en: Applicant}
    who_prepares: applicant
    reasons:
      - {key: unclear, text: {th: ไม่ชัด, en: Unclear}}
"""


def test_a_service_may_bring_questions_topics_and_documents_of_its_own(copy: Copy) -> None:
    copy.change(SERVICE, "\nasks:\n", f"{OWN_PARTS}\nasks:\n  - garden_trees\n  - food_seats\n")
    copy.change(SERVICE, "  - {document: food_training}", "  - {document: garden_photo}\n  - {document: food_training}")
    assert mistakes(copy) == []
    service = load(copy.folder).services[NOTIFICATION]

    assert [topic.key for topic in service.topics][-1] == "garden"
    shop = next(topic for topic in service.topics if topic.key == "shop")
    assert [q.key for q in shop.questions][-1] == "food_seats"
    assert service.documents[-1].key == "garden_photo"


def test_the_service_file_decides_what_is_asked_and_the_dictionary_in_which_order(copy: Copy) -> None:
    copy.change(SERVICE, "  - applicant_title\n", "")
    copy.change(SERVICE, "  - grease_trap\n", "  - grease_trap\n  - applicant_title\n")
    assert load(copy.folder).services[NOTIFICATION].questions == real().services[NOTIFICATION].questions


GUIDE = "guide: {kind: slides}"
RECORDED = """guide:
  kind: video
  file: shop.webm
  duration: "90"
  captions: {th: shop.th.vtt, en: shop.en.vtt}
  transcript: {th: "เปิดร้าน", en: "Open a shop"}"""


def test_a_guide_has_captions_and_a_transcript_in_both_languages_and_its_files_are_there(copy: Copy) -> None:
    copy.change(SERVICE, GUIDE, RECORDED.replace(", en: shop.en.vtt", "").replace(', en: "Open a shop"', ""))
    begins = (copy.folder / SERVICE).read_text(encoding="utf-8").split("guide:")[0].count("\n") + 1
    told = mistakes(copy)
    assert [line.partition(": ")[2] for line in told] == [
        "guide.captions.en: this field is missing",
        "guide.transcript.en: this field is missing",
    ]
    assert [int(line.split(":")[1]) - begins for line in told] == [4, 5], "each at its own line"

    copy.change(SERVICE, "captions: {th: shop.th.vtt}", "captions: {th: shop.th.vtt, en: shop.en.vtt}")
    copy.change(SERVICE, 'transcript: {th: "เปิดร้าน"}', 'transcript: {th: "เปิดร้าน", en: "Open a shop"}')
    (copy.folder / "guides").mkdir()
    (copy.folder / "guides" / "shop.webm").write_bytes(b"GIF89a")
    (copy.folder / "guides" / "shop.th.vtt").write_text("1\nเปิดร้าน", encoding="utf-8")
    assert sorted(line.partition(": ")[2] for line in mistakes(copy)) == [
        "guide.captions.en: there is no file guides/shop.en.vtt",
        "guide.captions.th: guides/shop.th.vtt is no WebVTT: WEBVTT, then times like 00:01.000 --> 00:04.000 and words",
        "guide.file: guides/shop.webm is not what its name says: no webm begins like that",
    ]

    still = io.BytesIO()
    Image.new("RGB", (64, 36)).save(still, "WEBP")
    (copy.folder / "guides" / "shop.webm").write_bytes(webm.film([Still(still.getvalue(), 2000)], 64, 36))
    for lang in ("th", "en"):
        (copy.folder / "guides" / f"shop.{lang}.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nร้าน\n")
    assert mistakes(copy) == []
    assert isinstance(load(copy.folder).guides[NOTIFICATION], Recorded)


def test_a_guide_of_slides_says_the_words_of_the_manual_and_its_captions_follow_each_other_without_a_gap() -> None:
    for slug, guide in real().guides.items():
        assert isinstance(guide, Slides)
        service = real().services[slug]
        shown = guide_slides.slides(service)
        for lang in ("th", "en"):
            said = guide_slides.captions(shown, lang)
            assert [step.name.to(lang) for step in service.steps if step.name.to(lang) not in said] == []
            times = re.findall(r"^(\S+) --> (\S+)$", said, re.MULTILINE)
            assert len(times) == len(shown)
            assert [end for _, end in times][:-1] == [start for start, _ in times][1:]
            minutes, _, rest = times[-1][1].partition(":")
            assert 0 <= guide_slides.seconds(shown) - (int(minutes) * 60 + float(rest)) < 1
