"""Many rows in one statement: they travel as one parameter. A statement with a parameter for every cell costs several
times as much to put together as the database takes to write it; and row security refuses COPY."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

BATCH = 5_000


def rows_add(rows: Iterable[models.Model]) -> None:
    """Insert rows of one model in the transaction in force. A field that was not given and has a database default gets
    it; the objects do not learn of it, nor are signals sent. Any error is the database's, and nothing is written.

    Not for bytes, which JSON cannot hold: TypeError.
    """
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        _insert(batch)


def rows_update(rows: Iterable[models.Model], columns: Sequence[str]) -> None:
    """Write these columns of rows of one model that are there, in the transaction in force, each found by its key."""
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        _update(batch, columns)


def _update(rows: list[models.Model], columns: Sequence[str]) -> None:
    table, quoted = rows[0]._meta, connection.ops.quote_name
    attnames = [table.get_field(column).attname for column in columns]  # type: ignore[union-attr]  # no relations back
    names = {field.attname: str(field.column) for field in table.concrete_fields}
    assert table.pk is not None
    key = table.pk.attname
    cells = [(names[attname], attname) for attname in (key, *attnames)]
    name, at = quoted(table.db_table), quoted(names[key])
    new = ", ".join(f"{quoted(names[attname])} = came.{quoted(names[attname])}" for attname in attnames)
    # Safe: names of tables and columns come from the models; every value is in the parameter.
    sql = (
        f"UPDATE {name} SET {new} FROM json_populate_recordset(NULL::{name}, %s) AS came"  # noqa: S608
        f" WHERE {name}.{at} = came.{at}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [_encoded(dict(_cells(row, cells)) for row in rows)])


def _insert(rows: list[models.Model]) -> None:
    table, quoted = rows[0]._meta, connection.ops.quote_name
    given = [
        field.attname
        for field in table.concrete_fields
        if not isinstance(getattr(rows[0], field.attname), DatabaseDefault)
    ]
    names = {field.attname: str(field.column) for field in table.concrete_fields}
    cells = [(names[attname], attname) for attname in given]
    columns = ", ".join(quoted(column) for column, _ in cells)
    name = quoted(table.db_table)
    # Safe: names of tables and columns come from the models; every value is in the parameter.
    sql = f"INSERT INTO {name} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{name}, %s)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [_encoded(dict(_cells(row, cells)) for row in rows)])


def _cells(row: models.Model, cells: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Any]]:
    for column, attname in cells:
        value = getattr(row, attname)
        if isinstance(value, bytes | memoryview):
            raise TypeError(f"wanted a value that JSON can hold in {column}; came bytes")
        yield column, value


def _encoded(rows: Iterable[dict[str, Any]]) -> str:
    return msgspec.json.encode(list(rows)).decode()
