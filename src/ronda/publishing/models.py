"""Versions of published results: what each let out, what it held, and why a figure was corrected. Only added to."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ronda.kernel.models import Scoped
from ronda.publishing.domain import State


class Publication(Scoped):
    """One version of the results of an election in an area: one person proposes it, another lets it out."""

    election = models.CharField(max_length=60)
    contests = ArrayField(models.CharField(max_length=20))
    version = models.SmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.UUIDField(help_text="id of the person")
    decided_by = models.UUIDField(null=True, help_text="id of the second person")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, help_text="why it was refused")
    coverage = models.JSONField(help_text="contest to village to stations, held, votes the missing can hold")
    digest = models.CharField(max_length=64, help_text="SHA-256 of all sheets of the version")

    class Meta:
        db_table = "publishing_publication"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area", "election", "version"],
                condition=~Q(state="refused"),
                name="publishing_version_once",
            ),
            models.UniqueConstraint(
                fields=["area", "election"], condition=Q(state="proposed"), name="publishing_one_waits"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="publishing_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="publishing_decided_by_somebody",
            ),
        ]

    class Ronda:
        record = "publication"
        updatable = ("state", "decided_by", "decided_at", "reason")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.election} {self.area} v{self.version}"


class PublishedSheet(Scoped):
    """The figures of a station as a version let them out: new in it, or other than before. `area` is the village."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="sheets")
    contest = models.CharField(max_length=20)
    station = models.CharField(max_length=13, db_collation="C")
    number = models.SmallIntegerField()
    source = models.CharField(max_length=40)
    sheet_version = models.SmallIntegerField(help_text="version of the copy")
    outcome = models.CharField(max_length=16)
    votes = ArrayField(models.IntegerField(), help_text="per choice in ballot order")
    valid = models.IntegerField()
    invalid = models.IntegerField()
    users = models.IntegerField()
    registered = models.IntegerField()

    class Meta:
        db_table = "publishing_sheet"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["publication", "contest", "station"], name="publishing_sheet_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["contest", "station"], name="publishing_sheet_station")]

    class Ronda:
        record = "publication_sheet"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.station} {self.contest}"


class HeldSheet(Scoped):
    """A station of which copies are there that a version did not let out, and why. `area` is the village."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="held")
    contest = models.CharField(max_length=20)
    station = models.CharField(max_length=13, db_collation="C")
    number = models.SmallIntegerField()
    reasons = ArrayField(models.CharField(max_length=20))

    class Meta:
        db_table = "publishing_held"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["publication", "contest", "station"], name="publishing_held_once"
            ),
        ]

    class Ronda:
        record = "publication_held"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.station} {self.contest}"


class Correction(Scoped):
    """Why a published figure of a station may change, or fall, in the next version. `area` is the village."""

    election = models.CharField(max_length=60)
    contest = models.CharField(max_length=20)
    station = models.CharField(max_length=13, db_collation="C")
    reason = models.TextField()
    basis = models.CharField(max_length=120, help_text="number of the decision or the minutes")
    person = models.UUIDField()

    class Meta:
        db_table = "publishing_correction"
        indexes: ClassVar = [
            models.Index(fields=["election", "contest", "station"], name="publishing_correction_of"),
        ]

    class Ronda:
        record = "publication_correction"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.station} {self.contest}"
