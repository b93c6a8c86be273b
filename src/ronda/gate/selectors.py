"""What may be known of messages: their state and proof for who sent them, what waits for those who keep watch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, QuerySet

from ronda.gate import answers, statements
from ronda.gate.domain import Grant, OutcomeState
from ronda.gate.files import FileStore
from ronda.gate.models import File, Message, Outcome
from ronda.ledger import selectors as ledger
from ronda.ledger.domain import Proof


@dataclass(frozen=True, slots=True)
class MessageStatus:
    """How far a message is: `received` (on disk, receipt given) or `logged` (in the tree under a checkpoint)."""

    answer: bytes
    proof: Proof | None
    outcome: str

    @property
    def state(self) -> str:
        return "logged" if self.proof else "received"


def message_status(id_: UUID, *, agency: str) -> MessageStatus | None:
    """The first answer of a message of this agency, and its proof once there is one."""
    message = Message.objects.filter(pk=id_, agency=agency).first()
    if message is None:
        return None
    receipt = ledger.receipts_for([message.n])[message.n]
    answer = answers.accepted(message.id, bytes(message.digest), receipt)
    outcome = Outcome.objects.filter(pk=id_).values_list("state", flat=True).first()
    return MessageStatus(answer.body, ledger.proof_for(message.n), outcome or "")


def sender_is_active(grant: Grant, *, at: datetime) -> bool:
    """Whether the device of a token is still in force, asked of the database each time."""
    if grant.device is None:
        return True
    with connection.cursor() as cursor:
        values: dict[str, UUID | date] = {"p1": grant.device, "p2": at.date()}
        cursor.execute(statements.for_django(statements.DEVICE_ACTIVE), values)
        return cursor.fetchone() is not None


def message_raw(id_: UUID) -> bytes | None:
    """The exact bytes of a message."""
    raw = Message.objects.filter(pk=id_).values_list("raw", flat=True).first()
    return None if raw is None else bytes(raw)


def messages_known(ids: Iterable[UUID]) -> set[UUID]:
    """Those of these ids under which a message was accepted."""
    return set(Message.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def message_count() -> int:
    return Message.objects.count()


def outcomes_waiting() -> QuerySet[Outcome]:
    """Messages that wait for a person, oldest first; the scope in force says which."""
    return Outcome.objects.filter(state__in=(OutcomeState.HELD, OutcomeState.FAILED)).order_by("n")


def outcome_for(id_: UUID) -> Outcome | None:
    return Outcome.objects.filter(pk=id_).first()


def outcome_counts() -> dict[str, int]:
    """How many messages are in each state."""
    rows = Outcome.objects.values_list("state").annotate(count=Count("pk"))
    return dict(rows)


def file_path(sha256: str) -> Path | None:
    """Where a whole file lies; None when nobody has handed it in."""
    if not File.objects.filter(sha256=sha256).exists():
        return None
    return FileStore(settings.VAR / "files").path(sha256)


def received_last() -> datetime | None:
    """When the newest message came."""
    return Message.objects.order_by("-n").values_list("created_at", flat=True).first()


def consumed_until(*, now: datetime) -> datetime | None:
    """Up to when all messages reached their contexts: now, or the arrival of the last one settled; None before."""
    settled = Outcome.objects.order_by("-n").values_list("n", flat=True).first()
    if not Message.objects.filter(n__gt=settled or 0).exists():
        return now
    if settled is None:
        return None
    return Message.objects.filter(n=settled).values_list("created_at", flat=True).first()
