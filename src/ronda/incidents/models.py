"""Incidents and everything hung on them. All but the incident's own projections is added, never edited."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ronda.agencies.domain import Role
from ronda.incidents.domain import (
    PROOF_TYPES,
    ActionState,
    EntryKind,
    EvidenceKind,
    HandoverState,
    IncidentState,
    incident_label,
)
from ronda.kernel.models import AreaField, Scoped


class IncidentCounter(Scoped):
    """The last number given in one regency and election; a number is taken in the incident's own transaction."""

    election = models.CharField(max_length=60)
    last = models.IntegerField()

    class Meta:
        db_table = "incidents_counter"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "election"], name="incidents_counter_once")
        ]

    class Ronda:
        record = "incident_counter"
        updatable = ("last",)
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}


class Incident(Scoped):
    """A verified event: what, where, when, who holds it and by when somebody must act."""

    election = models.CharField(max_length=60)
    regency = AreaField()
    number = models.IntegerField()
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    summary = models.TextField(help_text="facts in the verifier's words; names no reporter")
    station_code = models.CharField(max_length=13, blank=True)
    happened_at = models.DateTimeField()
    known_at = models.DateTimeField(help_text="when it became known; the legal clock starts here")
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True)

    state = models.CharField(max_length=10, choices=IncidentState.choices, default=IncidentState.OPEN)
    holder_agency = models.CharField(max_length=40)
    holder_area = AreaField(blank=True)
    due_at = models.DateTimeField(null=True, help_text="when the next act is due; empty when closed")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "incidents_incident"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["regency", "election", "number"], name="incidents_number_once"),
            models.CheckConstraint(condition=Q(state__in=IncidentState.values), name="incidents_state_known"),
            models.CheckConstraint(
                name="incidents_due_while_active",
                condition=Q(state="closed", due_at__isnull=True)
                | (~Q(state="closed") & Q(due_at__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=~Q(state="closed"), name="incidents_active_due"),
            models.Index(F("changed_at").desc(), "id", name="incidents_changed"),
            models.Index(fields=["area", "happened_at"], name="incidents_area_time"),
            models.Index(fields=["opened_at"], name="incidents_opened"),
        ]

    class Ronda:
        record = "incident"
        updatable = ("state", "holder_agency", "holder_area", "due_at", "changed_at", "audience")
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {"election": 0, "number": 1, "state": 1}

    @property
    def label(self) -> str:
        return incident_label(self.number)

    def __str__(self) -> str:
        return self.label


class IncidentEntry(Scoped):
    """A line of the timeline: an act on the incident itself, or a development somebody wrote down."""

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    text = models.TextField(blank=True)
    by = models.UUIDField(null=True)
    by_area = AreaField(blank=True, default="", help_text="area of the unit in whose name it was done")
    at = models.DateTimeField()

    class Meta:
        db_table = "incidents_entry"

    class Ronda:
        record = "incident_entry"
        updatable = ("audience",)
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


class Escalation(Scoped):
    """A due time passed without the act: the unit above the desk that should have acted was told. One row for each due
    time and unit; what it did then is told by the incident."""

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="escalations")
    desk_agency = models.CharField(max_length=40)
    desk_area = AreaField(blank=True)
    to_area = AreaField(blank=True, help_text="of the unit above, of the same agency")
    due_at = models.DateTimeField(help_text="the time that passed")
    at = models.DateTimeField()

    class Meta:
        db_table = "incidents_escalation"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "desk_agency", "to_area", "due_at"], name="incidents_escalation_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["desk_agency", "to_area", "at"], name="incidents_escalation_to")
        ]

    class Ronda:
        record = "escalation"
        updatable = ("audience",)
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


class IncidentLink(Scoped):
    """A report belongs to the incident, or another incident is related to it."""

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="links")
    report = models.ForeignKey("reports.Report", models.PROTECT, null=True, related_name="+")
    other = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="+")
    follow_digest = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True)
    by = models.UUIDField(null=True)
    by_area = AreaField(blank=True, default="", help_text="area of the unit in whose name it was done")
    at = models.DateTimeField()

    class Meta:
        db_table = "incidents_link"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="incidents_link_one_end",
                condition=Q(report__isnull=False, other__isnull=True)
                | Q(report__isnull=True, other__isnull=False),
            ),
            models.CheckConstraint(
                name="incidents_link_not_itself", condition=Q(other__isnull=True) | ~Q(other=F("incident"))
            ),
        ]

    class Ronda:
        record = "incident_link"
        updatable = ("audience",)
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


class IncidentUnlink(Scoped):
    """The end of a link, with its reason. The link itself stays."""

    link = models.OneToOneField("incidents.IncidentLink", models.PROTECT, related_name="end")
    reason = models.TextField()
    by = models.UUIDField(null=True)
    by_area = AreaField(blank=True, default="", help_text="area of the unit in whose name it was done")
    at = models.DateTimeField()

    class Meta:
        db_table = "incidents_unlink"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="incidents_unlink_has_reason")
        ]

    class Ronda:
        record = "incident_unlink"
        updatable = ("audience",)
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


class Handover(Scoped):
    """An incident passes from one desk to another; `state` follows its steps."""

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="handovers")
    sequence = models.SmallIntegerField()
    from_agency = models.CharField(max_length=40)
    from_area = AreaField(blank=True)
    to_agency = models.CharField(max_length=40)
    to_area = AreaField(blank=True)
    request = models.TextField(help_text="what the receiver is asked to do")
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField(null=True)
    due_at = models.DateTimeField(help_text="when the answer is due")
    state = models.CharField(max_length=10, choices=HandoverState.choices, default=HandoverState.SENT)

    class Meta:
        db_table = "incidents_handover"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "sequence"], name="incidents_handover_sequence"),
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(state__in=["sent", "received"]),
                name="incidents_one_handover_waits",
            ),
            models.CheckConstraint(condition=~Q(request=""), name="incidents_handover_says_what"),
            models.CheckConstraint(
                condition=~Q(from_agency=F("to_agency"), from_area=F("to_area")),
                name="incidents_handover_not_to_itself",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["sent", "received"]), name="incidents_handover_due"
            )
        ]

    class Ronda:
        record = "handover"
        updatable = ("state", "audience")
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


class HandoverStep(Scoped):
    """Sent, received, accepted, refused, returned or withdrawn: who and when, with the reason."""

    handover = models.ForeignKey("incidents.Handover", models.PROTECT, related_name="steps")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="handover_steps")
    state = models.CharField(max_length=10, choices=HandoverState.choices)
    reason = models.TextField(blank=True)
    by = models.UUIDField(null=True)
    by_area = AreaField(blank=True, default="", help_text="area of the unit in whose name it was done")
    at = models.DateTimeField()

    class Meta:
        db_table = "incidents_handover_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handover", "state"], name="incidents_handover_step_once"),
            models.CheckConstraint(
                name="incidents_handover_step_reason",
                condition=~Q(state__in=["refused", "returned", "withdrawn"]) | ~Q(reason=""),
            ),
        ]

    class Ronda:
        record = "handover_step"
        updatable = ("audience",)
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


class HandoverActor(Scoped):
    """Who did a step, name and role as they stood then. Its readers are the agencies of that hand-over, no others."""

    step = models.OneToOneField("incidents.HandoverStep", models.PROTECT, related_name="actor")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=12, choices=Role.choices)

    class Meta:
        db_table = "incidents_handover_actor"

    class Ronda:
        record = "handover_actor"
        updatable = ()
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}

    @property
    def words(self) -> str:
        return f"{self.name} · {self.get_role_display()}"


class Action(Scoped):
    """Something a desk must do for the incident, with a due time."""

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="actions")
    title = models.CharField(max_length=160)
    owner_agency = models.CharField(max_length=40)
    owner_area = AreaField(blank=True)
    due_at = models.DateTimeField()
    assigned_by = models.UUIDField(null=True)
    assigned_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ActionState.choices, default=ActionState.OPEN)

    class Meta:
        db_table = "incidents_action"
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="open"), name="incidents_action_due")
        ]

    class Ronda:
        record = "action"
        updatable = ("state", "audience")
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


class ActionStep(Scoped):
    """An action was assigned, done, cancelled or opened again: who, when, what was done."""

    action = models.ForeignKey("incidents.Action", models.PROTECT, related_name="steps")
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="action_steps")
    state = models.CharField(max_length=10, choices=ActionState.choices)
    note = models.TextField(blank=True)
    by = models.UUIDField(null=True)
    by_area = AreaField(blank=True, default="", help_text="area of the unit in whose name it was done")
    at = models.DateTimeField()

    class Meta:
        db_table = "incidents_action_step"

    class Ronda:
        record = "action_step"
        updatable = ("audience",)
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


class Proof(Scoped):
    """What shows that the work is done; the one who brings it is not the one who closes."""

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="proofs")
    note = models.TextField()
    evidence_kind = models.CharField(max_length=8, choices=EvidenceKind.choices)
    evidence = models.CharField(max_length=200, help_text="file hash, report id or document number")
    by = models.UUIDField()
    by_area = AreaField(blank=True, default="", help_text="area of the unit in whose name it was done")
    at = models.DateTimeField()

    class Meta:
        db_table = "incidents_proof"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(note="") & ~Q(evidence=""), name="incidents_proof_has_evidence"
            )
        ]

    class Ronda:
        record = "proof"
        updatable = ("audience",)
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}


class ProofFile(Scoped):
    """A photo or document that shows the work, kept by the gate under its hash exactly as it came."""

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="proof_files")
    proof = models.OneToOneField("incidents.Proof", models.PROTECT, null=True, related_name="file")
    step = models.OneToOneField("incidents.ActionStep", models.PROTECT, null=True, related_name="file")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    type = models.CharField(max_length=40, help_text="by its first bytes, never by its name")

    class Meta:
        db_table = "incidents_proof_file"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="incidents_proof_file_one_end",
                condition=Q(proof__isnull=False, step__isnull=True)
                | Q(proof__isnull=True, step__isnull=False),
            ),
            models.CheckConstraint(condition=Q(sensitivity__gte=3), name="incidents_proof_file_guarded"),
        ]

    class Ronda:
        record = "proof_file"
        updatable = ("audience",)
        default_class = 3
        field_classes: ClassVar[dict[str, int]] = {}

    @property
    def name(self) -> str:
        """What a copy is called: the incident, then the beginning of the hash."""
        return f"{self.incident.label}-{self.sha256[:8]}.{PROOF_TYPES[self.type]}"

    @property
    def word(self) -> str:
        """The type as people call it: JPG, PDF."""
        return PROOF_TYPES[self.type].upper()


class Closure(Scoped):
    """A second person looked at the proof and closed the incident."""

    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="closures")
    proof = models.OneToOneField("incidents.Proof", models.PROTECT, related_name="closure")
    proved_by = models.UUIDField()
    closed_by = models.UUIDField()
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "incidents_closure"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(closed_by=F("proved_by")), name="incidents_closed_by_second_person"
            )
        ]

    class Ronda:
        record = "closure"
        updatable = ("audience",)
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {}
