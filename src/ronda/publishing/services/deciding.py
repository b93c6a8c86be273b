"""The second person: a version goes out, or it does not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ronda.kernel.journal import journal
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.publishing.domain import PublishingRefused, State, require_second_person
from ronda.publishing.events import PublicationDecided
from ronda.publishing.models import Publication


@transaction.atomic
def publication_confirm(*, publication: UUID, digest: str, by: Scope, at: datetime) -> Publication:
    """Let a version out. `digest` is that of the set the person looked at."""
    found = _waiting(publication, by)
    if found.digest != digest:
        raise PublishingRefused(_("Isi versi ini lain dari yang Anda lihat. Muat ulang halaman."))
    return _decide(found, State.PUBLISHED, "", by, at)


@transaction.atomic
def publication_refuse(*, publication: UUID, reason: str, by: Scope, at: datetime) -> Publication:
    """Do not let a version out; it stays on record with the reason."""
    if not reason.strip():
        raise PublishingRefused(_("Tulis alasan menolak."))
    return _decide(_waiting(publication, by), State.REFUSED, reason.strip(), by, at)


def _waiting(id_: UUID, by: Scope) -> Publication:
    found = Publication.objects.select_for_update().filter(pk=id_).first()
    if found is None:
        raise PublishingRefused(_("Versi ini tidak ada."))
    require_second_person(state=found.state, proposed_by=str(found.proposed_by), by=by.person)
    return found


def _decide(publication: Publication, state: State, reason: str, by: Scope, at: datetime) -> Publication:
    publication.state, publication.reason = state, reason
    publication.decided_by, publication.decided_at = person_uuid(by.person), at
    publication.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    event = PublicationDecided(
        subject=publication.pk,
        area=publication.area,
        agency=publication.agency,
        election=publication.election,
        version=publication.version,
        state=state,
    )
    journal(event, at=at)
    return publication
