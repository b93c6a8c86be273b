"""Incidents as JSON: lists, one incident with its trail, and every act on it."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from ronda.incidents import selectors, services
from ronda.incidents.domain import Desk, EvidenceKind, NotYourDesk
from ronda.incidents.selectors import IncidentFilter
from ronda.incidents.services import Evidence
from ronda.kernel import clock
from ronda.kernel.areas import STATION
from ronda.kernel.scope import Scope
from ronda.reports.domain import DECIDING_ROLES, MoveRefused, SourceCheck
from ronda.reports.services import VerifiedFacts
from ronda.web.interface import acting_role, found, signed_in

if TYPE_CHECKING:
    from ronda.incidents.models import Incident

router = Router(tags=["incidents"])
Area = Annotated[str, Field(pattern=r"^([0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?)?$")]
Agency = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Words = Annotated[str, Field(min_length=1, max_length=4000, pattern=r"^[^\x00]*$")]
Line = Annotated[str, Field(min_length=1, max_length=160, pattern=r"^[^\x00]*$")]
Note = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")]


class ListQuery(Schema):
    """Which incidents: active, overdue, held by my desk or closed; after one already seen."""

    tab: Literal["aktif", "lewat", "kami", "ditutup"] = "aktif"
    area: Area = ""
    kind: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] = ""
    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class IncidentLine(Schema):
    id: UUID
    label: str
    election: str
    kind: str
    title: str
    area: str
    station_code: str
    state: str
    holder_agency: str
    holder_area: str
    due_at: datetime | None
    happened_at: datetime
    opened_at: datetime
    changed_at: datetime


class TrailOut(Schema):
    from_name: str
    to_name: str
    request: str
    sent_at: datetime
    sent_by: str
    received_at: datetime | None
    received_by: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    reason: str


class TimelineOut(Schema):
    at: datetime
    text: str
    by: str


class ActionOut(Schema):
    id: UUID
    title: str
    owner_agency: str
    owner_area: str
    due_at: datetime
    state: str


class IncidentOut(IncidentLine):
    summary: str
    acts: list[str]
    handover: UUID | None
    trail: list[TrailOut]
    timeline: list[TimelineOut]
    actions: list[ActionOut]


class GivenBackOut(Schema):
    """A hand-over that went back; the agency that gave it back may not read the incident any more."""

    id: UUID
    incident_id: UUID
    state: str


class VerifyIn(Schema):
    """A report, what was made sure of, and the incident it joins (none: a new one with this title)."""

    report: UUID
    kind: Annotated[str, Field(max_length=60)]
    place: Annotated[Area, Field(min_length=2)]
    happened_at: datetime
    source_check: SourceCheck
    other_report: UUID | None = None
    officer: UUID | None = None
    document: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    station_code: Annotated[str, Field(max_length=13)] = ""
    note: Note = ""
    incident: UUID | None = None
    title: Annotated[str, Field(max_length=160, pattern=r"^[^\x00]*$")] = ""
    summary: Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")] = ""


class HandoverIn(Schema):
    agency: Agency
    area: Area
    request: Words


class ReasonIn(Schema):
    reason: Words


class NoteIn(Schema):
    text: Words


class AssignIn(Schema):
    title: Line
    agency: Agency
    area: Area
    due_at: datetime


class FinishIn(Schema):
    note: Words
    evidence_kind: EvidenceKind
    evidence: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class CloseIn(Schema):
    note: Note = ""


class RelateIn(Schema):
    other: UUID
    note: Note = ""


@router.get("", response=list[IncidentLine], summary="Incidents by due time, overdue first")
def incident_list(request: HttpRequest, query: Query[ListQuery]) -> "list[Incident]":
    by = signed_in(request)
    last = query.after
    after = found(lambda: selectors.incident_for(last)) if last else None
    wanted = IncidentFilter(query.tab, query.area, query.kind, Desk(by.agency, by.area))
    return selectors.incident_list(wanted, at=clock.now(), after=after, limit=query.limit)


@router.post("", response=IncidentOut, summary="Verify a report; open an incident from it or add it to one")
def incident_open(request: HttpRequest, given: VerifyIn) -> dict[str, Any]:
    by, at, facts = _deciding(request), clock.now(), _facts(given)

    def act() -> UUID:
        if given.incident is None:
            return services.incident_open_from_report(
                report=given.report, facts=facts, title=given.title, summary=given.summary, by=by, at=at
            ).id
        services.report_link(incident=given.incident, report=given.report, facts=facts, by=by, at=at)
        return given.incident

    return _out(request, _run(act))


@router.get("/{uuid:incident_id}", response=IncidentOut, summary="One incident with its trail and timeline")
def incident_detail(request: HttpRequest, incident_id: UUID) -> dict[str, Any]:
    return _out(request, incident_id)


@router.post("/{uuid:incident_id}/start", response=IncidentOut, summary="Handle it ourselves")
def incident_start(request: HttpRequest, incident_id: UUID) -> dict[str, Any]:
    return _act(
        request, incident_id, lambda by, at: services.incident_start(incident=incident_id, by=by, at=at)
    )


@router.post("/{uuid:incident_id}/note", response=IncidentOut, summary="Write down a development")
def incident_note(request: HttpRequest, incident_id: UUID, given: NoteIn) -> dict[str, Any]:
    return _act(
        request,
        incident_id,
        lambda by, at: services.incident_note(incident=incident_id, text=given.text, by=by, at=at),
    )


@router.post("/{uuid:incident_id}/handover", response=IncidentOut, summary="Hand over to another desk")
def handover_send(request: HttpRequest, incident_id: UUID, given: HandoverIn) -> dict[str, Any]:
    to = Desk(given.agency, given.area)
    return _act(
        request,
        incident_id,
        lambda by, at: services.handover_send(
            incident=incident_id, to=to, request=given.request, by=by, at=at
        ),
    )


@router.post(
    "/{uuid:incident_id}/actions", response=IncidentOut, summary="Give a desk something to do by a time"
)
def action_assign(request: HttpRequest, incident_id: UUID, given: AssignIn) -> dict[str, Any]:
    owner, due_at = Desk(given.agency, given.area), _aware(given.due_at)
    return _act(
        request,
        incident_id,
        lambda by, at: services.action_assign(
            incident=incident_id, title=given.title, owner=owner, due_at=due_at, by=by, at=at
        ),
    )


@router.post("/{uuid:incident_id}/finish", response=IncidentOut, summary="Say it is done and show the proof")
def incident_finish(request: HttpRequest, incident_id: UUID, given: FinishIn) -> dict[str, Any]:
    evidence = Evidence(given.evidence_kind, given.evidence)
    return _act(
        request,
        incident_id,
        lambda by, at: services.incident_finish(
            incident=incident_id, note=given.note, evidence=evidence, by=by, at=at
        ),
    )


@router.post("/{uuid:incident_id}/close", response=IncidentOut, summary="Close it as the second person")
def incident_close(request: HttpRequest, incident_id: UUID, given: CloseIn) -> dict[str, Any]:
    return _act(
        request,
        incident_id,
        lambda by, at: services.incident_close(incident=incident_id, note=given.note, by=by, at=at),
    )


@router.post("/{uuid:incident_id}/send-back", response=IncidentOut, summary="Find the proof not enough")
def incident_send_back(request: HttpRequest, incident_id: UUID, given: ReasonIn) -> dict[str, Any]:
    return _act(
        request,
        incident_id,
        lambda by, at: services.incident_send_back(incident=incident_id, reason=given.reason, by=by, at=at),
    )


@router.post("/{uuid:incident_id}/reopen", response=IncidentOut, summary="Open a closed incident again")
def incident_reopen(request: HttpRequest, incident_id: UUID, given: ReasonIn) -> dict[str, Any]:
    return _act(
        request,
        incident_id,
        lambda by, at: services.incident_reopen(incident=incident_id, reason=given.reason, by=by, at=at),
    )


@router.post(
    "/{uuid:incident_id}/relate", response=IncidentOut, summary="Say that two incidents belong together"
)
def incident_relate(request: HttpRequest, incident_id: UUID, given: RelateIn) -> dict[str, Any]:
    return _act(
        request,
        incident_id,
        lambda by, at: services.incident_relate(
            incident=incident_id, other=given.other, note=given.note, by=by, at=at
        ),
    )


@router.post("/handovers/{uuid:handover_id}/receive", response=IncidentOut, summary="It has arrived here")
def handover_receive(request: HttpRequest, handover_id: UUID) -> dict[str, Any]:
    return _answer(
        request, handover_id, lambda by, at: services.handover_receive(handover=handover_id, by=by, at=at)
    )


@router.post("/handovers/{uuid:handover_id}/accept", response=IncidentOut, summary="Take it over")
def handover_accept(request: HttpRequest, handover_id: UUID) -> dict[str, Any]:
    return _answer(
        request, handover_id, lambda by, at: services.handover_accept(handover=handover_id, by=by, at=at)
    )


@router.post("/handovers/{uuid:handover_id}/refuse", response=GivenBackOut, summary="Say no, with the reason")
def handover_refuse(request: HttpRequest, handover_id: UUID, given: ReasonIn) -> Any:
    by, at = signed_in(request), clock.now()
    return _run(lambda: services.handover_refuse(handover=handover_id, reason=given.reason, by=by, at=at))


@router.post(
    "/handovers/{uuid:handover_id}/return", response=GivenBackOut, summary="Give it back to the sender"
)
def handover_return(request: HttpRequest, handover_id: UUID, given: ReasonIn) -> Any:
    by, at = signed_in(request), clock.now()
    return _run(lambda: services.handover_return(handover=handover_id, reason=given.reason, by=by, at=at))


@router.post(
    "/handovers/{uuid:handover_id}/withdraw", response=IncidentOut, summary="Take it back unanswered"
)
def handover_withdraw(request: HttpRequest, handover_id: UUID, given: ReasonIn) -> dict[str, Any]:
    return _answer(
        request,
        handover_id,
        lambda by, at: services.handover_withdraw(handover=handover_id, reason=given.reason, by=by, at=at),
    )


@router.post("/actions/{uuid:action_id}/finish", response=IncidentOut, summary="Say what was done")
def action_finish(request: HttpRequest, action_id: UUID, given: ReasonIn) -> dict[str, Any]:
    return _on_action(
        request,
        action_id,
        lambda by, at: services.action_finish(action=action_id, note=given.reason, by=by, at=at),
    )


@router.post("/actions/{uuid:action_id}/cancel", response=IncidentOut, summary="Call it off, with the reason")
def action_cancel(request: HttpRequest, action_id: UUID, given: ReasonIn) -> dict[str, Any]:
    return _on_action(
        request,
        action_id,
        lambda by, at: services.action_cancel(action=action_id, reason=given.reason, by=by, at=at),
    )


@router.post("/links/{uuid:link_id}/end", response=IncidentOut, summary="Take a report or incident out again")
def link_end(request: HttpRequest, link_id: UUID, given: ReasonIn) -> dict[str, Any]:
    by, at = signed_in(request), clock.now()
    link = found(lambda: selectors.link_for(link_id))
    end = services.report_unlink if link.report_id else services.incident_unrelate
    _run(lambda: end(link=link_id, reason=given.reason, by=by, at=at))
    return _out(request, link.incident_id)


Act = Callable[[Scope, datetime], object]


def _act(request: HttpRequest, incident_id: UUID, act: Act) -> dict[str, Any]:
    by, at = signed_in(request), clock.now()
    _run(lambda: act(by, at))
    return _out(request, incident_id)


def _answer(request: HttpRequest, handover_id: UUID, act: Act) -> dict[str, Any]:
    incident_id = found(lambda: selectors.handover_for(handover_id)).incident_id
    return _act(request, incident_id, act)


def _on_action(request: HttpRequest, action_id: UUID, act: Act) -> dict[str, Any]:
    incident_id = found(lambda: selectors.action_for(action_id)).incident_id
    return _act(request, incident_id, act)


def _facts(given: VerifyIn) -> VerifiedFacts:
    if given.station_code and not STATION.match(given.station_code):
        raise HttpError(422, "station_code: wanted 13 digits")
    return VerifiedFacts(
        kind=given.kind,
        place=given.place,
        happened_at=_aware(given.happened_at),
        source_check=given.source_check,
        station_code=given.station_code,
        note=given.note,
        other_report=given.other_report,
        officer=given.officer,
        document=given.document,
    )


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None or not 1999 <= at.year <= 2999:
        raise HttpError(422, "a time needs its UTC offset and a year from 1999 to 2999")
    return at


def _deciding(request: HttpRequest) -> Scope:
    """The scope of a duty officer or head of the supervisor; for everybody else there is nothing here."""
    scope = signed_in(request)
    if scope.kind != "bawaslu" or acting_role(request) not in DECIDING_ROLES:
        raise HttpError(404, "not found")
    return scope


def _run(act: Callable[[], Any]) -> Any:
    """Run a service. 403: another desk's turn; 409: not open now; 404: unknown or out of reach."""
    try:
        return act()
    except NotYourDesk as refusal:
        raise HttpError(403, str(refusal)) from None
    except MoveRefused as refusal:
        raise HttpError(409, str(refusal)) from None
    except ObjectDoesNotExist:
        raise HttpError(404, "not found") from None


def _out(request: HttpRequest, incident_id: UUID) -> dict[str, Any]:
    by = signed_in(request)
    incident = found(lambda: selectors.incident_for(incident_id))
    page = selectors.incident_page(incident, by=by, at=clock.now())
    line = {name: getattr(incident, name) for name in IncidentLine.model_fields}
    return {
        **line,
        "summary": incident.summary,
        "acts": sorted(page.acts),
        "handover": page.waiting.id if page.waiting else None,
        "trail": page.trail,
        "timeline": page.timeline,
        "actions": [line.action for line in page.actions],
    }
