"""The gateway as its guide describes it: token first, then calls; every shape a client may rely on."""

from datetime import timedelta

import httpx2
import pytest

from tests.demo.world import SLOW, World

MALI, BUNMA, PRANG = "1000000001072", "3000000003217", "1000000004284"


class Consumer:
    """A consumer that does what the guide says, by hand."""

    def __init__(self, world: World) -> None:
        self.told = world.environment
        self.http = world.http
        self.key = self.told["JUDIAO_GDX_CONSUMER_KEY"]
        self.token = ""

    def validate(self, **changes: str) -> httpx2.Response:
        asked = {"ConsumerSecret": self.told["JUDIAO_GDX_CONSUMER_SECRET"], "AgentID": "judiao", **changes}
        return self.ask("/ws/auth/validate", asked)

    def ask(self, path: str, asked: dict[str, str]) -> httpx2.Response:
        headers = {"Consumer-Key": self.key, "Token": self.token}
        return self.http.get(f"{self.told['JUDIAO_GDX_URL']}{path}", params=asked, headers=headers)

    def link(self, citizen_id: str, service: str = "001") -> httpx2.Response:
        asked = {"OfficeID": "00023", "ServiceID": service, "Version": "01", "CitizenID": citizen_id}
        return self.ask("/ws/dopa/linkage/v1/link", asked)

    def juristic(self, juristic_id: str) -> httpx2.Response:
        return self.ask("/ws/dbd/juristic/v4/profile/information", {"JuristicID": juristic_id})


@pytest.fixture
def consumer(world: World) -> Consumer:
    known = Consumer(world)
    known.token = known.validate().json()["Result"]
    return known


def test_a_token_is_only_for_a_known_key_with_its_secret_and_a_named_agent(consumer: Consumer) -> None:
    assert consumer.validate().json().keys() == {"Result"}
    assert consumer.validate(ConsumerSecret="guessed").status_code == 401
    assert consumer.validate(AgentID="").status_code == 401
    consumer.key = "guessed"
    assert consumer.validate().status_code == 401


def test_without_a_good_token_every_registry_answers_401(consumer: Consumer) -> None:
    consumer.token = "0" * 32
    assert consumer.link(MALI).status_code == 401
    assert consumer.juristic("0995569000013").status_code == 401


def test_a_token_lives_an_hour_after_its_last_use(world: World, consumer: Consumer) -> None:
    for _ in range(3):
        world.clock.move(timedelta(minutes=59))
        assert consumer.link(MALI).status_code == 200
    world.clock.move(timedelta(minutes=61))
    assert consumer.link(MALI).status_code == 401


def test_a_token_can_be_forgotten_by_the_gateway(consumer: Consumer) -> None:
    assert consumer.http.delete("/gdx/tokens").status_code == 204
    assert consumer.link(MALI).status_code == 401


def test_a_person_record_has_buddhist_dates_as_numbers_and_null_for_nothing(consumer: Consumer) -> None:
    record = consumer.link(MALI).json()
    assert (record["titleDesc"], record["firstName"], record["middleName"], record["lastName"]) == (
        "นางสาว", "มะลิ", None, "ตัวอย่าง",
    )  # fmt: skip
    assert record["dateOfBirth"] == 25380615


def test_an_unknown_day_and_month_of_birth_are_00(consumer: Consumer) -> None:
    assert consumer.link(BUNMA).json()["dateOfBirth"] == 25040000


def test_a_house_record_has_area_codes_as_numbers_without_leading_zeros(consumer: Consumer) -> None:
    house = consumer.link(MALI, "008").json()
    assert (house["provinceCode"], house["districtCode"], house["subdistrictCode"]) == (73, 1, 1)
    assert (house["houseNo"], house["villageNo"], house["alleyDesc"], house["roadDesc"]) == (
        "99/1", 0, "ดอกรัก 2", "ดอกไม้",
    )  # fmt: skip


def test_a_person_without_record_is_404_and_a_wrong_service_400(consumer: Consumer) -> None:
    assert consumer.link(PRANG).status_code == 404
    assert consumer.link("1000000000009").status_code == 404
    assert consumer.link(MALI, "999").status_code == 400


def test_a_company_profile_has_the_documented_members_all_texts(consumer: Consumer) -> None:
    (profile,) = consumer.juristic("0995569000013").json()["ResultList"]
    assert profile["JuristicStatus"] == "ยังดำเนินกิจการอยู่"
    assert profile["RegisterDate"] == "25620829"
    assert profile["CommitteeInformations"][0] == {
        "Sequence": "1", "Title": "นางสาว", "FirstName": "มะลิ", "LastName": "ตัวอย่าง", "Type": "K",
    }  # fmt: skip
    (address,) = profile["AddressInformations"]
    assert (address["Tumbol"], address["Ampur"], address["Province"]) == ("พระปฐมเจดีย์", "เมืองนครปฐม", "นครปฐม")
    texts = [value for value in profile.values() if not isinstance(value, list)]
    assert all(isinstance(value, str) for value in [*texts, *address.values()])


def test_a_company_that_was_dissolved_says_so_and_an_unknown_one_is_404(consumer: Consumer) -> None:
    assert consumer.juristic("0995569000021").json()["ResultList"][0]["JuristicStatus"] == "เลิก"
    assert consumer.juristic("0999999999999").status_code == 404


def test_the_business_registry_can_be_slow_and_may_not_know_a_company_yet(world: World, consumer: Consumer) -> None:
    before = world.clock.now()
    assert consumer.juristic("0995569000048").json()["ResultList"][0]["JuristicType"] == "3"
    assert world.clock.now() - before >= timedelta(seconds=SLOW)
    assert consumer.juristic("0995569000056").status_code == 404


def test_a_company_may_be_dissolved_while_a_test_runs(consumer: Consumer) -> None:
    assert consumer.http.put("/gdx/companies/0995569000030?status=ล้มละลาย").status_code == 204
    assert consumer.juristic("0995569000030").json()["ResultList"][0]["JuristicStatus"] == "ล้มละลาย"


def test_the_gateway_keeps_a_log_of_what_was_asked(consumer: Consumer) -> None:
    consumer.link(BUNMA)
    last = consumer.http.get("/gdx/log").json()[-1]
    assert last == {"path": "/ws/dopa/linkage/v1/link", "service": "001", "asked": BUNMA, "status": 200}
