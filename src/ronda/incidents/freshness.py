"""Whether a photo that shows the work is new, of the place and of the time: reasons to look twice, never a verdict."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ronda.evidence import selectors as evidence
from ronda.evidence.domain import Disagreement
from ronda.evidence.services import copy_make
from ronda.places.selectors import point_of
from ronda.web.localtime import clock_words, day_words, local
from ronda.web.numbers import number_words

if TYPE_CHECKING:
    from ronda.incidents.models import Incident, ProofFile


def doubts_made(file: ProofFile, incident: Incident, *, at: datetime) -> list[str]:
    """`doubts_of` a file that may not have been decoded yet."""
    copy_make(sha256=file.sha256, agency=file.agency, area=file.area, at=at, hurry=True)
    return doubts_of(file, incident)


def doubts_of(file: ProofFile, incident: Incident) -> list[str]:
    """What speaks against a file as proof that the work was done, in sentences: a photo like one that came before,
    taken before the incident became known, or far from its place. What a file does not say raises no doubt."""
    copy = evidence.copy_for(file.sha256, agency=file.agency)
    if copy is None or copy.reason:
        return []
    found = []
    earlier = evidence.copies_alike(copy, before=file.created_at)
    if earlier:
        when = earlier[0][1].created_at
        found.append(
            _("Foto ini mirip foto yang sudah diterima %(day)s, %(clock)s.")
            % {
                "day": day_words(local(when, incident.area).date()),
                "clock": clock_words(when, incident.area),
            }
        )
    taken = datetime.fromisoformat(copy.taken_at) if copy.taken_at else None
    if taken is not None:
        known = local(incident.known_at, incident.area)
        if (taken if taken.tzinfo else taken.replace(tzinfo=known.tzinfo)) < known:
            found.append(_("Menurut jam kamera, foto ini diambil sebelum kejadiannya diketahui."))
    point = point_of(incident.area, own=True)
    for apart in evidence.apart_from(copy, captured_at=None, place=(point[1], point[0]) if point else None):
        if apart.what is Disagreement.PLACE:
            far = number_words(round(apart.far / 1000))
            found.append(_("Titik lokasi di foto terpaut %(km)s km dari tempat kejadian.") % {"km": far})
    return found
