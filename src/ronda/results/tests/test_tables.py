"""The one writer of tidy tables: no cell runs in a spreadsheet, nothing unknown becomes zero, the package tells all."""

import csv
import hashlib
import io
import json
from datetime import UTC, datetime

from ronda.publishing.adapters import site_data
from ronda.results.adapters import tidy
from ronda.results.adapters.area_results import Choice
from ronda.results.adapters.tables import CHOICE, choice_rows, data_package, tidy_table

AT = datetime(2024, 2, 14, 9, 0, 0, 123456, tzinfo=UTC)
FIELDS = (("what", "string", "a text"), ("number", "integer", "a number"), ("at", "datetime", "when"))


def cells(table):
    return list(csv.reader(io.StringIO(table.content.decode())))


def test_a_cell_that_a_spreadsheet_would_run_is_made_text_and_numbers_stay():
    came = ["=1+1", "+cmd", "-x", "@SUM(A1)", "\t=1", "a\r=1", "-5", "Nama = biasa"]
    table = tidy_table("a.csv", "A", FIELDS, [(text, -3, AT) for text in came])
    told = [row[0] for row in cells(table)[1:]]
    assert told == ["'=1+1", "'+cmd", "'-x", "'@SUM(A1)", "'\t=1", "a\n=1", "-5", "Nama = biasa"]
    assert {tuple(row[1:]) for row in cells(table)[1:]} == {("-3", "2024-02-14T09:00:00+00:00")}


def test_what_is_not_reported_and_what_has_no_name_is_empty():
    ballot = (Choice(1, 0, "Partai Satu"), Choice(1, 1, "Ketut"), Choice(0, 2, "Made"))
    table = tidy_table("v.csv", "V", CHOICE, choice_rows((), ballot, (7, None, 0, 5)))
    assert cells(table)[1:] == [
        ["1", "1", "0", "Partai Satu", "7"],
        ["2", "1", "1", "Ketut", ""],
        ["3", "", "2", "Made", "0"],
        ["4", "", "", "", "5"],
    ]


def test_the_package_tells_columns_key_size_and_hash_of_each_table():
    table = tidy_table("data/a.csv", "A", FIELDS, [("x", 1, AT)], key=("what",))
    told = json.loads(data_package("Pemilu_X", "Hasil", AT, [table], {"version": "2"}))
    assert (told["name"], told["version"], told["created"]) == ("pemilu-x", "2", "2024-02-14T09:00:00+00:00")
    (one,) = told["resources"]
    assert (one["name"], one["path"], one["schema"]["primaryKey"]) == ("a", "data/a.csv", ["what"])
    assert one["hash"] == f"sha256:{hashlib.sha256(table.content).hexdigest()}"
    assert one["bytes"] == len(table.content)


def test_a_column_of_the_site_means_what_the_same_column_of_the_export_means():
    site = {field[0]: field for table in (site_data.VOTES, site_data.STATIONS) for field in table}
    export = {field[0]: field for table in (tidy.VOTES, tidy.SHEETS) for field in table}
    shared = site.keys() & export.keys()
    assert {"station", "village", "position", "party", "choice", "votes", "valid", "source"} <= shared
    assert all(site[name] is export[name] for name in shared - {"version"})
