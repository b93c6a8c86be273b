"""What a check-in says, how far a station is, and when a gap is a finding. No queries, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ronda.law.checkins import CheckinRules

ROLL_CALL, WAREHOUSE = "roll_call", "warehouse"
FUTURE_TOLERANCE = timedelta(minutes=10)
NOTE_MAX, NAME_MAX, QUEUE_MAX = 2_000, 120, 999

Remark = Literal["place_unknown", "station_unknown", "captured_in_future", "note_cut", "step_unknown"]


class FindingKind(TextChoices):
    SILENT = "silent", _("Sekelompok TPS tanpa kabar")
    ROLL_CALL = "roll_call", _("Apel terlewat")
    WAREHOUSE = "warehouse", _("Gudang tidak memenuhi syarat")


class WatchKind(TextChoices):
    """Who may stand at a polling station and watch."""

    SUPERVISOR = "supervisor", _("Pengawas")
    WITNESS = "witness", _("Saksi")
    VOLUNTEER = "volunteer", _("Pemantau")


# Which of them an agency sends; the others send nobody who watches.
WATCH_OF = {"bawaslu": WatchKind.SUPERVISOR, "partai": WatchKind.WITNESS, "pemantau": WatchKind.VOLUNTEER}
# Roles that may be sent, and those that may send.
WATCHING_ROLES = ("officer", "witness", "observer")
SENDING_ROLES = frozenset({"head", "admin", "duty"})


class WatchRefused(ValueError):
    """Somebody who cannot be sent to a station; the text is for people."""


class CallAct(TextChoices):
    """What a clerk does with a line of the call list."""

    TAKEN = "taken", _("Sedang menelepon")
    ANSWERED = "answered", _("Dijawab")
    UNANSWERED = "unanswered", _("Tidak dijawab")
    RELEASED = "released", _("Dilepas")


class CallState(TextChoices):
    """Where a line of the call list stands."""

    OPEN = "open", _("Belum ditelepon")
    AGAIN = "again", _("Tidak dijawab, telepon lagi")
    HELD = "held", _("Sedang ditelepon")
    WAITING = "waiting", _("Tidak dijawab, tunggu sebentar")
    ANSWERED = "answered", _("Sudah dijawab")


class CallRefused(ValueError):
    """A line of the call list that this person cannot take or mark now; the text is for people."""


class CheckinRefused(ValueError):
    """A body that cannot be a check-in: field, what was wanted, what came."""

    def __init__(self, field_: str, wanted: str, came: object) -> None:
        self.field, self.wanted, self.came = field_, wanted, came
        super().__init__(f"{field_}: wanted {wanted}, came {str(came)[:80]!r}")


@dataclass(frozen=True, slots=True)
class StationWord:
    """A station reached a step of its day."""

    step: str
    note: str = ""
    queue: int | None = None


@dataclass(frozen=True, slots=True)
class RollCallWord:
    """An officer answered a roll call."""

    call: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class WarehouseWord:
    """A warehouse was looked at, point by point."""

    name: str
    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    note: str = ""


Word = StationWord | RollCallWord | WarehouseWord


@dataclass(slots=True)
class Progress:
    """How far a station is. `reached[r - 1]` is when it was first known to be at rank r or beyond."""

    reached: list[datetime | None]
    rank: int = 0
    step: str = ""
    heard_at: datetime | None = None
    heard_by: str = ""
    first_at: datetime | None = None
    steps: set[str] = field(default_factory=set)

    def hear(self, *, step: str, rank: int, at: datetime, by: str) -> None:
        """Take one word in; the order in which words arrive does not matter."""
        if self.heard_at is None or at > self.heard_at:
            self.heard_at, self.heard_by = at, by
        if self.first_at is None or at < self.first_at:
            self.first_at = at
        if rank > self.rank:
            self.rank, self.step = rank, step
        for index in range(min(rank, len(self.reached))):
            known = self.reached[index]
            if known is None or at < known:
                self.reached[index] = at


def due_rank(rules: CheckinRules, *, voting_on: date, zone: ZoneInfo, at: datetime) -> int:
    """The furthest step that every station should have told of by now; 0 before the first and when all is over."""
    if rules.silence.is_over(voting_on=voting_on, zone=zone, at=at):
        return 0
    due = [n for n, step in enumerate(rules.steps, 1) if step.late_from(voting_on, zone) <= at]
    return max(due, default=0)


def call_state(
    act: str, *, until: datetime | None, marked_at: datetime, at: datetime, again: timedelta
) -> CallState:
    """Where a line stands after its last mark: taken lines come back by themselves, unanswered ones after a while."""
    if act == CallAct.ANSWERED:
        return CallState.ANSWERED
    if act == CallAct.TAKEN:
        return CallState.HELD if until is not None and at < until else CallState.OPEN
    if act == CallAct.UNANSWERED:
        return CallState.WAITING if at < marked_at + again else CallState.AGAIN
    return CallState.OPEN


def is_future(at: datetime, received_at: datetime) -> bool:
    """Whether a device's time lies ahead of the node's clock by more than clocks usually differ."""
    return at > received_at + FUTURE_TOLERANCE


def silent_key(election: str, village: str, step: str) -> str:
    return f"silent|{election}|{village}|{step}"


def roll_call_key(election: str, call: str, whose: str) -> str:
    return f"roll_call|{election}|{call}|{whose}"


def warehouse_key(election: str, area: str, name: str, kind: str) -> str:
    return f"warehouse|{election}|{area}|{name.casefold()}|{kind}"


def incident_kind_of(failed: Iterable[str], rules: CheckinRules) -> dict[str, list[str]]:
    """Failed warehouse points by the kind of incident they are."""
    kinds: dict[str, list[str]] = {}
    for code in failed:
        criterion = rules.criterion(code)
        if criterion is not None:
            kinds.setdefault(criterion.kind, []).append(code)
    return kinds
