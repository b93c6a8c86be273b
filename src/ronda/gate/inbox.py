"""The batch consumer: what came through the gate goes to the context that owns its kind, each message once.

One transaction takes a batch, lets the handlers write, and notes the outcome. A worker that is killed leaves
nothing half done: the batch comes again, as if it had never been taken.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from ronda.agencies.selectors import supervised_area
from ronda.gate.consumers import handler_for, known_kinds, unplaced_in
from ronda.gate.domain import (
    FILE_PATIENCE,
    MAX_TRIES,
    PLACE_AGAIN,
    PUBLIC,
    PUBLIC_PER_MINUTE,
    HeldReason,
    Message,
    OutcomeState,
    Place,
    Verdict,
)
from ronda.gate.events import MessageFailed, MessageHeld
from ronda.gate.models import File, Outcome, Placement
from ronda.gate.models import Message as Row
from ronda.kernel.bulk import rows_add
from ronda.kernel.journal import journal
from ronda.ledger.services import horizon_advance, horizon_hold

log = structlog.get_logger("ronda.gate")
BATCH = 500
PUBLIC_SHARE = 5
AWAY = (OperationalError, InterfaceError)
"""The database is busy or away: no message is to blame, the round is tried again."""
LACKS_FILES = RawSQL(  # a message is complete when its files are there
    "EXISTS (SELECT FROM unnest(gate_message.files) AS named (digest)"
    " WHERE NOT EXISTS (SELECT FROM gate_file WHERE gate_file.sha256 = named.digest))",
    (),
    output_field=BooleanField(),
)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside the bytes of some messages: files still missing, places that people gave."""

    missing: dict[object, tuple[str, ...]]
    places: dict[object, Place]

    def message(self, row: Row) -> Message:
        return message_of(row, self.missing.get(row.pk, ()), self.places.get(row.pk))


def messages_consume(*, at: datetime, batch: int = BATCH) -> int:
    """Take one batch of what has no outcome yet or was released; returns how many were settled. One transaction."""
    horizon = horizon_hold("consumer")
    if horizon is None:
        return 0
    fresh = _fresh(horizon.floor)
    released = list(_released(at).order_by("n")[:batch])
    whole = fresh.annotate(lacks_files=LACKS_FILES).filter(
        Q(lacks_files=False) | Q(created_at__lte=at - FILE_PATIENCE)
    )
    rows = [*released, *_next(whole, batch - len(released))]
    beside = Beside(_missing_files(rows), placements_of(released))
    held = _held(rows)
    for row in rows:
        if row.pk in held:
            _settle(row, OutcomeState.HELD, at, reason=held[row.pk])
    _hand_over([row for row in rows if row.pk not in held], beside, at)
    highest = Row.objects.order_by("-n").values_list("n", flat=True).first() or 0
    horizon_advance(
        horizon, highest=highest, open_below=lambda mark: _fresh(horizon.floor).filter(n__lte=mark).exists()
    )
    return len(rows)


def _fresh(floor: int) -> QuerySet[Row]:
    """Messages above the floor without an outcome. Never `n > last`: numbers do not commit in order."""
    return Row.objects.filter(n__gt=floor).filter(
        ~Exists(Outcome.objects.filter(n=OuterRef("n"), n__gt=floor))
    )


def _next(whole: QuerySet[Row], room: int) -> list[Row]:
    """Registered senders first: a flood of the public takes the room they leave, and at least a fifth."""
    public = list(whole.filter(agency=PUBLIC).order_by("n")[:room])
    kept_free = min(len(public), room // PUBLIC_SHARE)
    devices = list(whole.exclude(agency=PUBLIC).order_by("n")[: room - kept_free])
    return sorted([*devices, *public[: room - len(devices)]], key=lambda row: row.n)


def _released(at: datetime) -> QuerySet[Row]:
    """Messages that a person let go on, those held for a kind that is known by now, and after a while those whose
    place the register may know by now."""
    is_known = Q(state=OutcomeState.HELD, reason=HeldReason.KIND, kind__in=known_kinds())
    is_due = Q(state=OutcomeState.HELD, reason=HeldReason.PLACE, at__lte=at - PLACE_AGAIN)
    waiting = Outcome.objects.filter(is_known | is_due | Q(state=OutcomeState.OPEN))
    waiting = waiting.exclude(state=OutcomeState.DONE)
    return Row.objects.filter(n__in=waiting.values("n"))


def _missing_files(rows: Iterable[Row]) -> dict[object, tuple[str, ...]]:
    """Files that messages name and nobody has handed in yet."""
    named = {digest for row in rows for digest in row.files}
    there = set(File.objects.filter(sha256__in=named).values_list("sha256", flat=True)) if named else set()
    return {row.pk: tuple(digest for digest in row.files if digest not in there) for row in rows if row.files}


def _held(rows: Sequence[Row]) -> dict[object, HeldReason]:
    """Messages that wait for a person: of an unknown kind, or public ones above the number of their area and minute.

    Those of one minute are counted in the order of their numbers, so that every worker holds the same ones.
    """
    held: dict[object, HeldReason] = {}
    counts: Counter[tuple[str, datetime]] = Counter()
    released = set(
        Outcome.objects.filter(pk__in=[row.pk for row in rows if row.agency == PUBLIC]).values_list(
            "pk", flat=True
        )
    )
    for row in rows:
        if handler_for(row.kind) is None:
            held[row.pk] = HeldReason.KIND
        elif row.agency == PUBLIC and row.pk not in released:
            minute = row.created_at.replace(second=0, microsecond=0)
            key = (row.area, minute)
            if key not in counts:
                counts[key] = _public_before(row.area, minute, row.n)
            counts[key] += 1
            if counts[key] > PUBLIC_PER_MINUTE:
                held[row.pk] = HeldReason.QUOTA
    return held


def _public_before(area: str, minute: datetime, n: int) -> int:
    """Public messages of an area and minute that were settled in earlier batches."""
    span = Q(created_at__gte=minute, created_at__lt=minute + timedelta(minutes=1))
    return Row.objects.filter(span, agency=PUBLIC, area=area, n__lt=n).count()


def placements_of(rows: Sequence[Row]) -> dict[object, Place]:
    """Where people said that messages belong; the last word counts."""
    ids = [row.pk for row in rows]
    said = Placement.objects.filter(message__in=ids, verdict=Verdict.PLACED).order_by("at", "id")
    return {one.message: Place(one.place, one.station) for one in said}


def _hand_over(rows: Sequence[Row], beside: Beside, at: datetime) -> None:
    kinds = sorted({row.kind for row in rows})
    for kind in kinds:
        mine = [row for row in rows if row.kind == kind]
        try:
            with transaction.atomic():
                _handle(kind, mine, beside, at)
        except AWAY:
            raise
        except Exception:
            log.warning("a batch of messages failed; taking them one by one", count=len(mine), kind=kind)
            for row in mine:
                _one(kind, row, beside, at)


def _one(kind: str, row: Row, beside: Beside, at: datetime) -> None:
    """One message by itself: it goes through, or is set aside and blocks no other."""
    try:
        with transaction.atomic():
            _handle(kind, [row], beside, at)
    except AWAY:
        raise
    except Exception as problem:
        log.exception("a message was set aside", kind=kind)
        _settle(row, OutcomeState.FAILED, at, error=_where(problem))


def _handle(kind: str, rows: Sequence[Row], beside: Beside, at: datetime) -> None:
    handler = handler_for(kind)
    if handler is None:
        raise LookupError(f"nobody takes messages of kind {kind}")
    messages = [beside.message(row) for row in rows]
    unplaced = unplaced_in(kind, messages)
    placed = [message for message in messages if message.id not in unplaced]
    if placed:
        handler(placed)
        _done([row for row in rows if row.pk not in unplaced], at)
    for row in rows:
        if row.pk in unplaced:
            _settle(row, OutcomeState.HELD, at, reason=HeldReason.PLACE)


def _done(rows: Sequence[Row], at: datetime) -> None:
    known = set(Outcome.objects.filter(n__in=[row.n for row in rows]).values_list("n", flat=True))
    Outcome.objects.filter(n__in=known).update(state=OutcomeState.DONE, reason="", error="", at=at)
    rows_add(_outcome(row, OutcomeState.DONE, at, area=row.area) for row in rows if row.n not in known)


def _settle(row: Row, state: OutcomeState, at: datetime, *, reason: str = "", error: str = "") -> None:
    known = Outcome.objects.filter(pk=row.pk).first()
    if known is None:
        area = supervised_area(row.area, row.sender_area)
        known = _outcome(row, state, at, area=area, reason=reason, error=error)
        known.save(force_insert=True)
    elif (known.state, known.reason) == (state, reason):
        Outcome.objects.filter(pk=row.pk).update(at=at)
        return
    else:
        known.state, known.reason, known.error, known.at = state, reason, error, at
        known.tries = min(known.tries + 1, MAX_TRIES)
        known.save(update_fields=["state", "reason", "error", "tries", "at"])
    frame = {"subject": row.pk, "area": known.area, "agency": row.agency, "kind": row.kind}
    if state is OutcomeState.HELD:
        journal(MessageHeld(**frame, reason=reason), at=at)
    else:
        journal(MessageFailed(**frame), at=at)


def _outcome(
    row: Row, state: OutcomeState, at: datetime, *, area: str, reason: str = "", error: str = ""
) -> Outcome:
    return Outcome(
        id=row.pk,
        n=row.n,
        area=area,
        agency=row.agency,
        sensitivity=1,
        created_at=at,
        kind=row.kind,
        state=state,
        reason=reason,
        error=error,
        at=at,
    )


def message_of(row: Row, missing: tuple[str, ...] = (), place: Place | None = None) -> Message:
    """A stored message as its context gets it: what the bytes say is read again, nothing is kept twice. Where a
    person placed it, that place stands for the one it states."""
    content = msgspec.json.decode(bytes(row.raw))
    return Message(
        id=row.pk,
        n=row.n,
        kind=row.kind,
        election=row.election,
        place=place.area if place else row.place,
        station=place.station if place else content.get("station"),
        captured_at=row.captured_at,
        received_at=row.created_at,
        is_ahead=row.is_ahead,
        body=content["body"],
        files=tuple(content.get("files") or ()),
        missing_files=missing,
        area=place.area if place else row.area,
        agency=row.agency,
        sender_kind=row.sender_kind,
        sender_area=row.sender_area,
        device=row.device,
        person=row.person,
        sha256=bytes(row.digest).hex(),
    )


def _where(problem: Exception) -> str:
    """Class and line of an error, without its text: that may hold what a person wrote."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" at {trace.tb_frame.f_globals.get('__name__', '')}:{trace.tb_lineno}"
    return f"{type(problem).__name__}{place}"
