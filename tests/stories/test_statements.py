"""What a page asks of the database: so many statements, whoever looks and however much there is. Each costs CPU."""

from collections.abc import Callable

from app.demo import walk
from app.demo.browsing import Browser
from tests.statements import Said, heard
from tests.stories.world import World

SAVE = "บันทึกและไปหน้าถัดไป"


def asked(world: World, act: Callable[[], object]) -> list[str]:
    """The statements of one act: all the same every time, so what a job said meanwhile is left out."""
    times: list[Said] = []
    for _ in range(3):
        world.when_idle()
        with heard(world.house.database) as said:
            act()
        times.append(said)
    return [statement for statement, _ in min(times, key=len)]


def opened(world: World, me: Browser, path: str) -> int:
    """How many statements opening a page takes: the session, and what the page is about."""
    me.open(path)
    return len(asked(world, lambda: me.open(path)))


def test_every_main_page_asks_for_what_it_shows_in_few_statements(world: World) -> None:
    case = world.licensed()
    me, officer = case.me, world.officer("nueng")
    draft = walk.start_form(me)
    walk.await_prefill(me, draft)

    assert opened(world, me, f"{case.form}/track") == 6  # session, form, applications, bills, events, clocks
    assert opened(world, me, f"{draft}/topics/shop") == 4  # session, form, services, answers
    assert opened(world, me, draft) == 6  # and files, and the records that registries gave
    assert opened(world, me, "/my") == 8  # session, forms, services, answers, applications, bills, licences, inbox
    assert opened(world, officer, "/officer?tab=new") <= 4  # session, counts, rows, clocks

    walk.start_form(me)
    assert opened(world, me, "/my") == 8, "one more form is no more statements"


def test_a_page_of_answers_is_kept_in_one_statement(world: World) -> None:
    me = world.citizen()
    draft = walk.start_form(me, fetch=False)
    topic = f"{draft}/topics/shop"

    def save() -> None:
        me.press(SAVE, {**walk.SHOP["shop"], "shop_name": f"ครัวมะลิ {me.requests}"})

    saved = []
    for _ in range(2):
        me.open(topic)
        world.when_idle()
        with heard(world.house.database) as said:
            save()
        saved = [" ".join(statement.split()) for statement, _ in said]
    kept = [statement for statement in saved if statement.startswith(("with touched as", "UPDATE answers"))]
    assert len(kept) == 1
    posted = saved[: saved.index(kept[0]) + 1]
    assert len(posted) == 6, posted  # session, form, services, what is said, this page's answers; all of it kept
    assert "update single_forms" in posted[-1], "the form's days begin anew"
