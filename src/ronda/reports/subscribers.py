"""The gate's batches of kind `report` become reports."""

from collections.abc import Sequence

from ronda.gate import consumers
from ronda.gate.domain import Message
from ronda.reports.adapters import IncomingReport, Sender
from ronda.reports.services import reports_receive
from ronda.reports.services.looks import looks_note

LOOKS_EVERY_S = 5.0


def connect() -> None:
    """Called once when the application is ready."""
    consumers.register("report", take_reports)
    consumers.register_round("looks of photos", looks_note, every_s=LOOKS_EVERY_S, is_apart=True)


def take_reports(messages: Sequence[Message]) -> None:
    """One batch of accepted messages; those that are reports already change nothing."""
    reports_receive(incoming=[_incoming(message) for message in messages])


def _incoming(message: Message) -> IncomingReport:
    return IncomingReport(
        message=message.id,
        received_at=message.received_at,
        body=message.body,
        election=message.election,
        place=message.place,
        station=message.station,
        captured_at=message.captured_at,
        sender=Sender(message.agency, message.sender_kind, message.sender_area, message.person),
        files=message.files,
    )
