"""Choices of the contests of an area: contest, area, ballot number, name."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from ronda.kernel.areas import is_code
from ronda.kernel.imports import Checked, Column, Row, check, open_table

COLUMNS = (
    Column("contest", ("kontes", "jenis")),
    Column("area", ("kode_wilayah", "wilayah"), required=False),
    Column("number", ("nomor", "nomor_urut")),
    Column("name", ("nama", "paslon", "pasangan_calon")),
)


class ChoiceRow(NamedTuple):
    contest: str
    area: str
    number: int
    name: str


def choices_check(
    path: Path,
    contests: frozenset[tuple[str, str]],
    *,
    rejects: Path | None = None,
    progress: Callable[[int], None] = lambda position: None,
) -> Checked[ChoiceRow]:
    """All rows of a choices file; `contests` are the (contest, area) pairs of the election."""
    with open_table(path, COLUMNS) as table:
        return check(
            table,
            lambda row: _parse(row, contests),
            key=lambda choice: choice[:3],
            key_column="number",
            rejects=rejects,
            progress=progress,
        )


def _parse(row: Row, contests: frozenset[tuple[str, str]]) -> ChoiceRow | None:
    contest, area = row.cells.get("contest", "").upper(), row.cells.get("area", "")
    number, name = row.integer("number", 1, 99, required=True), row.text("name")
    if not is_code(area):
        row.refuse("area", _("kode wilayah seperti 51.01, atau kosong untuk seluruh negeri"))
    elif (contest, area) not in contests:
        wanted = ", ".join(sorted(f"{code} {place}".strip() for code, place in contests)) or _("tidak ada")
        row.refuse(
            "contest", _("kontes pemilihan ini: %(contests)s") % {"contests": wanted}, f"{contest} {area}"
        )
    return None if row.errors or number is None else ChoiceRow(contest, area, number, name)
