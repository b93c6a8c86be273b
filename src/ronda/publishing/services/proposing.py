"""A version is frozen when it is proposed: what may go out, what is held and why, and what is missing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ronda.kernel.areas import STATION, station_area
from ronda.kernel.journal import journal
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.law import election_laws
from ronda.publishing import selectors
from ronda.publishing.domain import PublishingRefused
from ronda.publishing.events import CorrectionEntered, PublicationProposed
from ronda.publishing.models import Correction, HeldSheet, Publication, PublishedSheet
from ronda.results.domain import Figures, Judged, Reading
from ronda.results.selectors import stations_judged

BATCH = 2_000


@dataclass
class _Frozen:
    """What a version lets out of one contest. A station that was published stays so while it is held."""

    standing: dict[str, PublishedSheet]
    new: list[Judged] = field(default_factory=list)
    held: list[Judged] = field(default_factory=list)
    coverage: dict[str, list[int]] = field(default_factory=dict)

    def take(self, one: Judged, ballots: int) -> None:
        """Sort a station in; `ballots` is the most votes it can hold."""
        village = self.coverage.setdefault(one.area, [0, 0, 0])
        village[0] += 1
        before = self.standing.get(one.station)
        if one.is_publishable:
            if before is None or selectors.reading_of(before) != _shown(one):
                self.new.append(one)
        elif one.copy is not None:
            self.held.append(one)
            village[1] += before is None
        if before is None and not one.is_publishable:
            village[2] += ballots


@transaction.atomic
def publication_propose(*, election: str, contests: Sequence[str], by: Scope, at: datetime) -> Publication:
    """Freeze the next version of the results of the area of the post; a second person lets it out or refuses it."""
    _require_able(election, contests, by)
    latest = selectors.latest_out(election, by.area)
    frozen = {contest: _freeze(election, contest, by.area, latest) for contest in sorted(set(contests))}
    if not any(one.new or one.standing for one in frozen.values()):
        raise PublishingRefused(
            _("Belum ada lembar yang boleh terbit: semuanya masih ditahan atau belum masuk.")
        )
    publication = Publication(
        area=by.area,
        agency=by.agency,
        created_at=at,
        election=election,
        contests=_contests(latest, frozen),
        version=latest.version + 1 if latest else 1,
        proposed_by=_person(by),
        coverage={contest: one.coverage for contest, one in frozen.items()},
        digest=_digest(frozen),
    )
    publication.save(force_insert=True)
    for contest, one in frozen.items():
        _write(publication, contest, one)
    event = PublicationProposed(
        **_frame(publication),
        election=election,
        version=publication.version,
        digest=publication.digest,
    )
    journal(event, at=at)
    return publication


def _require_able(election: str, contests: Sequence[str], by: Scope) -> None:
    counted = selectors.contests_of(by.area).get(election, [])
    if not contests or not set(contests) <= set(counted):
        raise PublishingRefused(_("Pilih jenis pemilihan yang sudah ada hasilnya di wilayah ini."))
    if selectors.is_waiting(election, by.area):
        raise PublishingRefused(_("Masih ada usulan yang menunggu orang kedua. Putuskan dulu yang itu."))
    latest = selectors.latest_out(election, by.area)
    if latest is not None and not set(latest.contests) <= set(contests):
        raise PublishingRefused(_("Jenis pemilihan yang sudah terbit harus ikut dalam versi berikutnya."))


def _person(by: Scope) -> UUID:
    person = person_uuid(by.person)
    if person is None:
        raise PublishingRefused(_("Masuk dulu dengan nama Anda sendiri."))
    return person


def _contests(latest: Publication | None, frozen: dict[str, _Frozen]) -> list[str]:
    """In the order in which they were first published."""
    before = list(latest.contests) if latest else []
    return [*before, *(contest for contest in frozen if contest not in before)]


def _freeze(election: str, contest: str, area: str, latest: Publication | None) -> _Frozen:
    standing = selectors.sheets_of(latest, contest) if latest else []
    frozen = _Frozen({sheet.station: sheet for sheet in standing})
    station = election_laws()[election].station
    before = selectors.known_before(election, contest, area, standing)
    for one in stations_judged(election, contest, area, before):
        voters = station.voters_max if one.voters is None else one.voters
        frozen.take(one, station.ballots(voters))
    return frozen


def _shown(one: Judged) -> Reading:
    """The copy as it would stand published."""
    assert one.copy is not None  # a publishable station has a copy
    figures = one.copy.figures
    registered = figures.registered if one.voters is None else one.voters
    shown = Figures(figures.votes, figures.valid, figures.invalid, figures.users, registered)
    return Reading(one.copy.source, shown, one.copy.outcome, one.copy.version)


def _write(publication: Publication, contest: str, frozen: _Frozen) -> None:
    frame: dict[str, Any] = {
        "agency": publication.agency,
        "created_at": publication.created_at,
        "publication": publication,
    }
    sheets = [_sheet(one, contest, frame) for one in frozen.new]
    PublishedSheet.objects.bulk_create(sheets, batch_size=BATCH)
    held = [
        HeldSheet(
            area=one.area,
            contest=contest,
            station=one.station,
            number=one.number,
            reasons=list(one.reasons),
            **frame,
        )
        for one in frozen.held
    ]
    HeldSheet.objects.bulk_create(held, batch_size=BATCH)


def _sheet(one: Judged, contest: str, frame: dict[str, Any]) -> PublishedSheet:
    reading = _shown(one)
    figures = reading.figures
    return PublishedSheet(
        area=one.area,
        contest=contest,
        station=one.station,
        number=one.number,
        source=reading.source,
        sheet_version=reading.version,
        outcome=reading.outcome,
        votes=list(figures.votes),
        **_totals(figures),
        **frame,
    )


def _totals(figures: Figures) -> dict[str, Any]:
    """The other figures; a publishable copy has them all."""
    return {name: getattr(figures, name) for name in ("valid", "invalid", "users", "registered")}


def _digest(frozen: dict[str, _Frozen]) -> str:
    """Of every sheet that the version holds, so that two people mean the same set."""
    told = hashlib.sha256()
    for contest, one in sorted(frozen.items()):
        new = {judged.station: _shown(judged) for judged in one.new}
        readings = {station: selectors.reading_of(sheet) for station, sheet in one.standing.items()} | new
        for line in _lines(contest, readings.items()):
            told.update(line.encode())
    return told.hexdigest()


def _lines(contest: str, readings: Iterable[tuple[str, Reading]]) -> Iterable[str]:
    for station, reading in sorted(readings):
        figures = reading.figures
        numbers = [*figures.votes, figures.valid, figures.invalid, figures.users, figures.registered]
        yield json.dumps([contest, station, reading.source, reading.outcome, reading.version, numbers]) + "\n"


@transaction.atomic
def correction_enter(
    *, election: str, contest: str, station: str, reason: str, basis: str, by: Scope, at: datetime
) -> Correction:
    """Say why a published figure of a station may change, or fall, in the next version."""
    if not STATION.match(station) or not by.covers(station_area(station)):
        raise PublishingRefused(_("Tulis kode TPS 13 angka di wilayah Anda."))
    latest = selectors.latest_out(election, by.area)
    published = selectors.sheets_of(latest, contest) if latest else []
    if station not in {sheet.station for sheet in published}:
        raise PublishingRefused(_("Angka TPS itu belum terbit, jadi belum ada yang dikoreksi."))
    correction = Correction(
        area=station_area(station),
        agency=by.agency,
        created_at=at,
        election=election,
        contest=contest,
        station=station,
        reason=reason,
        basis=basis,
        person=_person(by),
    )
    correction.save(force_insert=True)
    event = CorrectionEntered(
        subject=correction.pk,
        area=correction.area,
        agency=correction.agency,
        election=election,
        contest=contest,
        station=station,
    )
    journal(event, at=at)
    return correction


def _frame(publication: Publication) -> dict[str, Any]:
    return {"subject": publication.pk, "area": publication.area, "agency": publication.agency}
