"""Reads of versions and of what stands published. The row policies of the database apply the rights."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from ronda.entry.selectors import entries_settled
from ronda.kernel.areas import area_range
from ronda.kernel.scope import Scope
from ronda.law.mandates import mandates
from ronda.publishing.adapters.ballots import Ballots, Line
from ronda.publishing.domain import State, added
from ronda.publishing.models import Correction, HeldSheet, Publication, PublishedSheet
from ronda.results.domain import Figures, Reading
from ronda.results.selectors import KnownBefore, contests_counted, readings_in


def may_publish(scope: Scope) -> bool:
    """Whether the agency's kind lets results out at all; police never do."""
    return scope.kind in mandates().reach("publication", "add")


def contests_of(area: str) -> dict[str, list[str]]:
    """Election to contests that have results in an area, the newest first."""
    found: dict[str, list[str]] = {}
    for one in contests_counted(area):
        found.setdefault(one.election, []).append(one.contest)
    return found


def publication_for(id_: UUID) -> Publication | None:
    return Publication.objects.filter(pk=id_).first()


def publication_list(area: str) -> QuerySet[Publication]:
    """Versions of an area and of all below it, the newest first."""
    low, high = area_range(area)
    return Publication.objects.filter(area__gte=low, area__lt=high).order_by("-created_at")


def publications_out() -> QuerySet[Publication]:
    """All versions that were let out, in their order."""
    return Publication.objects.filter(state=State.PUBLISHED).order_by("election", "area", "version")


def latest_out(election: str, area: str) -> Publication | None:
    """The version that stands published now."""
    return publications_out().filter(election=election, area=area).last()


def is_waiting(election: str, area: str) -> bool:
    return Publication.objects.filter(election=election, area=area, state=State.PROPOSED).exists()


def sheets_of(publication: Publication, contest: str) -> list[PublishedSheet]:
    """Every sheet of a version, whichever version let it out, in order of station."""
    versions = publications_out().filter(
        election=publication.election, area=publication.area, version__lt=publication.version
    )
    rows = PublishedSheet.objects.filter(
        publication__in=[*versions.values_list("pk", flat=True), publication.pk], contest=contest
    )
    return list(rows.order_by("station", "-publication__version").distinct("station"))


def held_of(publication: Publication, contest: str) -> list[HeldSheet]:
    return list(publication.held.filter(contest=contest).order_by("station"))


def corrections_in(election: str, area: str) -> QuerySet[Correction]:
    """Correction entries of an area, the newest first."""
    low, high = area_range(area)
    return Correction.objects.filter(election=election, area__gte=low, area__lt=high).order_by("-created_at")


def known_before(
    election: str, contest: str, area: str, published: Collection[PublishedSheet]
) -> KnownBefore:
    """What stands published, which copies two people entered alike, and which stations are corrected since."""
    since = {sheet.station: sheet.created_at for sheet in published}
    entries = corrections_in(election, area).filter(contest=contest).values_list("station", "created_at")
    return KnownBefore(
        published={sheet.station: reading_of(sheet) for sheet in published},
        settled=_settled(election, contest, area),
        corrected=frozenset(station for station, at in entries if station in since and at >= since[station]),
    )


def reading_of(sheet: PublishedSheet) -> Reading:
    figures = Figures(tuple(sheet.votes), sheet.valid, sheet.invalid, sheet.users, sheet.registered)
    return Reading(sheet.source, figures, sheet.outcome, sheet.sheet_version)


def _settled(election: str, contest: str, area: str) -> dict[str, frozenset[str]]:
    """Copies whose last version says what the people who entered them agreed on."""
    entries = entries_settled(election, contest, area)
    if not entries:
        return {}
    found: dict[str, set[str]] = {}
    for station, _area, reading in readings_in(election, contest, area):
        read = entries.get((station, reading.source))
        if read is not None and _result(read) == _result(reading.figures):
            found.setdefault(station, set()).add(reading.source)
    return {station: frozenset(sources) for station, sources in found.items()}


def _result(figures: Figures) -> tuple[int | None, ...]:
    return (*figures.votes, figures.valid, figures.invalid, figures.users)


@dataclass(frozen=True, slots=True)
class VersionCount:
    """How much a version holds."""

    stations: int
    published: int
    held: int


def version_counts(publication: Publication) -> dict[str, VersionCount]:
    """By contest: stations of the area, published in this version, held."""
    counts = {}
    for contest in publication.contests:
        villages = publication.coverage[contest].values()
        stations = sum(village[0] for village in villages)
        held = sum(village[1] for village in villages)
        counts[contest] = VersionCount(stations, len(sheets_of(publication, contest)), held)
    return counts


def reasons_counted(publication: Publication) -> list[tuple[str, int]]:
    """How many stations each reason holds, the most frequent first."""
    counts: dict[str, int] = {}
    for reasons in publication.held.values_list("reasons", flat=True):
        for reason in reasons:
            counts[reason] = counts.get(reason, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def ballots_of(publication: Publication) -> dict[str, Ballots]:
    """The ballot papers of each contest of a version."""
    return {
        contest: Ballots.of(publication.election, contest, publication.coverage[contest])
        for contest in publication.contests
    }


@dataclass(frozen=True, slots=True)
class TotalLine:
    """Votes of one choice or party in this version and in the one before; without a label all valid votes."""

    contest: str
    label: str
    votes: int
    before: int

    @property
    def more(self) -> int:
        return self.votes - self.before


def totals_beside(publication: Publication) -> list[TotalLine]:
    """What the second person compares: totals of the version beside those of the one before. Of lists the parties,
    who add up over electoral districts."""
    before = publications_out().filter(
        election=publication.election, area=publication.area, version__lt=publication.version
    )
    latest = before.last()
    lines = []
    for contest, ballots in ballots_of(publication).items():
        now = _totals(ballots, sheets_of(publication, contest))
        then = _totals(ballots, sheets_of(latest, contest)) if latest else {}
        lines += [TotalLine(contest, label, votes, then.get(label, 0)) for label, votes in now.items()]
    return lines


def _totals(ballots: Ballots, sheets: Collection[PublishedSheet]) -> dict[str, int]:
    """By label of the choice or party, in order."""
    lists = set(ballots.of_village.values())
    parties, paper = ballots.parties(lists), ballots.only(lists)
    if parties:
        votes = dict.fromkeys(parties, 0)
        for sheet in sheets:
            for party, count in ballots.paper(sheet.area).by_party(sheet.votes).items():
                votes[party] += count
        return {Line(party, 0, "").label: count for party, count in votes.items()}
    if paper is None:
        return {"": sum(sheet.valid for sheet in sheets)}
    return {f"{at:02d}": votes for at, votes in enumerate(votes_added(sheets), start=1)}


def votes_added(sheets: Collection[PublishedSheet]) -> list[int]:
    total: list[int] = []
    for sheet in sheets:
        total = added(total, sheet.votes)
    return total
