"""The end of an incident: proof by one person, closing by another, and opening again."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ronda.incidents.domain import (
    ActionState,
    Desk,
    EntryKind,
    EvidenceKind,
    IncidentAct,
    NotYourDesk,
    incident_move,
    proof_is_open_to,
    require_second_person,
)
from ronda.incidents.events import IncidentClosed, IncidentFinished, IncidentReopened, IncidentSentBack
from ronda.incidents.freshness import doubts_made
from ronda.incidents.models import Closure, Incident, IncidentLink, Proof, ProofFile
from ronda.incidents.services.proving import Shown, file_attach, file_known, file_take
from ronda.incidents.services.rows import (
    child_stamp,
    entry_add,
    follow,
    holder,
    locked,
    move,
    require_desk,
    tell,
)
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.reports.domain import FollowState, MoveRefused

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Evidence:
    """What shows the work: a file (its content, or the hash of one at the gate), a report in this incident, or the
    number of a document."""

    kind: EvidenceKind
    value: str = ""
    content: BinaryIO | None = None


def incident_finish(*, incident: UUID, note: str, evidence: Evidence, by: Scope, at: datetime) -> Proof:
    """The holder says the work is done and shows it; a second person must look at it."""
    with transaction.atomic():
        row = locked(incident)
        require_desk(holder(row), by)
        state = incident_move(row.state, IncidentAct.FINISH)
        person = person_uuid(by.person)
        if person is None:
            raise MoveRefused(_("Bukti hanya dapat diajukan oleh orang yang masuk dengan namanya sendiri."))
        if row.actions.filter(state=ActionState.OPEN).exists():
            raise MoveRefused(_("Masih ada tindakan yang belum dikerjakan."))
        words = _required(note, _("Tulis apa yang dikerjakan dan hasilnya."))
        shown = _file(evidence, by, at) if evidence.kind == EvidenceKind.FILE else None
        proof = Proof(
            incident=row,
            note=words,
            evidence_kind=evidence.kind,
            evidence=shown.sha256 if shown else _checked(evidence, row),
            by=person,
            by_area=by.area,
            at=at,
            **child_stamp(row, by, at),
        )
        proof.save(force_insert=True)
        if shown:
            file_attach(shown, row, proof=proof, by=by, at=at)
        move(row, state, at)
        entry_add(row, EntryKind.FINISHED, by, at, proof.note)
        tell(row, IncidentFinished, at, detail={"sha256": shown.sha256} if shown else None)
        return proof


def _file(evidence: Evidence, by: Scope, at: datetime) -> Shown:
    if evidence.content is not None:
        return file_take(content=evidence.content, by=by, at=at)
    return file_known(_required(evidence.value, _("Lampirkan foto atau PDF.")), by=by)


def _checked(evidence: Evidence, incident: Incident) -> str:
    value = _required(evidence.value, _("Tunjukkan buktinya."))
    if evidence.kind == EvidenceKind.REPORT and not _is_linked(value, incident):
        raise MoveRefused(_("Pilih laporan yang sudah disatukan ke kejadian ini."))
    return value[:200]


def _is_linked(report: str, incident: Incident) -> bool:
    try:
        wanted = UUID(report)
    except ValueError:
        return False
    return IncidentLink.objects.filter(incident=incident, report=wanted, end__isnull=True).exists()


def _required(text: str, sentence: "str | _StrPromise") -> str:
    if not text.strip():
        raise MoveRefused(sentence)
    return text.strip()


def incident_close(*, incident: UUID, note: str, by: Scope, at: datetime) -> Closure:
    """A second person looked at the proof and agrees."""
    with transaction.atomic():
        row = locked(incident)
        _require_checker(row, by)
        state = incident_move(row.state, IncidentAct.CLOSE)
        proof = row.proofs.latest("at", "id")
        require_second_person(by.person, _doers(row, proof))
        _require_looker(proof, by)
        _require_reason(proof, row, note, at)
        closure = Closure(
            incident=row,
            proof=proof,
            proved_by=proof.by,
            closed_by=UUID(by.person),
            note=note.strip(),
            at=at,
            **child_stamp(row, by, at),
        )
        closure.save(force_insert=True)
        move(row, state, at)
        entry_add(row, EntryKind.CLOSED, by, at, note.strip())
        follow(row, FollowState.CLOSED, at)
        tell(row, IncidentClosed, at)
        return closure


def incident_send_back(*, incident: UUID, reason: str, by: Scope, at: datetime) -> Incident:
    """A second person finds the proof not enough and says what is missing."""
    with transaction.atomic():
        row = locked(incident)
        _require_checker(row, by)
        state = incident_move(row.state, IncidentAct.SEND_BACK)
        proof = row.proofs.latest("at", "id")
        require_second_person(by.person, [str(proof.by)])
        _require_looker(proof, by)
        text = _required(reason, _("Tulis apa yang masih kurang."))
        move(row, state, at)
        entry_add(row, EntryKind.SENT_BACK, by, at, text)
        tell(row, IncidentSentBack, at)
        return row


def incident_reopen(*, incident: UUID, reason: str, by: Scope, at: datetime) -> Incident:
    """What was closed goes on: an ordinary step, with its reason."""
    with transaction.atomic():
        row = locked(incident)
        _require_checker(row, by)
        state = incident_move(row.state, IncidentAct.REOPEN)
        text = _required(reason, _("Tulis mengapa kejadian ini dibuka kembali."))
        move(row, state, at)
        entry_add(row, EntryKind.REOPENED, by, at, text)
        follow(row, FollowState.REOPENED, at)
        tell(row, IncidentReopened, at)
        return row


def _require_checker(incident: Incident, by: Scope) -> None:
    """The desk that holds it, or the agency that opened it."""
    if by.agency == incident.agency or holder(incident).is_served_by(agency=by.agency, area=by.area):
        return
    opener = Desk(incident.agency, incident.regency)
    raise NotYourDesk(_("Ini tugas pemegang kejadian atau %(agency)s.") % {"agency": opener.agency})


def _require_looker(proof: Proof, by: Scope) -> None:
    """Nobody judges a proof that they may not see."""
    if not proof_is_open_to(proof.evidence_kind, by.classes):
        raise MoveRefused(
            _("Foto dan PDF bukti hanya dibuka petugas piket atau pimpinan. Minta mereka memeriksa.")
        )


def _require_reason(proof: Proof, incident: Incident, note: str, at: datetime) -> None:
    """A proof with a doubt about it may be enough; then the second person says why."""
    file = ProofFile.objects.filter(proof=proof).first()
    doubts = doubts_made(file, incident, at=at) if file and not note.strip() else []
    if doubts:
        raise MoveRefused(
            _("%(doubts)s Bila bukti ini tetap cukup, tulis mengapa; bila tidak, kembalikan.")
            % {"doubts": " ".join(doubts)}
        )


def _doers(incident: Incident, proof: Proof) -> list[str]:
    done = incident.action_steps.filter(state=ActionState.DONE).values_list("by", flat=True)
    return [str(proof.by), *(str(person) for person in done if person)]
