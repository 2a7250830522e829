"""The citizen manual of a service as a page, from the record the engine itself runs on."""

from app.catalogue.agencies import Agency, ToDepartment
from app.catalogue.charges import OrdinanceFee
from app.catalogue.conditions import Condition, explain
from app.catalogue.schema import Catalogue, DocumentUse, Need, Service, Text
from app.core.i18n import gettext as _
from app.pages.contexts.public import Counter, DocumentNeed, OtherLicence, ServicePage


def page(catalogue: Catalogue, slug: str, picked: tuple[str, ...], *, may_start: bool) -> ServicePage:
    """The manual of one service; `picked` are the services chosen so far."""
    service = catalogue.services[slug]
    return ServicePage(
        service=service,
        documents=tuple(_document(catalogue, use) for use in service.documents),
        needs=tuple(_other(catalogue, need) for need in service.needs),
        counters=tuple(_counter(catalogue, service, agency) for agency in _agencies(catalogue, service)),
        picked=picked,
        may_start=may_start,
    )


def _document(catalogue: Catalogue, use: DocumentUse) -> DocumentNeed:
    """A document, and its conditions in words."""
    when, waived_when = (_if_any(catalogue, condition) for condition in (use.when, use.document.waived_when))
    registry = catalogue.registries.get(use.document.waived_by or "")
    return DocumentNeed(
        use.document, when, use.note, waived_when, registry.name if registry and registry.linked else None
    )


def _if_any(catalogue: Catalogue, condition: Condition | None) -> Text | None:
    if condition is None:
        return None
    words = {lang: explain(condition, catalogue.questions, lang) for lang in ("th", "en")}
    return Text(th=words["th"], en=words["en"])


def _other(catalogue: Catalogue, need: Need) -> OtherLicence:
    """Another licence that must be there, with the moment in words."""
    moments = {
        "filing": _("ก่อนยื่นคำขอ"),
        "decision": _("ก่อนเจ้าหน้าที่พิจารณา"),
        "opening": _("ก่อนเปิดร้าน"),
    }
    services = tuple(catalogue.services[slug] for slug in need.services)
    return OtherLicence(services, moments[need.before], need.why, _if_any(catalogue, need.when), need.law)


def _agencies(catalogue: Catalogue, service: Service) -> list[Agency]:
    """Who offers the service: one department, or the local authorities that set a fee for it where one is due."""
    if isinstance(service.receiver, ToDepartment):
        return [catalogue.agencies[service.receiver.agency]]
    local = [agency for agency in catalogue.agencies.values() if agency.kind == "local_authority"]
    if not isinstance(service.fee, OrdinanceFee):
        return local
    return [a for a in local if a.code in catalogue.ordinances and service.slug in catalogue.ordinances[a.code].fees]


def _counter(catalogue: Catalogue, service: Service, agency: Agency) -> Counter:
    if not isinstance(service.fee, OrdinanceFee):
        return Counter(agency)
    return Counter(agency, catalogue.fee(service, agency), catalogue.ordinances[agency.code].name)
