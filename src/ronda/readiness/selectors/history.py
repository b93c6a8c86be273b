"""How far stations were known to be at an instant: by what the node had received, not by what devices said later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Left

from ronda.elections import selectors as elections
from ronda.kernel.areas import Level
from ronda.law.checkins import checkin_rules
from ronda.readiness.models import Checkin, WarehouseCheck
from ronda.readiness.selectors.progress import _LENGTHS, Coverage, due_steps, inside


@dataclass(frozen=True)
class StandingThen:
    """Stations of an area by part, the step that was due (empty before the first), and the warehouses looked at."""

    areas: list[Coverage]
    step: str
    stores: int
    stores_failing: int

    @property
    def stations(self) -> int:
        return sum(one.stations for one in self.areas)

    @property
    def heard(self) -> int:
        return sum(one.heard for one in self.areas)

    @property
    def silent(self) -> int:
        return sum(one.silent for one in self.areas)


def known_by_area(
    *, election: str, voting_on: date, at: datetime, level: Level, within: str
) -> list[Coverage]:
    """Heard and silent stations of every area of a level, as the node knew at `at`."""
    totals = elections.station_totals(election, level=level, area=within)
    due = {
        step.province: step.rank
        for step in due_steps(election=election, voting_on=voting_on, at=at, within=within)
    }
    steps = [step.id for step in checkin_rules().steps]
    ranks = {
        f"r{rank}": Count("station_code", distinct=True, filter=Q(step__in=steps[rank - 1 :]))
        for rank in set(due.values())
    }
    words = Checkin.objects.filter(inside(within), election=election, is_placed=True, received_at__lte=at)
    rows = words.order_by().annotate(part=Left("area", _LENGTHS[level])).values("part")
    counted = rows.annotate(heard=Count("station_code", distinct=True), **ranks)
    told: dict[str, Mapping[str, Any]] = {row["part"]: row for row in counted}
    found = []
    for code, stations in totals.items():
        row: Mapping[str, Any] = told.get(code, {})
        rank = due.get(code[:2])
        found.append(
            Coverage(code, stations, row.get("heard", 0), stations - row.get(f"r{rank}", 0) if rank else 0)
        )
    return found


def standing_then(*, election: str, voting_on: date, at: datetime, within: str, level: Level) -> StandingThen:
    """Stations and warehouses of an area as they were known."""
    due = due_steps(election=election, voting_on=voting_on, at=at, within=within)
    rows = WarehouseCheck.objects.filter(inside(within), election=election, received_at__lte=at)
    latest = (
        rows.order_by("area", "name", "-at", "-id").distinct("area", "name").values_list("failed", flat=True)
    )
    failed = list(latest)
    return StandingThen(
        areas=known_by_area(election=election, voting_on=voting_on, at=at, level=level, within=within),
        step=due[0].step.id if due else "",
        stores=len(failed),
        stores_failing=sum(1 for points in failed if points),
    )
