"""The quiz: one question a page, every answer in the address. Nobody signs in, nothing is stored, nothing is lost."""

from collections.abc import Iterable, Mapping
from typing import cast
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue import choosing, outcome, quiz
from app.catalogue.conditions import Answers
from app.catalogue.outcome import Link, Verdict
from app.catalogue.quiz import Quiz, Said
from app.catalogue.schema import Question
from app.core import i18n
from app.core.i18n import gettext as _
from app.core.web import Now, render, see
from app.identity.sessions import OfficerSession
from app.pages.contexts.frame import Problem
from app.pages.contexts.quiz import Answered, Ordered, QuizPage, QuizResultPage, Reason
from app.pages.public_start import paper_view, start_href
from app.pages.who import MaybeSignedIn
from app.stories import choose
from app.stories.ahead import Ahead, ahead
from app.stories.house import House

router = APIRouter()


@router.get("/quiz")
def question(request: Request, _who: MaybeSignedIn) -> Response:
    """The question named by `ask`, else the first without an answer; after the last, the result."""
    asked, fields = _house(request).catalogue.quiz, _fields(request)
    said = quiz.read(asked, fields)
    sent = asked.questions.get(fields.get("asked", [""])[0])
    if sent is not None and not said.has(sent.key):
        return render(request, "public/quiz.html", _page(asked, said, sent, fields), status=422)
    wanted = next((q for q in quiz.asked(asked, said) if q.key == fields.get("ask", [""])[0]), None)
    following = wanted or quiz.following(asked, said)
    if following is None:
        return see(_address(asked, said, "/quiz/result"))
    return render(request, "public/quiz.html", _page(asked, said, following))


@router.get("/quiz/result")
def result(request: Request, visitor: MaybeSignedIn, now: Now) -> Response:
    """What the answers come to; an address that can be given to anybody."""
    house = _house(request)
    said = quiz.read(house.catalogue.quiz, _fields(request))
    result = _Result(house, said)
    page = result.page(
        ahead(house, result.services, result.known, now), may_begin=not isinstance(visitor, OfficerSession)
    )
    return render(request, "public/quiz_result.html", page)


def _house(request: Request) -> House:
    return cast("House", request.app.state.house)


def _fields(request: Request) -> dict[str, list[str]]:
    return {name: request.query_params.getlist(name) for name in request.query_params}


def _address(asked: Quiz, said: Said, path: str = "/quiz", ask: str = "") -> str:
    parts = [*quiz.written(asked, said), *([("ask", ask)] if ask else [])]
    return path + (f"?{urlencode(parts)}" if parts else "")


def _page(asked: Quiz, said: Said, question: Question, sent: Mapping[str, list[str]] | None = None) -> QuizPage:
    """One question; with `sent`, as it was answered and what is wrong with that."""
    reading = question.read(sent) if sent is not None else None
    counted, before = quiz.asked(asked, said), quiz.before(asked, said, question.key)
    value = said.answers.get(question.key)
    return QuizPage(
        problems=(Problem(question.key, reading.problem),) if reading and reading.problem else (),
        question=question,
        number=next((place for place, one in enumerate(counted, 1) if one.key == question.key), 1),
        total=len(counted),
        raw=reading.raw if reading else {} if value is None else question.fill(value),
        unsure=question.key in said.unsure,
        problem=reading.problem if reading else None,
        kept=tuple(pair for pair in quiz.written(asked, said) if pair[0] != question.key),
        answers=_answers(asked, said, (one.key for one in counted if said.has(one.key) and one is not question)),
        back_href=_address(asked, said, ask=before.key) if before else "/",
        result_href=_address(asked, said, "/quiz/result"),
    )


def _answers(asked: Quiz, said: Said, keys: Iterable[str]) -> tuple[Answered, ...]:
    """Answers as they are read, each with the way to change it."""
    questions = (asked.questions[key] for key in keys if key in asked.questions)
    return tuple(
        Answered(
            one.name,
            one.show(said.answers[one.key], i18n.lang()) if one.key in said.answers else "",
            _address(asked, said, ask=one.key),
        )
        for one in questions
    )


class _Result:
    """The result of one set of answers, for its page."""

    def __init__(self, house: House, said: Said) -> None:
        self.house, self.said, self.asked = house, said, house.catalogue.quiz
        self.found = outcome.outcome(house.catalogue, said)
        self.services = tuple(verdict.service for verdict in self.found.needed)
        self.known: Answers = {k: v for k, v in quiz.known(self.asked, said).items() if v is not None}
        self.carried = [pair for pair in quiz.written(self.asked, said) if pair[0] in quiz.carried(self.asked, said)]

    def page(self, before_us: Ahead, *, may_begin: bool) -> QuizResultPage:
        slugs, following = self.found.slugs, quiz.following(self.asked, self.said)
        plan = choose.plan(self.house, slugs, self.known)
        counted = [question.key for question in quiz.asked(self.asked, self.said) if self.said.has(question.key)]
        links = outcome.links(self.house.catalogue, self.services, self.known)
        return QuizResultPage(
            needed=self.reasons(self.found.needed),
            perhaps=self.reasons(self.found.perhaps),
            stopped=self.reasons(self.found.stopped),
            not_needed=self.reasons(self.found.not_needed),
            answers=_answers(self.asked, self.said, counted),
            unanswered=len(quiz.asked(self.asked, self.said)) - len(counted),
            costs=before_us.costs,
            total=before_us.total,
            answered_by=before_us.answered_by,
            last_day=before_us.last_day,
            to_upload=tuple(paper_view(self.house, paper) for paper in plan.to_upload),
            fetched=tuple(paper_view(self.house, paper) for paper in plan.fetched),
            produced=tuple((paper_view(self.house, paper), by.short_name) for paper, by in plan.produced),
            order=tuple(self.ordered(link, slugs) for link in links if link.on),
            on_href=_address(self.asked, self.said, ask=following.key) if following else "",
            start_href=start_href(slugs, carried=self.carried),
            begin_href=start_href(slugs, "/start/notice", self.carried) if slugs and may_begin else "",
        )

    def reasons(self, verdicts: Iterable[Verdict]) -> tuple[Reason, ...]:
        return tuple(
            Reason(
                service=verdict.service,
                why=verdict.rule.why,
                law=verdict.rule.law,
                answers=_answers(self.asked, self.said, verdict.questions),
                instead=verdict.limit.message if verdict.limit else None,
                far=verdict.questions == tuple(self.asked.questions)[:1],
            )
            for verdict in verdicts
        )

    def ordered(self, link: Link, slugs: list[str]) -> Ordered:
        moments = {
            "filing": _("ก่อนยื่นคำขอ"),
            "decision": _("ก่อนเจ้าหน้าที่พิจารณา"),
            "opening": _("ก่อนเปิดร้าน"),
        }
        inside = link.on[0].slug in slugs
        when = link.need.when if not link.certain else None
        return Ordered(
            service=link.service.short_name,
            on=link.on[0].short_name,
            moment=moments[link.need.before],
            why=link.need.why,
            law=link.need.law,
            when=choosing.in_words(self.house.catalogue, when) if when else None,
            add_href="" if inside else start_href([*slugs, link.on[0].slug], carried=self.carried),
        )
