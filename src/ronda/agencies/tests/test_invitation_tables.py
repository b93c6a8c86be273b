"""Tables of people as offices have them."""

from pathlib import Path

import pytest

from ronda.agencies.adapters import invitations_csv, invitees_read
from ronda.kernel.imports import ImportRefused

HEAD = b"nama,surel,peran,wilayah\n"


def table(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "orang.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"nama,surel,peran,wilayah\r\nAyu,ayu@contoh.id,petugas,51.01\r\n",
        b"\xef\xbb\xbfNama;Surel;Peran;Wilayah\nAyu;AYU@contoh.id;Petugas;51.01\n",
        b"area,role,email,name\n51.01,officer,ayu@contoh.id,Ayu\n\n,,,\n",
    ],
)
def test_reads_the_tables_people_have(tmp_path: Path, content: bytes) -> None:
    checked = invitees_read(table(tmp_path, content))

    assert not checked.errors
    assert [(row.name, row.email, row.role, row.area) for row in checked.items] == [
        ("Ayu", "ayu@contoh.id", "officer", "51.01")
    ]


def test_the_whole_country_is_written_as_a_word(tmp_path: Path) -> None:
    checked = invitees_read(table(tmp_path, HEAD + b"Ayu,ayu@contoh.id,pimpinan,nasional\n"))

    assert [row.area for row in checked.items] == [""]


@pytest.mark.parametrize(
    ("content", "column"),
    [
        (HEAD + b"Ayu,a@b.id,petugas,5101\n", "wilayah"),
        (HEAD + b"Ayu,a@b.id,petugas\n", "wilayah"),
        (HEAD + b"Ayu,a@b.id,,51.01\n", "peran"),
        (HEAD + b"Ayu,a@b.id,raja,51.01\n", "peran"),
        (HEAD + b"Ayu,a.b.id,petugas,51.01\n", "surel"),
        (HEAD + b",a@b.id,petugas,51.01\n", "nama"),
        (HEAD + b"<b>Ayu</b>,a@b.id,petugas,51.01\n", "nama"),
        (b"nama,surel,peran,wilayah,berakhir\nAyu,a@b.id,petugas,51.01,31-12-2027\n", "berakhir"),
        (HEAD + b"Ayu,a@b.id,petugas,51.01\nAyu,A@B.id,officer,51.01\n", "surel"),
    ],
)
def test_says_what_is_wrong_with_a_row(tmp_path: Path, content: bytes, column: str) -> None:
    checked = invitees_read(table(tmp_path, content))

    assert checked.rows_refused == 1
    assert {error.column for error in checked.errors} == {column}


@pytest.mark.parametrize("content", [b"", b"nama,surel\nAyu,a@b.id\n", b"%PDF-1.7", HEAD + b'"Ayu,a@b.id'])
def test_refuses_what_is_no_such_table(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ImportRefused):
        invitees_read(table(tmp_path, content))


def test_a_table_to_hand_out_runs_no_formula() -> None:
    assert "'=HYPERLINK(1)" in invitations_csv([("=HYPERLINK(1)", "a@b.id", "officer", "Unit", "x")])
