"""Tables of the gate. Messages, conflicts, files and placements are only ever added; an outcome alone moves."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ronda.gate.domain import HeldReason, OutcomeState, Verdict, kind_words
from ronda.kernel.models import AreaField, Scoped


class NextNumber(models.Func):
    """The next leaf number; numbers do not commit in order, readers take what is not yet done."""

    template = "nextval('ledger_leaf_n')"
    output_field = models.BigIntegerField()


class Message(Scoped):
    """A message exactly as it came. The device made `id`; `created_at` is when the node received it."""

    n = models.BigIntegerField(unique=True, db_default=NextNumber(), editable=False)
    raw = models.BinaryField(help_text="the exact bytes")
    digest = models.BinaryField(help_text="SHA-256 of the bytes")
    kind = models.CharField(max_length=40)
    election = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=60, blank=True, help_text="as stated; need not be in the register")
    captured_at = models.DateTimeField()
    is_ahead = models.BooleanField(default=False, help_text="captured in the future of the node's clock")
    files = ArrayField(models.CharField(max_length=64), default=list, help_text="SHA-256 of each file")
    sender_kind = models.CharField(max_length=20)
    sender_area = AreaField(blank=True)
    device = models.UUIDField(null=True)
    person = models.UUIDField(null=True)

    class Meta:
        db_table = "gate_message"
        indexes: ClassVar = [
            models.Index(
                fields=["area", "created_at"], condition=models.Q(agency="publik"), name="gate_message_public"
            ),
            models.Index(
                fields=["created_at", "area"],
                condition=models.Q(agency="publik"),
                name="gate_message_public_at",
            ),
        ]

    class Ronda:
        record = "message"
        updatable = ()
        default_class = 3
        field_classes: ClassVar[dict[str, int]] = {"n": 0, "kind": 1, "digest": 1}


class Conflict(Scoped):
    """Other bytes under an id that was taken: refused with 409, and kept."""

    message = models.UUIDField()
    raw = models.BinaryField()
    digest = models.BinaryField()
    device = models.UUIDField(null=True)

    class Meta:
        db_table = "gate_conflict"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "digest"], name="gate_conflict_once"),
        ]

    class Ronda:
        record = "message_conflict"
        updatable = ()
        default_class = 3
        field_classes: ClassVar[dict[str, int]] = {}


class File(Scoped):
    """An agency has handed in this file, whole and checked. The bytes lie on disk under the hash."""

    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    type = models.CharField(max_length=100, blank=True)
    device = models.UUIDField(null=True)
    sealed_as = models.CharField(
        max_length=64, blank=True, db_default="", help_text="hash of the sealed form it was opened from"
    )

    class Meta:
        db_table = "gate_file"
        indexes: ClassVar = [
            models.Index(fields=["sealed_as"], condition=~models.Q(sealed_as=""), name="gate_file_sealed_as"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sha256", "agency"], name="gate_file_once"),
        ]

    class Ronda:
        record = "message_file"
        updatable = ()
        default_class = 3
        field_classes: ClassVar[dict[str, int]] = {}


class Outcome(Scoped):
    """What became of a message: done, held for a person, or set aside. `id` is the message's."""

    n = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=OutcomeState.choices)
    reason = models.CharField(max_length=10, choices=HeldReason.choices, blank=True)
    error = models.TextField(blank=True, help_text="class of the error and where, no content")
    tries = models.SmallIntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        db_table = "gate_outcome"
        indexes: ClassVar = [
            models.Index(
                fields=["state", "n"], condition=~models.Q(state=OutcomeState.DONE), name="gate_outcome_open"
            ),
        ]

    class Ronda:
        record = "message_outcome"
        updatable = ("state", "reason", "error", "tries", "at")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {"error": 2}

    @property
    def kind_words(self) -> str:
        return kind_words(self.kind)


class Placement(Scoped):
    """A person says where a message belongs, or that nobody can tell. The bytes stay; a later row counts."""

    message = models.UUIDField()
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    from_place = models.CharField(max_length=60, blank=True, help_text="place as the message states it")
    from_station = models.CharField(max_length=60, blank=True, help_text="station as the message states it")
    place = AreaField(blank=True)
    station = models.SmallIntegerField(null=True)
    note = models.TextField(help_text="why")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "gate_placement"
        indexes: ClassVar = [models.Index(fields=["message", "at"], name="gate_placement_message")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(note=""), name="gate_placement_has_reason"),
            models.CheckConstraint(
                condition=models.Q(verdict=Verdict.PLACED) ^ models.Q(place=""),
                name="gate_placement_has_place",
            ),
        ]

    class Ronda:
        record = "message_placement"
        updatable = ()
        default_class = 2
        field_classes: ClassVar[dict[str, int]] = {"from_place": 3, "from_station": 3}
