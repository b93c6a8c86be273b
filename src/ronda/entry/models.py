"""Forms that are entered by hand, and what each person typed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ronda.entry.domain import EntryState
from ronda.kernel.models import Scoped
from ronda.results.domain import Outcome


class EntryForm(Scoped):
    """One paper to be entered: the copy of one source of one station and contest. `area` is the village. After a
    repeated vote or count the new paper is a form of its own."""

    election = models.CharField(max_length=60)
    contest = models.CharField(max_length=20)
    station = models.CharField(max_length=13, db_collation="C")
    source = models.CharField(max_length=40, help_text="whose copy: plano, ptps, saksi-02")
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.REGULAR)
    photo = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the photo, kept by the gate")
    state = models.CharField(max_length=8, choices=EntryState.choices, default=EntryState.FIRST)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "entry_form"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["election", "contest", "station", "source", "outcome"], name="entry_form_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["area", "changed_at"], condition=~Q(state="done"), name="entry_form_waiting"
            ),
        ]

    class Ronda:
        record = "entry_form"
        updatable = ("photo", "state", "changed_at")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.station} {self.contest} {self.source}"


class EntryDraft(Scoped):
    """What one person typed in one round. Another person's is never shown before both are done."""

    form = models.ForeignKey(EntryForm, models.PROTECT, related_name="drafts")
    round = models.SmallIntegerField()
    person = models.UUIDField()
    figures = models.JSONField(default=dict, help_text="box to number; empty boxes are absent")
    saved_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "entry_draft"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "round", "person"], name="entry_draft_once"),
            models.UniqueConstraint(
                fields=["form", "round"], condition=Q(done_at__isnull=False), name="entry_draft_one_done"
            ),
        ]

    class Ronda:
        record = "entry_draft"
        updatable = ("figures", "saved_at", "done_at")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.form_id} {self.round}"


class Reading(Scoped):
    """What a machine read on a photo of a form. It is shown beside what a person typed and decides nothing: it is no
    copy, no entry, and no rule sees it. `area` is the village."""

    election = models.CharField(max_length=60)
    contest = models.CharField(max_length=20)
    station = models.CharField(max_length=13, db_collation="C")
    photo = models.CharField(max_length=64, help_text="SHA-256 of the photo that was read")
    reader = models.CharField(max_length=80, help_text="which program, in which version")
    figures = models.JSONField(help_text="box to number; what could not be read is absent")
    message = models.UUIDField(unique=True, help_text="the gate's message")

    class Meta:
        db_table = "entry_reading"
        indexes: ClassVar = [models.Index(fields=["photo", "created_at"], name="entry_reading_photo")]

    class Ronda:
        record = "machine_reading"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.station} {self.contest} {self.reader}"
