"""Results as JSON, under the scope of who asks: counts of areas, failed checks, copies of a station."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from ninja.errors import HttpError

from ronda.kernel.scope import Scope, current_scope
from ronda.results import selectors
from ronda.results.models import AreaSummary, FailedCheck, Sheet

router = Router(tags=["results"])
_CODE = r"^[A-Za-z0-9_-]{1,60}$"
_AREA = r"^([0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?)?$"
Election = Annotated[str, Path(pattern=_CODE, description="such as pemilu-2019")]
Contest = Annotated[str, Path(pattern=_CODE, description="such as PPWP")]
Area = Annotated[str, Query(pattern=_AREA, description="such as 51.01; empty: the area of the post")]
Station = Annotated[str, Path(pattern=r"^[0-9]{13}$", description="13 digits")]


class SummaryOut(Schema):
    area: str
    level: str
    stations: int
    reported: int
    both: int
    differing: int
    failed: int
    stake: int
    present: dict[str, int]
    votes: dict[str, list[int]]
    rules: dict[str, int]
    recap: dict[str, Any]
    created_at: datetime


class SummaryDetail(Schema):
    own: SummaryOut
    below: list[SummaryOut]


class CheckOut(Schema):
    rule: str
    level: str
    area: str
    station: str
    source: str
    against: str
    delta: int
    deltas: list[int]
    stake: int
    facts: dict[str, Any]


class SheetOut(Schema):
    station: str
    area: str
    number: int
    source: str
    version: int
    votes: list[int | None]
    valid: int | None
    invalid: int | None
    users: int | None
    registered: int | None
    created_at: datetime


@router.get(
    "/{election}/{contest}", response=SummaryDetail, summary="The count of an area and of all one level down"
)
def summary(request: HttpRequest, election: Election, contest: Contest, area: Area = "") -> dict[str, Any]:
    wanted = _area(_scope(), area)
    own = selectors.summary_for(election, contest, wanted)
    if own is None:
        raise HttpError(404, "no results here")
    below: list[AreaSummary] = selectors.summary_children(election, contest, wanted)
    return {"own": own, "below": below}


@router.get(
    "/{election}/{contest}/checks",
    response=list[CheckOut],
    summary="Failed checks, most votes at stake first",
)
def checks(
    request: HttpRequest,
    election: Election,
    contest: Contest,
    area: Area = "",
    rule: Annotated[str, Query(pattern=r"^([RX][0-9]{2})?$")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> list[FailedCheck]:
    wanted = _area(_scope("result_check"), area)
    return list(selectors.failed_list(election, contest, wanted, rule=rule)[offset : offset + limit])


@router.get(
    "/{election}/{contest}/stations/{station}",
    response=list[SheetOut],
    summary="The last copies of one station",
)
def station(request: HttpRequest, election: Election, contest: Contest, station: Station) -> list[Sheet]:
    _scope("sheet")
    sheets = selectors.station_sheets(election, contest, station)
    if not sheets:
        raise HttpError(404, "no results here")
    return sheets


def _scope(record: str = "result_summary") -> Scope:
    """The scope in force; unknown and forbidden look the same."""
    scope = current_scope()
    if scope is None or not selectors.may_see(scope, record):
        raise HttpError(404, "no results here")
    return scope


def _area(scope: Scope, area: str) -> str:
    wanted = area or scope.area
    if not scope.covers(wanted):
        raise HttpError(404, "no results here")
    return wanted
