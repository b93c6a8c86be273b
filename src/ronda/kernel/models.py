"""The shape every scoped record shares, and the two books of the kernel: events and audit lines."""

import uuid
from typing import ClassVar, Protocol

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ronda.kernel.ids import uuid7


class RecordInfo(Protocol):
    """What the inner class `Ronda` of a model states."""

    record: str
    updatable: tuple[str, ...]
    default_class: int
    field_classes: dict[str, int]


class AreaField(models.CharField):  # type: ignore[type-arg]
    """An area code in C collation, so that a range of codes is an area with all below it."""

    def __init__(self, **options: object) -> None:
        defaults = {"max_length": 13, "db_collation": "C"}
        super().__init__(**{**defaults, **options})  # type: ignore[arg-type]


class Scoped(models.Model):
    """A record that belongs to an area and an agency; its row policies come from law/mandates.yaml."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = AreaField(help_text="area code; empty is the whole country")
    sensitivity = models.SmallIntegerField(default=1, help_text="data class of the row, 0 public to 4 sealed")
    agency = models.CharField(max_length=40, help_text="code of the agency that owns the record")
    audience = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="codes of agencies that may see it besides, by hand-over",
    )
    created_at = models.DateTimeField(help_text="when the row was made, by the clock of the node")

    class Meta:
        abstract = True


class NextPosition(models.Func):
    """The next number of the event book; numbers do not commit in order, readers look back a little."""

    template = "nextval('kernel_event_position')"
    output_field = models.BigIntegerField()


class EventRow(Scoped):
    """One change, for later stages, the live feed and the outbox. Never edited."""

    position = models.BigIntegerField(unique=True, db_default=NextPosition(), editable=False)
    name = models.CharField(max_length=60, help_text="past tense, as in incident.verified")
    subject = models.UUIDField(null=True, help_text="id of the record that changed")
    record = models.CharField(max_length=40, help_text="record class of the subject")
    data = models.JSONField(default=dict, help_text="what later stages need; no personal data")

    class Meta:
        db_table = "kernel_event"
        indexes: ClassVar = [
            models.Index(fields=["-created_at"], name="kernel_event_created"),
            models.Index(fields=["subject"], name="kernel_event_subject"),
            models.Index(fields=["agency", "-created_at"], name="kernel_event_agency"),
        ]

    class Ronda:
        record = "event"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}


class AuditLine(Scoped):
    """Who did what to which record, when. Written with the change itself; never edited, never deleted."""

    action = models.CharField(max_length=60)
    person = models.UUIDField(
        null=True, help_text="id of the acting person; empty for a machine or the public"
    )
    subject = models.UUIDField(null=True)
    record = models.CharField(max_length=40)
    detail = models.JSONField(default=dict, help_text="reason and parameters; no personal data")

    class Meta:
        db_table = "kernel_audit"
        indexes: ClassVar = [models.Index(fields=["subject", "created_at"], name="kernel_audit_subject")]

    class Ronda:
        record = "audit"
        updatable = ()
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


def person_uuid(text: str) -> uuid.UUID | None:
    """The person of a scope as an id; None for a machine or the public."""
    return uuid.UUID(text) if text else None
