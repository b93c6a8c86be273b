"""Who watches a station on the day: sent, taken back; and which stations were mapped as vulnerable."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ronda.agencies import selectors as agencies
from ronda.elections import selectors as elections
from ronda.kernel.areas import Level, at_level, within
from ronda.kernel.journal import journal
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.readiness.domain import WATCH_OF, WATCHING_ROLES, WatchRefused
from ronda.readiness.events import RisksRecorded, WatchEnded, WatchGiven
from ronda.readiness.models import StationRisk, StationWatch

if TYPE_CHECKING:
    from ronda.elections.models import Election

CLASS = 1


@transaction.atomic
def watch_give(*, election: "Election", station: str, post: UUID, by: Scope, at: datetime) -> StationWatch:
    """Send somebody of the own agency to a station of their regency. Sent there already, nothing changes; sent to
    another station before, they leave that one."""
    place = elections.station_for(election, station)
    kind = WATCH_OF.get(by.kind)
    if kind is None or place is None or not by.covers(place.area):
        raise WatchRefused(_("TPS ini tidak ada dalam wilayah Anda."))
    who = (
        agencies.posts_on_duty(agency=by.agency, area=by.area, today=election.voting_on)
        .filter(pk=post, role__in=WATCHING_ROLES)
        .first()
    )
    if who is None:
        raise WatchRefused(_("Pilih orang lembaga Anda yang masih bertugas pada hari pemungutan suara."))
    if not within(place.area, at_level(who.area, Level.REGENCY) if len(who.area) > 5 else who.area):
        raise WatchRefused(_("Orang ini bertugas di kabupaten lain."))
    standing = StationWatch.objects.filter(election=election.code, post=who, ended_at__isnull=True).first()
    if standing is not None and standing.station_code == station:
        return standing
    if standing is not None:
        watch_end(watch=standing, at=at)
    watch = StationWatch(
        area=place.area,
        sensitivity=CLASS,
        agency=by.agency,
        created_at=at,
        election=election.code,
        station_code=station,
        kind=kind,
        post=who,
        until_on=who.ends_on,
        given_by=person_uuid(by.person),
    )
    watch.save(force_insert=True)
    journal(WatchGiven(**_frame(watch)), at=at)
    return watch


@transaction.atomic
def watch_end(*, watch: StationWatch, at: datetime) -> StationWatch:
    """Take somebody back; the station has a gap again. Repeating it changes nothing."""
    if watch.ended_at is not None:
        return watch
    watch.ended_at = at
    watch.save(update_fields=["ended_at"])
    journal(WatchEnded(**_frame(watch)), at=at)
    return watch


def _frame(watch: StationWatch) -> dict[str, Any]:
    return {
        "subject": watch.pk,
        "area": watch.area,
        "agency": watch.agency,
        "sensitivity": CLASS,
        "station": watch.station_code,
        "kind": str(watch.kind),
    }


@transaction.atomic
def risks_record(
    *, election: str, area: str, signs: Mapping[str, tuple[str, tuple[str, ...]]], at: datetime
) -> int:
    """Take in which stations are vulnerable: by code the village and the signs. Needs a system
    scope; returns how many."""
    rows = [
        StationRisk(
            area=village,
            sensitivity=CLASS,
            agency="system",
            created_at=at,
            election=election,
            station_code=code,
            signs=list(found),
        )
        for code, (village, found) in signs.items()
    ]
    StationRisk.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["election", "station_code"],
        update_fields=["signs", "created_at"],
        batch_size=1_000,
    )
    event = RisksRecorded(
        subject=None, area=area, agency="system", sensitivity=CLASS, election=election, stations=len(rows)
    )
    journal(event, at=at)
    return len(rows)
