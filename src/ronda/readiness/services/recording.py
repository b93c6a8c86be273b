"""Writes: take check-ins in, keep each station's progress, tell gaps once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ronda.elections.selectors import stations_unknown
from ronda.gate.domain import Message
from ronda.kernel.areas import Level, at_level, is_code, level, station_area
from ronda.kernel.ids import uuid7
from ronda.kernel.journal import journal
from ronda.law.checkins import CheckinRules, checkin_rules
from ronda.places.selectors import areas_unknown
from ronda.readiness.adapters import code_of, registered, remarks_of, word_of
from ronda.readiness.domain import (
    ROLL_CALL,
    WAREHOUSE,
    Progress,
    RollCallWord,
    StationWord,
    WarehouseWord,
    is_future,
)
from ronda.readiness.domain import Word as SpokenWord
from ronda.readiness.events import CheckinsRecorded
from ronda.readiness.models import Checkin, RollCallAnswer, StationState, WarehouseCheck
from ronda.readiness.models import Word as WordRow

SILENCE_BROKEN_S = 2 * 3600


@dataclass(frozen=True, slots=True)
class _Heard:
    """One message, what it says and where it belongs."""

    message: Message
    word: SpokenWord
    remarks: list[str]
    area: str
    station_code: str
    is_placed: bool

    @property
    def at(self) -> datetime:
        ahead = is_future(self.message.captured_at, self.message.received_at)
        return self.message.received_at if ahead else self.message.captured_at


def checkins_unplaced(messages: Sequence[Message]) -> set[UUID]:
    """Messages that speak of a polling station or a warehouse whose place cannot be read or is in no register. An
    answer to a roll call counts wherever it comes from."""
    stations, areas = {}, {}
    for one in messages:
        step = one.body.get("step")
        if step == WAREHOUSE:
            areas[one.id] = one.place.strip()
        elif step != ROLL_CALL:
            stations[one.id] = (one.election, code_of(one))
    unknown = stations_unknown(pair for pair in stations.values() if pair[1])
    unheard = areas_unknown(area for area in areas.values() if area and is_code(area))
    return {id_ for id_, pair in stations.items() if not pair[1] or pair in unknown} | {
        id_ for id_, area in areas.items() if not area or not is_code(area) or area in unheard
    }


def checkins_record(*, messages: Sequence[Message], at: datetime) -> int:
    """Take a batch of accepted check-ins in; returns how many were new. CheckinRefused if one cannot be read.

    One transaction: rows of what came, progress of the stations, one event for each regency and election.
    """
    if not messages:
        return 0
    rules = checkin_rules()
    heard = _placed([(message, *word_of(message.body, rules)) for message in messages])
    with transaction.atomic():
        fresh = _without_known(heard)
        _rows_add(fresh, at)
        again = _progress_update(fresh, rules, at)
        for (election, regency), group in _by_regency(fresh).items():
            steps = Counter(_step_of(one.word) for one in group)
            event = CheckinsRecorded(
                subject=None,
                area=regency,
                agency="system",
                sensitivity=1,
                election=election,
                steps=dict(sorted(steps.items())),
                heard_again=sum(1 for one in group if one.station_code in again),
            )
            journal(event, at=at)
    return len(fresh)


def _placed(words: Sequence[tuple[Message, SpokenWord, list[str]]]) -> list[_Heard]:
    wanted = {
        (m.election, code_of(m)) for m, word, _ in words if isinstance(word, StationWord) and code_of(m)
    }
    known = registered(wanted)
    return [_place(message, word, remarks, known) for message, word, remarks in words]


def _place(message: Message, word: SpokenWord, remarks: list[str], known: set[tuple[str, str]]) -> _Heard:
    place = message.place.strip()
    area = place if is_code(place) and place else message.sender_area
    remarks = [*remarks, *remarks_of(message)]
    if isinstance(word, StationWord):
        code = code_of(message)
        if (message.election, code) in known:
            return _Heard(message, word, remarks, station_area(code), code, True)
        return _Heard(message, word, [*remarks, "station_unknown"], area, "", False)
    is_placed = bool(place) and area == place
    return _Heard(message, word, remarks if is_placed else [*remarks, "place_unknown"], area, "", is_placed)


def _without_known(heard: Sequence[_Heard]) -> list[_Heard]:
    """Those whose message is not yet stored: a batch that is handed in again has no second effect."""
    ids = [one.message.id for one in heard]
    known: set[Any] = set()
    for model in (Checkin, RollCallAnswer, WarehouseCheck):
        known.update(model.objects.filter(message__in=ids).values_list("message", flat=True))
    fresh = {one.message.id: one for one in heard if one.message.id not in known}
    return list(fresh.values())


def _rows_add(heard: Sequence[_Heard], at: datetime) -> None:
    rows = [_row(one, at) for one in heard]
    Checkin.objects.bulk_create((row for row in rows if isinstance(row, Checkin)), batch_size=1_000)
    RollCallAnswer.objects.bulk_create(row for row in rows if isinstance(row, RollCallAnswer))
    WarehouseCheck.objects.bulk_create(row for row in rows if isinstance(row, WarehouseCheck))


def _row(one: _Heard, at: datetime) -> WordRow:
    message, word = one.message, one.word
    frame: dict[str, Any] = {
        "area": one.area,
        "agency": message.agency,
        "created_at": at,
        "message": message.id,
        "election": message.election[:60],
        "place": message.place[:200],
        "note": word.note,
        "at": one.at,
        "captured_at": message.captured_at,
        "received_at": message.received_at,
        "sent_by": message.person,
        "remarks": one.remarks,
        "is_placed": one.is_placed,
    }
    if isinstance(word, RollCallWord):
        return RollCallAnswer(**frame, sensitivity=2, call=word.call)
    if isinstance(word, WarehouseWord):
        checks = {"passed": list(word.passed), "failed": list(word.failed)}
        return WarehouseCheck(**frame, sensitivity=1, name=word.name, **checks)
    number = message.station if isinstance(message.station, int) else None
    known = number if number is not None and 0 <= number <= 999 else None
    return Checkin(
        **frame, sensitivity=1, station=known, station_code=one.station_code, step=word.step, queue=word.queue
    )


def _progress_update(heard: Sequence[_Heard], rules: CheckinRules, at: datetime) -> set[str]:
    """Bring the summaries up to date; returns the stations that spoke again after a long silence."""
    spoken = [one for one in heard if one.station_code and isinstance(one.word, StationWord)]
    groups: dict[tuple[str, str], list[_Heard]] = {}
    for one in spoken:
        groups.setdefault((one.message.election, one.station_code), []).append(one)
    known = _states(groups)
    rows, again = [], set()
    for key, words in groups.items():
        row = known.get(key)
        before = row.heard_at if row else None
        progress = _progress(row, len(rules.steps))
        for one in words:
            step = _step_of(one.word)
            progress.hear(step=step, rank=rules.rank(step), at=one.at, by=one.message.agency)
        if before and progress.heard_at and (progress.heard_at - before).total_seconds() > SILENCE_BROKEN_S:
            again.add(key[1])
        rows.append(_state(key, row, progress, at))
    StationState.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["election", "station_code"],
        update_fields=["rank", "step", "first_at", "heard_at", "heard_by", "reached"],
        batch_size=1_000,
    )
    return again


def _states(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], StationState]:
    wanted = set(keys)
    elections = {election for election, _ in wanted}
    rows = StationState.objects.select_for_update().filter(
        election__in=elections, station_code__in={code for _, code in wanted}
    )
    return {(row.election, row.station_code): row for row in rows.order_by("station_code")}


def _progress(row: StationState | None, ranks: int) -> Progress:
    if row is None:
        return Progress(reached=[None] * ranks)
    reached = [*row.reached, *[None] * ranks][:ranks]
    return Progress(reached, row.rank, row.step, row.heard_at, row.heard_by, row.first_at)


def _state(key: tuple[str, str], row: StationState | None, progress: Progress, at: datetime) -> StationState:
    election, code = key
    assert progress.first_at is not None, "a station is summed up only once it spoke"
    assert progress.heard_at is not None
    return StationState(
        id=row.pk if row else uuid7(),
        area=station_area(code),
        sensitivity=1,
        agency="system",
        created_at=row.created_at if row else at,
        election=election,
        station_code=code,
        rank=progress.rank,
        step=progress.step,
        first_at=progress.first_at,
        heard_at=progress.heard_at,
        heard_by=progress.heard_by,
        reached=progress.reached,
    )


def _step_of(word: SpokenWord) -> str:
    if isinstance(word, StationWord):
        return word.step
    return "roll_call" if isinstance(word, RollCallWord) else "warehouse"


def _by_regency(heard: Sequence[_Heard]) -> dict[tuple[str, str], list[_Heard]]:
    groups: dict[tuple[str, str], list[_Heard]] = {}
    for one in heard:
        deep = len(one.area) >= 5 and level(one.area) is not Level.PROVINCE
        regency = at_level(one.area, Level.REGENCY) if deep else one.area
        groups.setdefault((one.message.election, regency), []).append(one)
    return groups
