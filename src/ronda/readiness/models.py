"""Check-ins as they came, how far each station is, and gaps that were told. Nothing that came in is edited."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ronda.kernel.models import Scoped
from ronda.readiness.domain import CallAct, FindingKind, WatchKind


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
    answered_at = models.DateTimeField(
        null=True, help_text="when the last of its stations was heard after all"
    )

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
        updatable = ("answered_at",)
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return self.key


class SilenceCall(Scoped):
    """A clerk takes a line of the call list, or says what came of the call. A later number counts; two clerks who take
    one line at the same moment write the same number, and one of them is refused."""

    election = models.CharField(max_length=60)
    subject = models.CharField(
        max_length=40, help_text="village code, or id of the post that should have answered"
    )
    occasion = models.CharField(max_length=40, help_text="step of the day or roll call that was due")
    number = models.SmallIntegerField(help_text="from 1, for each agency, subject and occasion")
    act = models.CharField(max_length=10, choices=CallAct.choices)
    until = models.DateTimeField(null=True, help_text="when a line that was taken is free again")
    note = models.CharField(max_length=200, blank=True)
    by = models.UUIDField()
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "readiness_call"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["election", "agency", "subject", "occasion", "number"], name="readiness_call_once"
            ),
            models.CheckConstraint(
                name="readiness_call_runs_out",
                condition=models.Q(act="taken", until__isnull=False)
                | (models.Q(act__in=["answered", "unanswered", "released"]) & models.Q(until__isnull=True)),
            ),
        ]

    class Ronda:
        record = "silence_call"
        updatable = ()
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.subject} {self.act}"


class StationWatch(Scoped):
    """Somebody will watch a polling station on the day. The name stands with the post, for the own agency alone."""

    election = models.CharField(max_length=60)
    station_code = models.CharField(max_length=13)
    kind = models.CharField(max_length=12, choices=WatchKind.choices)
    post = models.ForeignKey("agencies.Post", models.PROTECT, related_name="+")
    until_on = models.DateField(null=True, help_text="first day without the post, when that is known")
    given_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="when somebody took it back")

    class Meta:
        db_table = "readiness_watch"
        indexes: ClassVar = [
            models.Index(
                fields=["election", "station_code", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="readiness_watch_station",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["election", "post"],
                condition=models.Q(ended_at__isnull=True),
                name="readiness_watch_one_station",
            ),
        ]

    class Ronda:
        record = "station_watch"
        updatable = ("ended_at",)
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {"given_by": 2}

    def __str__(self) -> str:
        return f"{self.station_code} {self.kind}"


class StationRisk(Scoped):
    """Signs by which a station was mapped as vulnerable; a later file replaces what an earlier one said of it."""

    election = models.CharField(max_length=60)
    station_code = models.CharField(max_length=13)
    signs = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        db_table = "readiness_risk"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["election", "station_code"], name="readiness_risk_once"),
        ]

    class Ronda:
        record = "station_risk"
        updatable = ("signs", "created_at")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return self.station_code
