"""Files of sheets and recaps into the database: one transaction, all or nothing, a repeat changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ronda.gate.services import message_hand_in
from ronda.kernel.areas import Level, at_level
from ronda.kernel.ids import uuid7
from ronda.kernel.journal import journal
from ronda.results.adapters.mapped import Template, TemplateRefused
from ronda.results.adapters.registry import stations_register
from ronda.results.adapters.rows import (
    OWNER,
    Origin,
    RecapIn,
    recaps_in,
    recaps_place,
    sheets_in,
    sheets_place,
)
from ronda.results.adapters.situng_rows import SheetPlan
from ronda.results.domain import common_area
from ronda.results.events import RecapsImported, SheetsImported, TemplateRemembered
from ronda.results.models import AreaSummary, SheetTemplate
from ronda.results.services.areas import Tally
from ronda.results.services.checking import count_anew, villages_counted


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    stations_new: int
    copies: int
    copies_new: int
    held: int
    failed: int | None


@transaction.atomic
def sheets_import(*, plan: SheetPlan, origin: Origin) -> Imported:
    """Enter stations and copies of a checked file, then check them."""
    villages = {entry.area for entry in plan.stations} | {row.area for row in plan.sheets if not row.is_held}
    area = common_area(villages)
    stations_new = stations_register(
        plan.stations, election=origin.election, area=area, file_sha256=origin.file_sha256, at=origin.at
    )
    placed = sheets_place(plan.placed_ids, origin.election, origin.contest)
    new = sheets_in(plan.sheets, origin)
    failed = None
    if villages and (stations_new or placed or new or not _is_counted(villages, origin)):
        failed = count_anew(Tally(origin.election, origin.contest, origin.at), villages)
    event = SheetsImported(
        subject=None,
        area=area,
        agency=origin.agency,
        election=origin.election,
        contest=origin.contest,
        file_sha256=origin.file_sha256,
        rows=len(plan.sheets),
        changed=new,
        held=plan.held,
    )
    journal(event, at=origin.at)
    if stations_new or placed or new:
        _log_file("sheets", area, len(plan.sheets), origin)
    return Imported(stations_new, len(plan.sheets), new, plan.held, failed)


@transaction.atomic
def template_remember(*, name: str, fingerprint: str, template: Template, at: datetime) -> SheetTemplate:
    """Keep which columns hold what, for the next file with this header; a new name for it replaces the old one."""
    if SheetTemplate.objects.filter(name=name).exclude(fingerprint=fingerprint).exists():
        raise TemplateRefused(f"wanted a name that no other header has; {name!r} is taken")
    found, _ = SheetTemplate.objects.update_or_create(
        fingerprint=fingerprint, defaults={"name": name, "columns": dict(template.columns), "at": at}
    )
    journal(TemplateRemembered(subject=None, area="", agency=OWNER, template=name), at=at)
    return found


@transaction.atomic
def recaps_import(*, rows: Sequence[RecapIn], origin: Origin, source: str = "rekap") -> Imported:
    """Enter the recaps of a checked file, then hold them against the stations that are there."""
    placed = recaps_place(
        [(row.own_id, row.unit) for row in rows if not row.is_held], origin.election, origin.contest
    )
    new = recaps_in(rows, origin, source=source)
    units = {row.unit for row in rows if not row.is_held}
    villages = villages_counted(origin.election, origin.contest, units)
    failed = None
    if (new or placed) and villages:
        failed = count_anew(Tally(origin.election, origin.contest, origin.at), villages)
    held = sum(row.is_held for row in rows)
    event = RecapsImported(
        subject=None,
        area=common_area(units),
        agency=origin.agency,
        election=origin.election,
        contest=origin.contest,
        file_sha256=origin.file_sha256,
        rows=len(rows),
        changed=new,
        held=held,
    )
    journal(event, at=origin.at)
    if new or placed:
        _log_file("recap", event.area, len(rows), origin)
    return Imported(0, len(rows), new, held, failed)


def _log_file(what: str, area: str, rows: int, origin: Origin) -> None:
    """The file goes through the gate as one message with its hash, so that the log holds what the rows came from."""
    message_hand_in(
        id=uuid7(),
        kind="import",
        election=origin.election,
        place=area,
        captured_at=origin.at,
        body={"what": what, "contest": origin.contest, "agency": origin.agency, "rows": rows},
        at=origin.at,
        files=[{"sha256": origin.file_sha256, "size": origin.file_size, "type": origin.file_type}],
    )


def _is_counted(villages: set[str], origin: Origin) -> bool:
    regencies = {at_level(code, Level.REGENCY) for code in villages}
    rows = AreaSummary.objects.filter(election=origin.election, contest=origin.contest, area__in=regencies)
    return rows.count() == len(regencies)
