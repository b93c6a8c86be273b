"""Reports as they came, what people decided about them, and what a reporter may follow."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronda.agencies.domain import Role
from ronda.kernel.models import AreaField, Scoped
from ronda.reports.domain import (
    FollowState,
    RejectReason,
    ReportSource,
    ReportState,
    SourceCheck,
    Verdict,
)


class Report(Scoped):
    """One message of kind `report`. What was said is never edited; `area`, `station_code` and `state` say where
    it is filed and how far it is, and follow the rows of placements and decisions."""

    message = models.UUIDField(unique=True, help_text="id of the gate's message, made on the device")
    election = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=10, choices=ReportSource.choices)
    kind = models.CharField(max_length=60, blank=True, help_text="incident kind the sender chose, if any")
    text = models.TextField(blank=True)
    place = models.TextField(blank=True, help_text="place code exactly as it came")
    place_words = models.TextField(blank=True, help_text="place in the sender's own words")
    station = models.IntegerField(null=True, help_text="polling station number exactly as it came")
    happened_at = models.DateTimeField(null=True, help_text="as stated by the sender")
    known_at = models.DateTimeField(null=True, help_text="as stated by the sender; starts the legal clock")
    captured_at = models.DateTimeField(null=True, help_text="by the clock of the device")
    received_at = models.DateTimeField(help_text="by the clock of the node")
    is_danger = models.BooleanField(default=False, help_text="the sender says somebody is in danger")
    files = models.JSONField(default=list, help_text="hash, size and type of each attachment")
    remarks = models.JSONField(default=list, help_text="what could not be read as sent, kept in words")
    page = models.CharField(
        max_length=300,
        blank=True,
        db_default="",
        help_text="page of this node that a finding of the machine is about",
    )
    sent_by = models.UUIDField(null=True, help_text="person with an account; empty for the public")

    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.NEW)
    priority = models.SmallIntegerField(default=0)
    check_due_at = models.DateTimeField(help_text="when a person should have checked it")
    station_code = models.CharField(max_length=13, blank=True, help_text="polling station it is filed under")
    is_placed = models.BooleanField(default=True, help_text="false until the place is in the register")

    class Meta:
        db_table = "reports_report"
        indexes: ClassVar = [
            models.Index("state", F("priority").desc(), "received_at", "id", name="reports_inbox"),
            models.Index(fields=["area", "received_at"], name="reports_area_time"),
            models.Index(fields=["agency", "state", "received_at"], name="reports_agency_state"),
            models.Index(fields=["-received_at"], name="reports_received"),
            models.Index("state", F("received_at").desc(), F("id").desc(), name="reports_decided"),
            models.Index(fields=["check_due_at"], condition=Q(state="new"), name="reports_check_due"),
            models.Index(fields=["area"], condition=Q(state="new"), name="reports_new_area"),
            models.Index(
                fields=["received_at"], condition=Q(is_placed=False, state="new"), name="reports_unplaced"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="reports_state_known"),
        ]

    class Ronda:
        record = "report"
        updatable = ("state", "area", "station_code", "is_placed", "audience")
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {"election": 0, "state": 1, "priority": 1}

    def __str__(self) -> str:
        return f"report {self.id}"


class ReportPlacement(Scoped):
    """A person says where the report belongs. A later row counts, an earlier one stays."""

    report = models.ForeignKey("reports.Report", models.PROTECT, related_name="placements")
    place = AreaField()
    station_code = models.CharField(max_length=13, blank=True)
    note = models.TextField(blank=True)
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_placement"

    class Ronda:
        record = "report_placement"
        updatable = ("area", "audience")
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


class ReportDecision(Scoped):
    """What a duty officer decided about a report, on what ground, and when."""

    report = models.ForeignKey("reports.Report", models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    kind = models.CharField(max_length=60, blank=True)
    source_check = models.CharField(max_length=12, choices=SourceCheck.choices, blank=True)
    reason = models.CharField(max_length=14, choices=RejectReason.choices, blank=True)
    happened_at = models.DateTimeField(null=True)
    place = AreaField(blank=True)
    station_code = models.CharField(max_length=13, blank=True)
    note = models.TextField(blank=True)
    by = models.UUIDField(null=True)
    by_name = models.CharField(
        max_length=120, blank=True, default="", help_text="as it stood at the decision"
    )
    by_role = models.CharField(max_length=12, blank=True, default="", choices=Role.choices)
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_decision"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reports_verified_has_facts",
                condition=~Q(verdict="verified") | (~Q(kind="") & ~Q(source_check="") & ~Q(place="")),
            ),
            models.CheckConstraint(
                name="reports_rejected_has_reason",
                condition=~Q(verdict="rejected") | (~Q(reason="") & ~Q(note="")),
            ),
            models.CheckConstraint(
                name="reports_returned_has_note", condition=~Q(verdict="returned") | ~Q(note="")
            ),
        ]

    class Ronda:
        record = "report_decision"
        updatable = ("area", "audience")
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}

    @property
    def by_words(self) -> str:
        return f"{self.by_name} · {self.get_by_role_display()}" if self.by_name else ""


class ReporterContact(Scoped):
    """How to reach a reporter who wished it. Kept apart and filed under the regency: only the supervisor of the
    regency reads it, and each reading is a line in the audit."""

    message = models.UUIDField(unique=True)
    name = models.TextField(blank=True)
    phone = models.TextField(blank=True)

    class Meta:
        db_table = "reports_contact"

    class Ronda:
        record = "reporter_contact"
        updatable = ()
        default_class = 3
        field_classes: ClassVar[dict[str, int]] = {"message": 2}


class FollowStep(Scoped):
    """A state and a time under the digest of a receipt code: all that can be seen without an account."""

    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=FollowState.choices)
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_follow_step"
        indexes: ClassVar = [models.Index(fields=["digest", "at"], name="reports_follow_digest")]

    class Ronda:
        record = "follow_step"
        updatable = ()
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}
