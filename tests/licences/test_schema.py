"""What machines may rely on: the data of every service's licence keeps the schema that is published for it."""

import json
from dataclasses import replace
from datetime import date

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from app.catalogue.manual import LicenceWording
from app.catalogue.schema import Service
from app.licences.document import Content, Field, as_json, xml
from app.licences.schema import faults, json_schema, place, xsd
from tests.catalogue.world import real
from tests.licences.test_document import LICENCE

SERVICES = [service for service in real().services.values() if service.licence is not None]
BASE = "https://judiao.example.go.th"


def wording_of(service: Service) -> LicenceWording:
    assert service.licence is not None
    return service.licence


def licence_of(service: Service) -> Content:
    """A licence of the service, every row of it filled."""
    wording = wording_of(service)
    return replace(
        LICENCE,
        xml_root=wording.xml_root,
        fields=[Field(fact.label.th, "น้ำ ปั๊ม & <กุฏิ> ญาณ", fact.xml) for fact in wording.facts],
        service=service.slug,
        service_version=service.version,
        schema_url=place(BASE, service.slug, service.version),
    )


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.slug)
def test_the_data_of_every_service_keeps_its_schemas(service: Service) -> None:
    full = licence_of(service)
    for content in (full, replace(full, fields=full.fields[:1], valid_until=None)):
        assert faults(xml(content), wording_of(service)) == []
        schema = json_schema(wording_of(service), place(BASE, service.slug, service.version, "json"))
        Draft202012Validator.check_schema(schema)
        assert list(Draft202012Validator(schema).iter_errors(json.loads(as_json(content)))) == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.slug)
def test_no_two_facts_of_a_licence_share_a_name(service: Service) -> None:
    names = [fact.xml for fact in wording_of(service).facts]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: replace(c, id="1"), "DocumentReferenceID"),
        (lambda c: replace(c, number="12"), "LicenceNumber"),
        (lambda c: replace(c, code="7K3M"), "VerificationCode"),
        (lambda c: replace(c, holder=""), "Holder"),
        (lambda c: replace(c, xml_root="Other"), "Other"),
        (lambda c: replace(c, service_version=0), "version"),
        (lambda c: replace(c, fields=[*c.fields, Field("ก", "ข", "Unheard")]), "Unheard"),
        (lambda c: replace(c, fields=[*reversed(c.fields)]), "not expected"),
    ],
)
def test_data_that_breaks_a_promise_is_found_before_anything_is_signed(change: object, said: str) -> None:
    service = SERVICES[0]
    found = faults(xml(change(licence_of(service))), wording_of(service))  # type: ignore[operator]
    assert any(said in fault for fault in found), found


def test_the_xml_says_where_its_schema_is_and_the_json_where_its_own_is() -> None:
    content = licence_of(SERVICES[0])
    root = etree.fromstring(xml(content))
    where = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")
    assert where == f"urn:judiao:licence:1 {place(BASE, content.service, content.service_version)}"
    assert json.loads(as_json(content))["$schema"] == place(BASE, content.service, content.service_version, "json")


def test_the_twins_say_the_same_under_the_same_names() -> None:
    content = licence_of(SERVICES[0])
    said = json.loads(as_json(content))
    for element in etree.fromstring(xml(content)):
        name = etree.QName(element).localname
        told = said.get(name) or said["Facts"][name]
        if name == "ServiceReference":
            assert (told["name"], str(told["version"])) == (element.text, element.get("version"))
        elif isinstance(told, dict):
            assert (told["value"], told["label"]) == (element.text, element.get("label"))
        else:
            assert told == element.text


def test_a_schema_of_a_version_is_the_same_every_time() -> None:
    wording = wording_of(SERVICES[0])
    assert xsd(wording) == xsd(wording.model_copy(deep=True))
    assert date.fromisoformat(json.loads(as_json(licence_of(SERVICES[0])))["ValidFrom"]) == LICENCE.valid_from
