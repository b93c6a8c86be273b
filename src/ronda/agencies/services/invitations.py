"""Invitations: the only way to an account."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from ronda.agencies.domain import (
    INVITATION_LIFE,
    InvitationRefused,
    InvitationState,
    NotAllowed,
    legal_date,
    may_appoint,
)
from ronda.agencies.events import InvitationAccepted, InvitationIssued, InvitationRevoked
from ronda.agencies.models import Account, Invitation, Person, Post, Session, Unit
from ronda.agencies.selectors import (
    account_by_email,
    email_digest,
    post_held,
    posts_held,
    token_digest,
)
from ronda.agencies.services.devices import STAFF_CLASS
from ronda.agencies.services.posts import post_open
from ronda.kernel.journal import journal


@dataclass(frozen=True, slots=True)
class Invitee:
    """Whom a link is for."""

    name: str
    email: str
    ends_on: date | None = None
    renews: UUID | None = None  # the person whose lost sign-in this link replaces


@transaction.atomic
def invitation_issue(
    *, unit: Unit, role: str, invitee: Invitee, by: Post | None, at: datetime
) -> tuple[Invitation, str]:
    """A new invitation and the secret of its link, which is not kept. `by` None is the operator."""
    if by is not None and not _may(by, unit, role):
        raise NotAllowed
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        unit=unit,
        role=role,
        name=invitee.name.strip(),
        email_hash=email_digest(invitee.email),
        token_hash=token_digest(token),
        ends_on=invitee.ends_on,
        renews_id=invitee.renews,
        invited_by=by,
        expires_at=at + INVITATION_LIFE,
        area=unit.area,
        agency=unit.agency_id,
        sensitivity=STAFF_CLASS,
        created_at=at,
    )
    event = InvitationIssued(
        subject=invitation.pk, area=unit.area, agency=unit.agency_id, sensitivity=STAFF_CLASS, role=role
    )
    journal(event, at=at, detail={"renews": invitee.renews is not None})
    return invitation, token


@transaction.atomic
def invitation_revoke(*, invitation: Invitation, by: Post, at: datetime) -> Invitation:
    """Make a link worthless; doing it again changes nothing."""
    if not _may(by, invitation.unit, invitation.role):
        raise NotAllowed
    if invitation.state_at(at) != InvitationState.OPEN:
        return invitation
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    event = InvitationRevoked(
        subject=invitation.pk, area=invitation.area, agency=invitation.agency, sensitivity=STAFF_CLASS
    )
    journal(event, at=at)
    return invitation


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the holder of a link gives."""

    email: str
    name: str
    phone: str = ""
    password: str | None = None
    account: Account | None = None  # who is signed in already


@transaction.atomic
def invitation_accept(*, token: str, given: Acceptance, at: datetime) -> Post:
    """Use a link once: make or renew the account, open the post. InvitationRefused says why not."""
    invitation = (
        Invitation.objects.select_for_update(of=("self",)).filter(token_hash=token_digest(token)).first()
    )
    if invitation is None:
        raise InvitationRefused(
            _("Tautan undangan ini tidak dikenal. Mintalah yang baru kepada pengelola unit.")
        )
    _require_open(invitation, at)
    if email_digest(given.email) != invitation.email_hash:
        raise InvitationRefused(_("Alamat surel ini bukan alamat yang diundang."))
    account = _account(invitation, given, at)
    post = post_open(
        unit=Unit.objects.get(pk=invitation.unit_id),
        role=invitation.role,
        name=given.name or invitation.name,
        phone=given.phone,
        account=account,
        ends_on=invitation.ends_on,
        at=at,
    )
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    event = InvitationAccepted(
        subject=invitation.pk,
        area=invitation.area,
        agency=invitation.agency,
        sensitivity=STAFF_CLASS,
        role=invitation.role,
    )
    journal(event, at=at, by=str(post.person_id), detail={"post": str(post.pk)})
    return post


def _require_open(invitation: Invitation, at: datetime) -> None:
    refusals = {
        InvitationState.USED: _("Undangan ini sudah dipakai. Setiap tautan hanya berlaku satu kali."),
        InvitationState.EXPIRED: _(
            "Undangan ini sudah lewat waktu. Mintalah yang baru kepada pengelola unit."
        ),
        InvitationState.REVOKED: _("Undangan ini dibatalkan oleh pengelola unit."),
    }
    state = InvitationState(invitation.state_at(at))
    if state in refusals:
        raise InvitationRefused(refusals[state])
    if invitation.invited_by_id and post_held(invitation.invited_by_id, today=legal_date(at)) is None:
        raise InvitationRefused(
            _("Pengundang tidak menjabat lagi. Mintalah undangan baru kepada pengelola unit.")
        )


def _account(invitation: Invitation, given: Acceptance, at: datetime) -> Account:
    known = account_by_email(given.email)
    if invitation.renews_id is not None:
        return _renewed(known, invitation, given.password, at)
    if known is None:
        return Account.objects.create_user(given.email, given.password)
    if given.account is None or given.account.pk != known.pk:
        raise InvitationRefused(
            _("Alamat surel ini sudah punya akun. Masuklah dahulu, lalu buka tautan ini lagi.")
        )
    return known


def _renewed(account: Account | None, invitation: Invitation, password: str | None, at: datetime) -> Account:
    """Replace every way in of an account whose owner lost theirs; all its browsers are signed out.

    Whoever asked for it must have power over every post the account holds: else a small unit could take over a
    post of a larger one.
    """
    person = None if account is None else Person.objects.filter(account=account).first()
    if account is None or person is None or person.pk != invitation.renews_id:
        raise InvitationRefused(_("Alamat surel ini bukan alamat yang diundang."))
    held = posts_held(account_id=account.pk, today=legal_date(at))
    by = invitation.invited_by
    if by is not None and not all(_may(by, post.unit, post.role) for post in held):
        raise InvitationRefused(
            _("Orang ini juga menjabat di tempat lain. Mintalah pemulihan kepada operator.")
        )
    account.set_password(password)
    account.save(update_fields=["password"])
    Authenticator.objects.filter(user_id=account.pk).delete()
    Session.objects.filter(account=account).delete()
    return account


def _may(by: Post, unit: Unit, role: str) -> bool:
    return may_appoint(
        role=by.role,
        agency=by.agency,
        area=by.area,
        to_role=role,
        to_agency=unit.agency_id,
        to_area=unit.area,
    )
