"""Working copies of files, with what the files say of themselves. Only ever added."""

from typing import ClassVar

from django.db import models

from ronda.evidence.domain import Reason
from ronda.kernel.models import Scoped


class WorkingCopy(Scoped):
    """What became of one file of one agency when it was decoded. The copy lies on disk under the hash of the file."""

    sha256 = models.CharField(max_length=64, help_text="of the original")
    reason = models.CharField(
        max_length=12, choices=Reason.choices, blank=True, help_text="empty: there is a copy"
    )
    kind = models.CharField(max_length=20, blank=True)
    copy_sha256 = models.CharField(max_length=64, blank=True)
    pages = models.SmallIntegerField(default=0)
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    taken_at = models.CharField(
        max_length=40, blank=True, help_text="as the camera wrote it; ISO, offset if told"
    )
    latitude = models.FloatField(null=True, help_text="as the camera wrote it")
    longitude = models.FloatField(null=True, help_text="as the camera wrote it")
    look = models.BigIntegerField(null=True, help_text="hash of what it shows; empty for an even picture")
    look_1 = models.SmallIntegerField(null=True)
    look_2 = models.SmallIntegerField(null=True)
    look_3 = models.SmallIntegerField(null=True)
    look_4 = models.SmallIntegerField(null=True)
    look_5 = models.SmallIntegerField(null=True)
    look_6 = models.SmallIntegerField(null=True)
    look_7 = models.SmallIntegerField(null=True)
    look_8 = models.SmallIntegerField(null=True)

    class Meta:
        db_table = "evidence_working_copy"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sha256", "agency"], name="evidence_copy_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=[f"look_{at}"], name=f"evidence_look_{at}") for at in range(1, 9)
        ]

    class Ronda:
        record = "working_copy"
        updatable = ()
        default_class = 3
        field_classes: ClassVar[dict[str, int]] = {}

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.reason or self.kind}"
