"""Events with a code to scan, and who scanned it. A word of attendance is never edited."""

from typing import ClassVar

from django.db import models

from ronda.field.domain import CODE_LENGTH
from ronda.kernel.models import Scoped


class Gathering(Scoped):
    """An event that people come to: a training, a briefing, a muster."""

    name = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    code = models.CharField(max_length=CODE_LENGTH, unique=True)

    class Meta:
        db_table = "field_gathering"
        indexes: ClassVar = [models.Index(fields=["agency", "-starts_at"], name="field_gathering_agency")]

    class Ronda:
        record = "gathering"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return self.name


class Attendance(Scoped):
    """Somebody was there; the row belongs to the agency that holds the event."""

    gathering = models.ForeignKey(Gathering, models.PROTECT, related_name="attendances")
    message = models.UUIDField(unique=True, help_text="id of the gate's message, made on the device")
    person = models.UUIDField(help_text="person whose device sent it")
    name = models.CharField(max_length=120, help_text="as the post was called then")
    unit = models.CharField(max_length=120)
    captured_at = models.DateTimeField(help_text="by the clock of the device")
    received_at = models.DateTimeField(help_text="by the clock of the node")
    note = models.TextField(blank=True)

    class Meta:
        db_table = "field_attendance"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gathering", "person"], name="field_attendance_once"),
        ]

    class Ronda:
        record = "attendance"
        updatable = ()
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return self.name
