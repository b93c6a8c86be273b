"""Files of reports: what each says of itself beside what its report says, and the reports that carry a file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from ronda.evidence import selectors as evidence
from ronda.evidence.domain import Apart, Disagreement
from ronda.places.selectors import point_of
from ronda.reports.models import Report
from ronda.reports.selectors import EXCERPT
from ronda.web.localtime import clock_words, day_words, local
from ronda.web.numbers import number_words

if TYPE_CHECKING:
    from ronda.evidence.models import WorkingCopy

VILLAGE = 13  # characters of a village code: a photo is held against nothing wider
MOST = 50


@dataclass(frozen=True)
class ReportFile:
    """One file of a report. `reason`: why it cannot be looked at; empty where it can, or nobody tried yet. `doubts`:
    where it disagrees with the report, in sentences."""

    sha256: str
    type: str
    size: int | None
    is_photo: bool
    reason: str
    doubts: list[str]
    is_searchable: bool


def files_of(report: Report) -> list[ReportFile]:
    """The files of a report, in the order in which they came. Who may open them is for the caller to know."""
    copies = evidence.copies_for(hashes_of(report), agency=report.agency)
    point = point_of(report.area, own=True) if len(report.area) == VILLAGE and report.is_placed else None
    return [_file(report, file, copies.get(str(file["sha256"])), point) for file in report.files]


def hashes_of(report: Report) -> list[str]:
    return [str(file["sha256"]) for file in report.files]


def _file(
    report: Report, file: Mapping[str, Any], copy: "WorkingCopy | None", point: tuple[float, float] | None
) -> ReportFile:
    type_ = str(file.get("type", ""))
    return ReportFile(
        sha256=str(file["sha256"]),
        type=type_,
        size=file.get("size"),
        is_photo=type_.startswith("image/"),
        reason=str(copy.get_reason_display()) if copy and copy.reason else "",
        doubts=_doubts(report, copy, point) if copy else [],
        is_searchable=copy is not None and copy.look is not None,
    )


def _doubts(report: Report, copy: "WorkingCopy", point: tuple[float, float] | None) -> list[str]:
    """The camera's clock is held against when it happened, else when it was written; its place against the village."""
    said = report.happened_at or report.captured_at
    place = (point[1], point[0]) if point else None
    apart = evidence.apart_from(copy, captured_at=said and local(said, report.area), place=place)
    return [_sentence(one, report, copy, said) for one in apart]


def _sentence(apart: Apart, report: Report, copy: "WorkingCopy", said: datetime | None) -> str:
    if apart.what is Disagreement.PLACE:
        return _("Titik lokasi di foto terpaut %(km)s km dari desa yang disebut laporan.") % {
            "km": number_words(round(apart.far / 1000))
        }
    taken = datetime.fromisoformat(copy.taken_at)
    shown = local(taken, report.area) if taken.tzinfo else taken
    assert said is not None  # nothing disagrees with what is not said
    return _("Menurut jam kamera, foto diambil %(taken)s; laporan menyebut %(said)s.") % {
        "taken": f"{day_words(shown.date(), short=True)} {shown:%H.%M}",
        "said": f"{day_words(local(said, report.area).date(), short=True)} {clock_words(said, report.area)}",
    }


def reports_with(hashes: Collection[str]) -> list[Report]:
    """Reports of the scope that carry one of these files, latest first."""
    if not hashes:
        return []
    named: Iterable[Q] = (Q(files__contains=[{"sha256": one}]) for one in hashes)
    rows = Report.objects.exclude(files=[]).filter(reduce(or_, named))
    shown = rows.defer("text").annotate(excerpt=Left("text", EXCERPT))
    return list(shown.order_by("-received_at", "-id")[:MOST])


def known_looks(reports: Sequence[Report]) -> dict[tuple[str, str], int]:
    """What is known already of the photos of new reports: by hash and agency."""
    named: dict[str, list[str]] = {}
    for report in reports:
        named.setdefault(report.agency, []).extend(str(file["sha256"]) for file in report.files)
    return {
        (sha256, agency): look
        for agency, hashes in named.items()
        if hashes
        for sha256, copy in evidence.copies_for(hashes, agency=agency).items()
        if (look := evidence.look_of(copy)) is not None
    }


def looks_of(report: Report, looks: Mapping[tuple[str, str], int]) -> tuple[int, ...]:
    """Those of one report, in the order of its files."""
    keys = ((one, report.agency) for one in hashes_of(report))
    return tuple(looks[key] for key in keys if key in looks)
