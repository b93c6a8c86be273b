"""Every reader of the product that meets input from outside: what it takes, and the only errors it may raise.

A reader returns normally, raises an error of `refuses`, or the test is red. `check` looks at what came out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unicodedata import category
from uuid import UUID

from hypothesis import strategies as st

from ronda.agencies.adapters import invitees_read
from ronda.elections.adapters.choices import choices_check
from ronda.elections.adapters.stations import stations_check
from ronda.gate.domain import Message
from ronda.gate.parse import Malformed, message_parse
from ronda.gate.tokens import TokenRefused, token_read
from ronda.kernel.areas import at_level, is_code, level, parent, station_area
from ronda.kernel.imports import ImportRefused
from ronda.law.checkins import CheckinRules, checkin_rules
from ronda.law.loader import LAW_ROOT, LawError, load_text
from ronda.methods.merkle.note import NoteError, checkpoint_parse, note_split
from ronda.methods.merkle.tiles import entries_pack, entries_unpack
from ronda.places.adapters.boundaries import shapes_check
from ronda.readiness.adapters import code_of, word_of
from ronda.readiness.domain import CheckinRefused
from ronda.reports.adapters import IncomingReport, codes_to_look_up, file_report, read_body
from ronda.reports.domain import receipt_digest
from ronda.results.adapters.incoming import (
    UnreadableSheetError,
    contest_of,
    figures_of,
    source_for,
    station_of,
    unit_of,
)
from ronda.results.adapters.recap2019 import read_recap
from ronda.results.adapters.situng2019 import read_sheets
from ronda.results.adapters.source import FileError
from tests.badinput.hostile import as_json, bodies, mutated, tables, texts, values

AT = datetime(2024, 2, 14, tzinfo=UTC)
VILLAGES = frozenset({"51.01.01.1006", "51.01.02.2003", "51", "51.01", "51.01.01", "51.01.02"})


@dataclass(frozen=True)
class Reader:
    """One reader, its inputs and its own errors."""

    name: str
    inputs: st.SearchStrategy[Any]
    read: Callable[[Any], Any]
    refuses: tuple[type[Exception], ...] = ()
    check: Callable[[Any], bool] = lambda came: True


# ------------------------------------------------------------------------------------------- files
STATION_HEADER = ("code", "number", "name", "voters_m", "voters_f", "lon", "lat", "kind")
STATION_ROWS = (
    ("5101022003001", "1", "Balai Banjar", "120", "118", "114.71", "-8.39", "regular"),
    ("5101011006901", "901", "Rutan", "80", "0", "", "", "khusus"),
)
COUNT_HEADER = ("kode_desa", "tps_reguler", "tps_lokasi_khusus")
COUNT_ROWS = (("51.01.02.2003", "17", "0"), ("5101011006", "12", "1"))
CHOICE_HEADER = ("contest", "area", "number", "name")
CHOICE_ROWS = (("PPWP", "", "1", "Pasangan Satu"), ("BUP", "51.01", "2", "Pasangan Dua"))
INVITE_HEADER = ("nama", "surel", "peran", "wilayah", "unit", "berakhir")
INVITE_ROWS = (("Ayu", "ayu@example.org", "petugas lapangan", "51.01.02.2003", "", "2024-03-01"),)
RECAP_HEADER = ("prov", "kab", "kec", "kec_id", "n_tps", "rekap_pas1", "rekap_pas2")
RECAP_ROWS = (("BALI", "JEMBRANA", "NEGARA", "53241", "252", "38985", "14548"),)
SITUNG_HEADER = (
    *("prov", "kab", "kec", "kel", "kel_id", "tps_no"),
    *("kpu_pas1", "kpu_pas2", "kpu_sah", "kpu_tidak_sah", "kpu_pengguna", "dpt"),
    *("kp_pas1", "kp_pas2", "kp_sah", "kp_tidak_sah"),
)
SITUNG_ROWS = (
    *(("BALI", "JEMBRANA", "NEGARA", "BALUK", "53250", "7", *("190", "42", "232", "5", "237", "250")),),
    *(("BALI", "JEMBRANA", "NEGARA", "BALUK", "53250", "8", *("", "", "", "", "", "x")),),
)
BOUNDARY = as_json(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"kode": "51.01.02.2003", "nama": "Penyaringan"},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[114.7, -8.4], [114.8, -8.4], [114.8, -8.3], [114.7, -8.4]]],
                },
            }
        ],
    }
)
BOUNDARY_SQL = (
    b"INSERT INTO `wilayah_boundaries` (`kode`,`nama`,`lat`,`lng`,`path`,`status`) VALUES\n"
    b"('51.01.02.2003','Penyaringan',-8.39,114.71,'[[[-8.4,114.7],[-8.4,114.8],[-8.3,114.8],[-8.4,114.7]]]',1);\n"
)


def file_readers(folder: Path) -> list[Reader]:
    """Importers: bytes of a file in, checked rows or a refusal out."""
    path = folder / "berkas"

    def of(read: Callable[[Path], Any]) -> Callable[[bytes], Any]:
        def reading(data: bytes) -> Any:
            path.write_bytes(data)
            return read(path)

        return reading

    contests = frozenset({("PPWP", ""), ("BUP", "51.01")})
    return [
        Reader(
            "stations",
            tables(STATION_HEADER, STATION_ROWS),
            of(lambda p: stations_check(p, VILLAGES)),
            (ImportRefused,),
            _stations,
        ),
        Reader(
            "counts",
            tables(COUNT_HEADER, COUNT_ROWS),
            of(lambda p: stations_check(p, VILLAGES)),
            (ImportRefused,),
            _stations,
        ),
        Reader(
            "choices",
            tables(CHOICE_HEADER, CHOICE_ROWS),
            of(lambda p: choices_check(p, contests)),
            (ImportRefused,),
            _storable,
        ),
        Reader(
            "invitees", tables(INVITE_HEADER, INVITE_ROWS), of(invitees_read), (ImportRefused,), _storable
        ),
        Reader(
            "geojson",
            mutated(BOUNDARY) | values.map(as_json),
            of(lambda p: shapes_check(p, VILLAGES)),
            (ImportRefused,),
        ),
        Reader(
            "boundary sql", mutated(BOUNDARY_SQL), of(lambda p: shapes_check(p, VILLAGES)), (ImportRefused,)
        ),
        Reader(
            "situng", tables(SITUNG_HEADER, SITUNG_ROWS), of(read_sheets), (FileError,), _figures_in_bounds
        ),
        Reader("recap", tables(RECAP_HEADER, RECAP_ROWS), of(read_recap), (FileError,)),
    ]


def _stations(came: Any) -> bool:
    rows = came.stations
    return all(
        len(row.code) == 13
        and row.area in VILLAGES
        and 1 <= row.number <= 999
        and "\x00" not in row.name
        and "<" not in row.name
        and (row.voters_m is None or row.voters_m >= 0)
        for row in rows
    )


def _storable(came: Any) -> bool:
    """No text that a database could not keep, no markup."""
    words = [value for item in came.items for value in vars_of(item) if isinstance(value, str)]
    return all("<script" not in word and not any(category(c) in ("Cc", "Cs") for c in word) for word in words)


def vars_of(item: Any) -> list[Any]:
    return list(item) if isinstance(item, tuple) else [getattr(item, name) for name in item.__slots__]


def _figures_in_bounds(came: Any) -> bool:
    return all((column >= 0).all() for column in came.table.value.values())


# ------------------------------------------------------------------------------------------- values
def message(body: Any, place: Any = "51.01.02.2003", station: Any = 7) -> Message:
    """An accepted message with anything in its body."""
    return Message(
        id=UUID(int=7 << 76), n=1, kind="sheet", election="pemilu-2024", place=place, station=station,
        captured_at=AT, received_at=AT, is_ahead=False, body=body, files=(), missing_files=(),
        area="51.01.02.2003", agency="bawaslu", sender_kind="bawaslu", sender_area="51.01", device=None,
        person=None, sha256="",
    )  # fmt: skip


def _sheet(given: tuple[Any, str, Any]) -> Any:
    body, place, station = given
    one = message(body if isinstance(body, dict) else {}, place[:60], station)
    return figures_of(one.body), contest_of(one), source_for(one), station_of(one), unit_of(one)


def _sheet_kept(came: Any) -> bool:
    figures, contest, source, (station, area, number), _unit = came
    numbers = [n for n in (*figures.votes, figures.valid, figures.invalid) if n is not None]
    return (
        all(n >= 0 for n in numbers)
        and 0 <= number <= 999
        and is_code(area)
        and len(station) <= 24
        and bool(contest and source)
    )


def _report(given: tuple[Any, str, Any]) -> Any:
    body, place, station = given
    incoming = IncomingReport(
        UUID(int=7 << 76), AT, body if isinstance(body, dict) else {}, place=place, station=station
    )
    read = read_body(incoming)
    codes = codes_to_look_up([incoming])
    return read, file_report(incoming, read.station, codes)


def _report_kept(came: Any) -> bool:
    read, filing = came
    texts_ = (read.text, read.kind, read.place_words, *read.remarks)
    return is_code(filing.area) and all(_can_be_stored(text) for text in texts_) and len(read.kind) <= 60


def _can_be_stored(text: str) -> bool:
    return "\x00" not in text and text.encode("utf-8", "replace").decode() == text


def _checkin(given: tuple[Any, str, Any]) -> Any:
    body, place, station = given
    code = code_of(message({}, place, station))
    return word_of(body, checkin_rules()), code


def _checkin_kept(came: Any) -> bool:
    (word, _remarks), code = came
    return _can_be_stored(word.note) and (code == "" or (len(code) == 13 and code.isdigit()))


def _area_words(text: str) -> Any:
    return level(text), parent(text), at_level(text, level(text))


GATE_FIELDS = ("id", "kind", "captured_at", "body", "election", "place", "station", "device", "files")
VALID_MESSAGE = as_json(
    {
        "id": "0192f0c1-7a70-7abc-9def-000000000001",
        "kind": "report",
        "election": "pemilu-2024",
        "place": "51.01.02.2003",
        "station": 3,
        "captured_at": "2024-02-14T06:10:03+08:00",
        "body": {"text": "ok"},
        "files": [{"sha256": "0" * 64, "size": 1, "type": "image/jpeg"}],
    }
)
CHECKPOINT = "ronda/0a1b\n12\nq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=\n"
RULES = (LAW_ROOT / "checkins.yaml").read_text(encoding="utf-8")
_placed = (texts, texts | st.integers() | values)


def value_readers() -> list[Reader]:
    """Everything that reads what a device, a person or another node said."""
    sheet = bodies("votes", "valid", "invalid", "users", "registered", "contest", "source", "stations")
    report = bodies("text", "kind", "place_words", "happened_at", "known_at", "danger")
    checkin = bodies("step", "note", "queue", "call", "name", "checks")
    return [
        Reader(
            "gate message",
            bodies(*GATE_FIELDS).map(as_json) | mutated(VALID_MESSAGE) | st.binary(max_size=80),
            message_parse,
            (Malformed,),
        ),
        Reader(
            "gate token",
            texts
            | mutated(b"r1~1~bawaslu~bawaslu~51.01~~~*~9999999999~AAAA").map(lambda b: b.decode("latin-1")),
            lambda t: token_read(t, now_s=0, key=b"k" * 32, key_id=1),
            (TokenRefused,),
        ),
        Reader("report body", st.tuples(report, *_placed), _report, (), _report_kept),
        Reader("check-in body", st.tuples(checkin, *_placed), _checkin, (CheckinRefused,), _checkin_kept),
        Reader("sheet body", st.tuples(sheet, *_placed), _sheet, (UnreadableSheetError,), _sheet_kept),
        Reader("area code", texts, _area_words, (ValueError,)),
        Reader("station code", texts, station_area, (ValueError,), is_code),
        Reader("receipt code", texts, receipt_digest, (), lambda came: len(came) == 64),
        Reader(
            "checkpoint",
            texts | mutated(CHECKPOINT.encode()).map(lambda b: b.decode("latin-1")),
            checkpoint_parse,
            (NoteError,),
        ),
        Reader(
            "signed note",
            texts
            | mutated((CHECKPOINT + "\n\u2014 ronda/0a1b AAAA\n").encode()).map(
                lambda b: b.decode("utf-8", "replace")
            ),
            note_split,
            (NoteError,),
        ),
        Reader(
            "log bundle",
            st.binary(max_size=90) | mutated(entries_pack([b"abc", b""])),
            entries_unpack,
            (ValueError,),
        ),
        Reader(
            "law file",
            mutated(RULES.encode()).map(lambda b: b.decode("utf-8", "replace")),
            lambda t: load_text(t, CheckinRules, "acak.yaml"),
            (LawError,),
        ),
    ]
