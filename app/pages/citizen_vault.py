"""My vault: documents that were verified once, and earlier forms to begin anew from."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications import choices, forms
from app.applications.form_models import FormState
from app.core.web import Db, Now, render
from app.pages.citizen_form import house_of
from app.pages.contexts.documents import VaultPage
from app.pages.document_views import kept_view
from app.pages.who import Citizen
from app.stories import apply, limits, reuse, vault

router = APIRouter()


@router.get("/my/vault")
def mine(request: Request, db: Db, citizen: Citizen, now: Now) -> Response:
    """What can be used again, with its source and its last day."""
    house = house_of(request)
    sent = [form for form in forms.all_of(db, citizen.applicant_id) if form.state is FormState.SUBMITTED]
    sent = [form for form in sent if limits.reaches(db, citizen, form.id)]
    services = apply.services_of(db, house, [form.id for form in sent])
    live = choices.of_forms(db, [form.id for form in sent])
    page = VaultPage(
        documents=tuple(kept_view(house, found) for found in vault.mine(db, citizen, now)),
        forms=tuple(
            (
                form.reference,
                "",
                tuple(service.short_name for service in services[form.id]),
                form.submitted_at or form.updated_at,
                reuse.begin_href([slug for slug, _version in live[form.id]], form.id),
            )
            for form in sent
        ),
    )
    return render(request, "citizen/vault.html", page)
