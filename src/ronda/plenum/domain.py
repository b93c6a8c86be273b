"""States of a plenum and of an objection, and which rows of the form are compared. No queries, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ronda.kernel.areas import Level
from ronda.methods.recap import FormRows, Line
from ronda.results.papers import Paper

# Rows that are compared besides the choices, and what the method takes them for.
ASIDE = {
    "sah": Line.VALID,
    "tidak_sah": Line.INVALID,
    "ss_tidak_digunakan": Line.UNUSED,
    "pengguna_j": Line.VOTERS,
    "pengguna_dptb_j": Line.VOTERS,
    "pengguna_dpk_j": Line.VOTERS,
    "dpt_j": Line.VOTERS,
}


@dataclass(frozen=True, slots=True)
class Below:
    """What the columns of a plenum are made of: what a column is (empty: a station), the paper below it, its letter."""

    unit: str
    paper: str
    letter: str


def below_words(plenum_level: Level) -> Below:
    """The papers that a plenum of this level reads out, in the language of now."""
    if plenum_level is Level.REGENCY:
        return Below(gettext("kecamatan"), gettext("D.Hasil kecamatan"), "D")
    if plenum_level is Level.PROVINCE:
        return Below(gettext("kabupaten/kota"), gettext("D.Hasil kabupaten/kota"), "D")
    return Below("", "C.Hasil", "C")


class PlenumRefused(Exception):
    """What was asked cannot be done; the text says why and what to do."""


class PlenumState(TextChoices):
    """Whether figures are still read out."""

    OPEN = "open", _("sedang berlangsung")
    CLOSED = "closed", _("ditutup")


class ObjectionState(TextChoices):
    """What became of an objection."""

    OPEN = "open", _("diajukan")
    CORRECTED = "corrected", _("dibetulkan")
    REFUSED = "refused", _("ditolak")
    WITHDRAWN = "withdrawn", _("ditarik")


def compared_rows(paper: Paper) -> tuple[tuple[str, ...], FormRows]:
    """The boxes that are compared, in the order of the paper, and their rows for the method."""
    boxes, rows = [], []
    for part, lines in paper.parts:
        for line in lines:
            for box in line.boxes:
                if part == "choices" and line.kind != "total":
                    boxes.append(box.id)
                    rows.append(_choice(line.kind, line.party, line.number))
                elif box.id in ASIDE:
                    boxes.append(box.id)
                    rows.append((ASIDE[box.id].value, 0, 0))
    return tuple(boxes), FormRows.of(*rows)


def row_labels(paper: Paper, boxes: Sequence[str]) -> dict[int, str]:
    """Where the compared rows that are no choices stand, with their names on the paper."""
    lines = (line for _part, lines in paper.parts for line in lines)
    names = {box.id: line.name for line in lines for box in line.boxes if box.id in ASIDE}
    return {at: names[box] for at, box in enumerate(boxes) if box in names}


def _choice(kind: str, party: int, number: int) -> tuple[str, int, int]:
    if not party:
        return Line.CHOICE.value, 0, number
    return (Line.CANDIDATE.value if number else Line.PARTY.value), party, number
