"""Reports from a table and from e-mails: each once, nothing lost."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta, timezone
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ronda.agencies.models import Post
from ronda.channels.adapters.mail import MailRefused, html_words, mail_read
from ronda.channels.adapters.report_rows import rows_check
from ronda.channels.domain import State
from ronda.channels.services import mail_take, reports_bring
from ronda.channels.tests.conftest import AREA, AT, STATION, VILLAGE, consumed
from ronda.channels.tests.test_sms_take import messages, rows
from ronda.gate.domain import Grant
from ronda.kernel.imports import ImportRefused
from ronda.reports.models import Report

pytestmark = pytest.mark.django_db
WITA = timezone(timedelta(hours=8))
TABLE = (
    ("Nomor", "Uraian", "Kategori", "Kode Desa", "TPS", "Tanggal"),
    ("1", "Ada amplop.", "money_politics", VILLAGE, "7", "27/11/2024 08.30"),
    ("2", "Ribut di jalan.", "entah", "99.99", "tujuh", "kemarin"),
)


def table_at(path: Path, lines: Any = TABLE) -> Path:
    path.write_text("\n".join(";".join(line) for line in lines), encoding="utf-8")
    return path


def bring(path: Path) -> Counter[State]:
    return reports_bring(
        rows=rows_check(path).items, source="sigap", grant=Grant.public(AREA), zone=WITA, at=AT
    )


def test_every_row_is_a_report_and_what_cannot_be_read_stays_as_a_remark(people: Any, tmp_path: Path) -> None:
    assert bring(table_at(tmp_path / "laporan.csv")) == {State.NEW: 2}
    consumed()

    first, second = sorted(rows(Report), key=lambda row: row.text)
    assert (first.kind, first.station_code) == ("money_politics", STATION)
    assert first.happened_at.isoformat() == "2024-11-27T00:30:00+00:00"
    assert (second.is_placed, len(second.remarks)) == (False, 3)


def test_the_same_table_again_adds_nothing_also_as_a_workbook(people: Any, tmp_path: Path) -> None:
    """S3: by file, any number of times, in another dress."""
    path = tmp_path / "laporan.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(TABLE):
            sheet.write_row(number, 0, line)
    bring(table_at(tmp_path / "laporan.csv"))

    assert bring(table_at(tmp_path / "laporan.csv")) == {State.REPEAT: 2}
    assert bring(path) == {State.REPEAT: 2}
    assert len(messages()) == 2


def test_a_row_without_a_key_is_known_by_its_own_words(people: Any, tmp_path: Path) -> None:
    lines = [line[1:] for line in TABLE]

    assert bring(table_at(tmp_path / "a.csv", lines)) == {State.NEW: 2}
    assert bring(table_at(tmp_path / "a.csv", lines)) == {State.REPEAT: 2}


def test_columns_are_named_as_the_other_system_names_them(tmp_path: Path) -> None:
    lines = (("ref", "keluhan"), ("x1", "Ada amplop."))
    checked = rows_check(table_at(tmp_path / "a.csv", lines), columns={"teks": "keluhan", "kunci": "ref"})

    assert [(row.key, row.text) for row in checked.items] == [("x1", "Ada amplop.")]
    with pytest.raises(ImportRefused):
        rows_check(tmp_path / "a.csv", columns={"judul": "ref"})
    with pytest.raises(ImportRefused):
        rows_check(tmp_path / "a.csv")


def test_a_row_without_words_and_a_key_that_stands_twice_are_refused(tmp_path: Path) -> None:
    lines = (("id", "teks"), ("1", ""), ("2", "Satu."), ("2", "Dua."))

    assert rows_check(table_at(tmp_path / "a.csv", lines)).rows_refused == 2


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    given = {"From": "fajar@contoh.id", "To": "lapor@contoh.id", "Message-ID": "<1@contoh.id>", **headers}
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    message.set_content("Ada amplop di depan banjar.")
    return message


def test_an_e_mail_becomes_a_report_with_its_photo_and_without_its_sender(
    people: Any, settings: Any, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    message = mail(Subject=f"{STATION} UANG amplop", Date="Wed, 27 Nov 2024 08:00:00 +0800")
    message.add_attachment(b"\xff\xd8\xff\xe0", maintype="image", subtype="jpeg", filename="a.jpg")
    taken = [mail_take(raw=message.as_bytes(), area=AREA, at=AT).state for _ in range(10)]
    consumed()

    (report,) = rows(Report)
    assert taken == [State.NEW] + [State.REPEAT] * 9
    assert (report.kind, report.station_code, report.source) == ("money_politics", STATION, "public")
    assert "Ada amplop di depan banjar." in report.text
    assert [one["type"] for one in report.files] == ["image/jpeg"]
    assert "fajar" not in str(messages())


@pytest.mark.parametrize(
    ("charset", "data"),
    [("utf-8", "Pelaku é".encode()), ("x-tidak-ada", "Pelaku é".encode()), ("us-ascii", "Pelaku é".encode("cp1252")),
     ("utf-8", "Pelaku é".encode("cp1252")), ("utf-16", "Pelaku é".encode("utf-16"))],
)  # fmt: skip
def test_a_wrong_charset_is_mended(charset: str, data: bytes) -> None:
    raw = f'Message-ID: <2@x>\nContent-Type: text/plain; charset="{charset}"\n\n'.encode() + data

    assert mail_read(raw).text == "Pelaku é"


def test_html_becomes_words_and_nothing_of_it_is_run_or_fetched() -> None:
    html = (
        "<html><head><style>p{}</style><script>alert(1)</script></head><body><p>Ada&nbsp;amplop.</p>"
        "<p>Lihat <a href='https://contoh.id/a'>foto</a><img src='https://lacak.id/x.gif'></p></body></html>"
    )

    assert html_words(html) == "Ada amplop.\n\nLihat foto (https://contoh.id/a)"


def test_an_e_mail_that_is_none_is_refused_or_kept_whole(people: Any, settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    with pytest.raises(MailRefused):
        mail_read(b" \n")
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(400)
    )
    taken = mail_take(raw=nested, area=AREA, at=AT)

    assert taken.state is State.NEW
    assert messages()[0]["files"]


def test_what_does_not_fit_is_kept_whole_and_without_the_sender() -> None:
    long = mail(Received="from rumah.contoh.id " + "x" * 70 + " by b.id", X_Originating_IP="203.0.113.7")
    long.set_content("Ada amplop. " * 1_000)
    many = mail()
    for number in range(25):
        many.add_attachment(bytes([number]), maintype="image", subtype="jpeg", filename=f"{number}.jpg")
    for message, number in ((long, 1), (many, 20)):
        read = mail_read(message.as_bytes())
        whole = read.files[-1].content
        assert len(read.files) == number
        assert not any(
            word in whole for word in (b"fajar", b"rumah", b"203.0.113.7", b"Received", b"by b.id")
        )
        assert len(mail_read(whole).files) == number


def test_one_e_mail_to_two_regencies_is_a_report_in_each(people: Any) -> None:
    raw = mail().as_bytes()

    assert {mail_take(raw=raw, area=area, at=AT).state for area in (AREA, "51.02")} == {State.NEW}


def test_an_e_mail_without_an_id_is_known_by_its_bytes() -> None:
    raw = b"Subject: x\n\nAda amplop."

    assert mail_read(raw).key == mail_read(raw).key != mail_read(raw + b"!").key


def test_dewas_regency_does_not_see_what_came_here(people: Mapping[str, Post], tmp_path: Path) -> None:
    from ronda.agencies.selectors import scope_of
    from ronda.kernel.scope import scoped

    bring(table_at(tmp_path / "laporan.csv"))
    consumed()
    with scoped(scope_of(people["dewa"])):
        assert not Report.objects.count()
    with scoped(scope_of(people["citra"])):
        assert Report.objects.count() == 2
