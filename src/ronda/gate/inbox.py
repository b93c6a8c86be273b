"""The batch consumer: what came through the gate goes to the context that owns its kind, each message once.

One transaction takes a batch, lets the handlers write, and notes the outcome. A worker that is killed leaves
nothing half done: the batch comes again, as if it had never been taken.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from ronda.agencies.selectors import supervised_area
from ronda.gate import sealed
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
from ronda.gate.work import is_worked
from ronda.kernel.areas import is_code
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
class Taken:
    """A stored message, and what it says."""

    row: Row
    message: Message


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
    taken = _taken(rows, placements_of(released), at)
    held = _held(taken)
    for one in taken:
        if one.row.pk in held:
            _settle(one, OutcomeState.HELD, at, reason=held[one.row.pk])
    _hand_over([one for one in taken if one.row.pk not in held], at)
    highest = Row.objects.order_by("-n").values_list("n", flat=True).first() or 0
    horizon_advance(
        horizon, highest=highest, open_below=lambda mark: _fresh(horizon.floor).filter(n__lte=mark).exists()
    )
    return len(rows)


def _taken(rows: Sequence[Row], places: dict[object, Place], at: datetime) -> list[Taken]:
    """What each message says; a sealed one that does not open is set aside."""
    missing, taken = _missing_files(rows), []
    for row in rows:
        lacking, place = missing.get(row.pk, ()), places.get(row.pk)
        try:
            if row.kind == sealed.KIND:
                taken.append(Taken(row, _unsealed(row, place, at)))
            else:
                taken.append(Taken(row, message_of(row, lacking, place)))
        except sealed.SealBroken as problem:
            broken = Taken(row, _message(row, row.kind, Said(body={}, station=None), (), place))
            _settle(broken, OutcomeState.FAILED, at, error=str(problem))
    return taken


def _unsealed(row: Row, place: Place | None, at: datetime) -> Message:
    inner = sealed.opened(row).inner
    return _inside(row, inner, sealed.files_open(row, inner, at=at), place)


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


def _held(taken: Sequence[Taken]) -> dict[object, HeldReason]:
    """Messages that wait for a person: of an unknown kind, or public ones above the number of their area and minute.

    Those of one minute are counted in the order of their numbers, so that every worker holds the same ones. Whoever
    let their phone work for it is not held: a flood without that work costs an honest reporter nothing.
    """
    held: dict[object, HeldReason] = {}
    counts: Counter[tuple[str, datetime]] = Counter()
    released = set(
        Outcome.objects.filter(pk__in=[one.row.pk for one in taken if one.row.agency == PUBLIC]).values_list(
            "pk", flat=True
        )
    )
    for one in taken:
        row = one.row
        if handler_for(one.message.kind) is None:
            held[row.pk] = HeldReason.KIND
        elif row.agency == PUBLIC and row.pk not in released:
            minute = row.created_at.replace(second=0, microsecond=0)
            key = (row.area, minute)
            if key not in counts:
                counts[key] = _public_before(row.area, minute, row.n)
            counts[key] += 1
            if counts[key] > PUBLIC_PER_MINUTE and not _is_worked(one):
                held[row.pk] = HeldReason.QUOTA
    return held


def _is_worked(one: Taken) -> bool:
    work, at_s = one.message.body.get("work"), one.row.created_at.timestamp()
    return is_worked(work, one.row.pk, one.row.area[:5], at_s=at_s, secret=settings.KEYS.gate)


def _public_before(area: str, minute: datetime, n: int) -> int:
    """Public messages of an area and minute that were settled in earlier batches."""
    span = Q(created_at__gte=minute, created_at__lt=minute + timedelta(minutes=1))
    return Row.objects.filter(span, agency=PUBLIC, area=area, n__lt=n).count()


def placements_of(rows: Sequence[Row]) -> dict[object, Place]:
    """Where people said that messages belong; the last word counts."""
    ids = [row.pk for row in rows]
    said = Placement.objects.filter(message__in=ids, verdict=Verdict.PLACED).order_by("at", "id")
    return {one.message: Place(one.place, one.station) for one in said}


def _hand_over(taken: Sequence[Taken], at: datetime) -> None:
    for kind in sorted({one.message.kind for one in taken}):
        mine = [one for one in taken if one.message.kind == kind]
        try:
            with transaction.atomic():
                _handle(kind, mine, at)
        except AWAY:
            raise
        except Exception:
            log.warning("a batch of messages failed; taking them one by one", count=len(mine), kind=kind)
            for one in mine:
                _one(kind, one, at)


def _one(kind: str, one: Taken, at: datetime) -> None:
    """One message by itself: it goes through, or is set aside and blocks no other."""
    try:
        with transaction.atomic():
            _handle(kind, [one], at)
    except AWAY:
        raise
    except Exception as problem:
        log.exception("a message was set aside", kind=kind)
        _settle(one, OutcomeState.FAILED, at, error=_where(problem))


def _handle(kind: str, taken: Sequence[Taken], at: datetime) -> None:
    handler = handler_for(kind)
    if handler is None:
        raise LookupError(f"nobody takes messages of kind {kind}")
    unplaced = unplaced_in(kind, [one.message for one in taken])
    placed = [one for one in taken if one.message.id not in unplaced]
    if placed:
        handler([one.message for one in placed])
        _done(placed, at)
    for one in taken:
        if one.message.id in unplaced:
            _settle(one, OutcomeState.HELD, at, reason=HeldReason.PLACE)


def _done(taken: Sequence[Taken], at: datetime) -> None:
    known = set(Outcome.objects.filter(n__in=[one.row.n for one in taken]).values_list("n", flat=True))
    Outcome.objects.filter(n__in=known).update(state=OutcomeState.DONE, reason="", error="", at=at)
    rows_add(
        _outcome(one, OutcomeState.DONE, at, area=one.message.area) for one in taken if one.row.n not in known
    )


def _settle(one: Taken, state: OutcomeState, at: datetime, *, reason: str = "", error: str = "") -> None:
    row = one.row
    known = Outcome.objects.filter(pk=row.pk).first()
    if known is None:
        area = supervised_area(one.message.area, row.sender_area)
        known = _outcome(one, state, at, area=area, reason=reason, error=error)
        known.save(force_insert=True)
    elif (known.state, known.reason) == (state, reason):
        Outcome.objects.filter(pk=row.pk).update(at=at)
        return
    else:
        known.state, known.reason, known.error, known.at = state, reason, error, at
        known.tries = min(known.tries + 1, MAX_TRIES)
        known.save(update_fields=["state", "reason", "error", "tries", "at"])
    frame = {"subject": row.pk, "area": known.area, "agency": row.agency, "kind": known.kind}
    if state is OutcomeState.HELD:
        journal(MessageHeld(**frame, reason=reason), at=at)
    else:
        journal(MessageFailed(**frame), at=at)


def _outcome(
    one: Taken, state: OutcomeState, at: datetime, *, area: str, reason: str = "", error: str = ""
) -> Outcome:
    return Outcome(
        id=one.row.pk,
        n=one.row.n,
        area=area,
        agency=one.row.agency,
        sensitivity=1,
        created_at=at,
        kind=one.message.kind,
        state=state,
        reason=reason,
        error=error,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in the bytes of a message and in no column of its row; in a sealed one, inside."""

    body: dict[str, Any]
    station: int | str | None
    files: tuple[dict[str, Any], ...] = ()
    election: str | None = None
    place: str | None = None
    captured_at: datetime | None = None


def message_of(row: Row, missing: tuple[str, ...] = (), place: Place | None = None) -> Message:
    """A stored message as its context gets it: what the bytes say is read again, nothing is kept twice. Where a
    person placed it, that place stands for the one it states. SealBroken where a sealed one does not open."""
    if row.kind == sealed.KIND:
        return _inside(row, sealed.opened(row).inner, missing, place)
    content = msgspec.json.decode(bytes(row.raw))
    said = Said(content["body"], content.get("station"), tuple(content.get("files") or ()))
    return _message(row, row.kind, said, missing, place)


def _inside(row: Row, inner: sealed.Inner, missing: tuple[str, ...], place: Place | None) -> Message:
    files = tuple({"sha256": one.sha256, "size": one.size, "type": one.type} for one in inner.files)
    said = Said(inner.body, inner.station, files, inner.election, inner.place, inner.captured_at)
    return _message(row, inner.kind, said, missing, place)


def _message(row: Row, kind: str, said: Said, missing: tuple[str, ...], place: Place | None) -> Message:
    stated = row.place if said.place is None else said.place
    filed = stated if said.place and is_code(said.place) else row.area
    return Message(
        id=row.pk,
        n=row.n,
        kind=kind,
        election=row.election if said.election is None else said.election,
        place=place.area if place else stated,
        station=place.station if place else said.station,
        captured_at=said.captured_at or row.captured_at,
        received_at=row.created_at,
        is_ahead=row.is_ahead,
        body=said.body,
        files=said.files,
        missing_files=missing,
        area=place.area if place else filed,
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
