"""Opening a plenum, keeping what is read out, raising and deciding objections, closing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from io import SEEK_END
from typing import BinaryIO

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from ronda.elections.selectors import contest_for, contests_with, election_for, has_several_lists
from ronda.gate.domain import Grant
from ronda.gate.services import MACHINE, DoorBusy, NotKept, file_hand_in, message_hand_in, message_send
from ronda.kernel.areas import Level, level
from ronda.kernel.ids import uuid7
from ronda.kernel.journal import journal
from ronda.kernel.models import person_uuid
from ronda.kernel.scope import Scope
from ronda.plenum import selectors
from ronda.plenum.adapters.comparing import Finding
from ronda.plenum.domain import ObjectionState, PlenumRefused, PlenumState
from ronda.plenum.events import (
    ColumnRead,
    ColumnsImported,
    ObjectionDecided,
    ObjectionRaised,
    PlenumClosed,
    PlenumOpened,
)
from ronda.plenum.models import Column, Objection, Plenum, ReadOut
from ronda.plenum.selectors import Heard
from ronda.results.papers import figures_of, typed_figure


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store of the node."""

    sha256: str
    size: int
    kind: str


EMPTY_FILE = _lazy("Berkas ini tidak memuat satu angka pun untuk pleno ini.")
OUTSIDE = _lazy("Wilayah itu di luar wilayah tugas Anda.")
LEVELS = (Level.DISTRICT, Level.REGENCY, Level.PROVINCE)


@transaction.atomic
def plenum_open(
    *, election: str, contest: str, area: str, by: Scope, at: datetime, district: str = ""
) -> Plenum:
    """The recapitulation of a unit; the one that is there already, if there is one. Where the unit holds several
    electoral districts each has its own."""
    found = election_for(election)
    row = contest_for(found, contest, area=area, district=district) if found else None
    if level(area) not in LEVELS or row is None:
        raise PlenumRefused(
            _("Pilih kecamatan, kabupaten/kota, atau provinsi dan pemilihan yang ada di sana.")
        )
    has_several = has_several_lists(contests_with(election, contest), area)
    if has_several and not district:
        raise PlenumRefused(
            _("Wilayah itu punya beberapa daerah pemilihan. Pilih dapilnya, satu pleno per dapil.")
        )
    district = district if has_several else ""
    known = selectors.plenum_of(election, contest, area, district)
    if known is not None:
        return known
    plenum = Plenum(
        area=area, agency=by.agency, created_at=at, election=election, contest=contest, district=district
    )
    Plenum.objects.bulk_create([plenum], ignore_conflicts=True)
    made = selectors.plenum_of(election, contest, area, district)
    if made is None or made.pk != plenum.pk:  # somebody else opened it a moment before
        return made or plenum
    event = PlenumOpened(subject=plenum.pk, area=area, agency=by.agency, election=election, contest=contest)
    journal(event, at=at)
    return plenum


@transaction.atomic
def column_save(*, plenum: Plenum, code: str, typed: Mapping[str, str], by: Scope, at: datetime) -> Column:
    """Keep figures of one column as they are read out; an empty box takes a figure back."""
    if plenum.state == PlenumState.CLOSED:
        raise PlenumRefused(_("Pleno ini sudah ditutup."))
    try:
        numbers = {box: typed_figure(text) for box, text in typed.items()}
    except ValueError as problem:
        raise PlenumRefused(str(problem)) from None
    frame = {"area": plenum.area, "agency": plenum.agency, "created_at": at, "saved_at": at}
    Column.objects.bulk_create([Column(plenum=plenum, code=code, **frame)], ignore_conflicts=True)
    column = Column.objects.select_for_update().get(plenum=plenum, code=code)
    _kept_as_read(plenum, {code: numbers}, by, at)
    figures = {**column.figures, **numbers}
    column.figures = {box: number for box, number in figures.items() if number is not None}
    column.saved_at, column.person = at, person_uuid(by.person)
    column.save(update_fields=["figures", "saved_at", "person"])
    journal(ColumnRead(subject=plenum.pk, area=plenum.area, agency=plenum.agency, code=code), at=at)
    return column


def _kept_as_read(
    plenum: Plenum, read: Mapping[str, Mapping[str, int | None]], by: Scope, at: datetime, file: str = ""
) -> None:
    """What was read out stays as it was, whatever is put right afterwards."""
    frame = {"area": plenum.area, "agency": plenum.agency, "created_at": at, "person": person_uuid(by.person)}
    ReadOut.objects.bulk_create(
        ReadOut(plenum=plenum, code=code, figures=dict(figures), file_sha256=file, **frame)
        for code, figures in sorted(read.items())
    )


@transaction.atomic
def columns_import(
    *, plenum: Plenum, read: Mapping[str, Mapping[str, int]], over: bool, file: Kept, by: Scope, at: datetime
) -> int:
    """Keep the columns of a file; how many boxes it changed. A figure that was read out before is exchanged only if
    `over`. The file itself is kept and goes through the gate, so that the log says where the figures came from."""
    if plenum.state == PlenumState.CLOSED:
        raise PlenumRefused(_("Pleno ini sudah ditutup."))
    frame = {"area": plenum.area, "agency": plenum.agency, "created_at": at, "saved_at": at}
    Column.objects.bulk_create(
        [Column(plenum=plenum, code=code, **frame) for code in sorted(read)], ignore_conflicts=True
    )
    columns = plenum.columns.select_for_update().filter(code__in=read).order_by("code")
    changed, came, other = [], dict[str, dict[str, int | None]](), 0
    for column in columns:
        new: dict[str, int | None] = {
            box: number for box, number in read[column.code].items() if column.figures.get(box) != number
        }
        other += sum(box in column.figures for box in new)
        if new:
            column.figures, column.saved_at, column.person = (
                {**column.figures, **new},
                at,
                person_uuid(by.person),
            )
            changed.append(column)
            came[column.code] = new
    if other and not over:
        raise PlenumRefused(
            _(
                "%(n)s kotak sudah berisi angka lain. Tidak ada yang diubah; centang ganti angka bila berkas ini "
                "yang benar."
            )
            % {"n": other}
        )
    _kept_as_read(plenum, came, by, at, file.sha256)
    Column.objects.bulk_update(changed, ["figures", "saved_at", "person"])
    _log_file(plenum, file, len(read), at)
    event = ColumnsImported(
        subject=plenum.pk, area=plenum.area, agency=plenum.agency, columns=len(read), file_sha256=file.sha256
    )
    journal(event, at=at)
    return sum(len(new) for new in came.values())


def _log_file(plenum: Plenum, file: Kept, columns: int, at: datetime) -> None:
    message_hand_in(
        id=uuid7(),
        kind="import",
        election=plenum.election,
        place=plenum.area,
        captured_at=at,
        body={"what": "plenum", "contest": plenum.contest, "district": plenum.district, "columns": columns},
        at=at,
        files=[{"sha256": file.sha256, "size": file.size, "type": file.kind}],
    )


def file_keep(*, content: BinaryIO, kind: str, at: datetime) -> Kept:
    """Keep a file of columns as it came."""
    content.seek(0, SEEK_END)
    size = content.tell()
    try:
        return Kept(file_hand_in(content=content, kind=kind, grant=MACHINE, at=at), size, kind)
    except NotKept as problem:
        raise PlenumRefused(
            _("Berkas belum tersimpan: %(problem)s Coba lagi.") % {"problem": problem}
        ) from None


@transaction.atomic
def objection_raise(*, plenum: Plenum, key: str, by: Scope, at: datetime) -> Objection:
    """Raise one finding as it stands now: its sentence and both papers' figures are kept with it."""
    known = plenum.objections.filter(finding=key).first()
    if known is not None:
        return known
    with override("id"):
        heard = selectors.heard(plenum, "id")
    finding = next((one for one in heard.findings if one.key == key), None)
    if finding is None:
        raise PlenumRefused(_("Selisih itu sudah tidak ada: angkanya dibetulkan. Muat ulang halaman."))
    objection = Objection(
        plenum=plenum,
        area=plenum.area,
        agency=plenum.agency,
        created_at=at,
        rule=finding.rule,
        finding=key,
        sentence=finding.sentence,
        votes=finding.votes,
        facts=facts_of(finding, heard),
        due_on=selectors.due_of(plenum),
        person=person_uuid(by.person),
    )
    Objection.objects.bulk_create([objection], ignore_conflicts=True)
    made = plenum.objections.get(finding=key)
    if made.pk != objection.pk:  # the button was pressed twice
        return made
    event = ObjectionRaised(subject=objection.pk, area=plenum.area, agency=plenum.agency, rule=finding.rule)
    journal(event, at=at)
    return objection


def facts_of(finding: Finding, heard: Heard) -> dict[str, object]:
    """What the finding rests on, so that it can be read without the database."""
    codes = sorted({cell.code for cell in finding.cells})
    below = {code: heard.table.below[code] for code in codes if code in heard.table.below}
    return {
        "kind": finding.kind,
        "tests": finding.tests,
        "cells": [asdict(cell) | {"delta": cell.delta} for cell in finding.cells],
        "papers": {code: {"source": one.source, "version": one.version} for code, one in below.items()},
    }


@transaction.atomic
def objection_decide(*, objection: Objection, state: str, note: str, at: datetime) -> Objection:
    """What the plenum made of it; a refusal needs its reason."""
    if objection.state != ObjectionState.OPEN:
        raise PlenumRefused(_("Keberatan ini sudah diputus."))
    wanted = ObjectionState(state) if state in ObjectionState.values else ObjectionState.OPEN
    if wanted == ObjectionState.OPEN or (wanted == ObjectionState.REFUSED and not note.strip()):
        raise PlenumRefused(_("Pilih hasilnya; penolakan harus disertai alasannya."))
    objection.state, objection.note, objection.decided_at = wanted, note.strip()[:2000], at
    objection.save(update_fields=["state", "note", "decided_at"])
    event = ObjectionDecided(
        subject=objection.pk, area=objection.area, agency=objection.agency, state=objection.state
    )
    journal(event, at=at)
    return objection


@transaction.atomic
def plenum_close(*, plenum: Plenum, by: Scope, at: datetime) -> Plenum:
    """The end: the total that was read out goes through the gate as the recapitulation of the unit."""
    locked = Plenum.objects.select_for_update().get(pk=plenum.pk)
    if locked.state == PlenumState.CLOSED:
        return locked
    heard = selectors.heard(locked, "id")
    total = heard.totals.get(locked.area) or _added(heard)
    if total is None:
        raise PlenumRefused(
            _("Belum semua kolom terisi. Isi jumlah kecamatannya, atau kolom yang belum dibacakan.")
        )
    locked.state, locked.closed_at = PlenumState.CLOSED, at
    locked.save(update_fields=["state", "closed_at"])
    _send(locked, total, heard.paper.choices, by, at)
    columns = len(heard.table.read)
    event = PlenumClosed(subject=locked.pk, area=locked.area, agency=locked.agency, columns=columns)
    journal(event, at=at)
    return locked


def _added(heard: Heard) -> dict[str, int] | None:
    """The sum of all columns; None while one of them is missing."""
    columns = [heard.table.read.get(code) for code in heard.table.codes]
    if not columns or any(column is None for column in columns):
        return None
    read = [column for column in columns if column is not None]
    boxes = set.intersection(*(set(column) for column in read))
    return {box: sum(column[box] for column in read) for box in boxes}


def _send(plenum: Plenum, total: Mapping[str, int], choices: int, by: Scope, at: datetime) -> None:
    figures = figures_of(total, choices=choices)
    body: dict[str, object] = {
        "contest": plenum.contest,
        "votes": list(figures.votes),
        "valid": figures.valid,
        "invalid": figures.invalid,
        "users": figures.users,
        "registered": figures.registered,
    }
    if plenum.district:
        body["district"] = plenum.district
    message = {
        "id": str(uuid7()),
        "kind": "recap",
        "election": plenum.election,
        "place": plenum.area,
        "captured_at": at.isoformat(),
        "body": body,
        "files": [],
    }
    grant = Grant(by.agency, by.kind, by.area, person=person_uuid(by.person))
    try:
        message_send(raw=msgspec.json.encode(message), grant=grant)
    except DoorBusy:
        raise PlenumRefused(
            _("Kiriman sedang banyak. Angkanya tersimpan; tekan Tutup pleno sekali lagi.")
        ) from None
