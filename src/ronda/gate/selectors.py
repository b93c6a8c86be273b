"""What may be known of messages: their state and proof for who sent them, what waits for those who keep watch."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from ronda.agencies.domain import legal_date
from ronda.gate import answers, sealed, statements
from ronda.gate.commit import SCOPE
from ronda.gate.domain import PUBLIC, PUBLIC_PER_MINUTE, Grant, HeldReason, OutcomeState, kind_words
from ronda.gate.files import FileStore
from ronda.gate.inbox import message_of
from ronda.gate.models import Conflict, File, Message, Outcome, Placement
from ronda.gate.work import challenge_make, is_worked, work_bits
from ronda.kernel.areas import STATION, ancestors, area_range, station_area
from ronda.kernel.journal import audit
from ronda.kernel.records import AUDITED_CLASS
from ronda.kernel.scope import current_scope, scoped
from ronda.ledger import selectors as ledger
from ronda.ledger.domain import Proof
from ronda.places import selectors as places

HITS = 12
_NUMBERED = re.compile(r"(?P<words>.*\D)\s+(?:tps\s*)?(?P<number>\d{1,3})\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says, as text to be read."""

    kind: str
    place: str
    station: str
    election: str
    captured_at: datetime
    received_at: datetime
    text: str
    files: int


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A place that a search found: an area, with a station number if the text names one, and where it lies."""

    code: str
    name: str
    trail: str
    station: int | None


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


def message_files(ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Hashes of the files that came with messages; of those that came sealed, as they were when they were taken. Who
    may read them is for the caller to know."""
    with scoped(SCOPE):
        rows = Message.objects.filter(pk__in=list(ids)).values_list("pk", "agency", "files")
        named = {digest for _id, _agency, files in rows for digest in files}
        opened = File.objects.filter(sealed_as__in=named).values_list("agency", "sealed_as", "sha256")
        plain = {(agency, sealed_as): sha256 for agency, sealed_as, sha256 in opened} if named else {}
        return {
            id_: [plain.get((agency, digest), digest) for digest in files]
            for id_, agency, files in rows
            if files
        }


def status_content(status: MessageStatus) -> dict[str, object]:
    """What is said of a message when asked: the first answer, how far it is, and the proof once it is logged."""
    content: dict[str, object] = json.loads(status.answer) | {
        "state": status.state,
        "outcome": status.outcome,
    }
    if status.proof is not None:
        content["log"] = {
            "index": status.proof.index,
            "path": b64encode(b"".join(status.proof.path)).decode(),
            "checkpoint": status.proof.checkpoint,
        }
    return content


def message_proved(id_: UUID, *, agency: str) -> tuple[bytes, bytes] | None:
    """A message byte for byte and what proves it (JSON). Who may read it is for the caller to know."""
    with scoped(SCOPE):
        raw, status = message_raw(id_), message_status(id_, agency=agency)
    return None if raw is None or status is None else (raw, json.dumps(status_content(status)).encode())


def message_inside(id_: UUID, *, agency: str) -> bytes | None:
    """The exact text inside a sealed message; None for any other. Who may read it is for the caller to know."""
    with scoped(SCOPE):
        row = Message.objects.filter(pk=id_, agency=agency, kind=sealed.KIND).first()
    try:
        return sealed.opened(row).text if row else None
    except sealed.SealBroken:
        return None


def sender_is_active(grant: Grant, *, at: datetime) -> bool:
    """Whether the device of a token is still in force, asked of the database each time."""
    if grant.device is None:
        return True
    with connection.cursor() as cursor:
        values: dict[str, UUID | date] = {"p1": grant.device, "p2": legal_date(at)}
        cursor.execute(statements.for_django(statements.DEVICE_ACTIVE), values)
        return cursor.fetchone() is not None


def message_raw(id_: UUID) -> bytes | None:
    """The exact bytes of a message."""
    raw = Message.objects.filter(pk=id_).values_list("raw", flat=True).first()
    return None if raw is None else bytes(raw)


def message_sent(id_: UUID, *, agency: str) -> bytes | None:
    """The exact bytes that an agency sent first under an id. Who may read them is for the caller to know."""
    with scoped(SCOPE):
        raw = Message.objects.filter(pk=id_, agency=agency).values_list("raw", flat=True).first()
    return None if raw is None else bytes(raw)


def public_load(area: str, *, at: datetime) -> int:
    """How many public messages about an area came in the last minute."""
    low, high = area_range(area)
    with scoped(SCOPE):
        recent = Message.objects.filter(agency=PUBLIC, area__gte=low, area__lt=high)
        return recent.filter(created_at__gt=at - timedelta(minutes=1), created_at__lte=at).count()


def is_crowded(area: str, *, at: datetime) -> bool:
    """Whether so much comes from an area that what comes without work may wait for a person."""
    return public_load(area, at=at) > PUBLIC_PER_MINUTE


def work_asked(message: UUID, area: str, *, at: datetime) -> str:
    """The challenge for one public message about an area; the more comes from there now, the harder."""
    bits = work_bits(public_load(area, at=at))
    return challenge_make(message, area, bits=bits, now_s=int(at.timestamp()), secret=settings.KEYS.gate)


def work_is_done(work: str, message: UUID, area: str, *, at: datetime) -> bool:
    """Whether a solved challenge is good for this message now."""
    return is_worked(work, message, area, at_s=at.timestamp(), secret=settings.KEYS.gate)


def messages_known(ids: Iterable[UUID]) -> set[UUID]:
    """Those of these ids under which a message was accepted."""
    return set(Message.objects.filter(pk__in=list(ids)).values_list("pk", flat=True))


def message_count() -> int:
    return Message.objects.count()


def outcomes_waiting() -> QuerySet[Outcome]:
    """Messages that wait for a person, oldest first; the scope in force says which."""
    return Outcome.objects.filter(state__in=(OutcomeState.HELD, OutcomeState.FAILED)).order_by("n")


def outcomes_aside() -> QuerySet[Outcome]:
    """Messages of which somebody said that they cannot be placed, newest first."""
    return Outcome.objects.filter(state=OutcomeState.ASIDE).order_by("-at", "-n")


def unplaced_count(kind: str, *, area: str) -> int:
    """Messages of a kind inside an area that wait for a place."""
    low, high = area_range(area)
    rows = Outcome.objects.filter(kind=kind, state=OutcomeState.HELD, reason=HeldReason.PLACE)
    return rows.filter(area__gte=low, area__lt=high).count()


def placement_list(message: UUID) -> QuerySet[Placement]:
    """What people said about the place of a message, latest first."""
    return Placement.objects.filter(message=message).order_by("-at", "-id")


def conflict_list() -> QuerySet[Conflict]:
    """Other bytes under an id that was taken, newest first."""
    return Conflict.objects.order_by("-created_at", "-id")


def conflict_for(id_: UUID) -> Conflict | None:
    return Conflict.objects.filter(pk=id_).first()


def message_said(outcome: Outcome, *, at: datetime) -> Said | None:
    """What a message says, for a reader of class 3 who sees its outcome; None for others. No log, no read."""
    scope = current_scope()
    if scope is None or AUDITED_CLASS not in scope.classes:
        return None
    audit("message.read", record="message", area=outcome.area, subject=outcome.pk, at=at)
    with scoped(SCOPE):
        return _said(Message.objects.get(pk=outcome.pk))


def conflict_said(conflict: Conflict, *, at: datetime) -> tuple[Said, str]:
    """The message that came first, and the other text under its id. No log, no read."""
    audit("message.read", record="message_conflict", area=conflict.area, subject=conflict.pk, at=at)
    with scoped(SCOPE):
        first = _said(Message.objects.get(pk=conflict.message))
    return first, _pretty(bytes(conflict.raw))


def _said(row: Message) -> Said:
    text = bytes(row.raw)
    try:
        message = message_of(row)
        if row.kind == sealed.KIND:
            text = sealed.opened(row).text
    except sealed.SealBroken:
        message = None
    station = message.station if message else None
    return Said(
        kind=kind_words(message.kind if message else row.kind),
        place=message.place if message else row.place,
        station="" if station is None else str(station),
        election=message.election if message else row.election,
        captured_at=message.captured_at if message else row.captured_at,
        received_at=row.created_at,
        text=_pretty(text),
        files=len(row.files),
    )


def _pretty(raw: bytes) -> str:
    """The bytes as text to be read, one field a line."""
    return msgspec.json.format(raw, indent=2).decode("utf-8", "replace")


def outcome_for(id_: UUID) -> Outcome | None:
    return Outcome.objects.filter(pk=id_).first()


def outcome_counts() -> dict[str, int]:
    """How many messages are in each state."""
    rows = Outcome.objects.values_list("state").annotate(count=Count("pk"))
    return dict(rows)


def file_path(sha256: str, *, agency: str) -> Path | None:
    """Where a file lies that an agency handed in whole, else None. Who may read it is for the caller to know."""
    with scoped(SCOPE):
        is_known = File.objects.filter(sha256=sha256, agency=agency).exists()
    return FileStore(settings.VAR / "files").path(sha256) if is_known else None


def file_came(sha256: str, *, agency: str) -> datetime | None:
    """When an agency handed a file in whole."""
    with scoped(SCOPE):
        return File.objects.filter(sha256=sha256, agency=agency).values_list("created_at", flat=True).first()


def files_to_show(made: QuerySet[Any], *, limit: int) -> list[File]:
    """Photos and documents, oldest first, of which `made` (with hash and agency) has no row yet."""
    known = made.filter(sha256=OuterRef("sha256"), agency=OuterRef("agency"))
    shown = Q(type__startswith="image/") | Q(type="application/pdf")
    return list(File.objects.filter(shown).filter(~Exists(known)).order_by("created_at")[:limit])


def files_unnamed() -> int:
    """Whole files that no message names. They are kept: their message may still be on its way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT sha256) FROM gate_file"
            " WHERE sealed_as = ''"
            " AND sha256 NOT IN (SELECT unnest(files) FROM gate_message WHERE files <> '{}')"
        )
        return int(cursor.fetchone()[0])


def received_last() -> datetime | None:
    """When the newest message came."""
    return Message.objects.order_by("-n").values_list("created_at", flat=True).first()


def consumed_until(*, now: datetime) -> datetime:
    """Up to when messages of registered senders reached their contexts: now, or the arrival of the first that waits.

    Never the arrival of the last one settled: the public and the registered are taken side by side, so that a later
    one may be settled before an earlier one. The public may wait long in a flood and holds nothing up here.
    """
    floor = ledger.horizon_floor("consumer")
    settled = Outcome.objects.filter(n=OuterRef("n"), n__gt=floor)
    waiting = Message.objects.filter(n__gt=floor).exclude(agency=PUBLIC).filter(~Exists(settled))
    first: datetime | None = waiting.aggregate(first=Min("created_at"))["first"]
    return now if first is None else min(first, now)


def place_search(text: str) -> list[PlaceHit]:
    """Places of the register by name or code; `penyaringan 7` and 13 digits name a polling station too."""
    words, station = " ".join(text.split()), None
    if STATION.match(words):
        words, station = station_area(words), int(words[10:])
    elif numbered := _NUMBERED.match(words):
        words, station = numbered["words"].removesuffix("TPS").removesuffix("tps"), int(numbered["number"])
    found = places.area_search(words, limit=HITS)
    names = places.area_names(code for area in found for code in ancestors(area.code))
    return [
        PlaceHit(
            area.code,
            area.name,
            ", ".join(names[code] for code in ancestors(area.code) if code in names),
            station,
        )
        for area in found
    ]
