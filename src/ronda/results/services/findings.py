"""Failed checks that a person should look at become reports of the machine, each once and few at a time.

A recap that differs from its stations is one report for each unit, contest and kind of difference. Copies that differ
are one report for each village, contest and day. What a single form gets wrong is mostly innocent and stays on the
results pages. The words name a place and a document, never a figure, a choice or a participant: what follows from a
report is handed to agencies that do not see counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import override

from ronda.kernel.areas import Level, at_level, level
from ronda.kernel.scope import Scope, scoped
from ronda.law.result_findings import Grouping, result_finding_rules
from ronda.reports.services import FindingId, MachineFinding, finding_tell, findings_untold
from ronda.results.adapters.told import area_page, area_words, contest_words, copies_page
from ronda.results.domain import RecapDifference, recap_difference
from ronda.results.models import FailedCheck
from ronda.results.selectors import DifferingStation, recaps_differing, stations_differing
from ronda.web.localtime import day_words, local, zone_of
from ronda.web.numbers import station_numbers

RECAP_KIND, COPIES_KIND = "recap_mismatch", "sheet_mismatch"
DAYS_BACK = timedelta(days=1)
WHAT_DIFFERS = {
    RecapDifference.DIVISION: "Yang berbeda pembagiannya; jumlah seluruhnya sama.",
    RecapDifference.TOTAL: "Yang berbeda jumlah seluruhnya.",
}
NO_ACCUSATION = "Ini alasan melihat dokumen, bukan temuan kecurangan."


def findings_raise(*, election: str, voting_on: date, at: datetime) -> list[MachineFinding]:
    """Tell what was found in the results of an election and not told yet. Call it outside `scoped`."""
    with override("id"), scoped(Scope.system()):
        recaps = {_recap_id(check, voting_on): check for check in recaps_differing(election)}
        groups = {_group_id(election, group): group for group in _groups_due(election, at)}
        untold = findings_untold([*recaps, *groups])
        found = [
            *(_recap_finding(key, check) for key, check in recaps.items() if key in untold),
            *(_copies_finding(key, election, group) for key, group in groups.items() if key in untold),
        ]
    for finding in found:
        finding_tell(finding=finding, at=at)
    return found


def _recap_id(check: FailedCheck, voting_on: date) -> FindingId:
    parts = ("recap", check.election, check.contest, check.area, recap_difference(check.delta))
    return FindingId("|".join(parts), _midnight(voting_on, check.area))


def _recap_finding(id_: FindingId, check: FailedCheck) -> MachineFinding:
    return MachineFinding(
        id=id_,
        kind=RECAP_KIND,
        election=check.election,
        area=check.area,
        text=_recap_text(check, recap_difference(check.delta)),
        at=check.since,
        page=area_page(check.election, check.contest, check.area),
    )


def _recap_text(check: FailedCheck, difference: RecapDifference) -> str:
    contest = contest_words(check.election, check.contest, check.area)
    return (
        f"Rekapitulasi {area_words(check.area)} tidak cocok dengan salinan C.Hasil: perlu dicek pada dokumen. "
        f"{contest}; salinan semua TPS sudah masuk. {WHAT_DIFFERS[difference]} "
        f"Sering ini koreksi sah di pleno yang belum masuk ke angka TPS. {NO_ACCUSATION}"
    )


@dataclass(frozen=True, slots=True)
class _Group:
    """Stations of an area whose copies came to differ on one day."""

    contest: str
    area: str
    day: date
    stations: tuple[DifferingStation, ...]

    @property
    def first_at(self) -> datetime:
        return min(station.since for station in self.stations)


def _groups_due(election: str, at: datetime) -> list[_Group]:
    """Of today and yesterday, so that what came just before midnight is told after it."""
    grouping = result_finding_rules().grouping
    after = _midnight(local(at, "").date(), "") - DAYS_BACK
    groups = _groups(stations_differing(election, after=after), grouping)
    return [group for group in groups if grouping.is_gathered(first_at=group.first_at, at=at)]


def _groups(stations: Sequence[DifferingStation], grouping: Grouping) -> Iterator[_Group]:
    """One for each village, or one for a whole regency where too many of its villages differ on a day."""
    villages: dict[tuple[str, date, str], dict[str, list[DifferingStation]]] = {}
    for one in stations:
        day = local(one.since, one.area).date()
        regency = villages.setdefault((one.contest, day, at_level(one.area, Level.REGENCY)), {})
        regency.setdefault(one.area, []).append(one)
    for (contest, day, regency_code), parts in villages.items():
        if grouping.is_wide(villages=len(parts)):
            whole = tuple(one for part in parts.values() for one in part)
            yield _Group(contest, regency_code, day, whole)
        else:
            for area, part in parts.items():
                yield _Group(contest, area, day, tuple(part))


def _group_id(election: str, group: _Group) -> FindingId:
    parts = ("copies", election, group.contest, group.area, group.day.isoformat())
    return FindingId("|".join(parts), _midnight(group.day, group.area))


def _copies_finding(id_: FindingId, election: str, group: _Group) -> MachineFinding:
    return MachineFinding(
        id=id_,
        kind=COPIES_KIND,
        election=election,
        area=group.area,
        text=_copies_text(election, group),
        at=group.first_at,
        page=copies_page(election, group.contest, group.area),
    )


def _copies_text(election: str, group: _Group) -> str:
    contest = contest_words(election, group.contest, group.area)
    return (
        f"Salinan C.Hasil tidak sama pada {len(group.stations)} TPS di {area_words(group.area)}: {_which(group)}. "
        f"{contest}, {day_words(group.day)}. Perlu dicek pada dokumen; yang memutus C.Hasil plano. "
        f"Biasanya salah ketik atau salah baca pada salah satu salinan. {NO_ACCUSATION}"
    )


def _which(group: _Group) -> str:
    """The numbers of stations of a village; of a regency, over how many villages they are spread."""
    if level(group.area) is Level.VILLAGE:
        return f"TPS {station_numbers([one.station for one in group.stations])}"
    return f"tersebar di {len({one.area for one in group.stations})} desa"


def _midnight(day: date, area: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone_of(area))
