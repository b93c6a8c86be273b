"""Gaps become reports of the machine, each once: silent stations, missed roll calls, failing warehouses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ronda.kernel.areas import Level, level
from ronda.kernel.journal import journal
from ronda.kernel.scope import Scope, scoped
from ronda.law.checkins import CheckinRules, Silence, checkin_rules
from ronda.readiness.domain import (
    FindingKind,
    incident_kind_of,
    roll_call_key,
    silent_key,
    warehouse_key,
)
from ronda.readiness.events import FindingAnswered, FindingRaised
from ronda.readiness.models import Finding
from ronda.readiness.selectors.gaps import (
    MissedRollCall,
    missed_roll_calls,
    regencies_heard,
    silent_by_village,
    stations_by_village,
    stations_heard,
    stations_told,
    warehouses_failing,
)
from ronda.readiness.selectors.progress import DueStep, due_steps
from ronda.reports.services import FindingId, MachineFinding, finding_answer, finding_tell
from ronda.web.frame import agency_name, area_name
from ronda.web.localtime import clock_words
from ronda.web.numbers import station_numbers

SILENT_KIND = "station_silent"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that should be there and is not, in words for the inbox. Names no person."""

    kind: FindingKind
    key: str
    incident_kind: str
    election: str
    area: str
    count: int
    text: str
    at: datetime
    stations: tuple[str, ...] = ()

    @property
    def told(self) -> MachineFinding:
        """The gap as its report."""
        return MachineFinding(
            id=FindingId(self.key, self.at),
            kind=self.incident_kind,
            election=self.election,
            area=self.area,
            text=self.text,
            at=self.at,
        )


def findings_raise(*, election: str, voting_on: date, at: datetime) -> list[Finding]:
    """Look for every gap of an election at an instant and tell those not told yet. Call it outside `scoped`."""
    rules = checkin_rules()
    with scoped(Scope.system()):
        gaps = [
            *_silent_gaps(election, voting_on, rules, at),
            *_roll_call_gaps(election, voting_on, at),
            *_warehouse_gaps(election, rules),
        ]
        told = set(Finding.objects.filter(key__in=[gap.key for gap in gaps]).values_list("key", flat=True))
    return [finding_raise(gap=gap, at=at) for gap in gaps if gap.key not in told]


def findings_answer(*, election: str, at: datetime) -> list[Finding]:
    """Mark silences that ended: every station they missed was heard since. Their reports say so. Outside `scoped`."""
    with scoped(Scope.system()):
        waiting = list(
            Finding.objects.select_for_update()
            .filter(election=election, kind=FindingKind.SILENT, answered_at__isnull=True)
            .order_by("id")
        )
        heard = stations_heard({code for finding in waiting for code in finding.stations}, election=election)
        return [finding for finding in waiting if _answer(finding, heard, at)]


def _answer(finding: Finding, heard: dict[str, datetime], at: datetime) -> bool:
    """Whether all were heard after what was due, and the report is there to say so."""
    spoken = [heard.get(code) for code in finding.stations]
    if not all(one is not None and one > finding.at for one in spoken):
        return False
    last = max(one for one in spoken if one is not None)
    if not finding_answer(message=finding.message, at=last):
        return False
    finding.answered_at = last
    finding.save(update_fields=["answered_at"])
    event = FindingAnswered(
        subject=finding.pk,
        area=finding.area,
        agency="system",
        sensitivity=1,
        kind=finding.kind,
        place=finding.area,
        count=finding.count,
    )
    journal(event, at=at)
    return True


def finding_raise(*, gap: Gap, at: datetime) -> Finding:
    """Hand a gap in as a report, then remember it; repeating it, or a stop between the two, has no second effect."""
    message = finding_tell(finding=gap.told, at=at)
    with scoped(Scope.system()):
        known = Finding.objects.filter(key=gap.key).first()
        return known or _remember(gap, message, at)


def _remember(gap: Gap, message: UUID, at: datetime) -> Finding:
    finding = Finding(
        area=gap.area,
        sensitivity=1,
        agency="system",
        created_at=at,
        key=gap.key,
        kind=gap.kind,
        incident_kind=gap.incident_kind,
        election=gap.election,
        count=gap.count,
        stations=list(gap.stations),
        at=gap.at,
        message=message,
    )
    finding.save(force_insert=True)
    event = FindingRaised(
        subject=finding.pk,
        area=gap.area,
        agency="system",
        kind=gap.kind,
        incident_kind=gap.incident_kind,
        place=gap.area,
        count=gap.count,
    )
    journal(event, at=at)
    return finding


@dataclass(frozen=True, slots=True)
class _Group:
    """Silent stations of an area that nobody was told of yet."""

    area: str
    codes: tuple[str, ...]
    stations: int


def _silent_gaps(election: str, voting_on: date, rules: CheckinRules, at: datetime) -> Iterator[Gap]:
    """Areas with a group of stations that are silent about the latest due step.

    Told only in regencies where stations report at all; a silence that is wide is one finding of the area above.
    """
    told, used = stations_told(election=election), regencies_heard(election=election)
    for due in due_steps(election=election, voting_on=voting_on, at=at):
        groups, villages = [], stations_by_village(election=election, province=due.province)
        for area, silent in silent_by_village(election=election, due=due, at=at).items():
            fresh = tuple(code for code in silent if code not in told)
            if area[:5] in used and rules.silence.is_group(silent=len(fresh), stations=villages[area]):
                groups.append(_Group(area, fresh, villages[area]))
        for above in (Level.DISTRICT, Level.REGENCY):
            groups = _rolled_up(groups, villages, above, rules.silence)
        yield from (_silent_gap(election, group, due) for group in groups)


def _rolled_up(groups: list[_Group], villages: dict[str, int], wanted: Level, rule: Silence) -> list[_Group]:
    """Groups one level below `wanted`, put together where they are many; the others stay as they are."""
    length, below = (8, 13) if wanted is Level.DISTRICT else (5, 8)
    above: dict[str, list[_Group]] = {}
    for group in groups:
        if len(group.area) == below:
            above.setdefault(group.area[:length], []).append(group)
    rest = [group for group in groups if len(group.area) != below]
    for area, parts in above.items():
        inside = {village[:below] for village in villages if village.startswith(area)}
        if rule.is_wide(silent=len(parts), areas=len(inside)):
            codes = tuple(code for part in parts for code in part.codes)
            whole = sum(number for village, number in villages.items() if village.startswith(area))
            rest.append(_Group(area, codes, whole))
        else:
            rest.extend(parts)
    return rest


def _silent_gap(election: str, group: _Group, due: DueStep) -> Gap:
    return Gap(
        kind=FindingKind.SILENT,
        key=silent_key(election, group.area, due.step.id),
        incident_kind=SILENT_KIND,
        election=election,
        area=group.area,
        count=len(group.codes),
        text=_silent_text(group, due),
        at=due.late_from,
        stations=group.codes,
    )


def _silent_text(group: _Group, due: DueStep) -> str:
    numbers = ""
    if level(group.area) is Level.VILLAGE:
        numbers = f" TPS {station_numbers(group.codes)}."
    return (
        f"Tanpa kabar: {len(group.codes)} dari {group.stations} TPS di {area_name(group.area)} belum melaporkan "
        f"“{due.step.name.id}” sampai {clock_words(due.late_from, group.area)}.{numbers} "
        "Hubungi pengawas dan KPPS lewat rantai telepon."
    )


def _roll_call_gaps(election: str, voting_on: date, at: datetime) -> Iterator[Gap]:
    """One gap for each roll call, agency and district, in numbers."""
    groups: dict[tuple[str, str, str], list[MissedRollCall]] = {}
    for missed in missed_roll_calls(election=election, voting_on=voting_on, at=at):
        groups.setdefault((missed.call.id, missed.agency, missed.area[:8]), []).append(missed)
    for (call, agency, district), units in groups.items():
        first, count = units[0], sum(unit.count for unit in units)
        area = first.area if len(units) == 1 else district
        whose = first.unit_name if len(units) == 1 else f"{agency_name(agency)} di {area_name(district)}"
        yield Gap(
            kind=FindingKind.ROLL_CALL,
            key=roll_call_key(election, call, f"{agency}|{district}"),
            incident_kind=SILENT_KIND,
            election=election,
            area=area,
            count=count,
            text=(
                f"{first.call.name.id} terlewat: {count} petugas {whose} tidak menjawab "
                f"sampai {clock_words(first.late_from, area)}. Hubungi lewat rantai telepon."
            ),
            at=first.late_from,
        )


def _warehouse_gaps(election: str, rules: CheckinRules) -> Iterator[Gap]:
    for check, fresh in warehouses_failing(election=election):
        for kind, codes in incident_kind_of(fresh, rules).items():
            names = "; ".join(f"{code} {rules.criterion(code).name.id}" for code in codes)  # type: ignore[union-attr]  # known codes
            note = f" Keterangan: {check.note}" if check.note else ""
            yield Gap(
                kind=FindingKind.WAREHOUSE,
                key=f"{warehouse_key(election, check.area, check.name, kind)}|{check.message}",
                incident_kind=kind,
                election=election,
                area=check.area,
                count=len(codes),
                text=f"{check.name}: tidak memenuhi {len(codes)} butir periksa gudang ({names}).{note}",
                at=check.at,
            )
