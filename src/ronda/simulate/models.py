"""The mark of a database that holds drills only."""

from typing import ClassVar

from django.db import models

from ronda.kernel.models import Scoped


class DrillMark(Scoped):
    """Set once, while the database holds no message; without it no simulation runs here."""

    election = models.CharField(max_length=60)

    class Meta:
        db_table = "simulate_drill_mark"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "election"], name="simulate_drill_mark_once"),
        ]

    class Ronda:
        record = "drill_mark"
        updatable = ()
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.area} {self.election}"
