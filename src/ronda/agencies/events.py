"""What happened to posts, invitations and devices. No names, no addresses."""

from dataclasses import dataclass

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class InvitationIssued(Event):
    name = "invitation.issued"
    record = "invitation"

    role: str


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(Event):
    name = "invitation.accepted"
    record = "invitation"

    role: str


@dataclass(frozen=True, kw_only=True)
class InvitationRevoked(Event):
    name = "invitation.revoked"
    record = "invitation"


@dataclass(frozen=True, kw_only=True)
class DutyNumberSet(Event):
    name = "unit.duty_number_set"
    record = "unit"


@dataclass(frozen=True, kw_only=True)
class PostOpened(Event):
    name = "post.opened"
    record = "post"

    role: str


@dataclass(frozen=True, kw_only=True)
class PostEnded(Event):
    name = "post.ended"
    record = "post"

    role: str


@dataclass(frozen=True, kw_only=True)
class CoverSet(Event):
    name = "cover.set"
    record = "cover"

    role: str


@dataclass(frozen=True, kw_only=True)
class CoverEnded(Event):
    name = "cover.ended"
    record = "cover"

    role: str


@dataclass(frozen=True, kw_only=True)
class ItemsHanded(Event):
    """What a leaver had open was given to another post, or let go."""

    name = "post.items_handed"
    record = "post"

    items: int


@dataclass(frozen=True, kw_only=True)
class DeviceRegistered(Event):
    name = "device.registered"
    record = "device"


@dataclass(frozen=True, kw_only=True)
class DeviceRevoked(Event):
    name = "device.revoked"
    record = "device"


@dataclass(frozen=True, kw_only=True)
class ViewAsStarted(Event):
    name = "view_as.started"
    record = "post"


@dataclass(frozen=True, kw_only=True)
class ViewAsStopped(Event):
    name = "view_as.stopped"
    record = "post"
