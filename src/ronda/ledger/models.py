"""Tables of the log. Rows are only ever added; the horizons alone move."""

from typing import ClassVar

from django.db import models

from ronda.kernel.ids import uuid7


class LeafGroup(models.Model):
    """Leaves committed together under one signed root: their receipts can be made from it again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    node = models.CharField(max_length=100)
    at = models.DateTimeField()
    size = models.IntegerField()
    hashes = models.BinaryField(help_text="leaf hashes in their order, 32 bytes each")
    signature = models.BinaryField()

    class Meta:
        db_table = "ledger_group"

    class Ronda:
        record = "log_group"
        updatable = ()
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}


class Leaf(models.Model):
    """The salted commitment of one message. Numbers commit in any order: `n` is no place in the tree."""

    n = models.BigIntegerField(primary_key=True)
    entry = models.BinaryField()
    salt = models.BinaryField(help_text="without it the entry says nothing about the message")
    group = models.UUIDField()
    place = models.IntegerField(help_text="index in the group, from 0")

    class Meta:
        db_table = "ledger_leaf"

    class Ronda:
        record = "log_leaf"
        updatable = ()
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {"salt": 3}


class Entry(models.Model):
    """The place of a leaf in the tree, given once by the sequencer."""

    position = models.BigIntegerField(primary_key=True)
    leaf = models.BigIntegerField(unique=True)

    class Meta:
        db_table = "ledger_entry"

    class Ronda:
        record = "log_entry"
        updatable = ()
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}


class Tile(models.Model):
    """A full tile: 256 hashes and the root over them, which is a hash of the tile above."""

    id = models.BigIntegerField(primary_key=True, help_text="level * 2^48 + number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField()

    class Meta:
        db_table = "ledger_tile"

    class Ronda:
        record = "log_tile"
        updatable = ()
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}


class Checkpoint(models.Model):
    """A state of the tree that the node has signed."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    peaks = models.BinaryField(help_text="roots of its complete parts, largest first")
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_checkpoint"

    class Ronda:
        record = "log_checkpoint"
        updatable = ()
        default_class = 0
        field_classes: ClassVar[dict[str, int]] = {}


class Horizon(models.Model):
    """How far a reader of leaf numbers has nothing left to do: up to `floor` every number is done."""

    name = models.CharField(max_length=40, primary_key=True)
    floor = models.BigIntegerField(default=0)
    mark = models.BigIntegerField(default=0, help_text="highest number seen at `marked_at`")
    marked_at = models.DateTimeField(null=True, help_text="by the clock of the database")
    mark_xid = models.BigIntegerField(
        default=0, help_text="first transaction id not yet given at `marked_at`"
    )

    class Meta:
        db_table = "ledger_horizon"

    class Ronda:
        record = "log_horizon"
        updatable = ("floor", "mark", "marked_at", "mark_xid")
        default_class = 1
        field_classes: ClassVar[dict[str, int]] = {}
