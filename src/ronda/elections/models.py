"""Elections, stages, contests, choices, polling stations (public reference data) and the marks people set on stages."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ronda.elections.domain import StageMarkKind, StationKind
from ronda.kernel.models import AreaField, Scoped


class Election(models.Model):
    """One election, made from a file of `law/elections`."""

    code = models.CharField(max_length=60, primary_key=True)
    law = models.CharField(max_length=60, help_text="id of the rule in law/elections")
    regime = models.CharField(max_length=10)
    name_id = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    voting_on = models.DateField(db_index=True)
    voters_max = models.PositiveSmallIntegerField(help_text="most voters of a polling station")

    class Meta:
        db_table = "elections_election"

    class Ronda:
        record = "election"
        updatable = ("name_id", "name_en", "voting_on", "voters_max")
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return self.code


class Stage(models.Model):
    """One stage of an election as its calendar says; without a start its dates are not established."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="stages")
    code = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    name_id = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True, help_text="last day; empty for a stage of one day")
    part_of = models.CharField(max_length=20, blank=True)
    is_conditional = models.BooleanField(default=False)
    source = models.CharField(max_length=300)
    source_page = models.CharField(max_length=300, blank=True)
    is_verified = models.BooleanField(help_text="a page was found for it and a lawyer reviewed the calendar")
    note_id = models.CharField(max_length=200, blank=True)
    note_en = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "elections_stage"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["election", "code"], name="elections_stage_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="elections_stage_order",
            ),
        ]

    class Ronda:
        record = "election"
        updatable = (
            *("position", "name_id", "name_en", "starts_on", "ends_on", "part_of", "is_conditional"),
            *("source", "source_page", "is_verified", "note_id", "note_en"),
        )
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.election_id} {self.code}"


class Contest(models.Model):
    """What is voted on in an area: the President in the country, a regent in a regency."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="contests")
    code = models.CharField(max_length=20)
    area = AreaField(blank=True, help_text="where it is held; empty for the whole country")
    level = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField()
    name_id = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    choice_kind = models.CharField(max_length=10)
    district = models.CharField(
        max_length=60, blank=True, help_text="electoral district (dapil); empty where there is only one list"
    )
    covers = ArrayField(
        AreaField(), default=list, blank=True, help_text="the areas that make up the district"
    )

    class Meta:
        db_table = "elections_contest"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["election", "code", "area", "district"], name="elections_contest_once"
            ),
        ]

    class Ronda:
        record = "election"
        updatable = ("position", "name_id", "name_en")
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return " ".join(filter(None, (self.election_id, self.code, self.area, self.district)))


class Choice(models.Model):
    """A line of the ballot, in the order it is printed."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="choices")
    number = models.PositiveSmallIntegerField(help_text="0 for the row of a party above its candidates")
    party = models.PositiveSmallIntegerField(
        default=0, help_text="whose list it stands on; 0 where there is none"
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)

    class Meta:
        db_table = "elections_choice"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contest", "party", "number"], name="elections_choice_once"),
        ]

    class Ronda:
        record = "election"
        updatable = ("name", "kind")
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class PollingStation(models.Model):
    """A polling station (TPS) of one election. Another election has other stations under the same codes."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="stations", db_index=False)
    code = models.CharField(
        max_length=13, db_collation="C", help_text="KPU code: village and number, 13 digits"
    )
    area = AreaField(help_text="village")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StationKind.choices)
    name = models.CharField(max_length=200, blank=True, help_text="where it stands, in words")
    voters_m = models.PositiveSmallIntegerField(null=True)
    voters_f = models.PositiveSmallIntegerField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        db_table = "elections_station"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["election", "code"], name="elections_station_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^\d{13}$"), name="elections_station_code"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=999), name="elections_station_number"
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="elections_station_point",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["election", "area"], name="elections_station_area")]

    class Ronda:
        record = "station"
        updatable = ("name", "voters_m", "voters_f", "lon", "lat")
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.election_id} {self.code}"

    @property
    def voters(self) -> int | None:
        """All voters; unknown when either figure is."""
        return None if self.voters_m is None or self.voters_f is None else self.voters_m + self.voters_f


class StageMark(Scoped):
    """Somebody said that a stage is done in an area, or open again. Never edited; the last one counts."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="marks")
    stage = models.CharField(max_length=20)
    mark = models.CharField(max_length=10, choices=StageMarkKind.choices)
    marked_on = models.DateField(help_text="local legal date")
    note = models.CharField(max_length=200, blank=True)
    by = models.UUIDField(null=True)

    class Meta:
        db_table = "elections_stage_mark"
        indexes: ClassVar = [
            models.Index(fields=["election", "area", "created_at"], name="elections_stage_mark_order")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(mark__in=StageMarkKind.values), name="elections_stage_mark_known"
            ),
        ]

    class Ronda:
        record = "stage_mark"
        updatable = ()
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {"by": 2, "note": 1}

    def __str__(self) -> str:
        return f"{self.election_id} {self.stage} {self.mark}"
