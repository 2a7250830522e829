"""How a document of the form looks: what is attached, what was fetched instead, what is kept from before."""

from datetime import date

from app.applications.form_models import Upload, UploadState
from app.applications.inspection import Problem as FileProblem
from app.applications.vault import Verified
from app.catalogue.merging import AskedDocument
from app.catalogue.schema import Document, Service, Text
from app.core.clock import bangkok_date
from app.core.i18n import filled
from app.core.thai import date_long, file_size
from app.pages.citizen_links import evidence_view, link_view
from app.pages.contexts.documents import DocumentState, DocumentView, KeptView, LooseView
from app.pages.contexts.frame import FileView
from app.stories import leafing, linking, scans, unasked
from app.stories.apply import Draft
from app.stories.house import House


def same_in_both(words: str) -> Text:
    """Words already in the reader's language, where a page wants a Text."""
    return Text.model_construct(th=words, en=words)


def told(problem: FileProblem) -> Text:
    """Why a file is not taken, in the reader's language."""
    return same_in_both(filled(problem.message, problem.values))


def file_view(upload: Upload, base: str) -> FileView:
    """A stored file as a person recognises it."""
    return FileView(
        name=upload.filename,
        size=file_size(upload.size),
        href=f"{base}/{upload.id}",
        pages=upload.pages,
        previews=tuple(f"{base}/{upload.id}/pages/{n}" for n in range(1, len(upload.previews) + 1)),
    )


def document_view(current: Draft, asked: AskedDocument, problem: Text | None = None) -> DocumentView:
    """One document of the form with the state of its file."""
    upload = current.files.get(asked.key)
    if problem is None and upload is not None and upload.problem is not None:
        problem = told(FileProblem(upload.problem["message"], upload.problem["values"]))
    mine = [one for one in current.signers if one.document_key == asked.key]
    signed = tuple(one.name for one in mine if one.signed_at)
    changed, aged = current.stale.get(asked.key), current.aged.get(asked.key)
    if aged is not None and problem is None:
        problem = told(aged)
    return DocumentView(
        document=asked.document,
        state="missing" if upload is None else _state(upload, stale=changed is not None, aged=aged is not None),
        needed_by=tuple(s.short_name for s in current.services if s.slug in asked.services),
        file=file_view(upload, f"/forms/{current.form.id}/files") if upload else None,
        problem=problem,
        may_be_both=current.twin == asked.key,
        upload_id=str(upload.id) if upload else "",
        note=_notes(current, asked),
        claimed=claimed(asked.document, upload.variant, upload.issued_on) if upload else (),
        paper_href=f"/forms/{current.form.id}/papers/{asked.key}" if asked.document.prepared else "",
        changed=changed or (),
        waiting=tuple(one.name for one in mine if not one.signed_at),
        from_paper=bool(upload and upload.paper_id and not signed),
        signed=signed if upload and upload.paper_id else (),
        link=link_view(current, asked),
        takes_more=upload is not None and leafing.takes_more(upload),
    )


def _state(upload: Upload, *, stale: bool, aged: bool) -> DocumentState:
    if aged and upload.state is UploadState.CLEAN:
        return "refused"
    return "stale" if stale else upload.state.value


def claimed(document: Document, variant: str, issued_on: date | None) -> tuple[Text, ...]:
    """What was said of a file, as people read it."""
    which = [one.name for one in document.alternatives if one.key == variant]
    if issued_on is None:
        return tuple(which)
    day = Text.model_construct(th=date_long(issued_on, "th"), en=date_long(issued_on, "en"))
    return (*which, _ISSUED.filled(day=day))


_ISSUED = Text(th="ออกเมื่อ {day}", en="Issued on {day}")


def _notes(current: Draft, asked: AskedDocument) -> Text | None:
    """What each service adds, said in its name when the form is for several."""
    names = {s.slug: s.short_name for s in current.services} if len(current.services) > 1 else {}
    said = [(names.get(slug), use.note) for slug, use in asked.uses.items() if use.note]
    th, en = (
        " ".join(f"{name.to(lang)}: {note.to(lang)}" if name else note.to(lang) for name, note in said)
        for lang in ("th", "en")
    )
    return Text.model_construct(th=th, en=en) if said else None


def loose_view(current: Draft, upload: Upload) -> LooseView:
    """A paper whose place is not known yet."""
    said = upload.problem
    return LooseView(
        key=upload.document_key,
        file=file_view(upload, f"/forms/{current.form.id}/files"),
        checking=upload.state is UploadState.CHECKING,
        problem=told(FileProblem(said["message"], said["values"])) if said else None,
        unread=scans.unread(upload),
    )


def _fetched_view(current: Draft, asked: AskedDocument) -> DocumentView:
    names = {s.slug: s.short_name for s in current.services}
    said = current.evidence(asked)
    return DocumentView(
        document=asked.document,
        state="fetched",
        needed_by=tuple(names[slug] for slug in asked.services),
        source=said.source if said else "",
        at=said.at if said else None,
        evidence=evidence_view(said) if said else None,
        link=link_view(current, asked),
    )


def _produced_view(current: Draft, asked: AskedDocument, by: Service) -> DocumentView:
    names = {s.slug: s.short_name for s in current.services}
    return DocumentView(
        document=asked.document,
        state="produced",
        needed_by=tuple(names[slug] for slug in asked.services),
        source=linking.to_be_issued(by).source,
    )


def views(current: Draft, wrong: dict[str, Text]) -> tuple[DocumentView, ...]:
    """Every document of the form: what was fetched instead, then what is attached; with what is wrong just now."""
    return (
        *(_fetched_view(current, asked) for asked in current.fetched_documents),
        *(_produced_view(current, asked, by) for asked, by in current.produced_documents),
        *(document_view(current, asked, wrong.get(asked.key)) for asked in current.documents),
    )


def kept_view(house: House, found: Verified) -> KeptView:
    """A verified document as a person recognises it."""
    upload, services = found.upload, house.catalogue.documents
    return KeptView(
        upload_id=upload.id,
        name=services[upload.document_key].name if upload.document_key in services else unasked.FILE.name,
        file=upload.filename,
        size=file_size(upload.size),
        number=found.number,
        agency=house.agency(found.agency_code).name,
        attached_on=bangkok_date(upload.uploaded_at),
        until=bangkok_date(found.until),
    )
