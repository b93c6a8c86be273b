"""Reads of results. The row policies of the database apply the rights; a scope without mandate finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from ronda.elections.selectors import contest_for, election_for, party_rows, station_list
from ronda.kernel.areas import STATION, Level, area_range
from ronda.kernel.scope import Scope, current_scope
from ronda.kernel.trends import hours_before
from ronda.law import election_laws
from ronda.law.forms import form_rules
from ronda.law.mandates import mandates
from ronda.methods.tally import Limits
from ronda.results.adapters.checking import first_of
from ronda.results.adapters.lists import lists_of
from ronda.results.adapters.publishable import Case, verdicts
from ronda.results.adapters.rows import latest_recaps, latest_sheets
from ronda.results.domain import (
    COPY_RULES,
    RECAP_DIFFERS,
    CheckLevel,
    Figures,
    Judged,
    Reading,
    in_force,
    outcome_since,
    reading_rank,
)
from ronda.results.models import AreaSummary, FailedCheck, Recap, Replacement, Sheet, SheetTemplate


@dataclass(frozen=True, slots=True)
class SheetCounts:
    """Stations of an area with at least one copy, and with at least one failed check, over all contests."""

    stations: int
    reported: int
    failed: int
    stake: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A contest that has results somewhere in the scope."""

    election: str
    contest: str


@dataclass(slots=True)
class StationLine:
    """One polling station in a list: its copies by source, and what failed."""

    station: str
    number: int
    copies: dict[str, Sheet] = field(default_factory=dict)
    failed: list[FailedCheck] = field(default_factory=list)
    is_registered: bool = True

    @property
    def stake(self) -> int:
        return max((check.stake for check in self.failed), default=0)

    @property
    def rules(self) -> list[str]:
        return sorted({check.rule for check in self.failed})


Row = TypeVar("Row", Sheet, FailedCheck)
_hiding: list[Callable[[str], set[str]]] = []


def hide(stations: Callable[[str], set[str]]) -> None:
    """A later stage names the stations whose copies a person must not see for now, as while entering one blind."""
    _hiding.append(stations)


_columns: list[Callable[[str, str, str], dict[str, list[int]]]] = []


def recap_columns_from(columns: Callable[[str, str, str], dict[str, list[int]]]) -> None:
    """A later stage gives what a recapitulation says of stations: (election, contest, area) to station and votes."""
    _columns.append(columns)


def recap_columns(election: str, contest: str, area: str) -> dict[str, list[int]]:
    """By station the votes of its column of the recapitulation, as far as they were read out or handed in."""
    found: dict[str, list[int]] = {}
    for columns in _columns:
        found |= columns(election, contest, area)
    return found


def hidden_from(person: str) -> set[str]:
    """Stations that are kept from a person for now."""
    return set().union(*(stations(person) for stations in _hiding))


def _visible(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Rows of stations that are not kept from who asks."""
    scope = current_scope()
    hidden = hidden_from(scope.person) if scope and scope.person else set()
    return rows.exclude(station__in=hidden) if hidden else rows


def may_see(scope: Scope, record: str = "result_summary") -> bool:
    """Whether the agency's kind reads this class of record at all; police never do."""
    return scope.kind in mandates().reach(record, "read")


def may_replace(scope: Scope) -> bool:
    """Whether the agency records decisions by which results are replaced."""
    return scope.kind in mandates().reach("replacement", "add")


def contests_counted(area: str) -> list[Counted]:
    """Contests with results in an area, the newest election first."""
    low, high = area_range(area)
    rows = (
        AreaSummary.objects.filter(area__gte=low, area__lt=high).order_by().values_list("election", "contest")
    )
    latest = rows.annotate(at=Max("created_at")).order_by("-at", "contest")
    return [Counted(election, contest) for election, contest, _ in latest]


def sheet_counts_by_area(*, election: str, level: Level, within: str) -> dict[str, SheetCounts]:
    """Counts for each area of one level inside an area; areas without results are left out."""
    low, high = area_range(within)
    rows = (
        AreaSummary.objects.filter(election=election, level=level.value, area__gte=low, area__lt=high)
        .order_by()
        .values("area")
        .annotate(n=Max("stations"), r=Sum("reported"), f=Sum("failed"), s=Sum("stake"))
    )
    return {row["area"]: SheetCounts(row["n"], row["r"], row["f"], row["s"]) for row in rows}


@dataclass(frozen=True, slots=True)
class StationCounts:
    """Copies that came for a station, and checks they fail, over all contests."""

    sheets: int
    failed: int


def sheet_counts_by_station(*, election: str, area: str) -> dict[str, StationCounts]:
    """Counts for each station inside an area that has a copy."""
    low, high = area_range(area)
    copies = Sheet.objects.filter(election=election, area__gte=low, area__lt=high, is_held=False)
    sheets = copies.order_by().values("station").annotate(n=Count("source", distinct=True))
    checks = FailedCheck.objects.filter(election=election, area__gte=low, area__lt=high).exclude(station="")
    failed = dict(checks.order_by().values_list("station").annotate(n=Count("id")))
    return {row["station"]: StationCounts(row["n"], failed.get(row["station"], 0)) for row in sheets}


def failed_trend(*, election: str, at: datetime, within: str, hours: int) -> list[int]:
    """Stations that fail a check now, by when the copies came in which they fail: as many as there were at the end of
    each of the last hours, oldest first. A station that was put right meanwhile is in none of them."""
    low, high = area_range(within)
    rows = FailedCheck.objects.filter(election=election, area__gte=low, area__lt=high).exclude(station="")
    stations = rows.order_by().values("contest", "station").annotate(first=Min("since"))
    moments = hours_before(at, hours)
    counts = {f"h{n}": Count("station", filter=Q(first__lte=moment)) for n, moment in enumerate(moments)}
    row = stations.aggregate(**counts)
    return [row[f"h{n}"] for n in range(hours)]


def recaps_differing(election: str) -> list[FailedCheck]:
    """Recaps that differ from the sum of a complete set of stations."""
    rows = FailedCheck.objects.filter(election=election, level=CheckLevel.UNIT, rule=RECAP_DIFFERS)
    return list(rows.order_by("area", "contest"))


@dataclass(frozen=True, slots=True)
class DifferingStation:
    """A station with copies that differ since the later of them came."""

    contest: str
    area: str
    station: str
    since: datetime


def stations_differing(election: str, *, after: datetime) -> list[DifferingStation]:
    """Stations whose copies differ since an instant or later."""
    rows = FailedCheck.objects.filter(election=election, rule__in=COPY_RULES)
    latest = rows.order_by().values_list("contest", "area", "station").annotate(at=Max("since"))
    return [DifferingStation(*row) for row in latest.filter(at__gte=after).order_by("contest", "station")]


def checks_at(*, election: str, place: str, limit: int = 12) -> list[FailedCheck]:
    """Failed checks of a station (13 digits) or inside an area, most votes at stake first."""
    rows = FailedCheck.objects.filter(election=election)
    if STATION.match(place):
        rows = rows.filter(station=place)
    else:
        low, high = area_range(place)
        rows = rows.filter(area__gte=low, area__lt=high)
    return list(rows.order_by("-stake", "id")[:limit])


def summary_for(election: str, contest: str, area: str) -> AreaSummary | None:
    return AreaSummary.objects.filter(election=election, contest=contest, area=area).first()


def summaries_of(area: str) -> list[AreaSummary]:
    """The counts of one area, one per contest."""
    return list(AreaSummary.objects.filter(area=area).order_by("election", "contest"))


def summary_children(election: str, contest: str, area: str) -> list[AreaSummary]:
    """The counts of the areas one level down, in order of code."""
    rows = AreaSummary.objects.filter(election=election, contest=contest, parent=area)
    return list(rows.exclude(area=area).order_by("area"))


def failed_list(
    election: str, contest: str, area: str, *, rule: str = "", source: str = ""
) -> QuerySet[FailedCheck]:
    """Failed checks inside an area, most votes at stake first."""
    low, high = area_range(area)
    rows = _visible(
        FailedCheck.objects.filter(election=election, contest=contest, area__gte=low, area__lt=high)
    )
    wanted = [one for one in rule.split(",") if one in form_rules()]
    if wanted:
        rows = rows.filter(rule__in=wanted)
    if source:
        rows = rows.filter(Q(source=source) | Q(against=source))
    return rows.order_by("-stake", "id")


def failed_first(election: str, contest: str, area: str, limit: int) -> list[FailedCheck]:
    """The worst failed check of each of the first few places."""
    first: dict[str, FailedCheck] = {}
    for check in failed_list(election, contest, area)[: limit * 6]:
        first.setdefault(check.station or check.area, check)
    return list(first.values())[:limit]


def station_lines(election: str, contest: str, village: str) -> list[StationLine]:
    """Every registered station of a village and every other one that a copy names, in order of number."""
    registered = station_list(election, area=village).values_list("code", "number")
    lines = {code: StationLine(code, number) for code, number in registered}
    has_registry = bool(lines)
    sheets = Sheet.objects.filter(election=election, contest=contest, area=village, is_held=False)
    for sheet in in_force(latest(_visible(sheets))):
        new = StationLine(sheet.station, sheet.number, is_registered=not has_registry)
        line = lines.setdefault(sheet.station, new)
        line.copies[sheet.source] = sheet
    checks = FailedCheck.objects.filter(election=election, contest=contest, area=village)
    for check in _visible(checks.exclude(station="")):
        if check.station in lines:
            lines[check.station].failed.append(check)
    return sorted(lines.values(), key=lambda line: line.number)


def latest(sheets: QuerySet[Sheet]) -> list[Sheet]:
    """The last version of each copy, in reading order."""
    found = sheets.order_by("station", "source", "-version").distinct("station", "source")
    return sorted(found, key=lambda sheet: (sheet.station, reading_rank(sheet.source)))


def area_sheets(election: str, contest: str, area: str) -> list[Sheet]:
    """The last version of every copy of every placed station of an area."""
    low, high = area_range(area)
    rows = Sheet.objects.filter(election=election, contest=contest, area__gte=low, area__lt=high)
    return latest(_visible(rows.filter(is_held=False)))


def station_sheets(election: str, contest: str, station: str) -> list[Sheet]:
    """The last version of every copy of one station that counts."""
    rows = Sheet.objects.filter(election=election, contest=contest, station=station)
    return in_force(latest(_visible(rows)))


def replacements_of(election: str, contest: str, station: str) -> list[Replacement]:
    """The decisions by which the result of a station was replaced, latest first."""
    rows = Replacement.objects.filter(election=election, contest__in=("", contest), station=station)
    return list(rows.order_by("-since", "-id"))


def outcome_at(election: str, contest: str, station: str, *, at: datetime) -> str:
    """To which result a copy of a station belongs that is captured at this time."""
    return outcome_since(replacements_of(election, contest, station), at)


def copy_last(election: str, contest: str, station: str, source: str, *, outcome: str) -> Sheet | None:
    """The last version of one copy of a result. Not hidden: for who compares, never for a page."""
    rows = Sheet.objects.filter(
        election=election, contest=contest, station=station, source=source, outcome=outcome
    )
    return rows.order_by("-version").first()


def copies_of(election: str, contest: str, stations: Collection[str]) -> list[Sheet]:
    """Every version of every copy of some stations."""
    rows = Sheet.objects.filter(election=election, contest=contest, station__in=stations)
    return list(_visible(rows).order_by("station", "source", "version"))


def recap_copies_of(election: str, contest: str, units: Collection[str]) -> list[Recap]:
    """Every version of every recapitulation of some areas."""
    rows = Recap.objects.filter(election=election, contest=contest, unit__in=units)
    return list(rows.order_by("unit", "source", "version"))


def first_copies(election: str, contest: str, area: str) -> dict[str, Sheet]:
    """For each station of an area the copy that is read first, of those whose votes are all there."""
    low, high = area_range(area)
    rows = Sheet.objects.filter(
        election=election, contest=contest, area__gte=low, area__lt=high, is_held=False
    )
    found: dict[str, Sheet] = {}
    for row in in_force(latest(rows)):
        if row.figures.is_present:
            found.setdefault(row.station, row)
    return found


def first_votes(election: str, contest: str, area: str) -> dict[str, list[int]]:
    """For each station of an area the votes of the copy that is read first, of those whose votes are all there."""
    copies = latest_sheets(election, contest, villages_with_results(election, contest, area))
    return {copy.station: [number or 0 for number in copy.figures.votes] for copy in first_of(copies)}


def recaps_last(
    election: str, contest: str, units: Collection[str], *, district: str = ""
) -> dict[str, tuple[str, Figures]]:
    """By unit whose recapitulation came last, and its figures; of one electoral district where a unit holds several."""
    found = latest_recaps(election, contest, units)
    kept = {unit: recap for (unit, named), recap in found.items() if named == ""}
    kept |= {unit: recap for (unit, named), recap in found.items() if district and named == district}
    return {unit: (recap.source, recap.figures) for unit, recap in kept.items()}


def sheet_for(id_: UUID) -> Sheet | None:
    """One copy, as far as the scope reaches and nothing hides it."""
    return _visible(Sheet.objects.filter(pk=id_)).first()


def districts_in(election: str, contest: str, area: str) -> list[str]:
    """The electoral districts of an area that votes on several lists; else none."""
    lists = lists_of(election, contest)
    return [row.district for row in lists.districts(area)] if lists.are_several(area) else []


def margin_of(election: str, contest: str, area: str) -> int | None:
    """Votes between the first two choices of a contest as counted so far; None where seats are shared among lists."""
    found = election_for(election)
    row = contest_for(found, contest, area=area) if found else None
    if row is None or row.choice_kind == "party":
        return None
    summary = AreaSummary.objects.filter(election=election, contest=contest, area=row.area).first()
    present = summary.present if summary else {}
    reference = min((source for source in present if present[source]), key=reading_rank, default="")
    votes = sorted(summary.votes.get(reference, ()), reverse=True) if summary else []
    return votes[0] - votes[1] if len(votes) > 1 else None


def station_versions(election: str, contest: str, station: str) -> list[Sheet]:
    """All versions of all copies of one station, newest first."""
    rows = _visible(Sheet.objects.filter(election=election, contest=contest, station=station))
    return list(rows.order_by("-created_at", "source", "-version"))


def station_failed(election: str, contest: str, station: str) -> list[FailedCheck]:
    """What failed at one station, most votes at stake first."""
    rows = _visible(FailedCheck.objects.filter(election=election, contest=contest, station=station))
    return list(rows.order_by("-stake", "rule", "source"))


def stations_results(station: str) -> list[Sheet]:
    """The last version of every copy of one station over all contests of all elections, for its page."""
    found = _visible(Sheet.objects.filter(station=station)).order_by(
        "election", "contest", "source", "-version"
    )
    return list(found.distinct("election", "contest", "source"))


def held_count(election: str, contest: str, area: str) -> int:
    """Copies inside an area whose place is not in the register yet."""
    low, high = area_range(area)
    rows = Sheet.objects.filter(
        election=election, contest=contest, area__gte=low, area__lt=high, is_held=True
    )
    return rows.count()


def own_sheets(limit: int) -> list[Sheet]:
    """The last copies that came, as far as the scope reaches: for an agency that sees only its own."""
    return list(_visible(Sheet.objects.all()).order_by("-created_at", "station")[:limit])


def template_columns(fingerprint: str) -> dict[str, str] | None:
    """The columns remembered for tables with this header; None when none came before."""
    row = SheetTemplate.objects.filter(fingerprint=fingerprint).first()
    return None if row is None else dict(row.columns)


@dataclass(frozen=True, slots=True)
class KnownBefore:
    """What publishing knows of stations: what is published, which copies two people entered, which are corrected."""

    published: Mapping[str, Reading] = field(default_factory=dict)
    settled: Mapping[str, frozenset[str]] = field(default_factory=dict)
    corrected: Collection[str] = ()


def stations_judged(election: str, contest: str, area: str, before: KnownBefore) -> list[Judged]:
    """Every station of an area with the verdict on its sheet (docs/methods/publication.md), in order of code."""
    law = election_laws()[election].station
    limits = Limits(law.voters_statutory_max, law.reserve_share)
    places, voters = _stations_known(election, area)
    readings: dict[str, list[Reading]] = {}
    for station, village, reading in readings_in(election, contest, area):
        readings.setdefault(station, []).append(reading)
        places.setdefault(station, village)
    groups: dict[str, list[Case]] = {}
    for station in sorted(places):
        case = Case(
            station,
            tuple(readings.get(station, ())),
            voters.get(station),
            before.published.get(station),
            before.settled.get(station, frozenset()),
            is_corrected=station in before.corrected,
        )
        groups.setdefault(places[station], []).append(case)
    judged = []
    for village, cases in groups.items():
        found = verdicts(cases, limits, parties=_parties(election, contest, village))
        judged += [
            Judged(one.station, village, voters.get(one.station), one.copy, one.reasons) for one in found
        ]
    return judged


def readings_in(election: str, contest: str, area: str) -> Iterator[tuple[str, str, Reading]]:
    """(station, village, copy): the last version of every copy of an area."""
    low, high = area_range(area)
    rows = Sheet.objects.filter(
        election=election, contest=contest, area__gte=low, area__lt=high, is_held=False
    )
    for row in rows.order_by("station", "source", "-version").distinct("station", "source").iterator():
        figures = Figures(tuple(row.votes), row.valid, row.invalid, row.users, row.registered, row.other)
        yield row.station, row.area, Reading(row.source, figures, row.outcome, row.version)


def _stations_known(election: str, area: str) -> tuple[dict[str, str], dict[str, int]]:
    """Station to village, and to registered voters where the registry tells them."""
    rows = station_list(election, area=area).values_list("code", "area", "voters_m", "voters_f")
    places, voters = {}, {}
    for code, village, men, women in rows.iterator():
        places[code] = village
        if men is not None and women is not None:
            voters[code] = men + women
    return places, voters


def _parties(election: str, contest: str, village: str) -> dict[int, tuple[int, ...]]:
    found = election_for(election)
    return party_rows(contest_for(found, contest, area=village) if found else None)


def villages_with_results(election: str, contest: str, area: str) -> set[str]:
    """Villages inside an area that have a copy."""
    low, high = area_range(area)
    rows = Sheet.objects.filter(
        election=election, contest=contest, area__gte=low, area__lt=high, is_held=False
    )
    return set(rows.order_by().values_list("area", flat=True).distinct())


def sheet_table(election: str, contest: str, area: str) -> tuple[int, Iterator[tuple[object, ...]]]:
    """The last version of every copy in an area, as rows of plain values: number of choices, and the rows."""
    low, high = area_range(area)
    parameters = [election, contest, low, high]
    with connection.cursor() as cursor:
        cursor.execute(_CHOICES, parameters)
        choices = cursor.fetchone()[0] or 0
    scope = current_scope()
    hidden = hidden_from(scope.person) if scope and scope.person else set()
    return choices, (row for row in _rows(parameters) if row[STATION_AT] not in hidden)


STATION_AT = 2  # where the station stands in a row of _LATEST
_CHOICES = """
SELECT max(cardinality(votes)) FROM results_sheet
WHERE election = %s AND contest = %s AND area >= %s AND area < %s
"""
_LATEST = """
SELECT DISTINCT ON (station, source) election, contest, station, area, number, source, version, votes, valid, invalid,
  users, registered, place, created_at
FROM results_sheet
WHERE election = %s AND contest = %s AND area >= %s AND area < %s
ORDER BY station, source, version DESC
"""


def _rows(parameters: Sequence[str]) -> Iterator[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, parameters)
        while rows := cursor.fetchmany(5_000):
            yield from rows
