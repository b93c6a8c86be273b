"""Reads of entry: what waits, whose turn it is, and which stations a person must not see meanwhile."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from ronda.elections.selectors import (
    contest_list,
    election_current,
)
from ronda.entry.domain import EntryState
from ronda.entry.models import EntryDraft, EntryForm, Reading
from ronda.kernel.areas import area_range
from ronda.kernel.scope import Scope
from ronda.law.mandates import mandates
from ronda.results import selectors as results
from ronda.results.domain import Figures, source_of
from ronda.results.papers import Paper, figures_of, paper_of

if TYPE_CHECKING:
    from ronda.results.models import FailedCheck, Sheet

LISTED = 200


def may_enter(scope: Scope) -> bool:
    return scope.kind in mandates().reach("entry_form", "add")


def sources_for(scope: Scope) -> tuple[str, ...]:
    """Whose copies a person enters: a supervisor any paper, everybody else their own."""
    if scope.kind == "bawaslu":
        return ("ptps", "plano", "pengawas")
    return (source_of(scope.agency, scope.kind),)


def contests_held(area: str, *, on: date) -> list[tuple[str, str]]:
    """(election, contest) of what is voted on here at this time, and of what has results here already."""
    current = election_current(on)
    held = [(current.code, one.code) for one in contest_list(current, area=area)] if current else []
    counted = [(one.election, one.contest) for one in results.contests_counted(area)]
    return list(dict.fromkeys([*held, *counted]))


def paper_for(form: EntryForm, language: str) -> Paper:
    """The rows of the paper of a form."""
    return paper_of(election=form.election, contest=form.contest, area=form.area, language=language)


def form_for(id_: UUID) -> EntryForm:
    """One form; DoesNotExist when the scope does not hold it."""
    return EntryForm.objects.get(pk=id_)


def forms_waiting(area_low: str, area_high: str) -> QuerySet[EntryForm]:
    rows = EntryForm.objects.filter(area__gte=area_low, area__lt=area_high).exclude(state=EntryState.DONE)
    return rows.order_by("changed_at")[:LISTED]


def form_of(election: str, contest: str, station: str, source: str, *, outcome: str) -> EntryForm | None:
    return EntryForm.objects.filter(
        election=election, contest=contest, station=station, source=source, outcome=outcome
    ).first()


def persons_before(form: EntryForm) -> set[str]:
    """Who has finished a round of this form."""
    done = form.drafts.filter(done_at__isnull=False).values_list("person", flat=True)
    return {str(person) for person in done}


def draft_for(form: EntryForm, person: str) -> EntryDraft | None:
    """What a person is typing and has not finished."""
    return form.drafts.filter(person=person, done_at__isnull=True).order_by("-round").first()


def drafts_done(form: EntryForm) -> list[EntryDraft]:
    return list(form.drafts.filter(done_at__isnull=False).order_by("round"))


def reading_of(form: EntryForm) -> Reading | None:
    """What a machine read last on the photo of a form."""
    rows = Reading.objects.filter(photo=form.photo, contest=form.contest, station=form.station)
    return rows.order_by("-created_at").first() if form.photo else None


def copy_of(form: EntryForm) -> Sheet | None:
    """The copy of the same paper that is there already, in its last version."""
    return results.copy_last(form.election, form.contest, form.station, form.source, outcome=form.outcome)


def stations_hidden(person: str) -> set[str]:
    """Stations whose copies a person must not see: they are entering one of them a second time."""
    if not person:
        return set()
    open_drafts = EntryDraft.objects.filter(person=person, done_at__isnull=True, round=2)
    return set(open_drafts.values_list("form__station", flat=True))


def flagged_stations(area: str, *, limit: int = 20) -> list[FailedCheck]:
    """The failed check with most votes at stake of each station that has no form waiting, most first."""
    found: dict[tuple[str, str], FailedCheck] = {}
    for contest in results.contests_counted(area):
        for check in results.failed_list(contest.election, contest.contest, area)[: limit * 5]:
            if check.station and check.stake:
                found.setdefault((check.contest, check.station), check)
    waiting = set(
        EntryForm.objects.filter(station__in=[station for _contest, station in found]).values_list(
            "contest", "station"
        )
    )
    rows = [check for key, check in found.items() if key not in waiting]
    return sorted(rows, key=lambda check: -check.stake)[:limit]


def entries_settled(election: str, contest: str, area: str) -> dict[tuple[str, str], Figures]:
    """What two people read alike, or a third decided on the photo, by station and source."""
    low, high = area_range(area)
    done = EntryDraft.objects.filter(
        form__election=election, form__contest=contest, form__state=EntryState.DONE, round__gte=2
    )
    rows = done.filter(form__area__gte=low, form__area__lt=high, done_at__isnull=False)
    rows = rows.order_by("form__created_at", "round")
    return {
        (station, source): figures_of(
            typed, choices=sum(box[0] == "v" and box[1:].isdigit() for box in typed)
        )
        for station, source, typed in rows.values_list("form__station", "form__source", "figures")
    }
