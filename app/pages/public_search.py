"""Finding a service: by a query, narrowed down by what it is like. Every list is an address that can be shared."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.catalogue import choosing, facets
from app.catalogue.facets import Option
from app.catalogue.schema import Bundle, Catalogue
from app.catalogue.search import bundles_for, nearest, search
from app.core.i18n import gettext as _
from app.core.web import render
from app.pages.contexts.public import BundleView, FacetView, SearchPage, Taken
from app.pages.public_start import Chosen, start_href
from app.pages.who import MaybeSignedIn

LONGEST_QUERY = 200

router = APIRouter()

Several = Annotated[list[str], Query(default_factory=list)]


@router.get("/services")
def services(
    request: Request,
    _who: MaybeSignedIn,
    chosen: Chosen,
    agency: Several,
    event: Several,
    fee: Several,
    level: Several,
    q: Annotated[str, Query()] = "",
) -> Response:
    """What a query finds; everything when there is none. A GET address that can be shared, with what is chosen."""
    narrow = {"agency": agency, "event": event, "fee": fee, "level": level}
    page = _page(cast("Catalogue", request.app.state.catalogue), q[:LONGEST_QUERY], chosen, narrow)
    return render(request, "public/search.html", page)


def _page(catalogue: Catalogue, query: str, chosen: Sequence[str], narrow: Mapping[str, list[str]]) -> SearchPage:
    picked = tuple(choosing.without_twins(catalogue, chosen))
    answered = [catalogue.services[slug] for slug in search(catalogue, query)]
    found = facets.narrowed(answered, narrow)
    offered = facets.options(catalogue, answered, narrow)
    taken = [option for options in offered.values() for option in options if option.chosen]
    address = [("q", query), *(("service", slug) for slug in picked)]
    near = nearest(catalogue, query) if not answered else []
    return SearchPage(
        q=query,
        found=tuple(found),
        bundles=tuple(bundle_view(bundle, picked) for bundle in bundles_for(catalogue, [one.slug for one in found])),
        picked=picked,
        facets=tuple(
            FacetView(key, name, tuple(offered[key])) for key, name in _names().items() if len(offered[key]) > 1
        ),
        taken=tuple(Taken(one.label, _address(address, (o for o in taken if o is not one))) for one in taken),
        everything_href=_address(address, ()),
        near=tuple(catalogue.services[slug] for slug in near),
    )


def _names() -> dict[str, str]:
    return {
        "event": _("เรื่องที่จะทำ"),
        "agency": _("ผู้รับเรื่อง"),
        "fee": _("ค่าธรรมเนียม"),
        "level": _("ทำออนไลน์ได้ถึงไหน"),
    }


def _address(rest: Sequence[tuple[str, str]], taken: Iterable[Option]) -> str:
    parts = [(name, value) for name, value in rest if value]
    parts += [(option.facet, option.value) for option in taken]
    return "/services" + (f"?{urlencode(parts)}" if parts else "")


def bundle_view(bundle: Bundle, picked: Sequence[str]) -> BundleView:
    """A bundle, and the address of the choice with all of it."""
    return BundleView(bundle.name, bundle.summary, start_href(list(dict.fromkeys([*picked, *bundle.services]))))
