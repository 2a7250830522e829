"""Pages anybody may see that need only the catalogue: home, a manual, and the standing pages."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Literal, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.catalogue import choosing
from app.catalogue.schema import Catalogue
from app.core import i18n
from app.core.door import Prefs, prefs_cookie
from app.core.errors import NotFound
from app.core.web import Db, Now, local_path, render, see
from app.engagement import questions
from app.identity.sessions import OfficerSession
from app.pages import health, public_guides, public_manual
from app.pages.contexts.public import HelpPage, HomePage, PlainPage
from app.pages.public_search import bundle_view
from app.pages.public_start import Chosen
from app.pages.who import MaybeSignedIn

SECURITY_TXT_HOLDS = timedelta(days=180)
"""RFC 9116 §2.5.5 recommends less than a year."""

router = APIRouter()


def _catalogue(request: Request) -> Catalogue:
    return cast("Catalogue", request.app.state.catalogue)


@router.get("/")
def home(request: Request, _: MaybeSignedIn, db: Db) -> Response:
    """Search first, whether the portal works, three doors, and what can be filed today."""
    catalogue = _catalogue(request)
    bundles = tuple(bundle_view(bundle, ()) for bundle in catalogue.bundles.values())
    page = HomePage(services=tuple(catalogue.services.values()), bundles=bundles, pulse=health.pulse(db))
    return render(request, "public/home.html", page)


@router.get("/services/{slug}")
def service(request: Request, slug: str, chosen: Chosen, visitor: MaybeSignedIn, db: Db) -> Response:
    """The citizen manual, from the record the engine itself runs on."""
    catalogue = _catalogue(request)
    if slug not in catalogue.services:
        raise NotFound
    picked = tuple(choosing.without_twins(catalogue, chosen))
    page = public_manual.page(catalogue, slug, picked, may_start=not isinstance(visitor, OfficerSession))
    guide = public_guides.view(request, slug, i18n.lang())
    return render(request, "public/service.html", replace(page, asked=_asked(db, slug), guide=guide))


def _asked(db: Session, slug: str) -> tuple[tuple[str, str], ...]:
    """What an agency answered for everybody. A database that does not answer keeps nobody from reading the manual."""
    try:
        return tuple((one.shared_as, one.answer) for one in questions.shared(db, slug))
    except SQLAlchemyError:
        db.rollback()
        return ()


# — Preferences ————————————————————————————————————————————————————————————————————————————————————————————————————————


@router.get("/prefs")
async def prefs(
    request: Request,
    theme: Literal["auto", "light", "dark"] | None = None,
    text: Literal["m", "l", "xl"] | None = None,
    contrast: Literal["auto", "more"] | None = None,
    keys: Literal["on", "off"] | None = None,
    lang: Literal["th", "en"] | None = None,
    to: Annotated[str, Query(alias="next")] = "/",
) -> Response:
    """Keep one choice of how pages look, and go back to where the person was. Nothing here is personal."""
    chosen: Prefs = request.state.prefs
    if theme is not None:
        chosen = replace(chosen, theme="" if theme == "auto" else theme)
    if text is not None:
        chosen = replace(chosen, text="" if text == "m" else text)
    if contrast is not None:
        chosen = replace(chosen, contrast="" if contrast == "auto" else contrast)
    if keys is not None:
        chosen = replace(chosen, keys="off" if keys == "off" else "")
    if lang is not None:
        chosen = replace(chosen, lang=lang)
    response = see(_without_language(local_path(to)))
    https = request.app.state.settings.base_url.startswith("https:")
    response.headers.append("Set-Cookie", prefs_cookie(chosen, https=https))
    return response


def _without_language(path: str) -> str:
    """The address without `lang`: it would undo the choice that was just made."""
    parts = urlsplit(path)
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name != "lang"])
    return parts._replace(query=query).geturl()


# — Standing pages —————————————————————————————————————————————————————————————————————————————————————————————————————


@router.get("/privacy")
def privacy(request: Request, _: MaybeSignedIn) -> Response:
    """What we do with personal data, in general; each form has its own notice."""
    return render(request, "public/privacy.html", PlainPage())


@router.get("/accessibility")
def accessibility(request: Request, _: MaybeSignedIn) -> Response:
    """What was tested, what was not, and whom to tell."""
    return render(request, "public/accessibility.html", PlainPage())


@router.get("/cookies")
def cookies(request: Request, _: MaybeSignedIn) -> Response:
    """Every cookie, what for, how long."""
    return render(request, "public/cookies.html", PlainPage())


@router.get("/help")
def help_(request: Request, _: MaybeSignedIn) -> Response:
    """Whom to ask, common questions, data-protection officers, security reports."""
    return render(request, "public/help.html", HelpPage(agencies=tuple(_catalogue(request).agencies.values())))


@router.get("/.well-known/security.txt")
async def security_txt(request: Request, now: Now) -> PlainTextResponse:
    """Where to report a weakness (RFC 9116)."""
    base = request.app.state.settings.base_url
    lines = (
        f"Contact: {base}/help#security",
        f"Expires: {(now + SECURITY_TXT_HOLDS).strftime('%Y-%m-%dT00:00:00Z')}",
        "Preferred-Languages: th, en",
        f"Canonical: {base}/.well-known/security.txt",
        f"Policy: {base}/help#security",
    )
    return PlainTextResponse("\n".join(lines) + "\n")


PRIVATE = ("/my", "/forms/", "/applications/", "/bills/", "/licences", "/access", "/consents", "/officer", "/verify/")


@router.get("/robots.txt")
async def robots() -> PlainTextResponse:
    """Manuals may be found by search engines; what belongs to a person may not."""
    return PlainTextResponse("User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in PRIVATE))
