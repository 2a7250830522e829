"""The guide of a service as files: the film or recording with byte ranges, its poster, its captions. For everybody."""

import mimetypes
from typing import Literal, cast

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from app.core.thai import file_size
from app.core.web import FILE_CSP
from app.pages.contexts.public import GuideView
from app.stories import guides
from app.stories.guides import Shows

router = APIRouter()
GUIDE = "/services/{slug}/guide"
Lang = Literal["th", "en"]
INERT = {"Content-Security-Policy": FILE_CSP, "Cache-Control": "public, max-age=3600"}


def _shows(request: Request) -> Shows:
    return cast("Shows", request.app.state)


def view(request: Request, slug: str, lang: str) -> GuideView | None:
    """The guide as the manual shows it; None when the service has none."""
    found = guides.of(_shows(request), slug, lang)
    if found is None:
        return None
    base = f"/services/{slug}/guide"
    return GuideView(
        media_href=f"{base}/{lang}/media" if found.size else "",
        media_type=found.media_type,
        poster_href=f"{base}/{lang}/poster" if found.poster else "",
        captions=tuple((one, f"{base}/{one}/captions.vtt") for one in guides.LANGUAGES),
        sound=found.sound,
        size=file_size(found.size),
        seconds=found.seconds,
        transcript=found.transcript,
    )


@router.get(f"{GUIDE}/{{lang}}/media")
def media(request: Request, slug: str, lang: Lang) -> Response:
    """What is played: whole, or the part that a player asks for."""
    path, media_type = guides.media(_shows(request), slug, lang)
    return FileResponse(path, media_type=media_type, headers=INERT)


@router.get(f"{GUIDE}/{{lang}}/poster")
def poster(request: Request, slug: str, lang: Lang) -> Response:
    """The picture before it is played."""
    path = guides.poster(_shows(request), slug, lang)
    return FileResponse(path, media_type=mimetypes.guess_type(path.name)[0] or "image/webp", headers=INERT)


@router.get(f"{GUIDE}/{{lang}}/captions.vtt")
def captions(request: Request, slug: str, lang: Lang) -> Response:
    """What is said, in time with the film (WebVTT)."""
    return Response(guides.captions(_shows(request), slug, lang), media_type="text/vtt", headers=INERT)
