"""Figures while they are typed: box to number. An empty box is absent, never zero."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from ronda.results.domain import Figures

Typed = Mapping[str, int]
FIGURE_MAX = 99_999_999  # totals of a province are typed too
COLUMNS = {"sah": "valid", "tidak_sah": "invalid", "pengguna_j": "users", "dpt_j": "registered"}


def row_id(at: int) -> str:
    """The name of the box of a choice, by its place on the form."""
    return f"v{at}"


def typed_figure(text: str) -> int | None:
    """What a box holds; empty is not reported. ValueError for anything but a whole number that fits."""
    clean = text.strip()
    if not clean:
        return None
    if not (clean.isascii() and clean.isdigit()) or int(clean) > FIGURE_MAX:
        raise ValueError(
            _("Isi dengan angka bulat 0 sampai %(most)s, atau kosongkan.") % {"most": FIGURE_MAX}
        )
    return int(clean)


def figures_of(typed: Typed, *, choices: int) -> Figures:
    """The figures of a copy out of what was typed."""
    votes = tuple(typed.get(row_id(at)) for at in range(choices))
    single = {column: typed.get(box) for box, column in COLUMNS.items()}
    rows = {row_id(at) for at in range(choices)}
    other = {name: value for name, value in typed.items() if name not in COLUMNS and name not in rows}
    return Figures(votes, other=other, **single)


def typed_of(figures: Figures) -> dict[str, int]:
    """The other way: what a copy would look like in the boxes."""
    known = {row_id(at): number for at, number in enumerate(figures.votes)}
    known |= {box: getattr(figures, column) for box, column in COLUMNS.items()}
    return {name: value for name, value in {**figures.other, **known}.items() if value is not None}
