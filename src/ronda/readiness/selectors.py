"""Reads: who was heard, who is silent, who missed a roll call, which warehouse fails. Rights are the database's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from ronda.agencies import selectors as agencies
from ronda.elections import selectors as elections
from ronda.kernel.areas import Level, area_range
from ronda.kernel.scope import current_scope
from ronda.law.checkins import CheckinStep, RollCall, checkin_rules
from ronda.readiness.domain import due_rank
from ronda.readiness.models import Checkin, Finding, RollCallAnswer, StationState, WarehouseCheck
from ronda.web.localtime import zone_of

_LENGTHS = {Level.PROVINCE: 2, Level.REGENCY: 5, Level.DISTRICT: 8, Level.VILLAGE: 13}


@dataclass(frozen=True, slots=True)
class DueStep:
    """The latest step that every station of a province should have told of."""

    step: CheckinStep
    rank: int
    province: str
    late_from: datetime


@dataclass(frozen=True, slots=True)
class Silent:
    """Silent stations of a village, and how many stations it has."""

    codes: list[str]
    stations: int


@dataclass(frozen=True, slots=True)
class AreaCounts:
    """One line of the coverage table."""

    area: str
    stations: int
    heard: int
    silent: int
    by_rank: tuple[int, ...]

    @property
    def heard_share(self) -> float:
        return self.heard / self.stations if self.stations else 0.0


@dataclass(frozen=True, slots=True)
class SilentStation:
    """A station that should have been heard: since when, and what was heard last."""

    code: str
    area: str
    name: str
    expected: CheckinStep
    late_from: datetime
    heard_at: datetime | None
    step: str


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


def _within(area: str) -> Q:
    low, high = area_range(area)
    return Q(area__gte=low, area__lt=high)


def provinces_of(*, election: str, within: str) -> list[str]:
    """Provinces with stations inside an area: each has one zone, so one clock."""
    if len(within) >= 2:
        return [within[:2]]
    rows = elections.station_list(election, area=within).annotate(province=Left("area", 2))
    return sorted(set(rows.order_by("province").values_list("province", flat=True).distinct()))


def due_steps(*, election: str, voting_on: date, at: datetime, within: str = "") -> list[DueStep]:
    """For each province the latest step that is due; none before the first."""
    rules, due = checkin_rules(), []
    for province in provinces_of(election=election, within=within):
        zone = zone_of(province)
        rank = due_rank(rules, voting_on=voting_on, zone=zone, at=at)
        if rank:
            step = rules.steps[rank - 1]
            due.append(DueStep(step, rank, province, step.late_from(voting_on, zone)))
    return due


def _reached_by(rank: int, at: datetime) -> Q:
    """Stations known, at that instant, to be at a rank or beyond."""
    return Q(**{f"reached__{rank - 1}__lte": at})


def _states(election: str, within: str) -> QuerySet[StationState]:
    return StationState.objects.filter(_within(within), election=election)


def silent_codes(*, election: str, due: DueStep, at: datetime, within: str = "") -> QuerySet[object]:
    """Registered stations of the due step's province that have not told of it by `at`."""
    area = within if len(within) >= 2 else due.province
    heard = StationState.objects.filter(
        _reached_by(due.rank, at), election=election, station_code=OuterRef("code")
    )
    return elections.station_list(election, area=area).filter(~Exists(heard))


def silent_by_village(*, election: str, due: DueStep, at: datetime) -> dict[str, Silent]:
    """Silent stations by village."""
    groups: dict[str, list[str]] = {}
    rows = silent_codes(election=election, due=due, at=at).order_by("code").values_list("area", "code")
    for area, code in rows:
        groups.setdefault(area, []).append(code)
    totals = elections.station_counts(election, level=Level.VILLAGE, area=due.province)
    return {area: Silent(codes, totals[area].stations) for area, codes in groups.items()}


def stations_told(*, election: str) -> set[str]:
    """Stations in an earlier silent finding that have not been heard since."""
    told: dict[str, datetime] = {}
    for codes, at in Finding.objects.filter(election=election, kind="silent").values_list("stations", "at"):
        for code in codes:
            told[code] = max(at, told.get(code, at))
    heard = dict(
        StationState.objects.filter(election=election, station_code__in=told).values_list("station_code", "heard_at")
    )
    return {code for code, at in told.items() if code not in heard or heard[code] <= at}


def missed_roll_calls(
    *, election: str, voting_on: date, at: datetime, within: str = ""
) -> Iterator[MissedRollCall]:
    """Units with officers who did not answer a roll call that is due.

    Told only for agencies that use the roll call in that regency: at least one of their officers answered.
    """
    for call in checkin_rules().roll_calls:
        answered = RollCallAnswer.objects.filter(_within(within), election=election, call=call.id, at__lte=at)
        used = set(answered.annotate(regency=Left("area", 5)).values_list("agency", "regency").distinct())
        people = set(answered.values_list("sent_by", flat=True))
        for agency, regency in sorted(used):
            late_from = call.late_from(voting_on, zone_of(regency))
            if late_from <= at:
                yield from _missed(call, agency, regency, people, late_from, voting_on)


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
    rows = WarehouseCheck.objects.filter(_within(within), election=election)
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


def checkin_counts_by_area(
    *, election: str, voting_on: date, at: datetime, level: Level, within: str
) -> list[AreaCounts]:
    """Coverage of every area of a level inside `within`: stations, heard, silent, and how many reached each step."""
    rules = checkin_rules()
    length = _LENGTHS[level]
    totals = elections.station_counts(election, level=level, area=within)
    due = {step.province: step for step in due_steps(election=election, voting_on=voting_on, at=at, within=within)}
    reached = {f"r{rank}": Count("id", filter=_reached_by(rank, at)) for rank in range(1, len(rules.steps) + 1)}
    rows = (
        _states(election, within)
        .annotate(part=Left("area", length))
        .values("part")
        .annotate(heard=Count("id", filter=Q(first_at__lte=at)), **reached)
    )
    told = {row["part"]: row for row in rows}
    return [
        _area_counts(code, total.stations, told.get(code), due.get(code[:2]))
        for code, total in sorted(totals.items())
    ]


def _area_counts(
    code: str, stations: int, told: dict[str, int] | None, due: DueStep | None
) -> AreaCounts:
    ranks = len(checkin_rules().steps)
    by_rank = tuple(told[f"r{rank}"] if told else 0 for rank in range(1, ranks + 1))
    silent = stations - by_rank[due.rank - 1] if due else 0
    return AreaCounts(code, stations, told["heard"] if told else 0, silent, by_rank)


def silent_count(*, election: str, voting_on: date, at: datetime, within: str) -> int:
    """How many registered stations have not told of the latest due step."""
    dues = due_steps(election=election, voting_on=voting_on, at=at, within=within)
    return sum(silent_codes(election=election, due=due, at=at, within=within).count() for due in dues)


def heard_count(*, election: str, at: datetime, within: str) -> int:
    """How many stations were heard at all by `at`."""
    return _states(election, within).filter(first_at__lte=at).count()


def silent_stations(
    *, election: str, voting_on: date, at: datetime, within: str, most: int | None = None
) -> list[SilentStation]:
    """Stations that should have been heard by now, longest silent first."""
    found: list[SilentStation] = []
    for due in due_steps(election=election, voting_on=voting_on, at=at, within=within):
        rows = silent_codes(election=election, due=due, at=at, within=within)
        codes = list(rows.order_by("code").values_list("code", "area", "name"))
        states = {
            code: (heard_at, step)
            for code, heard_at, step in _states(election, within).values_list("station_code", "heard_at", "step")
        }
        for code, area, name in codes:
            heard_at, step = states.get(code, (None, ""))
            found.append(SilentStation(code, area, name, due.step, due.late_from, heard_at, step))
    found.sort(key=lambda one: (one.heard_at is not None, one.heard_at or one.late_from, one.code))
    return found if most is None else found[:most]


def heard_trend(*, election: str, at: datetime, within: str, hours: int = 10) -> list[int]:
    """Stations heard by the end of each of the last hours, oldest first."""
    moments = [at - timedelta(hours=back) for back in range(hours - 1, -1, -1)]
    counts = {f"h{n}": Count("id", filter=Q(first_at__lte=moment)) for n, moment in enumerate(moments)}
    row = _states(election, within).aggregate(**counts)
    return [row[f"h{n}"] for n in range(hours)]


def silent_trend(
    *, election: str, voting_on: date, at: datetime, within: str, hours: int = 10
) -> list[int]:
    """Silent stations as they were at the end of each of the last hours, oldest first."""
    moments = [at - timedelta(hours=back) for back in range(hours - 1, -1, -1)]
    totals = [0] * hours
    for province in provinces_of(election=election, within=within):
        area = within if len(within) >= 2 else province
        stations = elections.station_count(election, area=area).stations
        ranks = [_rank_then(province, voting_on, moment) for moment in moments]
        counts = {
            f"h{n}": Count("id", filter=_reached_by(rank, moment))
            for n, (rank, moment) in enumerate(zip(ranks, moments, strict=True))
            if rank
        }
        row = _states(election, area).aggregate(**counts) if counts else {}
        for n, rank in enumerate(ranks):
            totals[n] += stations - row[f"h{n}"] if rank else 0
    return totals


def _rank_then(province: str, voting_on: date, moment: datetime) -> int:
    return due_rank(checkin_rules(), voting_on=voting_on, zone=zone_of(province), at=moment)


def checkins_for_area(code: str, *, election: str = "", most: int = 50) -> list[Checkin]:
    """The latest words from an area or a 13-digit station, for its page."""
    rows = Checkin.objects.filter(station_code=code) if len(code) == 13 and "." not in code else (
        Checkin.objects.filter(_within(code))
    )
    if election:
        rows = rows.filter(election=election)
    return list(rows.order_by("-at", "-id")[:most])


def state_for(*, election: str, station_code: str) -> StationState | None:
    """How far one station is."""
    return StationState.objects.filter(election=election, station_code=station_code).first()


def findings_for(*, election: str, within: str, most: int = 20) -> list[Finding]:
    """Gaps that were told, latest first."""
    return list(Finding.objects.filter(_within(within), election=election).order_by("-at", "-id")[:most])


def unplaced_count(*, election: str, within: str) -> int:
    """Check-ins that came from a station not in the register."""
    return Checkin.objects.filter(_within(within), election=election, is_placed=False).count()


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


def last_heard_at(*, election: str, within: str) -> datetime | None:
    """When anything was heard last."""
    return _states(election, within).aggregate(last=Max("heard_at"))["last"]
