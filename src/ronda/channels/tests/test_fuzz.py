"""S7 for channels: whatever a gateway, a form app, a system, a mailbox or a table sends is read or refused plainly."""

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests.counts import count

from ronda.channels.adapters.digest import is_proven, shown_read
from ronda.channels.adapters.hook import HookRead, HookRefused, hook_read
from ronda.channels.adapters.mail import Mail, MailRefused, mail_read
from ronda.channels.adapters.questions import Form, Page, Question
from ronda.channels.adapters.report_rows import rows_check
from ronda.channels.adapters.sms import sms_read
from ronda.channels.adapters.submission import SubmissionRefused, submission_read, told_of
from ronda.channels.domain import signature_of
from ronda.channels.tests.conftest import AREA, AT, HOOK, SECRET, STATION, VILLAGE
from ronda.channels.tests.test_sms_grammar import any_sms, is_kept
from ronda.gate.work import challenge_make, is_worked
from ronda.kernel.imports import ImportRefused

SLOWEST_S = 2.0
GRAINS = [
    *(
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b"<",
        b">",
        b"&",
        b"&#0;",
    ),
    *(b"&lol;", b"<!DOCTYPE d [<!ENTITY a 'b'>]>", b"\\u0000", b"\\ud800", b"NaN", b"1e999", b"-", b"="),
    *(b"=?utf-8?b?AAA?=", b"\r\n", b"\n\n", b"9" * 60, b"[" * 300, b"<a>" * 40, b"--x", b"\xf0\x9f\x98\x80"),
    *(b"Content-Type: text/html", b";charset=", b"%s"),
]
XML = (
    b"<data id='report' version='1' xmlns:orx='http://openrosa.org/xforms'><mulai>2024-11-27T08:00:00+08:00</mulai>"
    b"<b><jawab_text>Ada</jawab_text><jawab_station>7</jawab_station><kotak_v1>42</kotak_v1><jawab_danger>ya</jawab_danger></b>"
    b"<orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>"
)
JSON = json.dumps(
    {"tiket": {"nomor": 7, "desa": VILLAGE, "tps": "7", "waktu": 1732669200, "cerita": "Ada", "jenis": ["x"]}}
).encode()
MAIL = (
    b"From: a@b.id\r\nMessage-ID: <1@b.id>\r\nSubject: =?utf-8?q?Ada?= 5101022007007 UANG\r\n"
    b"Date: Wed, 27 Nov 2024 08:00:00 +0800\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    b"--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"<p>Ada=20amplop</p>\r\n"
    b"--x\r\nContent-Type: image/jpeg; name=a.jpg\r\nContent-Disposition: attachment; filename*=utf-8''a%20b.jpg\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n/9j/4A==\r\n--x--\r\n"
)
PROOF = (
    b'Digest username="a", realm="Ronda", nonce="1.0", uri="/x", response="0", '
    b'algorithm=MD5, qop=auth, nc=1, cnonce="2"'
)
MESSAGE = UUID("0192f0c1-0000-7000-8000-000000000001")
WORK = (
    challenge_make(MESSAGE, AREA, bits=0, now_s=int(AT.timestamp()), secret=SECRET.encode()).encode() + b"~1"
)
TABLE = f"nomor;uraian;kategori;kode;tps;tanggal\n1;Ada;x;{VILLAGE};7;27/11/2024 08.30\n2;Dua;;;;\n".encode()
WORDS = {"id": "Ada", "en": "There"}
FORM = Form(
    "report",
    "report",
    WORDS,
    {},
    (
        Page(
            "b",
            WORDS,
            None,
            (
                Question("jawab_text", "text", WORDS, "body.text"),
                Question("jawab_station", "int", WORDS, "station"),
                Question("kotak_v1", "int", WORDS, "body.votes.1"),
                Question("jawab_danger", "flag", WORDS, "body.danger"),
            ),
        ),
    ),
)


def spoiled(valid: bytes, chance: random.Random) -> bytes:
    """Bytes near to valid ones: cut, turned, with grains put in or bytes changed."""
    data = valid
    for _ in range(chance.choice((0, 1, 1, 2, 4))):
        at = chance.randrange(len(data) + 1)
        act = chance.randrange(4)
        if act == 0:
            data = data[:at] + chance.choice(GRAINS) + data[at:]
        elif act == 1:
            data = data[:at] + data[at + chance.randrange(30) :]
        elif act == 2:
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        else:
            data = data[at:] + data[:at]
    return data


@dataclass(frozen=True)
class Parser:
    """A parser, what it may refuse with, and what must hold of what it gives."""

    read: Callable[[Any], Any]
    made: Callable[[random.Random], Any]
    refuses: tuple[type[Exception], ...] = ()
    holds: Callable[[Any], bool] = lambda came: True


def _storable(*texts: str) -> bool:
    return all("\x00" not in text and text.encode().decode() == text for text in texts)


def _submission(xml: bytes) -> Any:
    submission = submission_read(xml)
    return submission, told_of(submission, FORM), told_of(submission, None)


def _submission_kept(came: Any) -> bool:
    submission, told, unknown = came
    bodies = json.dumps([told.body, unknown.body]).encode()
    return bool(submission.instance and bodies) and (told.station is None or 1 <= told.station <= 999)


def _hook_kept(came: HookRead) -> bool:
    return bool(came.key) and "\x00" not in came.place and bool(json.dumps(came.body).encode() or True)


def _mail_kept(came: Mail) -> bool:
    return bool(came.key) and _storable(came.subject, came.text, came.key) and len(came.files) <= 20


def _proof(header: bytes) -> Any:
    shown = shown_read(header.decode("latin-1"))
    return shown and is_proven(shown, method="GET", password="x")


def _worked(raw: bytes) -> bool:
    at_s = AT.timestamp()
    return is_worked(raw.decode("latin-1"), MESSAGE, AREA, at_s=at_s, secret=SECRET.encode())


def parsers(folder: Path) -> dict[str, Parser]:
    """All parsers of this context."""
    path = folder / "tabel"

    def table(data: bytes) -> Any:
        path.write_bytes(data)
        return rows_check(path)

    def near(valid: bytes) -> Callable[[random.Random], bytes]:
        return lambda chance: spoiled(valid, chance)

    return {
        "sms": Parser(lambda given: sms_read(given[0], own_area=given[1]), any_sms, (), is_kept),
        "submission": Parser(_submission, near(XML), (SubmissionRefused,), _submission_kept),
        "webhook": Parser(lambda raw: hook_read(HOOK, raw), near(JSON), (HookRefused,), _hook_kept),
        "mail": Parser(mail_read, near(MAIL), (MailRefused,), _mail_kept),
        "digest": Parser(_proof, near(PROOF), (), lambda came: not came),
        "work": Parser(_worked, near(WORK), (), lambda came: came in (True, False)),
        "table": Parser(table, near(TABLE), (ImportRefused,)),
    }


NAMES = tuple(parsers(Path()))


def run(parser: Parser, number: int, seed: int = 4) -> Iterator[bool]:
    """Try inputs; gives for each whether it was read."""
    chance = random.Random(seed)
    for _ in range(number):
        came = parser.made(chance)
        begun = time.process_time()
        try:
            result = parser.read(came)
        except parser.refuses as refused:
            words, is_read = str(refused).strip(), False
        else:
            words, is_read = "read", parser.holds(result)
            assert is_read, f"{came!r:.300} gave {result!r:.300}"
        assert words, "a refusal says what is wrong"
        yield is_read
        assert time.process_time() - begun < SLOWEST_S, came


@pytest.mark.parametrize("name", NAMES)
def test_whatever_comes_is_read_or_refused(name: str, tmp_path: Path) -> None:
    number = -(-count("channel_inputs") // len(NAMES))
    read = list(run(parsers(tmp_path)[name], number))

    assert len(read) == number
    assert any(read)
    print(f"S7: {name}: {number} inputs, seed 4, {sum(read)} read")  # noqa: T201


def test_control_a_parser_with_an_unhandled_case_is_noticed(tmp_path: Path) -> None:
    careless = parsers(tmp_path)["webhook"]
    with pytest.raises(ValueError, match=r"utf-8|JSON|Expecting|codec|Extra|Unterminated|Invalid"):
        list(run(Parser(lambda raw: json.loads(raw.decode("utf-8")), careless.made), 500))


@pytest.mark.django_db
def test_over_http_nothing_is_a_500(phones: Any, settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    chance, number, answered = random.Random(5), count("channel_requests"), set()
    client = Client(raise_request_exception=False)
    for _ in range(number):
        begun = time.process_time()
        answered.add(_asked(client, chance, phones["ayu"].token))
        assert time.process_time() - begun < SLOWEST_S
    assert answered <= {200, 201, 204, 400, 401, 403, 404, 405, 409, 413, 422}
    print(f"S7: channels over HTTP: {number} requests, seed 5, statuses {sorted(answered)}")  # noqa: T201


def _asked(client: Client, chance: random.Random, token: str) -> int:
    """One request of one of the channels; most carry a proof, else only the door would be tried."""
    kind = chance.randrange(5)
    if kind == 0:
        text, _own = any_sms(chance)
        given = {
            "kunci": SECRET,
            "dari": chance.choice(("+62811", "", "INFO", "\x00")),
            "teks": text.encode("utf-8", "replace").decode(),
            "id": str(chance.random()),
        }
        return int(client.get("/masuk/sms/uji/", given).status_code)
    if kind == 1:
        body = spoiled(JSON, chance)
        return int(
            client.post("/masuk/sms/uji/?kunci=" + SECRET, body, content_type="application/json").status_code
        )
    if kind == 2:
        body, stamp = spoiled(JSON, chance), str(int(AT.timestamp()))
        headers = {
            "X-Ronda-Timestamp": stamp,
            "X-Ronda-Signature": signature_of(SECRET, stamp.encode() + b"." + body),
        }
        return int(
            client.post(
                "/masuk/webhook/sigap/", body, content_type="application/json", headers=headers
            ).status_code
        )
    if kind == 3:
        parts: dict[str, Any] = {
            chance.choice(("xml_submission_file", "*isIncomplete*", "x")): BytesIO(spoiled(XML, chance)),
            chance.choice(("a.jpg", "xml_submission_file")): BytesIO(spoiled(XML, chance)),
        }
        if chance.randrange(3) == 0:
            parts["*isIncomplete*"] = "yes"
        path, headers = "/openrosa/submission", {"Authorization": f"Bearer {token}"}
        return int(client.post(path, parts, headers=headers).status_code)
    header = spoiled(PROOF, chance).decode("latin-1").replace("\r", "").replace("\n", "")
    path = chance.choice(("/openrosa/formList", "/openrosa/submission", f"/openrosa/forms/{STATION}.xml"))
    return int(client.get(path, headers={"Authorization": header}).status_code)
