"""Reads of public draws: frozen lists, what was drawn, and the copies of the drawn stations."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal
from uuid import UUID

from ronda.kernel.scope import Scope, current_scope
from ronda.law.mandates import mandates
from ronda.results.domain import in_force, is_paper
from ronda.results.models import AuditDraw, AuditList, Sheet
from ronda.results.selectors import hidden_from, latest


def may_audit(scope: Scope, action: Literal["read", "add"] = "read") -> bool:
    """Whether the agency's kind sees draws, or makes them; police never do."""
    return scope.kind in mandates().reach("audit_list", action)


def audit_lists(election: str, contest: str, area: str) -> list[AuditList]:
    """The frozen lists of an area, latest first, without their lines."""
    rows = AuditList.objects.filter(election=election, contest=contest, area=area)
    return list(rows.defer("body").order_by("-created_at", "-id"))


def audit_lists_within(area: str, limit: int) -> list[AuditList]:
    """The last lists frozen anywhere in the scope's area, for who sees no counts."""
    return list(AuditList.objects.defer("body").filter(area__startswith=area).order_by("-created_at")[:limit])


def audit_list_for(id_: UUID, election: str, contest: str, area: str) -> AuditList | None:
    return AuditList.objects.filter(pk=id_, election=election, contest=contest, area=area).first()


def last_draw(frozen: AuditList) -> AuditDraw | None:
    """The draw that stands: the largest so far, with the seed of the first."""
    return frozen.draws.order_by("position").last()


def forms_of(frozen: AuditList, stations: Collection[str], *, papers: bool) -> dict[str, Sheet]:
    """Of these stations the copy that is read first, of those whose votes are all there; `papers`: of copies taken from
    paper at the station alone, for a recapitulation is held against paper."""
    scope = current_scope()
    hidden = hidden_from(scope.person) if scope and scope.person else set[str]()
    rows = Sheet.objects.filter(
        election=frozen.election, contest=frozen.contest, station__in=set(stations) - hidden, is_held=False
    )
    found: dict[str, Sheet] = {}
    for sheet in in_force(latest(rows)):
        if sheet.figures.is_present and (is_paper(sheet.source) or not papers):
            found.setdefault(sheet.station, sheet)
    return found
