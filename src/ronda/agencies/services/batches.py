"""Many invitations at once, all or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ronda.agencies.adapters import InviteeRow
from ronda.agencies.domain import NotAllowed
from ronda.agencies.models import Invitation, Post, Unit
from ronda.agencies.services.invitations import Invitee, invitation_issue
from ronda.kernel.imports import RowError


@dataclass(frozen=True, slots=True)
class Issued:
    """A new invitation and the secret of its link."""

    row: InviteeRow
    invitation: Invitation
    token: str


@transaction.atomic
def invitations_issue(
    *, rows: Iterable[InviteeRow], agency: str, by: Post | None, at: datetime
) -> tuple[list[Issued], list[RowError]]:
    """Invite every row into its unit, or nobody when one row cannot be. `agency` fills rows that name none."""
    issued: list[Issued] = []
    errors: list[RowError] = []
    for row in rows:
        unit = _unit(row, row.agency or agency)
        if unit is None:
            came = " · ".join(filter(None, (row.agency or agency, row.area or _("nasional"), row.unit)))
            errors.append(RowError(row.number, "wilayah", _("satu unit yang terdaftar di sana"), came))
            continue
        invitee = Invitee(name=row.name, email=row.email, ends_on=row.ends_on)
        try:
            invitation, token = invitation_issue(unit=unit, role=row.role, invitee=invitee, by=by, at=at)
        except NotAllowed:
            errors.append(
                RowError(
                    row.number, "peran", _("jabatan yang boleh Anda berikan"), f"{row.role} · {unit.name}"
                )
            )
            continue
        issued.append(Issued(row, invitation, token))
    if errors:
        transaction.set_rollback(True)
        return [], errors
    return issued, errors


def _unit(row: InviteeRow, agency: str) -> Unit | None:
    """The unit of an agency in exactly that area; by name when it has several there."""
    units = list(Unit.objects.select_related("agency").filter(agency_id=agency, area=row.area))
    if row.unit:
        units = [unit for unit in units if unit.name.casefold() == row.unit.casefold()]
    return units[0] if len(units) == 1 else None
