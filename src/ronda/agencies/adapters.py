"""Tables of people in, rows out: what is wrong with a file is told by row, column, wanted and came."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from ronda.agencies.domain import Role
from ronda.kernel.areas import is_code

MAX_ROWS = 5_000
NATION = "nasional"
# What a head may be called, in both languages.
HEADS = {
    "name": ("nama", "name"),
    "email": ("surel", "email", "e-mail"),
    "role": ("peran", "role"),
    "area": ("wilayah", "area", "kode"),
    "unit": ("unit",),
    "agency": ("instansi", "agency"),
    "ends_on": ("berakhir", "ends_on"),
}
REQUIRED = ("name", "email", "role", "area")
ROLE_WORDS = {
    "petugas": Role.OFFICER,
    "petugas lapangan": Role.OFFICER,
    "piket": Role.DUTY,
    "pimpinan": Role.HEAD,
    "pimpinan unit": Role.HEAD,
    "pengelola": Role.ADMIN,
    "pengelola unit": Role.ADMIN,
    "pemegang kunci": Role.CUSTODIAN,
    "saksi": Role.WITNESS,
    "pemantau": Role.OBSERVER,
    **{role.value: role for role in Role},
}


@dataclass(frozen=True, slots=True)
class InviteeRow:
    """One line of an invitation table."""

    number: int
    name: str
    email: str
    role: str
    area: str
    unit: str = ""
    agency: str = ""
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one cell."""

    row: int
    column: str
    wanted: str
    came: str

    def __str__(self) -> str:
        return _("baris %(row)s, %(column)s: mestinya %(wanted)s, tertulis %(came)s") % {
            "row": self.row,
            "column": self.column,
            "wanted": self.wanted,
            "came": self.came or _("kosong"),
        }


def invitees_read(content: bytes) -> tuple[list[InviteeRow], list[RowError]]:
    """Rows of an invitation table (comma or semicolon, UTF-8) and everything that is wrong with it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [RowError(1, _("berkas"), _("teks UTF-8"), f"byte {error.start}")]
    head, _newline, _rest = text.partition("\n")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ","
    )
    try:
        lines = [line for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as error:
        return [], [RowError(reader.line_num, _("berkas"), "CSV", str(error))]
    if not lines:
        return [], [RowError(1, _("berkas"), _("baris judul"), "")]
    columns, errors = _columns(lines[0])
    if len(lines) > MAX_ROWS + 1:
        errors.append(
            RowError(MAX_ROWS + 2, _("berkas"), _("paling banyak %s baris") % MAX_ROWS, str(len(lines) - 1))
        )
    if errors:
        return [], errors
    return _rows(lines[1:], columns)


def _columns(head: list[str]) -> tuple[dict[str, int], list[RowError]]:
    words = [word.strip().lower() for word in head]
    found = {
        name: next(index for index, word in enumerate(words) if word in names)
        for name, names in HEADS.items()
        if set(words) & set(names)
    }
    missing = [HEADS[name][0] for name in REQUIRED if name not in found]
    return found, [RowError(1, column, _("kolom ini ada"), ", ".join(words)) for column in missing]


def _rows(lines: Iterable[list[str]], columns: dict[str, int]) -> tuple[list[InviteeRow], list[RowError]]:
    rows: list[InviteeRow] = []
    errors: list[RowError] = []
    seen: dict[tuple[str, str, str, str], int] = {}
    for number, line in enumerate(lines, start=2):
        cells = {name: line[index].strip() if index < len(line) else "" for name, index in columns.items()}
        row, wrong = _row(number, cells)
        errors += wrong
        if row is None:
            continue
        key = (row.email, row.role, row.area, row.agency)
        if key in seen:
            errors.append(
                RowError(number, "surel", _("sekali saja, sudah di baris %s") % seen[key], row.email)
            )
        seen.setdefault(key, number)
        rows.append(row)
    return ([] if errors else rows), errors


def _row(number: int, cells: dict[str, str]) -> tuple[InviteeRow | None, list[RowError]]:
    role = ROLE_WORDS.get(cells["role"].lower())
    ends_on = _date(cells.get("ends_on", ""))
    checks: tuple[tuple[bool, str, str, str], ...] = (
        (0 < len(cells["name"]) <= 120, "nama", _("1 sampai 120 huruf"), cells["name"]),
        (_is_email(cells["email"]), "surel", _("alamat surel"), cells["email"]),
        (role is not None, "peran", ", ".join(sorted({value.value for value in Role})), cells["role"]),
        (
            _is_area(cells["area"]),
            "wilayah",
            _("kode wilayah seperti 51.01.02, atau nasional"),
            cells["area"],
        ),
        (ends_on is not False, "berakhir", _("tanggal seperti 2027-01-31"), cells.get("ends_on", "")),
    )
    errors = [RowError(number, column, wanted, came) for good, column, wanted, came in checks if not good]
    if errors or role is None or ends_on is False:
        return None, errors
    row = InviteeRow(
        number=number,
        name=cells["name"],
        email=cells["email"].lower(),
        role=role.value,
        area="" if cells["area"].lower() == NATION else cells["area"],
        unit=cells.get("unit", ""),
        agency=cells.get("agency", "").lower(),
        ends_on=ends_on,
    )
    return row, []


def _is_area(text: str) -> bool:
    return text.lower() == NATION or (text != "" and is_code(text))


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _date(text: str) -> date | bool | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return False


def invitations_csv(rows: Iterable[tuple[str, str, str, str, str]]) -> str:
    """Name, e-mail, role, unit and link of new invitations, as a table to hand out once."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("nama", "surel", "peran", "unit", "tautan"))
    writer.writerows([_unformula(cell) for cell in row] for row in rows)
    return out.getvalue()


def _unformula(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula is given a mark in front."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" else cell
