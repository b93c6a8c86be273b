"""What a computation found enters like what a person saw: one report, through the gate, told once."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ronda.gate import selectors as gate
from ronda.gate.services import ConflictingMessage, message_hand_in
from ronda.kernel.journal import journal
from ronda.kernel.scope import Scope, scoped
from ronda.reports.domain import ReportSource, ReportState, finding_message
from ronda.reports.events import ReportAnswered
from ronda.reports.models import Report
from ronda.reports.services.rows import event_frame


@dataclass(frozen=True, slots=True)
class FindingId:
    """What was found, and from when on it could be: the same two are the same report, however often it is found."""

    key: str
    since: datetime

    @property
    def message(self) -> UUID:
        return finding_message(self.key, self.since)


@dataclass(frozen=True, slots=True)
class MachineFinding:
    """A finding in words for the inbox. Names no person, and carries no figure of a result.

    `page` is the address where those who may see it find the details.
    """

    id: FindingId
    kind: str
    election: str
    area: str
    text: str
    at: datetime
    page: str = ""


def findings_untold(ids: Iterable[FindingId]) -> set[FindingId]:
    """Those that are not at the gate yet."""
    by_message = {one.message: one for one in ids}
    with scoped(Scope.system()):
        told = gate.messages_known(by_message)
    return {one for message, one in by_message.items() if message not in told}


def finding_tell(*, finding: MachineFinding, at: datetime) -> UUID:
    """Hand a finding in at the gate and return the id of its report; repeating it has no second effect.

    Call it outside `scoped`: the message is committed by itself, so that its receipt never leaves before that. If the
    node stops right after, the next run finds the report already there.
    """
    # A run that stopped half-way may have told of a smaller finding under this id; then that report stands.
    with suppress(ConflictingMessage):
        message_hand_in(
            id=finding.id.message,
            kind="report",
            election=finding.election,
            place=finding.area,
            captured_at=finding.at,
            body={
                "kind": finding.kind,
                "text": finding.text,
                "happened_at": finding.at.isoformat(),
                "page": finding.page,
            },
            at=at,
        )
    return finding.id.message


def finding_answer(*, message: UUID, at: datetime) -> bool:
    """What a finding missed came after all: its report says so and stands where its waiting alone puts it, until a
    person closes it. False while the report is not taken in yet; repeating it changes nothing. Needs a system scope.
    """
    row = Report.objects.select_for_update().filter(message=message, source=ReportSource.MACHINE).first()
    if row is None or row.answered_at is not None:
        return row is not None
    row.answered_at = at
    if row.state == ReportState.NEW and row.group_size == 1:
        row.group_priority, row.order_at = 0, row.received_at
    row.save(update_fields=["answered_at", "group_priority", "order_at"])
    journal(ReportAnswered(**event_frame(row)), at=at)
    return True
