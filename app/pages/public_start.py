"""What one form will be for, before anybody signs in: the choice lives in the address and nowhere else."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.catalogue import choosing, quiz
from app.catalogue.quiz import Said
from app.catalogue.schema import Service, Text, ToDepartment
from app.core.web import Now, render
from app.identity.models import ApplicantKind
from app.identity.sessions import CitizenSession, OfficerSession
from app.pages.contexts.public import BundleView
from app.pages.contexts.start import ChosenView, Instead, NeedView, PaperView, StartPage
from app.pages.who import MaybeSignedIn
from app.stories import choose, inform
from app.stories.ahead import Ahead, ahead
from app.stories.choose import Paper, Plan
from app.stories.house import House

router = APIRouter()

Chosen = Annotated[list[str], Query(alias="service", default_factory=list)]
"""The services named in the address, in order: what was chosen lives nowhere else until a form is begun."""


Pairs = Sequence[tuple[str, str]]


def start_href(slugs: Sequence[str], path: str = "/start", carried: Pairs = ()) -> str:
    """The address of what was chosen, with the answers of the quiz that go on into the form."""
    return f"{path}?{urlencode([*(('service', slug) for slug in slugs), *carried])}" if slugs else path


def _said(request: Request) -> Said:
    """The answers in the address that the quiz knows and the form asks too."""
    asked = request.app.state.catalogue.quiz
    fields = {name: request.query_params.getlist(name) for name in asked.of_the_form if name in request.query_params}
    return quiz.read(asked, fields)


Carried = Annotated[Said, Depends(_said)]
"""What the quiz already asked: it goes on into the form and is not asked again."""


# — What is chosen ——————————————————————————————————————————————————————————————————————————————————————————————————


@router.get("/start")
def start(request: Request, chosen: Chosen, carried: Carried, visitor: MaybeSignedIn, now: Now) -> Response:
    """Everything that was chosen, what it takes, and what could be added. Open to everybody."""
    house: House = request.app.state.house
    kind = visitor.party_kind if isinstance(visitor, CitizenSession) else ApplicantKind.PERSON
    known = {"applicant_kind": str(kind), **carried.answers}
    plan, pairs = choose.plan(house, chosen, known), quiz.written(house.catalogue.quiz, carried)
    before_us = ahead(house, plan.services, known, now)
    page = _start_page(house, plan, before_us, pairs, may_begin=not isinstance(visitor, OfficerSession))
    return render(request, "public/start.html", page)


def _start_page(house: House, plan: Plan, before_us: Ahead, pairs: Pairs, *, may_begin: bool) -> StartPage:
    slugs = [service.slug for service in plan.services]
    href = partial(start_href, carried=pairs)
    return StartPage(
        chosen=tuple(_chosen(house, plan, service, pairs) for service in plan.services),
        costs=before_us.costs,
        total=before_us.total,
        answered_by=before_us.answered_by,
        last_day=before_us.last_day,
        to_upload=tuple(paper_view(house, paper) for paper in plan.to_upload),
        fetched=tuple(paper_view(house, paper) for paper in plan.fetched),
        produced=tuple((paper_view(house, paper), by.short_name) for paper, by in plan.produced),
        shared=plan.shared,
        addable=tuple((service, href([*slugs, service.slug])) for service in plan.addable),
        bundles=tuple(
            BundleView(bundle.name, bundle.summary, href([*slugs, *(s for s in bundle.services if s not in slugs)]))
            for bundle in plan.bundles
        ),
        search_href=href(slugs, "/services"),
        begin_href=href(slugs, "/start/notice") if slugs and may_begin else "",
    )


def _chosen(house: House, plan: Plan, service: Service, pairs: Pairs) -> ChosenView:
    slugs = [one.slug for one in plan.services]
    return ChosenView(
        service=service,
        receiver=receiver_of(house, service),
        without_href=start_href([slug for slug in slugs if slug != service.slug], carried=pairs),
        instead=tuple(
            Instead(other.short_name, choosing.in_words(house.catalogue, when))
            for other, when in choosing.alternatives(house.catalogue, service)
        ),
        needs=tuple(
            NeedView(need.why, chosen=not set(slugs).isdisjoint(need.services), when=when)
            for need, when in plan.needs[service.slug]
        ),
    )


def receiver_of(house: House, service: Service) -> Text:
    """Who will receive it, as far as that is known before an address is."""
    receiver = service.receiver
    return house.agency(receiver.agency).name if isinstance(receiver, ToDepartment) else inform.LOCAL


def paper_view(house: House, paper: Paper) -> PaperView:
    """A document of a plan as pages show it."""
    services = house.catalogue.services
    return PaperView(
        document=paper.asked.document,
        needed_by=tuple(services[slug].short_name for slug in paper.asked.services),
        when=paper.when,
    )
