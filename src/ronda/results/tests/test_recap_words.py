"""What happened at a recapitulation in one sentence, in both languages; never a name, never a reproach."""

import numpy as np
import pytest
from django.utils.translation import override

from ronda.methods.recap import Figures, FormRows, Move, MoveKind, moves, row_differences
from ronda.results.adapters.recap_words import KIND_NAMES, move_sentence, rule_of

ROWS = FormRows.of(
    ("party", 12),
    ("candidate", 12, 1),
    ("candidate", 12, 2),
    ("candidate", 12, 3),
    ("party", 14),
    ("choice", 0, 2),
    ("invalid",),
    ("voters",),
)


def nine_stations():
    earlier = np.tile(np.array([30, 12, 9, 5, 40, 7, 6, 109]), (9, 1))
    later = earlier.copy()
    later[:, 0] -= [4] * 8 + [5]
    later[:, 3] += [4] * 8 + [5]
    return row_differences(Figures.of(earlier), Figures.of(later))


def test_the_sentence_of_the_issue_comes_out_word_for_word():
    (move,) = moves(ROWS, nine_stations(), np.zeros(9, np.int64))
    with override("id"):
        said = move_sentence(move, ROWS, village="Desa X")
    assert said == "Partai 12 −37, caleg 3 Partai 12 +37 di 9 TPS, semuanya di Desa X"
    with override("en"):
        said = move_sentence(move, ROWS, village="Desa X")
    assert said == "Party 12 −37, candidate 3 of Party 12 +37 in 9 stations, all in Desa X"


@pytest.mark.parametrize(
    ("move", "sentence", "rule"),
    [
        (
            Move(MoveKind.BETWEEN, ((4, 10),), ((1, 10),), (0, 1), None),
            "Partai 14 −10, caleg 1 Partai 12 +10 di 2 TPS",
            "X07",
        ),
        (
            Move(MoveKind.FROM_INVALID, ((6, 6),), ((5, 6),), (3,), 1),
            "Suara tidak sah −6, calon 2 +6 di 1 TPS, Desa X",
            "X08",
        ),
        (
            Move(MoveKind.VOTERS, (), ((7, 1200),), (3,), 1),
            "Pengguna hak pilih +1.200 di 1 TPS, Desa X",
            "X09",
        ),
        (Move(MoveKind.ADDED, (), ((0, 2),), (3,), None), "Partai 12 +2 di 1 TPS", "X03"),
    ],
)
def test_each_kind_names_the_rows_of_the_form_and_its_rule(move, sentence, rule):
    with override("id"):
        assert move_sentence(move, ROWS, village="Desa X") == sentence
    assert rule_of(move) == rule


def test_many_rows_are_cut_to_the_largest():
    move = Move(MoveKind.BETWEEN, tuple((at, 9 - at) for at in range(6)), (), (0,), None)
    with override("id"):
        assert "caleg 3 Partai 12 −6, 2 baris lain di 1 TPS" in move_sentence(move, ROWS)


def test_every_kind_has_a_name_and_none_is_a_reproach():
    assert set(KIND_NAMES) == set(MoveKind)
    said = " ".join(str(name) for name in KIND_NAMES.values()).lower()
    assert not any(word in said for word in ("curang", "gelembung", "palsu", "fraud"))
