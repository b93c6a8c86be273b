"""Fill the database of a browser test: `python -m tests.e2e.fill`, pointed at it by the environment."""

import os
from pathlib import Path

import django
from bench import pages_fill

from ronda.config.postgres import PostgresServer

AREA = "51.01"
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


if __name__ == "__main__":
    main()
