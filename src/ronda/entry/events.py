"""What happened in the entry of forms. No figures in events."""

from dataclasses import dataclass

from ronda.kernel.journal import Event


@dataclass(frozen=True, kw_only=True)
class FormOpened(Event):
    name = "entry.opened"
    record = "entry_form"

    election: str
    contest: str
    station: str
    source: str


@dataclass(frozen=True, kw_only=True)
class PhotoAdded(Event):
    name = "entry.photo_added"
    record = "entry_form"

    station: str


@dataclass(frozen=True, kw_only=True)
class EntryBegun(Event):
    name = "entry.begun"
    record = "entry_form"

    station: str
    round: int


@dataclass(frozen=True, kw_only=True)
class EntryDone(Event):
    """`state` is what the form waits for now."""

    name = "entry.done"
    record = "entry_form"

    station: str
    round: int
    state: str


@dataclass(frozen=True, kw_only=True)
class PhotoRead(Event):
    """A machine read a photo of a form."""

    name = "entry.photo_read_by_machine"
    record = "machine_reading"

    station: str
    reader: str
