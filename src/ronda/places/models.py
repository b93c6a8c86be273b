"""The register of areas. Public reference data: everybody reads it, only the operator's commands write it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ronda.kernel.areas import Level
from ronda.kernel.models import AreaField
from ronda.places.domain import AreaKind


class Area(models.Model):
    """One area by its official code (Kemendagri)."""

    code = AreaField(primary_key=True)
    level = models.CharField(max_length=8, choices=[(level.value, level.value) for level in Level])
    kind = models.CharField(max_length=10, choices=AreaKind.choices)
    name = models.CharField(max_length=120)
    parent = AreaField(blank=True, db_index=True, help_text="code one level up; empty for a province")
    province = AreaField(max_length=2)
    regency = AreaField(max_length=5, blank=True)
    postal_code = models.CharField(max_length=5, blank=True)

    class Meta:
        db_table = "places_area"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in Level]), name="places_area_level"
            ),
        ]

    class Ronda:
        record = "place"
        updatable = ("kind", "name", "postal_code")
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Outline(models.Model):
    """The drawn shape of an area, simplified for the screen of its level."""

    area = AreaField(primary_key=True)
    geometry = models.JSONField(help_text="GeoJSON Polygon or MultiPolygon, lon before lat, WGS84")
    bbox = ArrayField(models.FloatField(), size=4, help_text="west, south, east, north")
    lon = models.FloatField(help_text="a point inside the area")
    lat = models.FloatField()
    tolerance = models.FloatField(help_text="of the simplification, degrees")

    class Meta:
        db_table = "places_outline"

    class Ronda:
        record = "place"
        updatable = ("geometry", "bbox", "lon", "lat", "tolerance")
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"outline {self.area}"
