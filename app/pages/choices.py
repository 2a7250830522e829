"""Two answers to one question, side by side, box by box: nobody's is overwritten until the person chose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from app.catalogue.texts import Text
from app.core.i18n import gettext as _
from app.core.i18n import lang
from app.core.web import render
from app.pages.contexts.frame import Problem
from app.pages.contexts.saving import ClashPage, ClashView
from app.stories.boxes import WAS, Typed

CHOOSE, ASKED = "choose.", "asked."
SIDES = frozenset({"mine", "theirs"})


@dataclass(frozen=True)
class Where:
    """The page of the answers: what it is called, its address, where its script keeps, and where a choice goes."""

    title: Text
    here: str
    keep: str
    action: str
    token: str


@dataclass(frozen=True)
class Disputed:
    """A question with boxes that two people changed: how it reads, and what its boxes hold now."""

    key: str
    label: Text
    stands: Mapping[str, str]
    words: Callable[[Mapping[str, str]], str]


def settled(sent: Typed) -> tuple[Typed, str] | None:
    """What is to be kept of what was sent, and what then; None while a choice between two answers is open."""
    then = next(iter(sent.get("then", ())), "")
    asked = _under(ASKED, sent)
    if not asked:
        return sent, then
    said = _under(CHOOSE, sent)
    if any(said.get(key) not in SIDES for key in asked):
        return None
    theirs = [key for key in asked if said[key] == "theirs"]
    mine = {name: texts for name, texts in sent.items() if not _within(name.removeprefix(WAS), theirs)}
    return mine, then


def was_asked(sent: Typed) -> bool:
    """Whether this came from the page where one chooses."""
    return bool(_under(ASKED, sent))


def side_by_side(
    request: Request, where: Where, disputed: Sequence[Disputed], typed: Mapping[str, str], then: str, sent: Typed
) -> Response:
    """What stands and what was typed, one choice per question; `sent`: from this very page, with a choice left open."""
    picked = _under(CHOOSE, sent) if was_asked(sent) else None
    views = tuple(_view(one, typed, picked) for one in disputed)
    page = ClashPage(
        problems=tuple(Problem(f"choose.{view.key}", view.problem) for view in views if view.problem),
        title=where.title,
        here=where.here,
        clashes=views,
        action=where.action,
        keep=where.keep,
        then=then,
        token=where.token,
    )
    return render(request, "citizen/clash.html", page, status=409 if picked is None else 422)


def _view(one: Disputed, typed: Mapping[str, str], picked: Mapping[str, str] | None) -> ClashView:
    mine = {box: typed.get(box, said) for box, said in one.stands.items()}
    chosen = (picked or {}).get(one.key, "")
    left_open = picked is not None and chosen not in SIDES
    return ClashView(
        key=one.key,
        label=one.label,
        theirs=one.words(one.stands),
        by="",
        at=None,
        mine=one.words(mine),
        raw=mine,
        marks={f"{ASKED}{one.key}": "1", **{WAS + box: said for box, said in one.stands.items()}},
        chosen=chosen,
        problem=_("เลือกคำตอบที่จะใช้ใน “%(name)s”") % {"name": one.label.to(lang())} if left_open else "",
    )


def _under(prefix: str, sent: Typed) -> dict[str, str]:
    return {name.removeprefix(prefix): texts[0] for name, texts in sent.items() if name.startswith(prefix)}


def _within(box: str, keys: list[str]) -> bool:
    return any(box == key or box.startswith(f"{key}.") for key in keys)
