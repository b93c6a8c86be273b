"""What became of reports, for those who sent them: the last state of each and its time, nothing else."""

from collections.abc import Iterable
from uuid import UUID

from ronda.kernel.scope import Scope, scoped
from ronda.reports.domain import FollowState, receipt_code, receipt_digest
from ronda.reports.models import FollowStep
from ronda.reports.selectors import FollowLine


def became_of(messages: Iterable[UUID]) -> dict[UUID, FollowLine]:
    """The latest step of each message that became a report; a message without one is missing. Read as anybody may."""
    of = {receipt_digest(receipt_code(message)): message for message in messages}
    with scoped(Scope.public()):
        rows = FollowStep.objects.filter(digest__in=of).order_by("digest", "-at", "-id").distinct("digest")
        return {
            of[digest]: {"state": state, "words": str(FollowState(state).label), "at": at}
            for digest, state, at in rows.values_list("digest", "state", "at")
        }
