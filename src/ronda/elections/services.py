"""Writes: elections out of law, registries, choices, marks on stages. Each may be repeated without a second effect."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from ronda.elections.adapters.choices import ChoiceRow
from ronda.elections.adapters.simulated import simulated_stations
from ronda.elections.adapters.stations import StationFile as StationFile
from ronda.elections.adapters.stations import StationRow as StationRow
from ronda.elections.domain import StageMarkKind, StageState
from ronda.elections.events import (
    ChoicesImported,
    ElectionCreated,
    StageMarked,
    StationsGenerated,
    StationsImported,
)
from ronda.elections.models import Choice, Contest, Election, Stage, StageMark
from ronda.elections.selectors import stage_board, station_list
from ronda.kernel.areas import Level
from ronda.kernel.journal import journal
from ronda.kernel.scope import ScopeMissing, current_scope
from ronda.law import StageCalendar, calendars, election_laws
from ronda.law.elections import ContestLaw
from ronda.places.selectors import area_list, point_of

BATCH = 5_000


class ElectionRefused(ValueError):
    """A write that the state of the election does not allow; the text says why and what to do."""


@dataclass(frozen=True)
class Written:
    """Rows that were offered and rows that were new or different."""

    rows: int
    changed: int


def election_create(*, law: str, area: str, at: datetime) -> Election:
    """An election with its stages, and its contests in an area; again for another area adds that area's contests."""
    rule = election_laws().get(law)
    if rule is None:
        raise ElectionRefused(
            _("Pemilihan %(came)s tidak dikenal; ada %(wanted)s.")
            % {"came": law, "wanted": ", ".join(election_laws())}
        )
    said_anew = {
        "name_id": rule.name.id,
        "name_en": rule.name.en,
        "voting_on": rule.voting_on,
        "voters_max": rule.station.voters_max,
    }
    election, _created = Election.objects.update_or_create(
        code=rule.id,
        defaults=said_anew,
        create_defaults={"law": rule.id, "regime": rule.regime, **said_anew},
    )
    _stages_write(election, calendars()[rule.stages])
    for position, contest in enumerate(rule.contests):
        for held_in in _held_in(contest, area):
            _contest_write(election, contest, held_in, position)
    journal(ElectionCreated(subject=None, area=area, agency="system", election=election.code), at=at)
    return election


def _stages_write(election: Election, calendar: StageCalendar) -> None:
    for position, stage in enumerate(calendar.stages):
        source = calendar.source_of(stage)
        Stage.objects.update_or_create(
            election=election,
            code=stage.code,
            defaults={
                "position": position,
                "name_id": stage.name.id,
                "name_en": stage.name.en,
                "starts_on": stage.start,
                "ends_on": stage.end,
                "part_of": stage.part_of or "",
                "is_conditional": stage.is_conditional,
                "source": f"{source.instrument}, {source.section}" if source.section else source.instrument,
                "source_page": source.page,
                "is_verified": calendar.is_reviewed and source.is_verified,
                "note_id": stage.note.id if stage.note else "",
                "note_en": stage.note.en if stage.note else "",
            },
        )


def _held_in(contest: ContestLaw, area: str) -> list[str]:
    """Areas in which a contest is held, as far as they touch `area`."""
    if contest.level == "nation":
        return [""]
    wanted = Level(contest.level)
    length = 2 if wanted is Level.PROVINCE else 5
    codes = [area[:length]] if len(area) >= length else [row.code for row in area_list(area, wanted)]
    if contest.only is None:
        return codes
    return [code for code in codes if contest.held_in(is_city=_is_city(code))]


def _is_city(regency: str) -> bool:
    """Codes of cities are numbered from 71 in every province (Kemendagri)."""
    return int(regency[3:5]) >= 71


def _contest_write(election: Election, law: ContestLaw, area: str, position: int) -> None:
    contest, _created = Contest.objects.update_or_create(
        election=election,
        code=law.code,
        area=area,
        defaults={"position": position, "name_id": law.name.id, "name_en": law.name.en},
        create_defaults={
            "level": law.level,
            "position": position,
            "name_id": law.name.id,
            "name_en": law.name.en,
            "choice_kind": law.choice_kind,
        },
    )
    for choice in law.choices:
        _choice_write(contest, number=choice.number, name=choice.name, kind=choice.kind)


def _choice_write(contest: Contest, *, number: int, name: str, kind: str, party: int = 0) -> bool:
    found = Choice.objects.filter(contest=contest, party=party, number=number).first()
    if found is None:
        Choice.objects.create(contest=contest, party=party, number=number, name=name, kind=kind)
        return True
    if (found.name, found.kind) == (name, kind):
        return False
    found.name, found.kind = name, kind
    found.save(update_fields=["name", "kind"])
    return True


def _choice_kind(contest: Contest, row: ChoiceRow) -> str:
    """On a list the row 0 is the party, every other a person."""
    return ("person" if row.number else "party") if row.party else contest.choice_kind


def _district_make(base: Contest, row: ChoiceRow) -> Contest:
    """The contest of one electoral district, beside the one it is a part of."""
    return Contest.objects.create(
        election=base.election,
        code=base.code,
        area=base.area,
        level=base.level,
        position=base.position,
        name_id=f"{base.name_id}, dapil {row.district}",
        name_en=f"{base.name_en}, district {row.district}",
        choice_kind=base.choice_kind,
        district=row.district,
        covers=list(row.covers),
    )


def choices_import(*, election: Election, choices: Sequence[ChoiceRow], at: datetime) -> Written:
    """Write the choices of contests that exist."""
    contests = {(one.code, one.area, one.district): one for one in election.contests.all()}
    changed = 0
    for row in choices:
        key = row.contest, row.area, row.district
        if key not in contests:
            contests[key] = _district_make(contests[row.contest, row.area, ""], row)
        kind = _choice_kind(contests[key], row)
        changed += _choice_write(contests[key], number=row.number, name=row.name, kind=kind, party=row.party)
    event = ChoicesImported(
        subject=None, area="", agency="system", election=election.code, choices=len(choices), changed=changed
    )
    journal(event, at=at)
    return Written(len(choices), changed)


def stations_import(
    *,
    election: Election,
    file: StationFile,
    file_sha256: str,
    at: datetime,
    progress: Callable[[int], None] = lambda rows: None,
) -> Written:
    """Write a checked registry; what the file does not speak of stays as it is."""
    rows = file.stations
    if _has(election, rows, is_simulated=True):
        raise ElectionRefused(
            _("Wilayah ini berisi TPS simulasi. Data nyata hanya diimpor ke basis data tanpa simulasi.")
        )
    changed = _stations_write(election, rows, details=file.details, is_simulated=False, progress=progress)
    event = StationsImported(
        subject=None,
        area=_common_area(rows),
        agency="system",
        election=election.code,
        file_sha256=file_sha256,
        stations=len(rows),
        changed=changed,
    )
    journal(event, at=at)
    return Written(len(rows), changed)


def stations_generate(*, election: Election, area: str, seed: int, at: datetime) -> Written:
    """A simulated registry for every village of an area, for demo and drill. Refused where real stations stand."""
    if station_list(election, area=area).filter(is_simulated=False).exists():
        raise ElectionRefused(_("Wilayah ini sudah memiliki daftar TPS; simulasi tidak mencampurinya."))
    villages = [(row.code, row.kind, point_of(row.code)) for row in area_list(area, Level.VILLAGE)]
    if not villages:
        raise ElectionRefused(
            _("Tidak ada desa/kelurahan di %(area)s; muat dulu dengan `ronda places load %(area)s`.")
            % {"area": area}
        )
    rows = list(simulated_stations(villages, voters_max=election.voters_max, seed=seed))
    details = ("name", "voters_m", "voters_f", "lon", "lat")
    changed = _stations_write(election, rows, details=details, is_simulated=True)
    event = StationsGenerated(
        subject=None, area=area, agency="system", election=election.code, seed=seed, stations=len(rows)
    )
    journal(event, at=at)
    return Written(len(rows), changed)


_INSERT = """
INSERT INTO elections_station
  (election_id, code, area, number, kind, name, voters_m, voters_f, lon, lat, is_simulated)
SELECT %s, row.*, %s
FROM unnest(%s::text[], %s::text[], %s::int[], %s::text[], %s::text[], %s::int[], %s::int[],
            %s::float8[], %s::float8[]) AS row
ON CONFLICT (election_id, code)
"""


def _stations_write(
    election: Election,
    rows: Sequence[StationRow],
    *,
    details: tuple[str, ...],
    is_simulated: bool,
    progress: Callable[[int], None] = lambda rows: None,
) -> int:
    sql = _INSERT + _on_conflict(details)
    changed = 0
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            columns = [list(column) for column in zip(*rows[start : start + BATCH], strict=True)]
            cursor.execute(sql, [election.code, is_simulated, *columns])
            changed += cursor.rowcount
            progress(start + len(columns[0]))
    return changed


def _on_conflict(details: tuple[str, ...]) -> str:
    """Only columns the file speaks of are written again; `details` are names of our own, never input."""
    if not details:
        return "DO NOTHING"
    columns = ", ".join(f"{name} = excluded.{name}" for name in details)
    old = ", ".join(f"elections_station.{name}" for name in details)
    new = ", ".join(f"excluded.{name}" for name in details)
    return f"DO UPDATE SET {columns} WHERE ({old}) IS DISTINCT FROM ({new})"


def _has(election: Election, rows: Sequence[StationRow], *, is_simulated: bool) -> bool:
    regencies = {row.area[:5] for row in rows}
    return any(
        station_list(election, area=regency).filter(is_simulated=is_simulated).exists()
        for regency in regencies
    )


def _common_area(rows: Sequence[StationRow]) -> str:
    """The smallest area that holds all stations."""
    first = rows[0].area if rows else ""
    for length in (13, 8, 5, 2):
        if len({row.area[:length] for row in rows}) == 1:
            return first[:length]
    return ""


def stage_mark(
    *, election: Election, stage: str, area: str, mark: StageMarkKind, on: date, at: datetime, note: str = ""
) -> StageMark:
    """Somebody of KPU or Bawaslu says a stage is done in their area, or open again."""
    scope = current_scope()
    if scope is None:
        raise ScopeMissing("a mark needs a scope")
    if not election.stages.filter(code=stage).exists():
        raise ElectionRefused(_("Tahapan %(stage)s tidak ada.") % {"stage": stage})
    last = (
        StageMark.objects.filter(election=election, stage=stage, area=area)
        .order_by("-created_at", "-id")
        .first()
    )
    if (last.mark if last else StageMarkKind.REOPENED) == mark:
        if last is None:
            raise ElectionRefused(_("Tahapan ini belum ditandai selesai."))
        return last
    row = StageMark.objects.create(
        election=election,
        stage=stage,
        area=area,
        sensitivity=0,
        agency=scope.agency,
        created_at=at,
        mark=mark,
        marked_on=on,
        note=note,
        by=UUID(scope.person) if scope.person else None,
    )
    event = StageMarked(
        subject=row.id,
        area=area,
        agency=scope.agency,
        sensitivity=0,
        election=election.code,
        stage=stage,
        mark=mark,
    )
    journal(event, at=at)
    return row


def stages_mark_past(*, election: Election, area: str, on: date, at: datetime) -> int:
    """Mark every stage done whose last day lies before `on`: for a desk that starts in the middle of an election."""
    late = stage_board(election, area=area, on=on).in_state(StageState.LATE)
    for line in late:
        stage_mark(election=election, stage=line.stage.code, area=area, mark=StageMarkKind.DONE, on=on, at=at)
    return len(late)
