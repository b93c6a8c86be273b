"""Votes per district of the regional elections of 2024 as Sirekap gave them: one row per district and choice.

They are KPU's running totals, not the D.Hasil: a district whose stations have not all reported says so and is
held against nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from ronda.kernel.imports import Checked, Column, Row, check, open_table
from ronda.results.adapters.fields import OUTCOMES
from ronda.results.adapters.found import UNPLACED_2024
from ronda.results.adapters.incoming import CHOICES_MAX, FIGURE_MAX
from ronda.results.adapters.rows import RecapIn
from ronda.results.domain import Figures

ELECTION, SOURCE = "pilkada-2024", "sirekap"
COLUMNS = tuple(
    Column(name)
    for name in ("kec_code", "kec", "contest", "nomor_urut", "votes", "tps_total", "tps_reported", "psu")
)
_CONTESTS = {"gubernur": "GUB", "bupati_walikota": "BUP"}
_CITY_FROM = 71


@dataclass(frozen=True, slots=True)
class VoteRow:
    """The votes of one choice in one district."""

    contest: str
    unit: str
    name: str
    number: int
    votes: int | None
    stations: int | None
    reported: int | None
    outcome: str


def read_votes(path: Path, *, rejects: Path | None = None) -> Checked[VoteRow]:
    """All rows of the file; a choice stands once per district and contest."""
    with open_table(path, COLUMNS) as table:
        return check(
            table,
            _parse,
            key=lambda row: (row.contest, row.unit, row.number),
            key_column="nomor_urut",
            rejects=rejects,
        )


def _parse(row: Row) -> VoteRow | None:
    code, contest = row.digits("kec_code", 6), row.choice("contest", _CONTESTS, "")
    if not contest and not row.errors:
        row.refuse("contest", ", ".join(_CONTESTS))
    number = row.integer("nomor_urut", 1, CHOICES_MAX, required=True)
    votes = row.integer("votes", 0, FIGURE_MAX)
    stations, reported = (row.integer(name, 0, FIGURE_MAX) for name in ("tps_total", "tps_reported"))
    outcome = row.choice("psu", dict(OUTCOMES), "")
    if stations is not None and reported is not None and reported > stations:
        row.refuse("tps_reported", _("paling banyak %(most)s") % {"most": stations})
    if row.errors or number is None:
        return None
    if contest == "BUP" and int(code[2:4]) >= _CITY_FROM:
        contest = "WALI"
    unit = f"{code[:2]}.{code[2:4]}.{code[4:]}"
    return VoteRow(contest, unit, row.text("kec"), number, votes, stations, reported, outcome)


def recaps_of(rows: Iterable[VoteRow], known: Collection[str]) -> dict[str, list[RecapIn]]:
    """Recaps by contest. A district that the register does not know is held under its regency."""
    groups: dict[tuple[str, str], list[VoteRow]] = {}
    for row in rows:
        groups.setdefault((row.contest, row.unit), []).append(row)
    made: dict[str, list[RecapIn]] = {}
    for (contest, unit), group in sorted(groups.items()):
        made.setdefault(contest, []).append(_recap(unit, group, is_held=unit not in known))
    return made


def _recap(unit: str, group: list[VoteRow], *, is_held: bool) -> RecapIn:
    votes: list[int | None] = [None] * max(row.number for row in group)
    for row in group:
        votes[row.number - 1] = row.votes
    first = group[0]
    own_id = f"{UNPLACED_2024}{unit}"
    return RecapIn(
        area=unit[:5] if is_held else unit,
        unit=own_id if is_held else unit,
        own_id=own_id,
        figures=Figures(
            tuple(votes), other={} if first.reported is None else {"stations_reported": first.reported}
        ),
        stations=first.stations,
        place=first.name,
        is_held=is_held,
        outcome=first.outcome,
    )
