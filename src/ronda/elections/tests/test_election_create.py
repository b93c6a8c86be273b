"""An election comes out of law, and may be made again: for the same area, for another, after the law changed."""

from datetime import UTC, datetime

import pytest

from ronda.elections.models import Election
from ronda.elections.services import election_create
from ronda.kernel.models import EventRow
from ronda.law import election_laws

AT = datetime(2024, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("law", sorted(election_laws()))
def test_an_election_is_made_again_and_for_a_second_area(as_scope, law: str) -> None:
    with as_scope():
        first = election_create(law=law, area="51.01", at=AT)
        before = [rows.count() for rows in (first.stages, first.contests)]
        again = election_create(law=law, area="51.01", at=AT)
        assert again == first
        assert [rows.count() for rows in (again.stages, again.contests)] == before
        election_create(law=law, area="35.09", at=AT)
        assert Election.objects.filter(law=law).count() == 1
        assert EventRow.objects.filter(name="election.created").count() == 3


def test_what_the_law_says_anew_is_written_over_what_stands(as_scope) -> None:
    with as_scope():
        made = election_create(law="pemilu-2024", area="51.01", at=AT)
        stage, contest = made.stages.earliest("position"), made.contests.earliest("position")
        for row in (made, stage, contest):
            row.name_id = "Lama"
            row.save(update_fields=["name_id"])

        election_create(law="pemilu-2024", area="51.01", at=AT)

        for row in (made, stage, contest):
            row.refresh_from_db()
            assert row.name_id != "Lama"
