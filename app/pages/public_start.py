"""What one form will be for, before anybody signs in: the choice lives in the address and nowhere else."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.catalogue import choosing
from app.catalogue.schema import Service, Text, ToDepartment
from app.core.web import render
from app.identity.models import ApplicantKind
from app.identity.sessions import CitizenSession, OfficerSession
from app.pages.contexts.public import BundleView
from app.pages.contexts.start import ChosenView, Instead, NeedView, PaperView, StartPage
from app.pages.who import MaybeSignedIn
from app.stories import choose, inform
from app.stories.choose import Paper, Plan
from app.stories.house import House

router = APIRouter()

Chosen = Annotated[list[str], Query(alias="service", default_factory=list)]
"""The services named in the address, in order: what was chosen lives nowhere else until a form is begun."""


def start_href(slugs: Sequence[str], path: str = "/start") -> str:
    """The address of what was chosen."""
    return f"{path}?{urlencode([('service', slug) for slug in slugs])}" if slugs else path


# — What is chosen ——————————————————————————————————————————————————————————————————————————————————————————————————


@router.get("/start")
def start(request: Request, chosen: Chosen, visitor: MaybeSignedIn) -> Response:
    """Everything that was chosen, what it takes, and what could be added. Open to everybody."""
    house: House = request.app.state.house
    kind = visitor.party_kind if isinstance(visitor, CitizenSession) else ApplicantKind.PERSON
    plan = choose.plan(house, chosen, {"applicant_kind": str(kind)})
    page = _start_page(house, plan, may_begin=not isinstance(visitor, OfficerSession))
    return render(request, "public/start.html", page)


def _start_page(house: House, plan: Plan, *, may_begin: bool) -> StartPage:
    slugs = [service.slug for service in plan.services]
    return StartPage(
        chosen=tuple(_chosen(house, plan, service) for service in plan.services),
        to_upload=tuple(_paper(house, paper) for paper in plan.to_upload),
        fetched=tuple(_paper(house, paper) for paper in plan.fetched),
        shared=plan.shared,
        addable=tuple((service, start_href([*slugs, service.slug])) for service in plan.addable),
        bundles=tuple(
            BundleView(
                bundle.name, bundle.summary, start_href([*slugs, *(s for s in bundle.services if s not in slugs)])
            )
            for bundle in plan.bundles
        ),
        search_href=start_href(slugs, "/services"),
        begin_href=start_href(slugs, "/start/notice") if slugs and may_begin else "",
    )


def _chosen(house: House, plan: Plan, service: Service) -> ChosenView:
    slugs = [one.slug for one in plan.services]
    return ChosenView(
        service=service,
        receiver=receiver_of(house, service),
        without_href=start_href([slug for slug in slugs if slug != service.slug]),
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


def _paper(house: House, paper: Paper) -> PaperView:
    services = house.catalogue.services
    return PaperView(
        document=paper.asked.document,
        needed_by=tuple(services[slug].short_name for slug in paper.asked.services),
        when=paper.when,
    )
