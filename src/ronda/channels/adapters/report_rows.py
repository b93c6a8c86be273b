"""A table of reports from another system: columns by name, a key in each row, nothing dropped that can be kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext as _

from ronda.kernel.imports import Checked, Column, ImportRefused, Row, check, open_table

TEXT_MAX = 8_000
NAMES: Mapping[str, tuple[str, ...]] = {
    "kunci": ("id", "nomor", "key", "no_laporan"),
    "teks": ("uraian", "isi", "laporan", "text", "description"),
    "jenis": ("kind", "kategori", "category"),
    "tempat": ("kode_desa", "kode", "place", "area"),
    "tps": ("station", "nomor_tps"),
    "letak": ("lokasi", "alamat", "location"),
    "waktu": ("kejadian", "happened_at", "tanggal", "time"),
}
NEEDED = ("teks",)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row; `key` is the other system's own id, or the row itself where it has none."""

    key: str
    text: str
    kind: str
    place: str
    station: str
    place_words: str
    happened_at: str


def rows_check(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    rejects: Path | None = None,
    progress: Callable[[int], None] = lambda position: None,
) -> Checked[ReportRow]:
    """Every row of a table; `columns` names a column of ours as it is called there. ImportRefused when it is none."""
    given = dict(columns or {})
    if unknown := sorted(set(given) - set(NAMES)):
        wanted = _("Kolom yang dikenal: %(wanted)s; yang disebut %(came)s.")
        raise ImportRefused(wanted % {"wanted": ", ".join(NAMES), "came": ", ".join(unknown)})
    wanted_columns = [
        Column(name, (given[name],) if name in given else aliases, required=name in NEEDED or name in given)
        for name, aliases in NAMES.items()
    ]
    with open_table(path, wanted_columns) as table:
        return check(
            table, _row, key=lambda row: row.key, key_column="kunci", rejects=rejects, progress=progress
        )


def _row(row: Row) -> ReportRow | None:
    text = row.text("teks", most=TEXT_MAX)
    values = [
        row.text(name, most=300, required=False)
        for name in ("kunci", "jenis", "tempat", "tps", "letak", "waktu")
    ]
    if row.errors:
        return None
    key, kind, place, station, where, when = values
    if not key:
        key = sha256("\n".join((text, *values)).encode("utf-8", "replace")).hexdigest()
    return ReportRow(key, text, kind, place[:60], station[:60], where, when)
