"""Check-ins as they came, how far each station is, and gaps that were told. Nothing that came in is edited."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ronda.kernel.models import Scoped
from ronda.readiness.domain import FindingKind


class Word(Scoped):
    """What every accepted check-in message carries."""

    message = models.UUIDField(unique=True, help_text="id of the gate's message, made on the device")
    election = models.CharField(max_length=60)
    place = models.CharField(max_length=200, blank=True, help_text="place code exactly as it came")
    note = models.TextField(blank=True)
    at = models.DateTimeField(help_text="captured_at, or received_at when the device's clock runs ahead")
    captured_at = models.DateTimeField(null=True, help_text="by the clock of the device")
    received_at = models.DateTimeField(help_text="by the clock of the node")
    sent_by = models.UUIDField(null=True, help_text="person whose device sent it")
    remarks = models.JSONField(default=list, help_text="what could not be read as sent")
    is_placed = models.BooleanField(default=True, help_text="false when the place is not in the register")

    class Meta:
        abstract = True


class Checkin(Word):
    """A station reached a step of its day."""

    station = models.IntegerField(null=True, help_text="polling station number exactly as it came")
    station_code = models.CharField(max_length=13, blank=True, help_text="13 digits, when registered")
    step = models.CharField(max_length=40)
    queue = models.SmallIntegerField(null=True, help_text="people waiting")

    class Meta:
        db_table = "readiness_checkin"
        indexes: ClassVar = [
            models.Index(fields=["area", "-at"], name="readiness_checkin_area"),
            models.Index(fields=["station_code", "-at"], name="readiness_checkin_station"),
            models.Index(
                fields=["election", "area"],
                condition=models.Q(is_placed=False),
                name="readiness_checkin_unplaced",
            ),
        ]

    class Ronda:
        record = "checkin"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {"note": 2, "sent_by": 2}

    def __str__(self) -> str:
        return f"{self.station_code} {self.step}"


class RollCallAnswer(Word):
    """An officer answered a roll call."""

    call = models.CharField(max_length=40)

    class Meta:
        db_table = "readiness_roll_call"
        indexes: ClassVar = [
            models.Index(fields=["election", "call", "sent_by"], name="readiness_roll_call_who")
        ]

    class Ronda:
        record = "roll_call"
        updatable = ()
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.call} {self.sent_by}"


class WarehouseCheck(Word):
    """A warehouse was looked at, point by point (G01 to G15)."""

    name = models.CharField(max_length=120)
    passed = ArrayField(models.CharField(max_length=4), default=list)
    failed = ArrayField(models.CharField(max_length=4), default=list)

    class Meta:
        db_table = "readiness_warehouse_check"
        indexes: ClassVar = [models.Index(fields=["area", "-at"], name="readiness_warehouse_area")]

    class Ronda:
        record = "warehouse_check"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {"sent_by": 2}

    def __str__(self) -> str:
        return self.name


class StationState(Scoped):
    """How far a registered station is; a summary that can be made anew from the check-ins."""

    election = models.CharField(max_length=60)
    station_code = models.CharField(max_length=13)
    rank = models.SmallIntegerField(help_text="furthest step, from 1")
    step = models.CharField(max_length=40)
    first_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    heard_by = models.CharField(max_length=40, help_text="agency of the last word")
    reached = ArrayField(
        models.DateTimeField(null=True), help_text="when it was first known to be at rank 1, 2, ... or beyond"
    )

    class Meta:
        db_table = "readiness_station"
        indexes: ClassVar = [models.Index(fields=["election", "area"], name="readiness_station_area")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["election", "station_code"], name="readiness_station_once"),
        ]

    class Ronda:
        record = "readiness_state"
        updatable = ("rank", "step", "first_at", "heard_at", "heard_by", "reached")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.station_code} {self.step}"


class Finding(Scoped):
    """A gap that was told once, as a report of the machine."""

    key = models.CharField(max_length=300, unique=True)
    kind = models.CharField(max_length=12, choices=FindingKind.choices)
    incident_kind = models.CharField(max_length=60)
    election = models.CharField(max_length=60)
    count = models.IntegerField(help_text="stations, officers or warehouse points")
    stations = ArrayField(models.CharField(max_length=13), default=list)
    at = models.DateTimeField()
    message = models.UUIDField(unique=True, help_text="id of the report in the gate")

    class Meta:
        db_table = "readiness_finding"
        indexes: ClassVar = [models.Index(fields=["area", "-at"], name="readiness_finding_area")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=FindingKind.values), name="readiness_finding_kind_known"
            ),
        ]

    class Ronda:
        record = "readiness_finding"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return self.key
