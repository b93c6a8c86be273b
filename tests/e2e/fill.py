"""Fill the database of a browser test: `python -m tests.e2e.fill`, pointed at it by the environment."""

import json
import os
from pathlib import Path

import django
from bench import pages_fill

from ronda.config.postgres import PostgresServer

AREA = "51.01"
# The contest of tests/e2e/test_results_story.py: lists of two parties, and the copy of one form in its station.
STORY_CONTEST, LISTS = "DPRD_KABKO", "DPRD Kabupaten/Kota"
STORY_STATION, READ_STATION = "5101011006002", "5101011006001"
PARTIES = {4: 2, 12: 3}
VOTES = [14, 12, 9, 61, 8, 4, 21]
SIZE = pages_fill.Size(reports=1_200, active=70, closed=60, sheet_contests=1)


def main() -> None:
    var = Path(os.environ["RONDA_VAR"])
    server = PostgresServer(var / "pg")
    django.setup()
    pages_fill.fill(
        lambda sql: server.psql(sql, dbname=os.environ["RONDA_DB_NAME"]),
        SIZE,
        area=AREA,
        say=lambda text: None,
    )
    lists_make()


def lists_make() -> None:
    """Party lists in one contest, and one form of it that came through the gate."""
    from ronda.elections.adapters.choices import ChoiceRow
    from ronda.elections.selectors import election_for
    from ronda.elections.services import choices_import
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        election = election_for(pages_fill.ELECTION)
        assert election is not None
        rows = [
            ChoiceRow(STORY_CONTEST, AREA, number, f"Baris {party}.{number}", party)
            for party, candidates in PARTIES.items()
            for number in range(candidates + 1)
        ]
        choices_import(election=election, choices=rows, at=pages_fill.NOW)
    _form_comes_in()


def _form_comes_in() -> None:
    from ronda.gate.domain import Grant
    from ronda.gate.inbox import messages_consume
    from ronda.gate.services import message_accept
    from ronda.kernel.areas import station_area
    from ronda.kernel.ids import uuid7
    from ronda.kernel.keys import node_keys
    from ronda.kernel.scope import Scope, scoped
    from ronda.ledger.services import leaves_sequence

    total = sum(VOTES)
    body = {"contest": STORY_CONTEST, "source": "ptps", "votes": VOTES, "valid": total, "invalid": 6}
    message = {
        "id": str(uuid7()),
        "kind": "sheet",
        "election": pages_fill.ELECTION,
        "place": station_area(READ_STATION),
        "station": READ_STATION,
        "captured_at": pages_fill.NOW.isoformat(),
        "body": body | {"users": total + 6, "registered": 200},
        "files": [],
    }
    message_accept(
        raw=json.dumps(message).encode(), grant=Grant("bawaslu", "bawaslu", AREA), at=pages_fill.NOW
    )
    with scoped(Scope.system()):
        messages_consume(at=pages_fill.NOW)
        leaves_sequence(keys=node_keys(), at=pages_fill.NOW)


if __name__ == "__main__":
    main()
