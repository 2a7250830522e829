"""The schemas of the data inside licences and letters, at addresses that never change: for whoever reads by machine."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.catalogue.manual import LicenceWording
from app.core.errors import NotFound
from app.core.web import Db
from app.licences import schema
from app.pages.citizen_form import house_of
from app.pdf import letter_data

router = APIRouter()

SCHEMAS = "/schemas/licence/1"


@router.get(f"{SCHEMAS}/{{slug}}-{{version}}.xsd")
def xml_schema(request: Request, slug: str, version: int, db: Db) -> Response:
    """The XML schema of ContentInformation.xml in the licences of one version of a service."""
    return Response(schema.xsd(_wording(request, db, slug, version)), media_type="application/xml")


@router.get(f"{SCHEMAS}/{{slug}}-{{version}}.json")
def json_schema(request: Request, slug: str, version: int, db: Db) -> Response:
    """Its twin for ContentInformation.json."""
    wording = _wording(request, db, slug, version)
    address = schema.place(house_of(request).settings.base_url, slug, version, "json")
    return JSONResponse(schema.json_schema(wording, address), media_type="application/schema+json")


def _wording(request: Request, db: Db, slug: str, version: int) -> LicenceWording:
    found = house_of(request).service(db, slug, version).licence
    if found is None:
        raise NotFound
    return found


@router.get("/schemas/letter/1.xsd")
def letter_xml_schema() -> Response:
    """The XML schema of ContentInformation.xml in every letter."""
    return Response(letter_data.xsd(), media_type="application/xml")


@router.get("/schemas/letter/1.json")
def letter_json_schema(request: Request) -> Response:
    """Its twin for ContentInformation.json."""
    address = letter_data.place(house_of(request).settings.base_url, "json")
    return JSONResponse(letter_data.json_schema(address), media_type="application/schema+json")
