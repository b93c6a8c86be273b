"""C against D on the real stations of Jembrana: every planted shift of one vote or more is told, nothing else is."""

import numpy as np
import pytest
from bench import planting

from ronda.methods.recap import Figures, row_differences

SEED = 51_01


@pytest.fixture(scope="module")
def forms():
    return planting.party_forms("jembrana", np.random.default_rng(SEED))


@pytest.fixture(scope="module")
def one_vote_everywhere(forms):
    """A recap with one shift in every station, the four kinds in turn, of one vote or of some."""
    rng, recap = np.random.default_rng(SEED), forms.counted.copy()
    planted = []
    for station in range(recap.shape[0]):
        kind, votes = planting.SHIFTS[station % 4], (1, 1, 2, 37)[station // 4 % 4]
        planted.append(planting.plant_shift(forms, recap, station, kind, votes, rng))
    return recap, [change for change in planted if change]


def test_every_planted_shift_is_told_with_its_kind_rows_and_votes(forms, one_vote_everywhere):
    recap, planted = one_vote_everywhere
    assert len(planted) > 750
    assert {change.kind for change in planted} == set(planting.SHIFTS)
    assert sum(change.votes == 1 for change in planted) > 350
    assert all(planting.found_shifts(forms, recap, planted))


def test_a_comparison_of_party_totals_would_miss_shifts_inside_parties(forms, one_vote_everywhere):
    """The control: what compares less than every row finds less than every shift."""
    recap, planted = one_vote_everywhere
    members = forms.rows.members
    raised = (forms.counted @ members != recap @ members).any(axis=1)
    missed = [change for change in planted if not raised[change.station]]
    assert {change.kind for change in missed} == {"within"}
    assert len(missed) > 150


def test_a_comparison_of_valid_votes_would_miss_every_moved_vote(forms, one_vote_everywhere):
    recap, planted = one_vote_everywhere
    valid = forms.rows.kind.index("valid")
    raised = forms.counted[:, valid] != recap[:, valid]
    assert not any(raised[change.station] for change in planted if change.kind in {"within", "between"})


def test_nothing_is_raised_where_nothing_was_changed(forms):
    assert planting.raised_stations(forms, forms.counted.copy()) == set()


def test_rows_that_are_not_read_yet_raise_nothing(forms):
    known = np.random.default_rng(SEED).uniform(size=forms.counted.shape) < 0.5
    half = Figures(np.where(known, forms.counted, 0), known)
    assert not row_differences(forms.figures(), half).columns.any()


def test_taking_what_is_not_read_for_zero_would_raise_stations(forms):
    """The control of the test above."""
    known = np.random.default_rng(SEED).uniform(size=forms.counted.shape) < 0.5
    assert len(planting.raised_stations(forms, np.where(known, forms.counted, 0))) > 800
