"""Moves of a recapitulation in one sentence: which rows fell, which rose, in how many stations. Names no person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ronda.methods.recap import FormRows, Line, Move, MoveKind
from ronda.web.numbers import number_words, signed_words

MOST = 4
Labels = Mapping[int, str]
NO_LABELS: Labels = {}

# The rule that a move of each kind fails.
RULE_OF = {
    MoveKind.WITHIN: "X06",
    MoveKind.BETWEEN: "X07",
    MoveKind.FROM_INVALID: "X08",
    MoveKind.FROM_UNUSED: "X08",
    MoveKind.VOTERS: "X09",
}
ROW_DIFFERS = "X03"

KIND_NAMES = {
    MoveKind.WITHIN: gettext_lazy("Bergeser di dalam satu partai"),
    MoveKind.BETWEEN: gettext_lazy("Bergeser ke peserta lain"),
    MoveKind.FROM_INVALID: gettext_lazy("Bertambah dari suara tidak sah"),
    MoveKind.FROM_UNUSED: gettext_lazy("Bertambah dari surat suara tidak terpakai"),
    MoveKind.ADDED: gettext_lazy("Bertambah tanpa baris yang berkurang"),
    MoveKind.LOST: gettext_lazy("Suara peserta berkurang"),
    MoveKind.ASIDE: gettext_lazy("Bukan suara peserta yang berubah"),
    MoveKind.OPEN: gettext_lazy("Belum semua baris terisi"),
    MoveKind.VOTERS: gettext_lazy("Pengguna hak pilih berubah"),
}

_LINE_NAMES = {
    Line.VALID: gettext_lazy("suara sah"),
    Line.INVALID: gettext_lazy("suara tidak sah"),
    Line.UNUSED: gettext_lazy("surat suara tidak terpakai"),
    Line.VOTERS: gettext_lazy("pengguna hak pilih"),
    Line.OTHER: gettext_lazy("angka lain"),
}


def rule_of(move: Move) -> str:
    """The id of the rule that a move fails."""
    return RULE_OF.get(move.kind, ROW_DIFFERS)


def move_sentence(
    move: Move,
    rows: FormRows,
    *,
    village: str = "",
    unit: str = "",
    names: Sequence[str] = (),
    labels: Labels = NO_LABELS,
) -> str:
    """Partai 12 −37, caleg 3 Partai 12 +37 di 9 TPS, semuanya di Desa X: `village` names `move.village`. Where a column
    is no station, `unit` says what it is, and `names` which they are: di 2 kecamatan: Negara, Mendoyo."""
    number = len(move.stations)
    words = {"changes": capfirst(_changes(move, rows, labels)), "stations": number_words(number)}
    if unit:
        told = _("%(changes)s di %(stations)s %(unit)s: %(names)s")
        listed = [*names[:MOST], "…"] if len(names) > MOST else names
        return told % {**words, "unit": unit, "names": ", ".join(listed)}
    if move.village is None or not village:
        said = ngettext("%(changes)s di %(stations)s TPS", "%(changes)s di %(stations)s TPS", number)
        return said % words
    if number == 1:
        return _("%(changes)s di %(stations)s TPS, %(village)s") % {**words, "village": village}
    said = _("%(changes)s di %(stations)s TPS, semuanya di %(village)s")
    return said % {**words, "village": village}


def _changes(move: Move, rows: FormRows, labels: Labels) -> str:
    fell = [f"{row_words(rows, at, labels)} {signed_words(-votes)}" for at, votes in move.fell]
    rose = [f"{row_words(rows, at, labels)} {signed_words(votes)}" for at, votes in move.rose]
    return ", ".join([*_first(fell), *_first(rose)])


def _first(parts: list[str]) -> list[str]:
    left = len(parts) - MOST
    return [*parts[:MOST], _("%(n)s baris lain") % {"n": left}] if left > 0 else parts


def row_words(rows: FormRows, at: int, labels: Labels = NO_LABELS) -> str:
    """A row of the form: Partai 12, caleg 3 Partai 12, calon 2, suara tidak sah; a row with a label by its label."""
    if at in labels:
        return labels[at]
    kind = rows.kind[at]
    words = {"party": rows.party[at], "number": rows.number[at]}
    if kind == Line.PARTY:
        return _("Partai %(party)s") % words
    if kind == Line.CANDIDATE:
        return _("caleg %(number)s Partai %(party)s") % words
    if kind == Line.CHOICE:
        return _("calon %(number)s") % words
    return str(_LINE_NAMES[kind])
