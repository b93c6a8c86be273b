"""The evidence of an objection as one archive that anyone can check without us: figures, papers, messages, proofs.

Every message lies there byte for byte with the gate's answer, so that `ronda verify` proves when it came and that
nothing was changed; `SHA256SUMS` covers every file.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.template.loader import render_to_string

from ronda.gate import selectors as gate
from ronda.kernel.areas import level
from ronda.kernel.journal import audit
from ronda.ledger.selectors import log_key
from ronda.plenum import selectors
from ronda.plenum.domain import below_words
from ronda.plenum.models import Objection, ReadOut
from ronda.results import selectors as results

if TYPE_CHECKING:
    from ronda.results.models import Recap, Sheet

    Copy = Sheet | Recap

KEY_FILE = "log.vkey"


@transaction.atomic
def evidence_archive(*, objection: Objection, with_photos: bool, at: datetime) -> bytes:
    """The archive as bytes. Its making is noted before it leaves."""
    detail = {"photos": with_photos}
    audit(
        "objection.evidence",
        record="objection",
        subject=objection.pk,
        area=objection.area,
        at=at,
        detail=detail,
    )
    files = dict(_files(objection, with_photos=with_photos, at=at))
    files["SHA256SUMS"] = "".join(
        f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())
    ).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, date_time=(2024, 1, 1, 0, 0, 0)), content)
    return packed.getvalue()


def _files(objection: Objection, *, with_photos: bool, at: datetime) -> Iterator[tuple[str, bytes]]:
    sheets = copies_of(objection)
    columns = _columns(objection)
    messages = [sheet for sheet in sheets if sheet.message]
    context = {"objection": objection, "sheets": sheets, "columns": columns, "messages": messages, "at": at}
    context["below"] = below_words(level(objection.area))
    yield "index.html", render_to_string("plenum/evidence.html", context).encode()
    yield "keberatan.json", _json(_objection(objection))
    yield "salinan.json", _json([_sheet(sheet) for sheet in sheets])
    yield "pleno.json", _json(columns)
    yield KEY_FILE, (log_key() + "\n").encode()
    for sheet in messages:
        yield from _message(sheet)
    if with_photos:
        yield from _photos(sheets)


def copies_of(objection: Objection) -> list[Copy]:
    """Every version of every copy of the stations that the objection names; of the recapitulations below where a
    regency or a province was read out."""
    codes = {cell["code"] for cell in objection.facts["cells"]}
    which = (objection.plenum.election, objection.plenum.contest, codes)
    if below_words(level(objection.area)).unit:
        return [*results.recap_copies_of(*which)]
    return [*results.copies_of(*which)]


def _columns(objection: Objection) -> list[dict[str, object]]:
    codes = {cell["code"] for cell in objection.facts["cells"]}
    rows = objection.plenum.columns.filter(code__in=codes).order_by("code")
    said = read_out_of(objection)
    return [
        {
            "code": row.code,
            "figures": row.figures,
            "saved_at": row.saved_at.isoformat(),
            "read_out": [
                {"at": one.created_at.isoformat(), "figures": one.figures, "file_sha256": one.file_sha256}
                for one in said
                if one.code == row.code
            ],
        }
        for row in rows
    ]


def read_out_of(objection: Objection) -> list[ReadOut]:
    """Everything that was read out for the columns an objection names, in order: also what was put right later."""
    codes = {cell["code"] for cell in objection.facts["cells"]}
    return list(objection.plenum.read_outs.filter(code__in=codes).order_by("created_at", "id"))


def _objection(objection: Objection) -> dict[str, object]:
    steps = selectors.steps_for(objection.plenum)
    return {
        "id": str(objection.pk),
        "election": objection.plenum.election,
        "contest": objection.plenum.contest,
        "area": objection.area,
        "rule": objection.rule,
        "sentence": objection.sentence,
        "votes": objection.votes,
        "raised_at": objection.created_at.isoformat(),
        "due_on": objection.due_on.isoformat() if objection.due_on else None,
        "steps": [
            {
                "step": step.id,
                "basis": step.basis,
                "standing": step.standing,
                "last_day": day and day.isoformat(),
            }
            for step, day in steps
        ],
        "facts": objection.facts,
    }


def _sheet(sheet: Copy) -> dict[str, object]:
    return {
        "of": sheet.whose,
        "source": sheet.source,
        "version": sheet.version,
        "agency": sheet.agency,
        "votes": sheet.votes,
        "valid": sheet.valid,
        "invalid": sheet.invalid,
        "users": sheet.users,
        "registered": sheet.registered,
        "other": sheet.other,
        "received_at": sheet.created_at.isoformat(),
        "message": str(sheet.message) if sheet.message else None,
        "file_sha256": sheet.file_sha256,
    }


def _message(sheet: Copy) -> Iterator[tuple[str, bytes]]:
    """A message byte for byte with what proves it; of a sealed one also what is inside, whose hash stands outside."""
    assert sheet.message is not None
    proved = gate.message_proved(sheet.message, agency=sheet.agency)
    if proved is not None:
        yield f"pesan/{sheet.message}.json", proved[0]
        yield f"pesan/{sheet.message}.terima.json", proved[1]
    if inside := gate.message_inside(sheet.message, agency=sheet.agency):
        yield f"pesan/{sheet.message}.isi.json", inside


def _photos(sheets: list[Copy]) -> Iterator[tuple[str, bytes]]:
    files = gate.message_files(sheet.message for sheet in sheets if sheet.message)
    for sheet in sheets:
        for sha256_ in files.get(sheet.message, ()) if sheet.message else ():
            path = gate.file_path(sha256_, agency=sheet.agency)
            if path is not None:
                yield f"foto/{sha256_}", path.read_bytes()


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()
