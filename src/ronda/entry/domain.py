"""Rounds of entry, the figures of a form in the making, and when two entries agree. No queries, no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ronda.results.domain import Figures

Typed = Mapping[str, int]
FIGURE_MAX = 9_999
_COLUMNS = {"sah": "valid", "tidak_sah": "invalid", "pengguna_j": "users", "dpt_j": "registered"}


class EntryRefused(Exception):
    """What was asked cannot be done; the text says why and what to do."""


class EntryState(TextChoices):
    """Where a form stands; the word says what it waits for."""

    FIRST = "first", gettext_lazy("menunggu entri pertama")
    SECOND = "second", gettext_lazy("menunggu entri kedua")
    THIRD = "third", gettext_lazy("menunggu pemutus")
    DONE = "done", gettext_lazy("selesai")


ROUND = {EntryState.FIRST: 1, EntryState.SECOND: 2, EntryState.THIRD: 3}


def round_for(state: str, *, person: str, before: Collection[str]) -> int:
    """The round a person may begin; EntryRefused when there is none for them."""
    found = ROUND.get(EntryState(state))
    if found is None:
        raise EntryRefused(_("Formulir ini sudah selesai dientri."))
    if person in before:
        raise EntryRefused(_("Entri berikutnya harus oleh orang lain, supaya kedua bacaan saling bebas."))
    return found


def row_id(at: int) -> str:
    """The name of the box of a choice, by its place on the form."""
    return f"v{at}"


def typed_figure(text: str) -> int | None:
    """What a box holds; empty is not reported. EntryRefused for anything but a whole number that fits."""
    clean = text.strip()
    if not clean:
        return None
    if not (clean.isascii() and clean.isdigit()) or int(clean) > FIGURE_MAX:
        raise EntryRefused(
            _("Isi dengan angka bulat 0 sampai %(most)s, atau kosongkan.") % {"most": FIGURE_MAX}
        )
    return int(clean)


def figures_of(typed: Typed, *, choices: int) -> Figures:
    """The figures of a copy out of what was typed."""
    votes = tuple(typed.get(row_id(at)) for at in range(choices))
    single = {column: typed.get(box) for box, column in _COLUMNS.items()}
    rows = {row_id(at) for at in range(choices)}
    other = {name: value for name, value in typed.items() if name not in _COLUMNS and name not in rows}
    return Figures(votes, other=other, **single)


def typed_of(figures: Figures) -> dict[str, int]:
    """The other way: what a copy would look like in the boxes."""
    known = {row_id(at): number for at, number in enumerate(figures.votes)}
    known |= {box: getattr(figures, column) for box, column in _COLUMNS.items()}
    return {name: value for name, value in {**figures.other, **known}.items() if value is not None}


def boxes_differing(first: Typed, second: Typed) -> list[str]:
    """Boxes in which two entries differ; a box that one of them lacks is compared too if it holds votes or totals."""
    both = [name for name in first if name in second]
    lone = [name for name in first.keys() ^ second.keys() if _is_result(name)]
    return sorted([name for name in both if first[name] != second[name]] + lone)


def _is_result(name: str) -> bool:
    return name in _COLUMNS or (name[:1] == "v" and name[1:].isdigit())


def body_of(figures: Figures, *, contest: str, source: str, rounds: Sequence[str]) -> dict[str, object]:
    """The body of the message that carries an entry through the gate."""
    return {
        **figures.other,
        "contest": contest,
        "source": source,
        "votes": list(figures.votes),
        "valid": figures.valid,
        "invalid": figures.invalid,
        "users": figures.users,
        "registered": figures.registered,
        "entry": {"rounds": list(rounds)},
    }
