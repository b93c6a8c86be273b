"""Rounds of entry, the figures of a form in the making, and when two entries agree. No queries, no clock."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ronda.results.domain import Figures
from ronda.results.papers import COLUMNS, Typed


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


def boxes_differing(first: Typed, second: Typed) -> list[str]:
    """Boxes in which two entries differ; a box that one of them lacks is compared too if it holds votes or totals."""
    both = [name for name in first if name in second]
    lone = [name for name in first.keys() ^ second.keys() if _is_result(name)]
    return sorted([name for name in both if first[name] != second[name]] + lone)


def _is_result(name: str) -> bool:
    return name in COLUMNS or (name[:1] == "v" and name[1:].isdigit())


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
