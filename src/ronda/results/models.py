"""Copies of results as they came, failed checks, and the count of every area. Copies are only ever added."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ronda.kernel.models import AreaField, Scoped
from ronda.results.domain import AuditKind, AuditMethod, CheckLevel, Figures, Outcome


class Copy(Scoped):
    """What a sheet and a recap share. A correction is a row with the next version; the last one counts."""

    election = models.CharField(max_length=60)
    contest = models.CharField(max_length=20)
    source = models.CharField(max_length=40, help_text="whose copy: kpu, kp, ptps, saksi-02, rekap")
    version = models.SmallIntegerField(default=1)
    votes = ArrayField(
        models.IntegerField(null=True), help_text="per choice in ballot order; empty is not zero"
    )
    valid = models.IntegerField(null=True)
    invalid = models.IntegerField(null=True)
    users = models.IntegerField(null=True, help_text="voters who used their right")
    registered = models.IntegerField(null=True, help_text="DPT, men and women")
    other = models.JSONField(default=dict, help_text="further figures of the form, by field id")
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.REGULAR)
    place = models.TextField(blank=True, help_text="the place in the words of the source")
    message = models.UUIDField(null=True, help_text="the gate's message; empty for a file")
    file_sha256 = models.CharField(max_length=64, blank=True)
    captured_at = models.DateTimeField(null=True)
    is_held = models.BooleanField(default=False, help_text="the place is not in the register yet")

    class Meta:
        abstract = True

    @property
    def figures(self) -> Figures:
        """The figures of this copy."""
        return Figures(tuple(self.votes), self.valid, self.invalid, self.users, self.registered, self.other)


class Sheet(Copy):
    """One copy of the result of one polling station (C.Hasil)."""

    station = models.CharField(
        max_length=24, db_collation="C", help_text="13 digits; the source's own id if held"
    )
    number = models.SmallIntegerField(help_text="number of the polling station")

    class Meta:
        db_table = "results_sheet"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station", "election", "contest", "source", "version"], name="results_sheet_once"
            ),
            models.UniqueConstraint(
                fields=["message"], condition=Q(message__isnull=False), name="results_sheet_message"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["election", "contest", "area"], name="results_sheet_area"),
        ]

    class Ronda:
        record = "sheet"
        updatable = ("area", "station", "is_held", "outcome")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.station} {self.source} v{self.version}"

    @property
    def whose(self) -> str:
        """The station it is of."""
        return self.station


class Recap(Copy):
    """One copy of the recapitulation of a district or village (D.Hasil); `area` is that unit."""

    unit = models.CharField(
        max_length=24, db_collation="C", help_text="area code; the source's own id if held"
    )
    district = models.CharField(
        max_length=60, blank=True, default="", help_text="electoral district, where the unit holds several"
    )
    stations = models.IntegerField(null=True, help_text="polling stations, as stated")

    class Meta:
        db_table = "results_recap"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "election", "contest", "district", "source", "version"],
                name="results_recap_once",
            ),
            models.UniqueConstraint(
                fields=["message"], condition=Q(message__isnull=False), name="results_recap_message"
            ),
        ]

    class Ronda:
        record = "recap"
        updatable = ("area", "unit", "is_held")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.unit} {self.source} v{self.version}"

    @property
    def whose(self) -> str:
        """The area it is of."""
        return self.unit


class Replacement(Scoped):
    """A decision by which the result of a station is replaced: a repeated vote, a repeated count. What is captured from
    then on belongs to the new result; the old one stays and counts no more. `area` is the village."""

    election = models.CharField(max_length=60)
    contest = models.CharField(max_length=20, blank=True, help_text="empty: every contest of the station")
    station = models.CharField(max_length=13, db_collation="C")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    decision = models.CharField(max_length=120, help_text="who decided, and the number of the decision")
    reason = models.TextField(help_text="the ground, as the decision names it")
    since = models.DateTimeField(help_text="when the new vote or count began")
    person = models.UUIDField(null=True)

    class Meta:
        db_table = "results_replacement"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(outcome="regular"), name="results_replacement_is_one"),
            models.UniqueConstraint(
                fields=["station", "election", "contest", "outcome", "decision"],
                name="results_replacement_once",
            ),
        ]

    class Ronda:
        record = "replacement"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.station} {self.outcome} {self.decision}"


class FailedCheck(Scoped):
    """A rule that the figures of a station or a unit do not meet. Made anew whenever figures come in."""

    election = models.CharField(max_length=60)
    contest = models.CharField(max_length=20)
    rule = models.CharField(max_length=4)
    level = models.CharField(max_length=8, choices=CheckLevel.choices)
    station = models.CharField(max_length=24, blank=True, db_collation="C")
    source = models.CharField(max_length=40)
    against = models.CharField(max_length=40, blank=True, help_text="the other copy, for differences")
    delta = models.IntegerField(help_text="signed; for differences the sum over choices")
    deltas = ArrayField(models.IntegerField(), default=list, help_text="per choice, for differences")
    stake = models.IntegerField(help_text="votes at stake")
    facts = models.JSONField(default=dict, help_text="the figures that were compared")
    since = models.DateTimeField(help_text="when the latest copy that is compared came")

    class Meta:
        db_table = "results_failed_check"
        indexes: ClassVar = [
            models.Index("election", "contest", F("stake").desc(), "id", name="results_check_stake"),
            models.Index(fields=["election", "contest", "area"], name="results_check_area"),
            models.Index(fields=["station"], name="results_check_station"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stake__gte=0), name="results_check_stake_positive"),
        ]

    class Ronda:
        record = "result_check"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.rule} {self.station or self.area}"


class AreaSummary(Scoped):
    """The count of an area, so that a page reads one row per area and never the sheets below."""

    election = models.CharField(max_length=60)
    contest = models.CharField(max_length=20)
    level = models.CharField(max_length=8)
    parent = AreaField(blank=True)
    stations = models.IntegerField()
    reported = models.IntegerField(help_text="stations with at least one copy")
    both = models.IntegerField(help_text="stations with two copies or more")
    differing = models.IntegerField(help_text="of those, copies that differ")
    failed = models.IntegerField(help_text="stations with at least one failed check")
    stake = models.IntegerField(help_text="votes at stake in failed checks of stations")
    open_votes = models.IntegerField(null=True, help_text="the most ballots stations without a copy can hold")
    present = models.JSONField(default=dict, help_text="stations per copy")
    votes = models.JSONField(default=dict, help_text="votes per copy, in ballot order")
    first_votes = models.JSONField(
        null=True, help_text="votes of the copy that is read first in each station"
    )
    rules = models.JSONField(default=dict, help_text="failed checks per rule")
    recap = models.JSONField(default=dict, help_text="official votes and what they differ by")

    class Meta:
        db_table = "results_area_summary"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "election", "contest"], name="results_summary_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["parent", "election", "contest"], name="results_summary_parent"),
        ]

    class Ronda:
        record = "result_summary"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.area} {self.election} {self.contest}"


class Tabulation(models.Model):
    """How often a contest was counted. Its row is locked while counts are made, so that one is made at a time."""

    election = models.CharField(max_length=60)
    contest = models.CharField(max_length=20)
    number = models.BigIntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        db_table = "results_tabulation"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["election", "contest"], name="results_tabulation_once"),
        ]

    class Ronda:
        record = "tabulation"
        updatable = ("number", "at")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.election} {self.contest} {self.number}"


class SheetTemplate(models.Model):
    """Which column of a table holds which field of the form, found again by the header of the next file."""

    name = models.CharField(max_length=80, unique=True)
    fingerprint = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the column names, in order"
    )
    columns = models.JSONField(help_text="column of the file to field of the form")
    at = models.DateTimeField()

    class Meta:
        db_table = "results_template"

    class Ronda:
        record = "sheet_template"
        updatable = ("name", "columns", "at")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return self.name


class Screening(Scoped):
    """What the screens said of an area when its count rested, kept so that a page never computes them. Made anew after
    the count moved."""

    election = models.CharField(max_length=60)
    contest = models.CharField(max_length=20)
    count = models.UUIDField(help_text="the row of the area's sums that it was made of, or found the same by")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the figures of the screened stations")
    seed = models.IntegerField()
    runs = models.IntegerField(help_text="redrawn elections")
    reported = models.IntegerField(help_text="stations with a copy when it was made")
    votes = models.JSONField(
        default=dict, help_text="votes per copy when it was made, to say how far they moved"
    )
    said = models.JSONField(default=dict, help_text="every screen by name; empty where stations are too few")
    stations = models.JSONField(
        default=dict, help_text="the screened stations, column by column, for pictures"
    )

    class Meta:
        db_table = "results_screening"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "election", "contest"], name="results_screening_once"),
        ]

    class Ronda:
        record = "screening"
        updatable = ("count", "reported", "votes")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.area} {self.election} {self.contest}"


class AuditList(Scoped):
    """A list of stations as it was frozen before its seed was thrown: those still missing, or all with their column of
    the recapitulation. Never changed."""

    election = models.CharField(max_length=60)
    contest = models.CharField(max_length=20)
    kind = models.CharField(max_length=8, choices=AuditKind.choices)
    body = models.TextField(
        help_text="the lines that the digest is of: unit, bound, votes of the recapitulation"
    )
    digest = models.CharField(max_length=64)
    stations = models.IntegerField(help_text="in the list")
    counted = models.IntegerField(default=0, help_text="missing: stations that were in when it was frozen")
    counted_votes = models.JSONField(
        default=list, help_text="missing: votes of those stations, in ballot order"
    )
    method = models.CharField(max_length=8, choices=AuditMethod.choices)
    risk_percent = models.SmallIntegerField(default=0, help_text="recap: chance that a wrong outcome passes")
    margin = models.IntegerField(default=0, help_text="recap: votes between the first two")
    planned = models.IntegerField(default=0, help_text="how many draws the plan expects; 0 is not known")
    person = models.UUIDField(null=True)

    class Meta:
        db_table = "results_audit_list"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area", "election", "contest", "kind", "digest"], name="results_audit_list_once"
            ),
        ]

    class Ronda:
        record = "audit_list"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.area} {self.contest} {self.kind} {self.digest[:12]}"


class AuditDraw(Scoped):
    """Stations drawn from a frozen list with a public seed. A larger draw of the same list has the same seed and begins
    with the same stations."""

    frozen = models.ForeignKey(AuditList, models.PROTECT, related_name="draws")
    position = models.SmallIntegerField(help_text="1 for the first draw of the list")
    seed = models.CharField(max_length=80)
    origin = models.CharField(max_length=200, help_text="where the seed comes from, in words")
    number = models.IntegerField(help_text="how many draws")
    drawn = ArrayField(models.CharField(max_length=13), help_text="stations in the order drawn")
    person = models.UUIDField(null=True)

    class Meta:
        db_table = "results_audit_draw"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["frozen", "position"], name="results_audit_draw_once"),
        ]

    class Ronda:
        record = "audit_draw"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.frozen_id} {self.position}"
