"""Plenums of the recapitulation, what was read out there, and objections."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ronda.kernel.models import Scoped
from ronda.plenum.domain import ObjectionState, PlenumState


class Plenum(Scoped):
    """The recapitulation of one contest in one district, regency or province; `area` is that unit."""

    election = models.CharField(max_length=60)
    contest = models.CharField(max_length=20)
    district = models.CharField(
        max_length=60, blank=True, default="", help_text="electoral district, where the unit holds several"
    )
    state = models.CharField(max_length=8, choices=PlenumState.choices, default=PlenumState.OPEN)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "plenum_plenum"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["election", "contest", "area", "district"], name="plenum_once"),
        ]

    class Ronda:
        record = "plenum"
        updatable = ("state", "closed_at")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return " ".join(filter(None, (self.area, self.contest, self.district)))


class Column(Scoped):
    """One column of D.Hasil as it was read out last: of a station, or the total of a village, district or regency."""

    plenum = models.ForeignKey(Plenum, models.PROTECT, related_name="columns")
    code = models.CharField(max_length=13, db_collation="C", help_text="13 digits, or an area code")
    figures = models.JSONField(default=dict, help_text="box to number; what was not read out is absent")
    saved_at = models.DateTimeField()
    person = models.UUIDField(null=True)

    class Meta:
        db_table = "plenum_column"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plenum", "code"], name="plenum_column_once"),
        ]

    class Ronda:
        record = "plenum_column"
        updatable = ("figures", "saved_at", "person")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.plenum_id} {self.code}"


class ReadOut(Scoped):
    """Figures of one column as they were read out, typed or handed in at one time. Only ever added: a figure that is
    put right later stands in a later row, the first one stays."""

    plenum = models.ForeignKey(Plenum, models.PROTECT, related_name="read_outs")
    code = models.CharField(max_length=13, db_collation="C", help_text="13 digits, or an area code")
    figures = models.JSONField(help_text="box to number; null where a figure was taken back")
    file_sha256 = models.CharField(max_length=64, blank=True, help_text="the file it came in; empty if typed")
    person = models.UUIDField(null=True)

    class Meta:
        db_table = "plenum_read_out"
        indexes: ClassVar = [models.Index(fields=["plenum", "code", "created_at"], name="plenum_read_out_of")]

    class Ronda:
        record = "plenum_column"
        updatable = ()
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.plenum_id} {self.code} {self.created_at}"


class Objection(Scoped):
    """A difference that was raised: what moved, on which papers it stands, until when it can be raised where."""

    plenum = models.ForeignKey(Plenum, models.PROTECT, related_name="objections")
    rule = models.CharField(max_length=4)
    finding = models.CharField(max_length=64, help_text="which difference it is; one objection for each")
    sentence = models.TextField(help_text="in Indonesian, as it is printed")
    votes = models.IntegerField()
    facts = models.JSONField(help_text="rows, stations, and both papers' figures as they were compared")
    due_on = models.DateField(null=True, help_text="last day of the step in which it is raised")
    state = models.CharField(max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    note = models.TextField(blank=True)
    person = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "plenum_objection"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plenum", "finding"], name="plenum_objection_once"),
            models.CheckConstraint(condition=Q(votes__gte=0), name="plenum_objection_votes"),
        ]

    class Ronda:
        record = "objection"
        updatable = ("state", "note", "decided_at")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return self.sentence
