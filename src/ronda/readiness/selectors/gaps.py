"""Gaps: groups of silent stations, missed roll calls, failing warehouses, and what was told of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models.functions import Left

from ronda.agencies import selectors as agencies
from ronda.elections import selectors as elections
from ronda.gate import selectors as gate
from ronda.kernel.areas import Level
from ronda.kernel.scope import current_scope
from ronda.law.checkins import RollCall, checkin_rules
from ronda.readiness.models import Checkin, Finding, RollCallAnswer, StationState, WarehouseCheck
from ronda.readiness.selectors.progress import DueStep, inside, silent_codes
from ronda.web.localtime import zone_of


@dataclass(frozen=True, slots=True)
class MissedRollCall:
    """Officers of one unit who did not answer, in numbers."""

    call: RollCall
    unit: UUID
    unit_name: str
    agency: str
    area: str
    count: int
    posts: int
    late_from: datetime


def silent_by_village(*, election: str, due: DueStep, at: datetime) -> dict[str, list[str]]:
    """Codes of silent stations by village."""
    groups: dict[str, list[str]] = {}
    rows = silent_codes(election=election, due=due, at=at).order_by("code").values_list("area", "code")
    for area, code in rows:
        groups.setdefault(area, []).append(code)
    return groups


def stations_by_village(*, election: str, province: str) -> dict[str, int]:
    """How many stations each village of a province has."""
    counts = elections.station_counts(election, level=Level.VILLAGE, area=province)
    return {area: count.stations for area, count in counts.items()}


def regencies_heard(*, election: str) -> set[str]:
    """Regencies where any station was heard: elsewhere check-ins are not in use, and silence says nothing."""
    rows = StationState.objects.filter(election=election).annotate(regency=Left("area", 5))
    return set(rows.order_by("regency").values_list("regency", flat=True).distinct())


def stations_told(*, election: str) -> set[str]:
    """Stations in an earlier silent finding that have not been heard since."""
    told: dict[str, datetime] = {}
    for codes, at in Finding.objects.filter(election=election, kind="silent").values_list("stations", "at"):
        for code in codes:
            told[code] = max(at, told.get(code, at))
    heard = dict(
        StationState.objects.filter(election=election, station_code__in=told).values_list(
            "station_code", "heard_at"
        )
    )
    return {code for code, at in told.items() if code not in heard or heard[code] <= at}


def stations_heard(codes: set[str], *, election: str) -> dict[str, datetime]:
    """When each of these stations was heard last; those never heard are left out."""
    rows = StationState.objects.filter(election=election, station_code__in=codes)
    return dict(rows.values_list("station_code", "heard_at"))


def missed_roll_calls(
    *, election: str, voting_on: date, at: datetime, within: str = ""
) -> Iterator[MissedRollCall]:
    """Units with officers who did not answer a roll call that is due.

    Told only for agencies that use the roll call in that regency: at least one of their officers answered.
    """
    for call in checkin_rules().roll_calls:
        answered = RollCallAnswer.objects.filter(inside(within), election=election, call=call.id, at__lte=at)
        used = set(answered.annotate(regency=Left("area", 5)).values_list("agency", "regency").distinct())
        people = set(answered.values_list("sent_by", flat=True))
        for agency, regency in sorted(used):
            late_from = call.late_from(voting_on, zone_of(regency))
            if late_from <= at:
                yield from _missed(call, agency, regency, people, late_from, voting_on)


def roll_calls_answered(*, election: str, person: UUID) -> set[str]:
    """Roll calls of an election that a person answered."""
    rows = RollCallAnswer.objects.filter(election=election, sent_by=person)
    return set(rows.values_list("call", flat=True))


def _missed(
    call: RollCall, agency: str, regency: str, people: set[UUID | None], late_from: datetime, day: date
) -> Iterator[MissedRollCall]:
    """Expected are field officers with a device, in units below the regency: who has none cannot answer."""
    posts = agencies.posts_on_duty(agency=agency, area=regency, today=day).filter(
        role="officer", devices__isnull=False, devices__revoked_at__isnull=True
    )
    units: dict[UUID, list[bool]] = {}
    names: dict[UUID, tuple[str, str]] = {}
    rows = posts.exclude(area=regency).values_list("unit_id", "unit__name", "area", "person_id").distinct()
    for unit, name, area, person in rows:
        units.setdefault(unit, []).append(person in people)
        names[unit] = (name, area)
    for unit, answers in units.items():
        if not all(answers):
            name, area = names[unit]
            yield MissedRollCall(
                call, unit, name, agency, area, answers.count(False), len(answers), late_from
            )


def warehouses_latest(*, election: str, within: str = "") -> list[WarehouseCheck]:
    """The latest check of every warehouse, failing ones first."""
    rows = WarehouseCheck.objects.filter(inside(within), election=election)
    latest = rows.order_by("area", "name", "-at", "-id").distinct("area", "name")
    return sorted(latest, key=lambda check: (not check.failed, check.area, check.name))


def warehouses_failing(*, election: str) -> Iterator[tuple[WarehouseCheck, list[str]]]:
    """Checks with points that failed and had not failed in the check before."""
    before: dict[tuple[str, str], set[str]] = {}
    rows = WarehouseCheck.objects.filter(election=election).order_by("at", "id")
    for check in rows:
        key = (check.area, check.name.casefold())
        fresh = sorted(set(check.failed) - before.get(key, set()))
        before[key] = set(check.failed)
        if fresh:
            yield check, fresh


def checkins_for_area(code: str, *, election: str = "", most: int = 50) -> list[Checkin]:
    """The latest words from an area or a 13-digit station, for its page."""
    rows = (
        Checkin.objects.filter(station_code=code)
        if len(code) == 13 and "." not in code
        else (Checkin.objects.filter(inside(code)))
    )
    if election:
        rows = rows.filter(election=election)
    return list(rows.order_by("-at", "-id")[:most])


def state_for(*, election: str, station_code: str) -> StationState | None:
    """How far one station is."""
    return StationState.objects.filter(election=election, station_code=station_code).first()


def findings_for(*, election: str, within: str, most: int = 20) -> list[Finding]:
    """Gaps that were told, latest first."""
    return list(Finding.objects.filter(inside(within), election=election).order_by("-at", "-id")[:most])


def unplaced_count(*, election: str, within: str) -> int:
    """Check-ins from a station not in the register: those kept without one, and those that wait at the gate."""
    kept = Checkin.objects.filter(inside(within), election=election, is_placed=False).count()
    return kept + gate.unplaced_count("checkin", area=within)


@dataclass(frozen=True, slots=True)
class CallName:
    """Whom to call about a village: a post of one's own agency, with the telephone if the role may see it."""

    name: str
    unit: str
    phone: str


def call_list(*, villages: Sequence[str], today: date) -> dict[str, list[CallName]]:
    """Own officers on duty in villages and, where there are none, in the district above them."""
    scope = current_scope()
    if scope is None or not villages:
        return {}
    posts = agencies.posts_on_duty(agency=scope.agency, area=scope.area, today=today)
    wanted = {area for village in villages for area in (village, village[:8])}
    rows = posts.filter(area__in=wanted)
    phones = dict(rows.values_list("pk", "person__phone")) if 3 in scope.classes else {}
    by_area: dict[str, list[CallName]] = {}
    for pk, area, name, unit in rows.values_list("pk", "area", "display_name", "unit__name"):
        by_area.setdefault(area, []).append(CallName(name, unit, phones.get(pk, "")))
    return {village: by_area.get(village) or by_area.get(village[:8], []) for village in villages}
