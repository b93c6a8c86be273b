"""Papers of an incident that leave Ronda: the letter of a hand-over, and the chain of custody of its files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ronda.evidence import selectors as evidence
from ronda.gate import selectors as gate
from ronda.incidents.adapters import desk_names, kind_words
from ronda.incidents.domain import Desk
from ronda.incidents.freshness import doubts_made
from ronda.incidents.models import Handover, HandoverStep, Incident, ProofFile
from ronda.places.selectors import area_names
from ronda.web.context import drill
from ronda.web.localtime import clock_words, day_words, local
from ronda.web.numbers import number_words
from ronda.web.paper import paper_pdf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ronda.evidence.models import WorkingCopy

TEMPLATE = Path(__file__).parent / "typst" / "paper.typ"


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a paper: a text, a table, or both."""

    title: str
    text: str = ""
    heads: Sequence[str] = ()
    widths: Sequence[int] = ()
    rows: Sequence[Sequence[str]] = ()


def letter_pdf(handover: Handover, *, signed: Mapping[Any, str], at: datetime) -> bytes:
    """The letter that goes with a hand-over: what happened, what is asked, until when. `signed` names who did what."""
    return paper_pdf(TEMPLATE, letter_data(handover, signed=signed, at=at))


def letter_data(handover: Handover, *, signed: Mapping[Any, str], at: datetime) -> dict[str, Any]:
    """The letter as plain data."""
    incident = handover.incident
    sender, receiver = (
        Desk(handover.from_agency, handover.from_area),
        Desk(handover.to_agency, handover.to_area),
    )
    names = desk_names([sender, receiver])
    steps = list(HandoverStep.objects.filter(handover=handover).order_by("at", "id"))
    first = next((signed.get(step.id, "") for step in steps), "")
    due = handover.due_at
    return _paper(
        _("Surat serah terima penanganan"),
        f"{incident.label}/{handover.sequence}",
        incident,
        at,
        facts=[
            (_("Dari"), names[sender]),
            (_("Kepada"), names[receiver]),
            (_("Tanggal"), _instant(handover.sent_at, incident.area)),
            (_("Perihal"), f"{kind_words(incident.kind).name}, {_place(incident)}"),
            (_("Diminta"), handover.request),
            (
                _("Paling lambat"),
                _instant(due, incident.area) if due else _("tidak ada batas waktu yang ditetapkan"),
            ),
        ],
        parts=[
            Part(_("Kejadian"), f"{incident.title}. {incident.summary}"),
            Part(
                _("Perjalanan surat ini"),
                heads=(_("Waktu"), _("Langkah"), _("Oleh"), _("Alasan")),
                widths=(3, 3, 3, 4),
                rows=[
                    (
                        _instant(step.at, incident.area),
                        str(step.get_state_display()),
                        signed.get(step.id, ""),
                        step.reason,
                    )
                    for step in steps
                ],
            ),
        ],
        signs=[f"{_('Yang menyerahkan')}: {first}".rstrip(": "), _("Yang menerima")],
        note=_(
            "Dibuat dari catatan Ronda; langkah di atas tidak dapat diubah. Nama pelapor tidak disertakan."
        ),
    )


def custody_pdf(incident: Incident, files: Sequence[ProofFile], readings: Readings, *, at: datetime) -> bytes:
    """The chain of custody of all files of an incident as one paper."""
    return paper_pdf(TEMPLATE, custody_data(incident, files, readings, at=at))


Readings = dict[str, list[tuple[datetime, str]]]


def custody_data(
    incident: Incident, files: Sequence[ProofFile], readings: Readings, *, at: datetime
) -> dict[str, Any]:
    """The chain as plain data: for each file its hash, when it came, what it says of itself, who opened it."""
    handovers = list(Handover.objects.filter(incident=incident).order_by("sequence"))
    desks = {Desk(one.from_agency, one.from_area) for one in handovers} | {
        Desk(one.to_agency, one.to_area) for one in handovers
    }
    names = desk_names(desks)
    return _paper(
        _("Rantai bukti"),
        f"{incident.label} · {_place(incident)}",
        incident,
        at,
        facts=[
            (_("Kejadian"), f"{kind_words(incident.kind).name}. {incident.title}"),
            (_("Berkas"), number_words(len(files))),
        ],
        parts=[
            *(
                _file_part(at_, file, readings.get(file.sha256, []), incident, at)
                for at_, file in enumerate(files, 1)
            ),
            Part(
                _("Serah terima"),
                "" if handovers else _("Kejadian ini belum pernah diserahkan."),
                heads=(_("Waktu"), _("Dari"), _("Kepada"), _("Keadaan")),
                widths=(3, 4, 4, 3),
                rows=[
                    (
                        _instant(one.sent_at, incident.area),
                        names[Desk(one.from_agency, one.from_area)],
                        names[Desk(one.to_agency, one.to_area)],
                        str(one.get_state_display()),
                    )
                    for one in handovers
                ],
            ),
        ],
        note=_(
            "Berkas asli disimpan utuh dan tidak pernah disajikan; yang dibuka adalah salinan kerja. Sidik SHA-256 "
            "dihitung saat berkas diterima; siapa pun yang memegang aslinya dapat menghitungnya lagi."
        ),
    )


def _file_part(
    number: int, file: ProofFile, readings: Iterable[tuple[datetime, str]], incident: Incident, at: datetime
) -> Part:
    doubts = doubts_made(file, incident, at=at)  # decodes the file, if nobody did yet
    copy = evidence.copy_for(file.sha256, agency=file.agency)
    lines = [
        (_("Sidik SHA-256"), file.sha256),
        (_("Ukuran dan jenis"), f"{number_words(file.size)} B, {file.word}"),
        (_("Diterima simpul"), _received(file, incident)),
        (_("Salinan kerja"), _copy_words(copy)),
        (_("Kata berkas tentang dirinya"), _stated_words(copy)),
        *((_("Perlu dilihat"), doubt) for doubt in doubts),
        *((_("Dibuka"), f"{_instant(when, incident.area)}, {who}") for when, who in readings),
    ]
    return Part(_("Berkas %(n)s") % {"n": number}, heads=(_("Butir"), _("Isi")), widths=(3, 8), rows=lines)


def _received(file: ProofFile, incident: Incident) -> str:
    came = gate.file_came(file.sha256, agency=file.agency)
    return _instant(came or file.created_at, incident.area)


def _copy_words(copy: WorkingCopy | None) -> str:
    if copy is None:
        return _("belum dibuat")
    if copy.reason:
        return str(copy.get_reason_display())
    return f"SHA-256 {copy.copy_sha256}"


def _stated_words(copy: WorkingCopy | None) -> str:
    if copy is None or not (copy.taken_at or copy.latitude is not None):
        return _("tidak ada")
    said = [copy.taken_at.replace("T", " ")] if copy.taken_at else []
    if copy.latitude is not None and copy.longitude is not None:
        said.append(f"{copy.latitude:.5f}, {copy.longitude:.5f}")
    return "; ".join(said)


def _paper(
    title: str,
    subtitle: str,
    incident: Incident,
    at: datetime,
    *,
    facts: Sequence[tuple[str, str]],
    parts: Sequence[Part],
    note: str,
    signs: Sequence[str] = (),
) -> dict[str, Any]:
    return {
        "lang": "en" if (get_language() or "id").startswith("en") else "id",
        "title": title,
        "subtitle": subtitle,
        "warning": drill().upper(),
        "made": _("Dibuat %(time)s") % {"time": _instant(at, incident.area)},
        "page": _("Halaman"),
        "of": _("dari"),
        "facts": [list(one) for one in facts],
        "parts": [
            {
                "title": one.title,
                "text": one.text,
                "heads": list(one.heads),
                "widths": list(one.widths),
                "rows": [list(row) for row in one.rows],
            }
            for one in parts
        ],
        "signs": list(signs),
        "note": note,
    }


def _instant(at: datetime, area: str) -> str:
    return f"{day_words(local(at, area).date())} {clock_words(at, area)}"


def _place(incident: Incident) -> str:
    name = area_names([incident.area]).get(incident.area, incident.area)
    return f"{name} TPS {int(incident.station_code[10:]):02d}" if incident.station_code else name
