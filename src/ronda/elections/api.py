"""Elections, their stages, contests and stations as JSON. Public reference data."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError

from ronda.elections import selectors
from ronda.elections.models import Election, PollingStation
from ronda.kernel import clock
from ronda.kernel.areas import Level
from ronda.web.localtime import local

router = Router(tags=["elections"])
PAGE = 1_000
Code = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$", description="such as pemilu-2024")]
Area = Annotated[
    str,
    Query(
        pattern=r"^([0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?)?$",
        description="such as 51.01; empty: all",
    ),
]


class ElectionOut(Schema):
    code: str
    regime: str
    name_id: str
    name_en: str
    voting_on: date
    voters_max: int


class StageOut(Schema):
    code: str
    name_id: str
    name_en: str
    starts_on: date | None
    ends_on: date | None
    part_of: str
    is_conditional: bool
    state: str
    days_left: int
    days_late: int
    source: str
    is_verified: bool


class ChoiceOut(Schema):
    number: int
    name: str
    kind: str


class ContestOut(Schema):
    code: str
    area: str
    level: str
    name_id: str
    name_en: str
    choices: list[ChoiceOut]


class StationOut(Schema):
    code: str
    area: str
    number: int
    kind: str
    name: str
    voters_m: int | None
    voters_f: int | None
    lon: float | None
    lat: float | None
    is_simulated: bool


class StationPage(Schema):
    stations: list[StationOut]
    after: str | None


class CountOut(Schema):
    area: str
    stations: int
    special: int
    voters: int | None


@router.get("", response=list[ElectionOut], summary="All elections, latest first")
def elections(request: HttpRequest) -> list[Election]:
    return list(selectors.election_list())


@router.get("/{election}", response=ElectionOut, summary="One election")
def election_detail(request: HttpRequest, election: Code) -> Election:
    return _election(election)


@router.get("/{election}/stages", response=list[StageOut], summary="Stages and where they stand on a day")
def stages(
    request: HttpRequest, election: Code, area: Area = "", on: Annotated[date | None, Query()] = None
) -> list[StageOut]:
    found = _election(election)
    board = selectors.stage_board(found, area=area, on=on or local(clock.now(), area).date())
    return [_stage(line) for line in board.lines]


@router.get(
    "/{election}/contests", response=list[ContestOut], summary="Contests of an area, choices in ballot order"
)
def contests(request: HttpRequest, election: Code, area: Area = "") -> list[ContestOut]:
    found = selectors.contest_list(_election(election), area=area)
    return [
        ContestOut(
            code=contest.code,
            area=contest.area,
            level=contest.level,
            name_id=contest.name_id,
            name_en=contest.name_en,
            choices=[
                ChoiceOut(number=choice.number, name=choice.name, kind=choice.kind)
                for choice in selectors.choice_list(contest)
            ],
        )
        for contest in found
    ]


@router.get(
    "/{election}/stations", response=StationPage, summary="Polling stations of an area, 1,000 at a time"
)
def stations(
    request: HttpRequest,
    election: Code,
    area: Area = "",
    after: Annotated[str, Query(pattern=r"^([0-9]{13})?$", description="last code of the page before")] = "",
) -> StationPage:
    rows = list(selectors.station_list(_election(election), area=area).filter(code__gt=after)[: PAGE + 1])
    page = rows[:PAGE]
    return StationPage(
        stations=[StationOut.from_orm(row) for row in page], after=page[-1].code if len(rows) > PAGE else None
    )


@router.get("/{election}/stations/counts", response=list[CountOut], summary="Numbers of stations by area")
def station_counts(
    request: HttpRequest, election: Code, level: Annotated[Level, Query()], area: Area = ""
) -> list[CountOut]:
    if level is Level.NATION:
        raise HttpError(422, "level: wanted province, regency, district or village, came nation")
    counts = selectors.station_counts(_election(election), area=area, level=level)
    return [
        CountOut(area=code, stations=row.stations, special=row.special, voters=row.voters)
        for code, row in sorted(counts.items())
    ]


@router.get("/{election}/stations/{station}", response=StationOut, summary="One polling station")
def station_detail(
    request: HttpRequest, election: Code, station: Annotated[str, Path(pattern=r"^[0-9]{13}$")]
) -> PollingStation:
    found = selectors.station_for(_election(election), station)
    if found is None:
        raise HttpError(404, "no such polling station in this election")
    return found


def _election(code: str) -> Election:
    found = selectors.election_for(code)
    if found is None:
        raise HttpError(404, "no such election")
    return found


def _stage(line: selectors.StageLine) -> StageOut:
    stage, position = line.stage, line.position
    return StageOut(
        code=stage.code,
        name_id=stage.name_id,
        name_en=stage.name_en,
        starts_on=stage.starts_on,
        ends_on=line.last_day,
        part_of=stage.part_of,
        is_conditional=stage.is_conditional,
        state=position.state.value,
        days_left=position.days_left,
        days_late=position.days_late,
        source=stage.source,
        is_verified=stage.is_verified,
    )
