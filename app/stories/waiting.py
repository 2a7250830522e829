"""When a licence cannot be sealed: why, said to its holder, and tried again by the same job until it can be."""

from uuid import UUID

import structlog

from app.core.errors import Unavailable
from app.core.events import SYSTEM
from app.licences import waiting
from app.licences.models import Wait
from app.pdf.certificates import UnfitCertificate
from app.stories import issue
from app.stories.house import House

log = structlog.get_logger(__name__)


def licence(house: House, application_id: UUID) -> None:
    """Job: `issue.licence`. What hinders it is noted for the tracking page; the job itself is tried again later."""
    try:
        issue.licence(house, application_id)
    except Unavailable as hindrance:
        reason = Wait.CERTIFICATE if isinstance(hindrance, UnfitCertificate) else Wait.AUTHORITY
        log.warning("a licence waits to be sealed", application=str(application_id), hindrance=str(hindrance))
        with house.database.transaction() as db:
            waiting.waits(db, application_id, reason, SYSTEM, house.clock.now())
        raise
