"""Columns of D.Hasil that come in a file: the workbook of the plenum filled in, or a table of somebody else."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from ronda.agencies.models import Post
from ronda.gate.models import Message
from ronda.kernel.scope import Scope, scoped
from ronda.plenum.models import Column
from ronda.plenum.tests.test_plenum import (
    DISTRICT,
    REST,
    VOTES,
    browser,
    forms_come_in,
    moved,
    opened,
    people,
    read_out,
    stations,
)

__all__ = ["people"]


def table(columns: Mapping[str, Mapping[str, object]]) -> bytes:
    """A CSV as people make it: box by box, one column per code."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["Kotak", *columns])
    boxes = dict.fromkeys(box for column in columns.values() for box in column)
    writer.writerows([box, *(column.get(box, "") for column in columns.values())] for box in boxes)
    return out.getvalue().encode()


def column(votes: list[int]) -> dict[str, object]:
    return {f"v{at}": number for at, number in enumerate(votes)} | dict(REST)


def hand_in(client: Client, address: str, content: bytes, *, over: bool = False) -> str:
    given: dict[str, object] = {"file": SimpleUploadedFile("d-hasil.csv", content)}
    if over:
        given["over"] = "on"
    return client.post(f"{address}berkas/", given, follow=True).content.decode()


def kept() -> dict[str, dict[str, int]]:
    with scoped(Scope.system()):
        return {one.code: one.figures for one in Column.objects.order_by("code")}


def test_a_shift_in_a_file_is_told_as_if_it_had_been_read_out(people: Mapping[str, Post]) -> None:
    codes = stations()
    forms_come_in(codes)
    citra = browser(people["citra"])
    address = opened(citra)

    said = hand_in(citra, address, table({codes[0]: column(moved(VOTES, 4, 6, 3)), codes[1]: column(VOTES)}))

    assert "2 kolom, 22 kotak berubah" in said
    assert "Caleg 1 Partai 12 −3, caleg 3 Partai 12 +3 di 1 TPS" in said


def test_the_workbook_of_a_plenum_comes_back_as_it_went_out(people: Mapping[str, Post]) -> None:
    codes = stations()
    citra = browser(people["citra"])
    address = opened(citra)
    read_out(citra, address, codes[0], VOTES)
    before = kept()
    book = citra.get(f"{address}d-hasil.xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["kotak", "baris", codes[0]]
    assert rows[0][-1] == DISTRICT
    assert any(row[0] == "v4" and row[2] == VOTES[4] for row in rows)

    assert "0 kotak berubah" in hand_in(citra, address, book)
    assert kept() == before


def test_figures_that_were_read_out_are_exchanged_only_when_asked(people: Mapping[str, Post]) -> None:
    code = stations()[0]
    citra = browser(people["citra"])
    address = opened(citra)
    read_out(citra, address, code, VOTES)
    other = table({code: column(moved(VOTES, 4, 6, 3))})

    assert "2 kotak sudah berisi angka lain" in hand_in(citra, address, other)
    assert kept()[code]["v4"] == VOTES[4]
    hand_in(citra, address, other, over=True)
    assert kept()[code]["v4"] == VOTES[4] - 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Kotak;{code}\nv0;dua belas\nv1;3\n", "dua belas"),
        (b"Kotak;{code}\nx9;1\n", "kotak formulir ini"),
        (b"Kotak;{code};{code}\nv0;1;2\n", "ada dua kali"),
        (b"Kotak;9999999999999\nv0;1\n", "Tidak ada kolom pleno ini"),
        (b"Kotak;{code}\nv0;\n", "tidak memuat satu angka pun"),
        (b"hello", "kotak"),
        (b"%PDF-1.7", "PDF"),
        (b"Kotak;{code}\nv0;-4\n", "-4"),
    ],
)
def test_a_file_that_is_wrong_changes_nothing_and_says_where(
    people: Mapping[str, Post], content: bytes, said: str
) -> None:
    citra = browser(people["citra"])
    address = opened(citra)
    page = hand_in(citra, address, content.replace(b"{code}", stations()[0].encode()))
    assert said in page
    assert kept() == {}


def test_the_file_itself_stays_as_evidence_in_the_log(people: Mapping[str, Post]) -> None:
    code = stations()[0]
    citra = browser(people["citra"])
    hand_in(citra, opened(citra), table({code: column(VOTES)}))
    with scoped(Scope.system()):
        (message,) = Message.objects.filter(kind="import")
    assert message.files


def test_a_closed_plenum_takes_no_file(people: Mapping[str, Post]) -> None:
    citra = browser(people["citra"])
    address = opened(citra)
    read_out(citra, address, DISTRICT, VOTES)
    citra.post(f"{address}tutup/")
    assert "sudah ditutup" in hand_in(citra, address, table({stations()[0]: column(VOTES)}))


def test_who_may_not_follow_plenums_finds_neither_file_nor_workbook(people: Mapping[str, Post]) -> None:
    address = opened(browser(people["citra"]))
    for name in ("bagas", "indra", "eka", "dewa"):
        other = browser(people[name])
        assert other.get(f"{address}d-hasil.xlsx").status_code == 404
        assert other.get(f"{address}berkas/").status_code == 404
        given = {"file": SimpleUploadedFile("d.csv", table({stations()[0]: column(VOTES)}))}
        assert other.post(f"{address}berkas/", given).status_code == 404
    assert kept() == {}
