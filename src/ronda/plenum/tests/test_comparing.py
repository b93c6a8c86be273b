"""C against D on real stations, from the figures as read out to the findings on the page: all of it, nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from bench import planting
from django.utils.translation import override

from ronda.plenum.adapters.comparing import Sheet, Table, findings_of

SEED = 51_01
RULE = {"within": "X06", "between": "X07", "from_invalid": "X08", "from_unused": "X08"}


@pytest.fixture(scope="module")
def forms():
    whole = planting.party_forms("jembrana", np.random.default_rng(SEED))
    first = np.unique(whole.district)[0]
    at = whole.district == first
    return planting.Forms(whole.rows, whole.counted[at], whole.village[at], whole.district[at])


def table_of(forms, recap):
    boxes = tuple(f"b{at}" for at in range(len(forms.rows.kind)))
    codes = tuple(f"{at:03d}" for at in range(len(recap)))

    def typed(figures):
        return {box: int(number) for box, number in zip(boxes, figures, strict=True)}

    below = {code: Sheet(code, "ptps", 1, typed(row)) for code, row in zip(codes, forms.counted, strict=True)}
    read = {code: typed(row) for code, row in zip(codes, recap, strict=True)}
    villages = {code: str(home) for code, home in zip(codes, forms.village, strict=True)}
    return Table(boxes, forms.rows, codes, read, below, villages, {})


def found(table):
    with override("id"):
        return findings_of(table, {})


def test_a_shift_of_one_vote_is_found_wherever_and_of_whatever_kind_it_is(forms):
    rng, missed, tried = np.random.default_rng(SEED), [], 0
    for number in range(80):
        recap, kind = forms.counted.copy(), planting.SHIFTS[number % 4]
        planted = planting.plant_shift(forms, recap, int(rng.integers(len(recap))), kind, 1, rng)
        if planted is None:
            continue
        tried += 1
        told = [one for one in found(table_of(forms, recap)) if one.rule == RULE[kind] and one.votes == 1]
        boxes = {(cell.code, cell.box) for one in told for cell in one.cells}
        wanted = {(f"{planted.station:03d}", f"b{row}") for row in (planted.fell, planted.rose)}
        missed += [] if wanted <= boxes else [planted]
    assert tried > 70
    assert missed == []


def test_a_recapitulation_that_says_what_the_forms_say_raises_nothing(forms):
    assert found(table_of(forms, forms.counted)) == []


def test_half_of_a_recapitulation_that_is_still_being_read_raises_nothing(forms):
    table, rng = table_of(forms, forms.counted), np.random.default_rng(SEED)
    heard = {
        code: {box: number for box, number in typed.items() if rng.uniform() < 0.5}
        for code, typed in table.read.items()
    }
    assert found(replace(table, read=heard)) == []


def test_one_vote_more_on_one_row_is_no_longer_nothing(forms):
    """The control of the two tests above."""
    recap = forms.counted.copy()
    recap[0, 0] += 1
    (finding,) = found(table_of(forms, recap))
    assert (finding.rule, finding.votes) == ("X03", 1)


def test_votes_that_go_from_one_station_to_another_are_one_shift_of_their_village(forms):
    recap = forms.counted.copy()
    one, other = np.flatnonzero(forms.village == forms.village[0])[:2]
    recap[one, 0] -= 1
    recap[other, 3] += 1
    shifts = [finding for finding in found(table_of(forms, recap)) if finding.rule == "X06"]
    assert [len({cell.code for cell in finding.cells}) for finding in shifts] == [2]
