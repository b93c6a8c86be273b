"""The gate's sheets and recaps become copies, and the villages they touch are checked again, once per batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from ronda.elections.selectors import election_current, stations_unknown
from ronda.gate.domain import Message
from ronda.kernel import clock
from ronda.kernel.bulk import rows_add
from ronda.kernel.journal import journal, journal_all
from ronda.kernel.scope import Scope, scoped
from ronda.places.selectors import areas_unknown
from ronda.results.adapters.incoming import (
    UnreadableSheetError,
    contest_of,
    district_of,
    figures_of,
    outcome_of,
    source_for,
    station_of,
    unit_of,
)
from ronda.results.adapters.lists import lists_of
from ronda.results.adapters.rows import Key, last_versions
from ronda.results.domain import REGULAR, Figures, outcome_since
from ronda.results.events import RecapReceived, SheetReceived
from ronda.results.models import Copy, Recap, Replacement, Sheet
from ronda.results.services.adding import count_copies
from ronda.results.services.areas import Tally
from ronda.results.services.checking import count_anew, villages_counted
from ronda.web.localtime import local

C = TypeVar("C", Sheet, Recap)


def sheets_unplaced(messages: Sequence[Message]) -> set[UUID]:
    """Messages of sheets whose station cannot be read or is not in the register of their election."""
    spoken = {}
    for one in messages:
        station, area, _ = station_of(one)
        spoken[one.id] = (_election(one, area), station)
    unknown = stations_unknown(pair for pair in spoken.values() if pair[1].isdecimal())
    return {id_ for id_, pair in spoken.items() if pair in unknown or not pair[1].isdecimal()}


def recaps_unplaced(messages: Sequence[Message]) -> set[UUID]:
    """Messages of recapitulations whose area cannot be read or is not in the register."""
    units = {one.id: unit_of(one) for one in messages}
    unknown = areas_unknown(unit for unit, _, is_held in units.values() if not is_held)
    return {id_ for id_, (unit, _, is_held) in units.items() if is_held or unit in unknown}


def sheets_receive(messages: Sequence[Message]) -> list[Sheet]:
    """Add copies of stations. A message that is a copy already, or says nothing new, adds nothing."""
    with scoped(Scope.system()):
        taken = set(
            Sheet.objects.filter(message__in=[one.id for one in messages]).values_list("message", flat=True)
        )
        made = [_sheet(one) for one in messages if one.id not in taken]
        _outcomes_decide(made)
        new = _new_versions(made, last_versions({_key(sheet) for sheet in made}))
        rows_add(new)
        journal_all((_received(sheet), sheet.created_at) for sheet in new)
        _count(new)
        return new


def _outcomes_decide(sheets: Sequence[Sheet]) -> None:
    """A copy captured after its result was replaced belongs to the new result, whoever hands it in; officers may have
    stated so themselves."""
    decisions: dict[str, list[Replacement]] = {}
    for row in Replacement.objects.filter(station__in={sheet.station for sheet in sheets}):
        decisions.setdefault(row.station, []).append(row)
    for sheet in sheets:
        meant = [
            row
            for row in decisions.get(sheet.station, ())
            if row.election == sheet.election and row.contest in ("", sheet.contest)
        ]
        if sheet.outcome == REGULAR:
            sheet.outcome = outcome_since(meant, sheet.captured_at or sheet.created_at)


def _received(sheet: Sheet) -> SheetReceived:
    return SheetReceived(
        **_frame(sheet),
        election=sheet.election,
        contest=sheet.contest,
        station="" if sheet.is_held else sheet.station,
        source=sheet.source,
    )


def _count(new: Sequence[Sheet]) -> None:
    placed = [sheet for sheet in new if not sheet.is_held]
    for election in sorted({sheet.election for sheet in placed}):
        count_copies(election, [s for s in placed if s.election == election], at=clock.now())


def recaps_receive(messages: Sequence[Message]) -> list[Recap]:
    """Add copies of recapitulations and hold them against the stations below."""
    with scoped(Scope.system()):
        taken = set(
            Recap.objects.filter(message__in=[one.id for one in messages]).values_list("message", flat=True)
        )
        made = [_recap(one) for one in messages if one.id not in taken]
        _districts_decide(made)
        known = Recap.objects.filter(unit__in={recap.unit for recap in made}).order_by("version")
        last = {_key(recap): (recap.version, recap.figures, recap.outcome) for recap in known}
        new = _new_versions(made, last)
        Recap.objects.bulk_create(new)
        for recap in new:
            event = RecapReceived(
                **_frame(recap), election=recap.election, contest=recap.contest, source=recap.source
            )
            journal(event, at=recap.created_at)
        for election, contest in sorted({(recap.election, recap.contest) for recap in new}):
            units = {r.unit for r in new if (r.election, r.contest) == (election, contest) and not r.is_held}
            areas = villages_counted(election, contest, units)
            count_anew(Tally(election, contest, clock.now()), areas)
        return new


def _districts_decide(recaps: Sequence[Recap]) -> None:
    """The electoral district is told only where the unit holds several; elsewhere there is but one list."""
    lists = {pair: lists_of(*pair) for pair in {(recap.election, recap.contest) for recap in recaps}}
    for recap in recaps:
        if not lists[recap.election, recap.contest].are_several(recap.unit):
            recap.district = ""


def _sheet(message: Message) -> Sheet:
    station, area, number = station_of(message)
    is_held = not station.isdecimal()
    return Sheet(station=station, number=number, **_copy(message, area, is_held=is_held))


def _recap(message: Message) -> Recap:
    unit, area, is_held = unit_of(message)
    stations = message.body.get("stations")
    stated = stations if isinstance(stations, int) and 0 <= stations < 10**6 else None
    copy = _copy(message, area, is_held=is_held)
    district = district_of(message)
    return Recap(unit=unit, district=district, stations=stated, **{**copy, "source": "rekap"})


def _copy(message: Message, area: str, *, is_held: bool) -> dict[str, Any]:
    figures = figures_of(message.body)
    return {
        "area": area,
        "sensitivity": 1,
        "agency": message.agency,
        "audience": [],
        "created_at": message.received_at,
        "election": _election(message, area),
        "contest": contest_of(message),
        "source": source_for(message),
        "votes": list(figures.votes),
        "valid": figures.valid,
        "invalid": figures.invalid,
        "users": figures.users,
        "registered": figures.registered,
        "other": dict(figures.other),
        "outcome": outcome_of(message),
        "place": f"{message.place} {message.station if message.station is not None else ''}".strip()[:200],
        "message": message.id,
        "captured_at": message.captured_at,
        "is_held": is_held,
    }


def _election(message: Message, area: str) -> str:
    if message.election:
        return message.election
    current = election_current(local(message.captured_at, area).date())
    if current is None:
        raise UnreadableSheetError("election: wanted the code of an election, came nothing")
    return current.code


def _new_versions(made: Iterable[C], known: dict[Key, tuple[int, Figures, str]]) -> list[C]:
    """Those whose figures or outcome differ from the last version of the same copy, numbered on."""
    new = []
    for copy in made:
        version, figures, outcome = known.get(_key(copy), (0, None, ""))
        if (figures, outcome) == (copy.figures, copy.outcome):
            continue
        copy.version = version + 1
        known[_key(copy)] = (copy.version, copy.figures, copy.outcome)
        new.append(copy)
    return new


def _key(copy: Copy) -> Key:
    place = copy.station if isinstance(copy, Sheet) else ""
    if isinstance(copy, Recap):
        place = f"{copy.unit} {copy.district}".strip()
    return place, copy.election, copy.contest, copy.source


def _frame(copy: Copy) -> dict[str, Any]:
    return {"subject": copy.id, "area": copy.area, "agency": copy.agency, "sensitivity": copy.sensitivity}
