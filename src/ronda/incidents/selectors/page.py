"""Everything the page of one incident shows, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from ronda.agencies import selectors as agencies
from ronda.incidents.adapters import KindWords, desk_names, kind_words
from ronda.incidents.domain import (
    UNANSWERED,
    ActionState,
    Desk,
    EntryKind,
    EvidenceKind,
    HandoverState,
    IncidentState,
)
from ronda.incidents.models import (
    Action,
    ActionStep,
    Handover,
    HandoverActor,
    HandoverStep,
    Incident,
    IncidentEntry,
    IncidentLink,
    Proof,
    ProofFile,
)
from ronda.incidents.selectors.standing import acts_for, links_live
from ronda.kernel.scope import Scope, scoped

_MARKS = {
    EntryKind.OPENED: "new",
    EntryKind.NOTE: "new",
    EntryKind.ASKED: "new",
    EntryKind.STARTED: "proc",
    EntryKind.FINISHED: "proc",
    EntryKind.SENT_BACK: "no",
    EntryKind.CLOSED: "done",
    EntryKind.REOPENED: "late",
    EntryKind.ESCALATED: "late",
    HandoverState.SENT: "proc",
    HandoverState.RECEIVED: "hold",
    HandoverState.ACCEPTED: "done",
    HandoverState.REFUSED: "no",
    HandoverState.RETURNED: "no",
    HandoverState.WITHDRAWN: "no",
}


@dataclass(frozen=True)
class Line:
    """A line of the timeline, in the shape of the shared component."""

    at: datetime
    kind: str
    text: str
    by: str


@dataclass(frozen=True)
class TrailStep:
    """A row of the hand-over table, in the shape of the shared component."""

    from_name: str
    to_name: str
    request: str
    sent_at: datetime
    sent_by: str
    received_at: datetime | None
    received_by: str
    kind: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    reason: str
    receipt: str


@dataclass(frozen=True)
class ActionLine:
    action: Action
    owner: str
    mark: str
    last_note: str
    is_mine: bool
    files: list[ProofFile]


@dataclass(frozen=True)
class ProofLine:
    proof: Proof
    what: str
    by: str
    file: ProofFile | None


@dataclass(frozen=True)
class Now:
    """What must be done now, and by whom."""

    title: str
    text: str
    is_mine: bool


@dataclass(frozen=True)
class IncidentPage:
    incident: Incident
    kind: KindWords
    holder: str
    acts: frozenset[str]
    now: Now
    waiting: Handover | None
    timeline: list[Line]
    trail: list[TrailStep]
    actions: list[ActionLine]
    proofs: list[ProofLine]
    links: list[IncidentLink]
    files: list[ProofFile]

    @property
    def answered(self) -> int:
        return sum(1 for step in self.trail if step.kind in ("done", "no"))

    @property
    def report_ids(self) -> list[UUID]:
        return [link.report_id for link in self.links if link.report_id]


@dataclass(frozen=True)
class LeftPage:
    """What an agency that gave an incident back keeps: the facts, its hand-over, what had happened until then."""

    incident: Incident
    kind: KindWords
    trail: list[TrailStep]
    timeline: list[Line]


@dataclass(frozen=True)
class _Rows:
    handovers: list[Handover]
    handover_steps: list[HandoverStep]
    actions: list[Action]
    action_steps: list[ActionStep]
    entries: list[IncidentEntry]
    proofs: list[Proof]
    files: list[ProofFile]
    actors: dict[UUID, str]


def incident_page(incident: Incident, *, by: Scope, at: datetime) -> IncidentPage:
    """The page of an incident for a scope: facts, acts, trail, timeline, actions, proofs, links."""
    rows = _read(incident)
    names = desk_names([_holder(incident), *_desks(rows)])
    people = _people(rows, by)
    acts = acts_for(incident, by)
    waiting = next((row for row in rows.handovers if row.state in UNANSWERED), None)
    return IncidentPage(
        incident=incident,
        kind=kind_words(incident.kind),
        holder=names[_holder(incident)],
        acts=acts,
        now=_now(incident, rows, acts, names, waiting),
        waiting=waiting,
        timeline=_timeline(rows, names, people),
        trail=[_trail_step(row, rows, names, people, at) for row in rows.handovers],
        actions=[_action_line(row, rows, names, by) for row in rows.actions],
        proofs=[_proof_line(row, rows, names, people) for row in rows.proofs],
        links=list(links_live(incident.id)),
        files=rows.files,
    )


_FACTS = ("id", "area", "number", "kind", "title", "summary", "station_code", "happened_at", "opened_at")


def incident_left(incident: UUID, *, by: Scope, at: datetime) -> LeftPage | None:
    """What is kept of an incident that this agency may no longer read; None when it never was handed to it.

    The facts are read past the policies, once a hand-over to this agency is in sight: these columns never change,
    so they are what it read. Nothing that moves is fetched; asking for it would be asking as this agency again.
    """
    if not Handover.objects.filter(incident=incident, to_agency=by.agency).exists():
        return None
    with scoped(Scope.system()):
        facts = Incident.objects.only(*_FACTS).get(pk=incident)
    rows = _read(facts)
    names, people = desk_names(_desks(rows)), _people(rows, by)
    return LeftPage(
        incident=facts,
        kind=kind_words(facts.kind),
        trail=[_trail_step(row, rows, names, people, at) for row in rows.handovers],
        timeline=_timeline(rows, names, people),
    )


def _read(incident: Incident) -> _Rows:
    of = {"incident": incident}
    handovers = list(Handover.objects.filter(**of).order_by("sequence"))
    actions = list(Action.objects.filter(**of).order_by("due_at", "id"))
    actors = HandoverActor.objects.filter(step__incident=incident)
    return _Rows(
        handovers=handovers,
        handover_steps=list(HandoverStep.objects.filter(handover__in=handovers).order_by("at", "id")),
        actions=actions,
        action_steps=list(ActionStep.objects.filter(action__in=actions).order_by("at", "id")),
        entries=list(IncidentEntry.objects.filter(**of).order_by("at", "id")),
        proofs=list(Proof.objects.filter(**of).order_by("-at", "-id")),
        files=list(ProofFile.objects.filter(**of).order_by("created_at", "id")),
        actors={actor.step_id: actor.words for actor in actors},
    )


def _holder(incident: Incident) -> Desk:
    return Desk(incident.holder_agency, incident.holder_area)


def _desks(rows: _Rows) -> Iterable[Desk]:
    for row in rows.handovers:
        yield Desk(row.from_agency, row.from_area)
        yield Desk(row.to_agency, row.to_area)
    for action in rows.actions:
        yield Desk(action.owner_agency, action.owner_area)
    done: list[Any] = [*rows.entries, *rows.handover_steps, *rows.action_steps, *rows.proofs]
    for line in done:
        yield Desk(line.agency, line.by_area)


def _people(rows: _Rows, by: Scope) -> dict[UUID, str]:
    """Names of people of the own agency; others are named only where they signed a step of a hand-over."""
    acted: list[Any] = [*rows.entries, *rows.handover_steps, *rows.action_steps, *rows.proofs]
    ids = {row.by for row in acted if row.by and row.agency == by.agency}
    if not ids:
        return {}
    posts = agencies.post_list(agency=by.agency, area=by.area).filter(person__in=ids)
    return dict(posts.values_list("person_id", "display_name"))


def _by(row: Any, names: dict[Desk, str], people: dict[UUID, str], signed: str = "") -> str:
    unit = names[Desk(row.agency, row.by_area)]
    person = signed or people.get(row.by, "")
    return f"{person} · {unit}" if person else unit


def _timeline(rows: _Rows, names: dict[Desk, str], people: dict[UUID, str]) -> list[Line]:
    handovers = {row.id: row for row in rows.handovers}
    actions = {row.id: row for row in rows.actions}
    lines = [
        Line(row.at, _MARKS.get(EntryKind(row.kind), "new"), _entry_words(row), _by(row, names, people))
        for row in rows.entries
    ]
    for step in rows.handover_steps:
        words = _handover_words(step, handovers[step.handover_id], names)
        by = _by(step, names, people, rows.actors.get(step.id, ""))
        lines.append(Line(step.at, _MARKS[HandoverState(step.state)], words, by))
    seen: set[UUID] = set()
    for act in rows.action_steps:
        words = _action_words(act, actions[act.action_id], names, is_first=act.action_id not in seen)
        seen.add(act.action_id)
        mark = {"open": "proc", "done": "done", "cancelled": "no"}[act.state]
        lines.append(Line(act.at, mark, words, _by(act, names, people)))
    newest = sorted(enumerate(lines), key=lambda pair: (pair[1].at, pair[0]), reverse=True)
    return [line for _order, line in newest]


def _entry_words(row: IncidentEntry) -> str:
    label = str(EntryKind(row.kind).label)
    if row.kind == EntryKind.NOTE:
        return row.text
    return f"{label}: {row.text}" if row.text else label


def _handover_words(step: HandoverStep, handover: Handover, names: dict[Desk, str]) -> str:
    values = {
        "to": names[Desk(handover.to_agency, handover.to_area)],
        "from": names[Desk(handover.from_agency, handover.from_area)],
        "reason": step.reason,
        "request": handover.request,
    }
    sentences = {
        "sent": _("Diserahkan kepada %(to)s: %(request)s"),
        "received": _("Sampai di %(to)s"),
        "accepted": _("%(to)s menerima penanganan"),
        "refused": _("%(to)s menolak: %(reason)s"),
        "returned": _("%(to)s mengembalikan kepada %(from)s: %(reason)s"),
        "withdrawn": _("%(from)s menarik serah terima: %(reason)s"),
    }
    return sentences[step.state] % values


def _action_words(step: ActionStep, action: Action, names: dict[Desk, str], *, is_first: bool) -> str:
    values = {
        "owner": names[Desk(action.owner_agency, action.owner_area)],
        "title": action.title,
        "note": step.note,
    }
    if step.state == ActionState.OPEN and is_first:
        return _("Tindakan untuk %(owner)s: %(title)s") % values
    sentences = {
        "open": _("Tindakan dibuka lagi, %(title)s: %(note)s"),
        "done": _("Dikerjakan, %(title)s: %(note)s"),
        "cancelled": _("Dibatalkan, %(title)s: %(note)s"),
    }
    return sentences[step.state] % values


def _trail_step(
    row: Handover, rows: _Rows, names: dict[Desk, str], people: dict[UUID, str], at: datetime
) -> TrailStep:
    steps = {step.state: step for step in rows.handover_steps if step.handover_id == row.id}
    answered = next(
        (steps[state] for state in ("returned", "accepted", "refused", "withdrawn") if state in steps), None
    )
    if answered is not None:
        answer, kind = str(HandoverState(row.state).label), _MARKS[HandoverState(row.state)]
    elif at >= row.due_at:
        answer, kind = _("Belum dijawab"), "late"
    else:
        answer, kind = _("Menunggu jawaban"), "proc"
    received = steps.get("received")
    return TrailStep(
        from_name=names[Desk(row.from_agency, row.from_area)],
        to_name=names[Desk(row.to_agency, row.to_area)],
        request=row.request,
        sent_at=row.sent_at,
        sent_by=_person(steps.get("sent"), rows, people),
        received_at=received.at if received else None,
        received_by=_person(received, rows, people),
        kind=kind,
        answer=answer,
        answered_at=answered.at if answered else None,
        answered_by=_person(answered, rows, people),
        reason=answered.reason if answered else "",
        receipt=f"{row.id.hex[-8:-4]}·{row.id.hex[-4:]}",
    )


def _person(step: HandoverStep | None, rows: _Rows, people: dict[UUID, str]) -> str:
    """Who did a step: as signed then, else the name of one of our own people."""
    if step is None:
        return ""
    return rows.actors.get(step.id) or (people.get(step.by, "") if step.by else "")


def _action_line(row: Action, rows: _Rows, names: dict[Desk, str], by: Scope) -> ActionLine:
    notes = [step.note for step in rows.action_steps if step.action_id == row.id and step.note]
    desk = Desk(row.owner_agency, row.owner_area)
    mark = {"open": "proc", "done": "done", "cancelled": "no"}[row.state]
    is_mine = desk.is_served_by(agency=by.agency, area=by.area)
    steps = {step.id for step in rows.action_steps if step.action_id == row.id}
    files = [file for file in rows.files if file.step_id in steps]
    return ActionLine(row, names[desk], mark, notes[-1] if notes else "", is_mine, files)


def _proof_line(row: Proof, rows: _Rows, names: dict[Desk, str], people: dict[UUID, str]) -> ProofLine:
    file = next((file for file in rows.files if file.proof_id == row.id), None)
    return ProofLine(row, str(EvidenceKind(row.evidence_kind).label), _by(row, names, people), file)


def _now(
    incident: Incident, rows: _Rows, acts: frozenset[str], names: dict[Desk, str], waiting: Handover | None
) -> Now:
    holder = names[_holder(incident)]
    if waiting is not None:
        return _now_waiting(waiting, acts, names)
    if incident.state == IncidentState.CLOSED:
        return Now(
            _("Kejadian ini sudah ditutup dengan bukti"),
            _("Buka kembali bila ada yang belum selesai."),
            is_mine=False,
        )
    if incident.state == IncidentState.DONE:
        return _now_checking(acts)
    task = next((row for row in rows.actions if row.state == ActionState.OPEN), None)
    if task is not None:
        owner = names[Desk(task.owner_agency, task.owner_area)]
        return Now(
            task.title,
            _("Dikerjakan oleh %(owner)s.") % {"owner": owner},
            is_mine="finish" in acts or "assign" in acts,
        )
    if "hand_over" not in acts:
        return Now(
            _("Menunggu %(desk)s") % {"desk": holder},
            _("Anda dapat menulis perkembangan yang Anda tahu."),
            is_mine=False,
        )
    if incident.state == IncidentState.OPEN:
        text = _(
            "Tangani sendiri, atau serahkan kepada lembaga yang berwenang. "
            "Setiap langkah tercatat dengan jam dan orangnya."
        )
        return Now(_("Tentukan siapa yang menangani"), text, is_mine=True)
    text = _("Beri tindakan dengan pelaksana dan batas waktu, atau ajukan bukti bila sudah selesai.")
    return Now(_("Lanjutkan penanganan"), text, is_mine=True)


def _now_waiting(waiting: Handover, acts: frozenset[str], names: dict[Desk, str]) -> Now:
    if "accept" in acts:
        sender = names[Desk(waiting.from_agency, waiting.from_area)]
        return Now(_("Jawab serah terima dari %(desk)s") % {"desk": sender}, waiting.request, is_mine=True)
    receiver = names[Desk(waiting.to_agency, waiting.to_area)]
    return Now(_("Menunggu jawaban %(desk)s") % {"desk": receiver}, waiting.request, is_mine=False)


def _now_checking(acts: frozenset[str]) -> Now:
    if "close" in acts:
        text = _("Lihat bukti di bawah. Tutup bila cukup, atau kembalikan dan tulis apa yang kurang.")
        return Now(_("Periksa bukti lalu tutup"), text, is_mine=True)
    text = _("Yang mengerjakan tidak boleh menutup sendiri.")
    return Now(_("Menunggu orang kedua memeriksa bukti"), text, is_mine=False)
