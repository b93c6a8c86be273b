"""Choices of the contests of an area: contest, area, ballot number, name; for lists also party and district."""

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
    Column("party", ("partai", "nomor_partai"), required=False),
    Column("district", ("dapil",), required=False),
    Column("district_areas", ("wilayah_dapil",), required=False),
)


class ChoiceRow(NamedTuple):
    contest: str
    area: str
    number: int
    name: str
    party: int = 0
    district: str = ""
    covers: tuple[str, ...] = ()


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
            key=lambda choice: (choice.contest, choice.area, choice.district, choice.party, choice.number),
            key_column="number",
            rejects=rejects,
            progress=progress,
        )


def _parse(row: Row, contests: frozenset[tuple[str, str]]) -> ChoiceRow | None:
    contest, area = row.cells.get("contest", "").upper(), row.cells.get("area", "")
    party = row.integer("party", 1, 99) or 0
    number, name = row.integer("number", 0 if party else 1, 99, required=True), row.text("name")
    district = row.text("district") if row.cells.get("district") else ""
    covers = tuple(row.cells.get("district_areas", "").split())
    if not is_code(area):
        row.refuse("area", _("kode wilayah seperti 51.01, atau kosong untuk seluruh negeri"))
    elif (contest, area) not in contests:
        wanted = ", ".join(sorted(f"{code} {place}".strip() for code, place in contests)) or _("tidak ada")
        row.refuse(
            "contest", _("kontes pemilihan ini: %(contests)s") % {"contests": wanted}, f"{contest} {area}"
        )
    if not all(code and is_code(code) and code.startswith(area) for code in covers) or bool(covers) != bool(
        district
    ):
        row.refuse("district_areas", _("kode wilayah daerah pemilihan, dipisah spasi, bersama nama dapilnya"))
    if row.errors or number is None:
        return None
    return ChoiceRow(contest, area, number, name, party, district, covers)
