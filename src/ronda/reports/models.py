"""Reports as they came, what people decided about them, and what a reporter may follow."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ronda.agencies.domain import Role
from ronda.kernel.ids import uuid7
from ronda.kernel.models import AreaField, Scoped
from ronda.reports.domain import (
    ClaimAct,
    FollowState,
    GroupingAct,
    RejectReason,
    ReportSource,
    ReportState,
    SourceCheck,
    Standing,
    Verdict,
)


class Report(Scoped):
    """One message of kind `report`. What was said is never edited; `area`, `station_code`, `state`, `standing`, the
    group and the claim say where it is filed and how far it is, and follow the rows of placements, decisions,
    standings, groupings and claims."""

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
    standing = models.CharField(
        max_length=8, choices=Standing.choices, default=Standing.INFO, db_default=Standing.INFO
    )
    priority = models.SmallIntegerField(default=0, help_text="points of this report alone, without its age")
    check_due_at = models.DateTimeField(help_text="when a person should have checked it")
    station_code = models.CharField(max_length=13, blank=True, help_text="polling station it is filed under")
    is_placed = models.BooleanField(default=True, help_text="false until the place is in the register")

    answered_at = models.DateTimeField(
        null=True, help_text="when what a finding of the machine missed came after all"
    )

    group = models.UUIDField(
        default=uuid7, help_text="which reports are taken to tell of one event; at first its own id"
    )
    is_lead = models.BooleanField(
        default=True,
        db_default=True,
        help_text="stands in the inbox for its group; true when it stands alone",
    )
    group_size = models.IntegerField(
        default=1, db_default=1, help_text="unchecked reports that the lead stands for"
    )
    group_sources = models.SmallIntegerField(
        default=1, db_default=1, help_text="independent sources of the group"
    )
    group_priority = models.SmallIntegerField(
        default=0, db_default=0, help_text="points of the group, without its age"
    )
    order_at = models.DateTimeField(db_default=Now(), help_text="the inbox is ordered by it, earliest first")
    claimed_by = models.UUIDField(null=True, help_text="person who has it in hand")
    claimed_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    claimed_until = models.DateTimeField(null=True, help_text="when the claim runs out by itself")

    class Meta:
        db_table = "reports_report"
        indexes: ClassVar = [
            models.Index(
                fields=["order_at", "id"], condition=Q(state="new", is_lead=True), name="reports_inbox"
            ),
            GinIndex(
                fields=["files"],
                opclasses=["jsonb_path_ops"],
                condition=~Q(files=[]),
                name="reports_with_files",
            ),
            models.Index(fields=["group", "agency", "sent_by"], name="reports_group"),
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
        updatable = (
            *("state", "standing", "area", "station_code", "is_placed", "audience"),
            *("group", "is_lead", "group_size", "group_sources", "group_priority", "order_at"),
            *("claimed_by", "claimed_name", "claimed_until", "answered_at"),
        )
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
    other_report = models.ForeignKey(
        "reports.Report", models.PROTECT, null=True, related_name="supports", help_text="the second source"
    )
    document = models.CharField(
        max_length=200, blank=True, default="", help_text="hash of a file of the report, or number of a paper"
    )
    officer = models.UUIDField(null=True, help_text="post of the officer who was there")
    officer_name = models.CharField(max_length=160, blank=True, default="", help_text="as it stood then")
    note = models.TextField(blank=True)
    by = models.UUIDField(null=True)
    by_name = models.CharField(
        max_length=120, blank=True, default="", help_text="as it stood at the decision"
    )
    by_role = models.CharField(max_length=12, blank=True, default="", choices=Role.choices)
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_decision"
        indexes: ClassVar = [models.Index(fields=["at"], name="reports_decision_at")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reports_verified_has_facts",
                condition=~Q(verdict="verified") | (~Q(kind="") & ~Q(source_check="") & ~Q(place="")),
            ),
            models.CheckConstraint(
                name="reports_verified_rests_on",
                condition=~Q(verdict="verified")
                | Q(source_check="two_sources", other_report__isnull=False)
                | Q(source_check="seen", officer__isnull=False)
                | (Q(source_check="document") & ~Q(document="")),
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


class ReportStanding(Scoped):
    """A person says what a report is in law from now on, on what paper. A later row counts, an earlier one stays."""

    report = models.ForeignKey("reports.Report", models.PROTECT, related_name="standings")
    standing = models.CharField(max_length=8, choices=Standing.choices)
    document = models.CharField(max_length=200, blank=True, help_text="number of the form or of the minutes")
    stated_on = models.DateField(null=True, help_text="day of the form or of the plenary")
    note = models.TextField(blank=True)
    by = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_standing"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reports_standing_has_paper",
                condition=Q(standing="info") | (~Q(document="") & Q(stated_on__isnull=False)),
            ),
        ]

    class Ronda:
        record = "report_standing"
        updatable = ()
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


class ReportSketch(Scoped):
    """What of a report is compared with others: 128 bytes of its text, place, time, kind, photos, and 16 keys under
    which like texts meet. Read by the machine only; `area` and `station_code` follow placements."""

    report = models.OneToOneField("reports.Report", models.PROTECT, related_name="sketch")
    at = models.DateTimeField(help_text="when it happened, else when it was received")
    is_stated = models.BooleanField(help_text="whether the sender said when it happened")
    kind = models.CharField(max_length=60, blank=True)
    station_code = models.CharField(max_length=13, blank=True)
    size = models.IntegerField(help_text="features of the text")
    signature = models.BinaryField(max_length=128)
    photos = ArrayField(models.BigIntegerField(), default=list, help_text="perceptual hashes")
    b00 = models.BigIntegerField(null=True)
    b01 = models.BigIntegerField(null=True)
    b02 = models.BigIntegerField(null=True)
    b03 = models.BigIntegerField(null=True)
    b04 = models.BigIntegerField(null=True)
    b05 = models.BigIntegerField(null=True)
    b06 = models.BigIntegerField(null=True)
    b07 = models.BigIntegerField(null=True)
    b08 = models.BigIntegerField(null=True)
    b09 = models.BigIntegerField(null=True)
    b10 = models.BigIntegerField(null=True)
    b11 = models.BigIntegerField(null=True)
    b12 = models.BigIntegerField(null=True)
    b13 = models.BigIntegerField(null=True)
    b14 = models.BigIntegerField(null=True)
    b15 = models.BigIntegerField(null=True)

    class Meta:
        db_table = "reports_sketch"
        indexes: ClassVar = [
            models.Index(fields=["area", "at"], name="reports_sketch_place"),
            *(models.Index(fields=[f"b{n:02d}"], name=f"reports_sketch_b{n:02d}") for n in range(16)),
        ]

    class Ronda:
        record = "report_sketch"
        updatable = ("area", "station_code", "photos")
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


class ReportGrouping(Scoped):
    """The machine proposes that a report tells of the same event as another; people merge and split. A later row
    counts, an earlier one stays."""

    report = models.ForeignKey("reports.Report", models.PROTECT, related_name="groupings")
    act = models.CharField(max_length=8, choices=GroupingAct.choices)
    group = models.UUIDField(help_text="its group from now on")
    other = models.ForeignKey("reports.Report", models.PROTECT, null=True, related_name="+")
    score = models.FloatField(null=True, help_text="of the pair, 0 to 1")
    grounds = models.JSONField(default=dict, help_text="part of each ground, and the version of the weights")
    note = models.TextField(blank=True)
    by = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_grouping"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reports_grouping_says_why",
                condition=(Q(act="proposed", other__isnull=False, score__isnull=False))
                | (~Q(act="proposed") & Q(by__isnull=False)),
            ),
        ]

    class Ronda:
        record = "report_grouping"
        updatable = ()
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


class ReportClaim(Scoped):
    """Somebody takes a report and its group in hand, gives it on or lets go. It runs out by itself; a later row
    counts."""

    report = models.ForeignKey("reports.Report", models.PROTECT, related_name="claims")
    act = models.CharField(max_length=8, choices=ClaimAct.choices)
    holder = models.UUIDField(null=True, help_text="person who has it from now on; empty when nobody has")
    holder_name = models.CharField(max_length=120, blank=True)
    until = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    by = models.UUIDField(null=True)
    by_name = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "reports_claim"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="reports_claim_runs_out",
                condition=Q(act="released", holder__isnull=True)
                | (~Q(act="released") & Q(holder__isnull=False, until__isnull=False)),
            ),
        ]

    class Ronda:
        record = "report_claim"
        updatable = ()
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


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
