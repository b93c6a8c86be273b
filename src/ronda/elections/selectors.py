"""Reads: elections, where they stand, contests in ballot order, stations by place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Left, Substr
from django.utils.translation import get_language

from ronda.elections.domain import (
    StageMarkKind,
    StagePosition,
    StageState,
    StationKind,
    leading_stage,
    stage_position,
    stages_done,
)
from ronda.elections.models import Choice, Contest, Election, PollingStation, Stage, StageMark
from ronda.kernel.areas import Level, ancestors, area_range, within

_LENGTHS = {Level.PROVINCE: 2, Level.REGENCY: 5, Level.DISTRICT: 8, Level.VILLAGE: 13}

_FIGURES: dict[str, Any] = {
    "stations": Count("id"),
    "special": Count("id", filter=Q(kind=StationKind.SPECIAL)),
    "known": Count("id", filter=Q(voters_m__isnull=False, voters_f__isnull=False)),
    "men": Sum("voters_m"),
    "women": Sum("voters_f"),
}


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage and where it stands."""

    stage: Stage
    position: StagePosition
    marked_on: date | None

    @property
    def name(self) -> str:
        return in_language(self.stage.name_id, self.stage.name_en)

    @property
    def note(self) -> str:
        return in_language(self.stage.note_id, self.stage.note_en)

    @property
    def last_day(self) -> date | None:
        return self.stage.ends_on or self.stage.starts_on


@dataclass(frozen=True)
class StageBoard:
    """An election on a day: what runs, what comes next, what is late, and all stages in order."""

    election: Election
    on: date
    area: str
    lines: tuple[StageLine, ...]

    def in_state(self, state: StageState) -> list[StageLine]:
        return [line for line in self.lines if line.position.state is state]

    @property
    def running(self) -> list[StageLine]:
        return sorted(self.in_state(StageState.RUNNING), key=lambda line: line.position.days_left)

    @property
    def late(self) -> list[StageLine]:
        return sorted(self.in_state(StageState.LATE), key=lambda line: -line.position.days_late)

    @property
    def ahead(self) -> list[StageLine]:
        firm = [line for line in self.in_state(StageState.AHEAD) if not line.stage.is_conditional]
        return sorted(firm, key=lambda line: line.position.days_left)

    @property
    def leading(self) -> StageLine | None:
        """The running stage that says most about the day."""
        positions = {line.stage.code: line.position for line in self.lines}
        code = leading_stage(positions, [line.stage.code for line in self.lines])
        return next((line for line in self.lines if line.stage.code == code), None)


@dataclass(frozen=True, slots=True)
class StationCount:
    """Stations of an area; voters are counted where the registry has them."""

    stations: int
    special: int
    voters: int | None


def in_language(name_id: str, name_en: str) -> str:
    """The wording for the language of the page."""
    return name_en if (get_language() or "id").startswith("en") else name_id


def election_for(code: str) -> Election | None:
    return Election.objects.filter(pk=code).first()


def election_list() -> QuerySet[Election]:
    """All elections, latest voting day first."""
    return Election.objects.order_by("-voting_on", "code")


def election_current(on: date) -> Election | None:
    """The election whose calendar covers the day, nearest voting day first; else the nearest one at all."""
    dated = Q(stages__starts_on__isnull=False, stages__is_conditional=False)
    elections = Election.objects.annotate(
        first_on=Min("stages__starts_on", filter=dated),
        last_on=Max(Coalesce("stages__ends_on", "stages__starts_on"), filter=dated),
    )
    return min(elections, key=lambda election: _distance(election, on), default=None)


def election_area(election: Election) -> str:
    """The one regency (or province) an installation watches, judged by its contests; empty when there are several."""
    areas = sorted(set(election.contests.values_list("area", flat=True)), key=len, reverse=True)
    deepest = [area for area in areas if len(area) == len(areas[0])] if areas else []
    return deepest[0] if len(deepest) == 1 else ""


def _distance(election: Any, on: date) -> tuple[bool, int]:
    covers = election.first_on is not None and election.first_on <= on <= election.last_on
    return not covers, abs((election.voting_on - on).days)


def stage_board(election: Election, *, area: str, on: date) -> StageBoard:
    """Where the election stands in an area on a local legal date. Marks of an area above count too."""
    marks = list(_marks(election, area))
    done = stages_done((mark.stage, mark.mark) for mark in marks)
    marked_on = {mark.stage: mark.marked_on for mark in marks if mark.mark == StageMarkKind.DONE}
    lines = []
    stages = list(election.stages.order_by("position"))
    is_over = all(on > (stage.ends_on or stage.starts_on) for stage in stages if stage.starts_on)
    for stage in stages:
        is_done = done.get(stage.code, False)
        position = stage_position(stage, on, is_done=is_done, is_over=is_over)
        lines.append(StageLine(stage, position, marked_on.get(stage.code) if is_done else None))
    return StageBoard(election, on, area, tuple(lines))


def _marks(election: Election, area: str) -> QuerySet[StageMark]:
    above = [area, *ancestors(area), ""] if area else [""]
    return StageMark.objects.filter(election=election, area__in=above).order_by("created_at", "id")


def stage_for(election: Election, code: str) -> Stage | None:
    return election.stages.filter(code=code).first()


def contest_list(election: Election, *, area: str) -> QuerySet[Contest]:
    """Contests voted on in an area: those held there, above it, or (for a wide area) below it."""
    low, high = area_range(area)
    above = [area, *ancestors(area), ""] if area else [""]
    inside = Q(area__gte=low, area__lt=high) | Q(area__in=above)
    return election.contests.filter(inside).order_by("position", "area")


def contest_for(election: Election, code: str, *, area: str, district: str = "") -> Contest | None:
    """The contest with this code that is held in `area` or above it; where it has electoral districts, the one that
    covers the area, or the one that is named."""
    above = [area, *ancestors(area), ""] if area else [""]
    rows = election.contests.filter(code=code)
    if district:
        return next((row for row in rows.filter(district=district) if touches(row, area)), None)
    own = rows.filter(area__in=above, covers__overlap=above).order_by("-area", "district").first()
    return own or rows.filter(area__in=above, district="").order_by("-area").first()


def contests_with(election: str, code: str) -> list[Contest]:
    """Every row of a contest code: one for each place that votes on a list of its own."""
    return list(Contest.objects.filter(election=election, code=code).order_by("area", "district"))


def touches(row: Contest, area: str) -> bool:
    """Whether an electoral district has a part in the area."""
    low, high = area_range(area)
    return any(low <= covered < high or within(area, covered) for covered in row.covers or [row.area])


def has_several_lists(rows: Iterable[Contest], area: str) -> bool:
    """Whether an area votes on more than one list: it holds several electoral districts, or is larger than the one that
    is known. `rows` are those of one contest."""
    low, high = area_range(area)
    every = list(rows)
    inside = [row for row in every if row.district and any(low <= code < high for code in row.covers)]
    wide = any(low <= row.area < high and area not in row.covers for row in inside)
    places = {row.area for row in every if not row.district and low <= row.area < high}
    return len(inside) > 1 or wide or len(places) > 1


def contest_in(rows: Iterable[Contest], area: str) -> Contest | None:
    """`contest_for` among rows that were read before."""
    return _contest_of(sorted(rows, key=lambda row: (row.area, row.district), reverse=True), area)


def _contest_of(rows: Sequence[Contest], area: str) -> Contest | None:
    above = {area, *ancestors(area), ""} if area else {""}
    here = [row for row in rows if row.area in above]
    own = [row for row in here if above & set(row.covers)]
    return next(iter([*own, *(row for row in here if not row.district)]), None)


def choice_list(contest: Contest) -> QuerySet[Choice]:
    """Choices in the order of the form: a party's row, then its candidates."""
    return contest.choices.order_by("party", "number")


def party_rows(contest: Contest | None) -> dict[int, tuple[int, ...]]:
    """By party number, where its rows stand in the order of the form; empty where choices stand on no list."""
    found: dict[int, tuple[int, ...]] = {}
    parties = choice_list(contest).values_list("party", flat=True) if contest else ()
    for at, party in enumerate(parties):
        if party:
            found[party] = (*found.get(party, ()), at)
    return found


def parties_named(rows: Iterable[Contest]) -> dict[int, str]:
    """Every party on any of these lists by its number, in order."""
    found = Choice.objects.filter(contest__in=list(rows), party__gt=0, number=0)
    return dict(found.order_by("party").values_list("party", "name"))


def station_for(election: Election | str, code: str) -> PollingStation | None:
    return _stations(election).filter(code=code).first()


def station_list(election: Election | str, *, area: str) -> QuerySet[PollingStation]:
    """Stations inside an area in order of their codes."""
    low, high = area_range(area)
    return _stations(election).filter(area__gte=low, area__lt=high).order_by("code")


def stations_unknown(pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those pairs of election and station code that the register of their election does not hold; none of an election
    that has no register yet."""
    unknown: set[tuple[str, str]] = set()
    wanted = set(pairs)
    for election in {election for election, _ in wanted}:
        codes = {code for one, code in wanted if one == election}
        missing = codes - set(_stations(election).filter(code__in=codes).values_list("code", flat=True))
        if missing and _stations(election).exists():
            unknown.update((election, code) for code in missing)
    return unknown


def station_count(election: Election | str, *, area: str) -> StationCount:
    """How many stations, special ones among them, and voters, inside an area."""
    row = station_list(election, area=area).order_by().aggregate(**_FIGURES)
    return _count(row)


def station_counts(election: Election | str, *, area: str, level: Level) -> dict[str, StationCount]:
    """The same for each area of one level inside `area`; areas without stations are left out."""
    rows = (
        station_list(election, area=area)
        .order_by()
        .annotate(place=Substr("area", 1, _LENGTHS[level]))
        .values("place")
        .annotate(**_FIGURES)
    )
    return {str(row["place"]): _count(row) for row in rows}


def station_totals(election: Election | str, *, area: str, level: Level) -> dict[str, int]:
    """How many stations, without voters and kinds: for maps, which ask at every change."""
    rows = station_list(election, area=area).order_by().annotate(place=Left("area", _LENGTHS[level]))
    return dict(rows.values_list("place").annotate(Count("id")))


def _count(row: Mapping[str, Any]) -> StationCount:
    voters = (row["men"] or 0) + (row["women"] or 0) if row["known"] else None
    return StationCount(stations=row["stations"] or 0, special=row["special"] or 0, voters=voters)


def _stations(election: Election | str) -> QuerySet[PollingStation]:
    code = election if isinstance(election, str) else election.code
    return PollingStation.objects.filter(election_id=code)
