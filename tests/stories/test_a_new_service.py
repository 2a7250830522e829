"""A service that somebody else wrote: one file put into the catalogue, and it is found, filled, paid and issued."""

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import yaml

from app.catalogue import editing, loader
from app.core.embedded import Urls
from app.demo import walk
from tests.catalogue.world import Copy
from tests.served import database_of_its_own, portal_on
from tests.stories.world import World, picture

FILE = Path(__file__).with_name("dog_boarding.yaml")
SLUG = "dog-boarding"
SAID = {
    **walk.SHOP["applicant"],
    **walk.SHOP["shop"],
    **walk.SHOP["location"],
    "boarding_days": "all_week",
    "kennels": "12",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue of the house and one more file."""
    copy = Copy.at(tmp_path_factory.mktemp("theirs") / "catalogue")
    (copy.folder / "services" / f"{SLUG}.yaml").write_bytes(FILE.read_bytes())
    return copy.folder


@pytest.fixture(scope="module")
def world(cluster: Urls, run_folder: Path, folder: Path) -> Iterator[World]:
    with database_of_its_own(cluster) as urls, portal_on(urls.owner, run_folder, folder) as here:
        made = World(here)
        yield made
        made.close()


def test_one_file_goes_from_the_search_to_the_licence_without_a_line_of_code(world: World) -> None:
    stranger = world.stranger()
    assert f"/services/{SLUG}" in str(stranger.open("/services?q=ฝากหมา").links(r"/services/")[0])
    stranger.open(f"/services/{SLUG}").must_see("กฎหมายว่าด้วยสัตว์เลี้ยง (สมมุติ)").must_see("25 บาทต่อกรง").must_see(
        "ใบแทนใบอนุญาต"
    )
    assert SLUG in str(stranger.open("/").links(rf"/start\?.*{SLUG}")), "it joined a bundle"
    stranger.open("/quiz?ask=boards_dogs").must_see("จะรับฝากสุนัขค้างคืนหรือไม่")
    stranger.open("/quiz/result?boards_dogs=yes&kennels=12").must_see("คุณต้องทำ 1 เรื่อง").must_see("400 บาท")

    me = world.citizen("mali")
    form = walk.start_form(me, SLUG)
    walk.await_prefill(me, form)
    walk.answer_all(me, form, SAID)
    assert walk.attach(me, form, picture) == 2, "its own document, and one that others ask for too"
    me.open(f"{form}/check").must_see("จำนวนกรง 12 กรง × 25 บาท")
    walk.submit(me, form)

    desk = world.officer("ha")
    case = walk.find_case(desk, walk.application_number(me, form))
    walk.take(desk, case)
    walk.check(desk, case)
    walk.decide(desk, case, "accept", "ลงชื่อและรับไว้พิจารณา")
    walk.decide(desk, case, "approve", "ลงชื่ออนุญาต")
    bill = walk.bill_path(me, form)
    me.open(bill).must_see("400.00")  # 12 × 25 + 100 for the inspection
    walk.pay(me, bill)
    me.open(walk.await_licence(me, form)).must_see("ใบอนุญาตรับฝากสุนัข")


def test_it_fits_the_schema_that_editors_use_and_so_does_everything_of_the_house(folder: Path) -> None:
    for kind, files in {
        "service": folder.glob("services/*.yaml"),
        "authority": folder.glob("authorities/*.yaml"),
        **{
            name: iter([folder / f"{name}.yaml"])
            for name in ("questions", "documents", "agencies", "bundles", "quiz", "finding")
        },
    }.items():
        schema = json.loads(json.dumps(editing.schema(kind, editing.defaults(folder))))
        checker = jsonschema.Draft202012Validator(schema)
        for file in files:
            tree = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506 - text only
            problems = [f"{file.name}: {one.json_path}: {one.message[:200]}" for one in checker.iter_errors(tree)]
            assert problems == []


def test_the_schema_sees_what_the_loader_sees(folder: Path) -> None:
    checker = jsonschema.Draft202012Validator(editing.schema("service", editing.defaults(folder)))
    tree = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506
    wrong = {**tree, "known_bye": "x", "result": "gift", "version": ["1"]}
    del wrong["summary"]

    assert {one.json_path for one in checker.iter_errors(wrong)} >= {"$", "$.result", "$.version"}
    assert sum("summary" in one.message or "known_bye" in one.message for one in checker.iter_errors(wrong)) == 2


def test_a_bad_file_is_told_whole_with_lines_and_what_to_do(tmp_path: Path) -> None:
    copy = Copy.at(tmp_path / "catalogue")
    text = FILE.read_text(encoding="utf-8")
    for good, bad in {
        "bundles: [grocery]": "bundles: [pet_shop]",
        "by: kennels": "by: shop_name",
        "  - applicant.*": "  - applicants.*",
        "{holder}": "{owner_name}",
        "unit: working_days": "unit: weeks",
        "agency}": "agency.__class__}",
    }.items():
        assert good in text
        text = text.replace(good, bad, 1)
    (copy.folder / "services" / f"{SLUG}.yaml").write_text(text, encoding="utf-8")
    told = loader.check(copy.folder)

    assert all(line.startswith(f"services/{SLUG}.yaml:") for line in told)
    assert len({line.split(":")[1] for line in told}) == len(told), "each with its own line"
    assert [what for what in ("working_days", "agency.__class__") if not any(what in line for line in told)] == []

    text = text.replace("unit: weeks", "unit: working_days").replace("agency.__class__}", "agency}")
    (copy.folder / "services" / f"{SLUG}.yaml").write_text(text, encoding="utf-8")
    told = loader.check(copy.folder)
    for what in (
        "no bundle 'pet_shop'",
        "no topic 'applicants'",
        "does not ask a number under 'shop_name'",
        "owner_name",
    ):
        assert [line for line in told if what in line], (what, told)
