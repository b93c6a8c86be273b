"""How much of an area is in, and whether what is out can still turn who leads: a bound, never an estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from ronda.law import election_laws
from ronda.methods.coverage import Lead, worst_case
from ronda.results.adapters.shown import Heading
from ronda.results.models import AreaSummary
from ronda.web.numbers import number_words, percent_words


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a page says of it: stations that are in, votes that can still come, and who can still pass whom."""

    stations: str
    open_votes: str
    lead: str
    is_open: bool


def coverage_of(summary: AreaSummary, names: Heading) -> Coverage:
    """From the row of the area alone. Nothing is said of who leads where seats are shared, where several lists are
    voted on, or where a part was counted before the bound was."""
    missing = summary.stations - summary.reported
    lead = _lead(summary, names)
    return Coverage(
        _stations(summary, missing), _open_votes(summary, missing), _words(lead, names), missing > 0
    )


def _lead(summary: AreaSummary, names: Heading) -> Lead | None:
    votes, open_votes = summary.first_votes or [], summary.open_votes
    is_known = open_votes is not None and open_votes >= 0 and len(votes) >= 2 and min(votes) >= 0
    if (
        not is_known
        or not summary.reported
        or not (has_one_winner(names.election, names.contest) and names.choices)
    ):
        return None
    return worst_case(np.array(votes, np.int64), open_votes or 0)


def has_one_winner(election: str, contest: str) -> bool:
    """Whether the pair with most votes wins alone; seats of lists and of persons are shared."""
    law = election_laws().get(election)
    return law is not None and any(one.code == contest and one.choice_kind == "pair" for one in law.contests)


def _stations(summary: AreaSummary, missing: int) -> str:
    if not missing:
        return _("Semua %(n)s TPS sudah masuk.") % {"n": number_words(summary.stations)}
    return _("%(reported)s dari %(stations)s TPS sudah masuk (%(share)s).") % {
        "reported": number_words(summary.reported),
        "stations": number_words(summary.stations),
        "share": percent_words(summary.reported / summary.stations),
    }


def _open_votes(summary: AreaSummary, missing: int) -> str:
    if not missing or summary.open_votes is None or summary.open_votes < 0:
        return ""
    return _("%(missing)s TPS yang belum masuk memegang paling banyak %(votes)s surat suara.") % {
        "missing": number_words(missing),
        "votes": number_words(summary.open_votes),
    }


def _words(lead: Lead | None, names: Heading) -> str:
    if lead is None:
        return ""
    first, second = (names.choice(at).split(" ")[0] for at in (lead.first, lead.second))
    words = {
        "first": first,
        "second": second,
        "lead": number_words(lead.lead_votes),
        "left": number_words(lead.worst_lead_votes),
    }
    if not lead.open_votes and not lead.lead_votes:
        return _("Nomor %(first)s dan nomor %(second)s sama banyak.") % words
    if not lead.open_votes:
        return _("Nomor %(first)s unggul %(lead)s suara atas nomor %(second)s.") % words
    if lead.is_decided:
        text = _(
            "Sekalipun semuanya untuk nomor %(second)s, nomor %(first)s tetap unggul sedikitnya %(left)s suara."
        )
        return text % words
    if not lead.worst_lead_votes:
        text = _(
            "Bila semuanya untuk nomor %(second)s, suaranya menyamai nomor %(first)s, yang kini unggul %(lead)s suara."
        )
        return text % words
    text = _(
        "Bila semuanya untuk nomor %(second)s, nomor %(first)s, yang kini unggul %(lead)s suara, masih dapat dilewati."
    )
    return text % words
