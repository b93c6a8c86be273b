"""Tables of people in, rows out: what is wrong with a file is told by row, column, wanted and came."""

import csv
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from ronda.agencies.domain import Role
from ronda.kernel.areas import is_code
from ronda.kernel.imports import Checked, Column, Row, check, open_table

NATION = "nasional"
COLUMNS = (
    Column("nama", ("name",)),
    Column("surel", ("email", "e-mail")),
    Column("peran", ("role",)),
    Column("wilayah", ("area", "kode")),
    Column("unit", required=False),
    Column("instansi", ("agency",), required=False),
    Column("berakhir", ("ends_on",), required=False),
)
ROLE_WORDS: dict[str, str] = {
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


def invitees_read(path: Path, *, rejects: Path | None = None) -> Checked[InviteeRow]:
    """The rows of an invitation table and what is wrong with it. ImportRefused when it is no table."""
    with open_table(path, COLUMNS) as table:
        return check(
            table,
            _invitee,
            key=lambda row: (row.email, row.role, row.area, row.agency),
            key_column="surel",
            rejects=rejects,
        )


def _invitee(row: Row) -> InviteeRow | None:
    name = row.text("nama", most=120)
    email, area = _email(row), _area(row)
    role = row.choice("peran", ROLE_WORDS, "")
    if not role and not row.cells.get("peran"):
        row.refuse("peran", _("salah satu dari %(words)s") % {"words": ", ".join(ROLE_WORDS)}, _("kosong"))
    ends_on = _date(row)
    unit, agency = row.text("unit", required=False), row.text("instansi", most=40, required=False)
    return InviteeRow(
        number=row.number,
        name=name,
        email=email,
        role=str(role),
        area=area,
        unit=unit,
        agency=agency.lower(),
        ends_on=ends_on,
    )


def email_read(text: str) -> str | None:
    """An e-mail address as it is kept; None when it is none."""
    address = unicodedata.normalize("NFC", text).strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        return None
    return address


def _email(row: Row) -> str:
    came = row.cells.get("surel", "")
    address = email_read(came)
    if address is None:
        row.refuse("surel", _("alamat surel"), came or _("kosong"))
    return address or ""


def _area(row: Row) -> str:
    text = row.cells.get("wilayah", "")
    if text.casefold() == NATION:
        return ""
    if not text or not is_code(text):
        row.refuse("wilayah", _("kode wilayah seperti 51.01.02, atau nasional"), text or _("kosong"))
    return text


def _date(row: Row) -> date | None:
    text = row.cells.get("berakhir", "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        row.refuse("berakhir", _("tanggal seperti 2027-01-31"))
        return None


def invitations_csv(rows: Iterable[tuple[str, str, str, str, str]]) -> str:
    """Name, e-mail, role, unit and link of new invitations, as a table to hand out once."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("nama", "surel", "peran", "unit", "tautan"))
    writer.writerows([_unformula(cell) for cell in row] for row in rows)
    return out.getvalue()


def _unformula(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula is given a mark in front."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
