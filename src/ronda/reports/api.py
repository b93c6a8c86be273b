"""Reports as JSON: the inbox, one report, and what a person decides about it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from ronda.kernel import clock
from ronda.kernel.areas import STATION
from ronda.kernel.scope import Scope
from ronda.reports import selectors, services
from ronda.reports.domain import DECIDING_ROLES, MoveRefused, RejectReason, ReportSource, ReportState
from ronda.reports.selectors import InboxFilter
from ronda.web.interface import acting_role, found, signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from ronda.reports.models import Report

router = Router(tags=["reports"])
Area = Annotated[str, Field(pattern=r"^([0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?)?$")]
Words = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class InboxQuery(Schema):
    """Which reports: a state, an area, a kind, a source; after a report already seen."""

    state: ReportState = ReportState.NEW
    is_unplaced: bool = False
    area: Area = ""
    kind: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] = ""
    source: ReportSource | None = None
    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class ReportLine(Schema):
    id: UUID
    state: str
    source: str
    agency: str
    area: str
    station_code: str
    is_placed: bool
    kind: str
    is_danger: bool
    priority: int
    received_at: datetime
    check_due_at: datetime
    excerpt: str


class ReportOut(Schema):
    id: UUID
    message: UUID
    state: str
    source: str
    agency: str
    election: str
    area: str
    station_code: str
    is_placed: bool
    kind: str
    text: str
    place: str
    place_words: str
    station: int | None
    is_danger: bool
    priority: int
    happened_at: datetime | None
    known_at: datetime | None
    captured_at: datetime | None
    received_at: datetime
    check_due_at: datetime
    remarks: list[str]


class PlaceIn(Schema):
    place: Annotated[Area, Field(min_length=2)]
    station_code: Annotated[str, Field(max_length=13)] = ""
    note: Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")] = ""


class RejectIn(Schema):
    reason: RejectReason
    note: Words


class ReturnIn(Schema):
    note: Words


class FollowIn(Schema):
    code: Annotated[str, Field(max_length=40)]


class FollowOut(Schema):
    state: str
    words: str
    at: datetime


@router.get("", response=list[ReportLine], summary="Reports in the order in which they should be checked")
def report_list(request: HttpRequest, query: Query[InboxQuery]) -> "list[Report]":
    signed_in(request)
    last = query.after
    after = found(lambda: selectors.report_for(last)) if last else None
    wanted = InboxFilter(query.state, query.is_unplaced, query.area, query.kind, query.source or "")
    return selectors.report_list(wanted, after=after, limit=query.limit)


@router.post(
    "/follow", response=list[FollowOut], summary="States and times under a receipt code, for anybody"
)
def report_follow(request: HttpRequest, given: FollowIn) -> list[selectors.FollowLine]:
    return selectors.follow_steps(given.code)


@router.get("/{uuid:report_id}", response=ReportOut, summary="One report as it came")
def report_detail(request: HttpRequest, report_id: UUID) -> "Report":
    return found(lambda: selectors.report_for(report_id))


@router.post("/{uuid:report_id}/place", response=ReportOut, summary="Say where a report belongs")
def report_place(request: HttpRequest, report_id: UUID, given: PlaceIn) -> "Report":
    if given.station_code and not STATION.match(given.station_code):
        raise HttpError(422, "station_code: wanted 13 digits")
    by = _deciding(request)
    return _done(
        lambda: services.report_place(report=report_id, by=by, at=clock.now(), **given.dict()), report_id
    )


@router.post("/{uuid:report_id}/reject", response=ReportOut, summary="Reject a report with a reason")
def report_reject(request: HttpRequest, report_id: UUID, given: RejectIn) -> "Report":
    by = _deciding(request)
    return _done(
        lambda: services.report_reject(
            report=report_id, reason=given.reason, note=given.note, by=by, at=clock.now()
        ),
        report_id,
    )


@router.post("/{uuid:report_id}/return", response=ReportOut, summary="Put a report back into the inbox")
def report_return(request: HttpRequest, report_id: UUID, given: ReturnIn) -> "Report":
    by = _deciding(request)
    return _done(
        lambda: services.report_return(report=report_id, note=given.note, by=by, at=clock.now()), report_id
    )


def _deciding(request: HttpRequest) -> Scope:
    """The scope of a duty officer or head of the supervisor; for everybody else the report is not found."""
    scope = signed_in(request)
    if scope.kind != "bawaslu" or acting_role(request) not in DECIDING_ROLES:
        raise HttpError(404, "not found")
    return scope


def _done(act: "Callable[[], object]", report_id: UUID) -> "Report":
    """Run a service and show the report after it. 409 when the act is not open now."""
    try:
        act()
        return selectors.report_for(report_id)
    except MoveRefused as refusal:
        raise HttpError(409, str(refusal)) from None
    except ObjectDoesNotExist:
        raise HttpError(404, "not found") from None
