"""A recapitulation that is heard: what moved in one sentence, an objection with its day, evidence for a court."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.test import Client

from ronda.agencies.models import Post
from ronda.agencies.tests.factories import AT, age_proofs, cast, sign_in
from ronda.elections.adapters.choices import ChoiceRow
from ronda.elections.selectors import station_list
from ronda.elections.services import choices_import, election_create, stations_generate
from ronda.gate.domain import Grant
from ronda.gate.inbox import messages_consume
from ronda.gate.services import message_accept
from ronda.kernel import clock
from ronda.kernel.areas import station_area
from ronda.kernel.ids import uuid7
from ronda.kernel.keys import node_keys
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped
from ronda.ledger.services import leaves_sequence
from ronda.places.services import areas_load
from ronda.plenum.models import Column, Objection, Plenum, ReadOut
from ronda.results.models import Recap
from ronda.verify.__main__ import main as verify

ELECTION, DISTRICT = "pemilu-2024", "51.01.01"
PARTIES = {4: 2, 12: 3}  # party number to how many candidates
VOTES = [14, 12, 9, 61, 8, 4, 21]  # 4, 4.1, 4.2, 12, 12.1, 12.2, 12.3
TOTAL = [300, 400, 200]
TOTAL_REST = {"sah": 900, "tidak_sah": 10, "pengguna_j": 910, "dpt_j": 1200}
REST = {"sah": 129, "tidak_sah": 6, "pengguna_j": 135, "dpt_j": 200}


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Mapping[str, Post]:
    settings.GATE_INSIDE_TRANSACTION = True
    monkeypatch.setattr(clock, "now", lambda: AT)
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
        election = election_create(law=ELECTION, area="51.01", at=AT)
        stations_generate(election=election, area=DISTRICT, seed=7, at=AT)
        rows = [
            ChoiceRow("DPRD_KABKO", "51.01", number, f"{party}.{number}", party, "Jembrana 1", (DISTRICT,))
            for party, candidates in PARTIES.items()
            for number in range(candidates + 1)
        ]
        choices_import(election=election, choices=rows, at=AT)
    return cast()


def stations() -> list[str]:
    with scoped(Scope.system()):
        return list(station_list(ELECTION, area=DISTRICT).values_list("code", flat=True))[:4]


def forms_come_in(codes: list[str]) -> None:
    for code in codes:
        body = {"contest": "DPRD_KABKO", "source": "ptps", "votes": VOTES, "valid": 129, "invalid": 6}
        body |= {"users": 135, "registered": 200}
        message = {
            "id": str(uuid7()),
            "kind": "sheet",
            "election": ELECTION,
            "place": station_area(code),
            "station": code,
            "captured_at": AT.isoformat(),
            "body": body,
            "files": [],
        }
        message_accept(raw=msgspec.json.encode(message), grant=Grant("bawaslu", "bawaslu", "51.01"))
    with scoped(Scope.system()):
        messages_consume(at=AT)
        leaves_sequence(keys=node_keys(), at=AT)


def browser(post: Post) -> Client:
    client = Client()
    sign_in(client, post)
    return client


def opened(client: Client, contest: str = "DPRD_KABKO", area: str = DISTRICT) -> str:
    given = {"contest": f"{ELECTION}/{contest}", "area": area}
    page = client.post("/pleno/baru/", given, follow=True)
    return str(page.redirect_chain[-1][0])


def read_out(
    client: Client, address: str, code: str, votes: list[int], rest: Mapping[str, int] = REST
) -> str:
    figures = {f"v{at}": number for at, number in enumerate(votes)} | dict(rest)
    return client.post(f"{address}kotak/?kolom={code}", figures).content.decode()


def moved(votes: list[int], fell: int, rose: int, by: int) -> list[int]:
    after = list(votes)
    after[fell] -= by
    after[rose] += by
    return after


def test_columns_that_are_read_as_they_were_written_say_so(people: Mapping[str, Post]) -> None:
    codes = stations()
    forms_come_in(codes)
    citra = browser(people["citra"])
    address = opened(citra)

    said = [read_out(citra, address, code, VOTES) for code in codes][-1]

    assert "sama dengan C.Hasil" in said


def test_a_shift_of_three_votes_inside_a_party_is_one_sentence(people: Mapping[str, Post]) -> None:
    codes = stations()
    forms_come_in(codes)
    citra = browser(people["citra"])
    address = opened(citra)

    said = read_out(citra, address, codes[0], moved(VOTES, 4, 6, 3))

    assert "Caleg 1 Partai 12 −3, caleg 3 Partai 12 +3 di 1 TPS" in said
    assert "X06" in said


def test_the_same_shift_in_several_stations_is_told_once(people: Mapping[str, Post]) -> None:
    codes = stations()
    forms_come_in(codes)
    citra = browser(people["citra"])
    address = opened(citra)
    for code in codes:
        said = read_out(citra, address, code, moved(VOTES, 3, 6, 5))

    assert said.count("X06") == 1
    assert "Partai 12 −20, caleg 3 Partai 12 +20 di 4 TPS" in said


def test_votes_made_from_invalid_ballots_and_changed_voters_are_told(people: Mapping[str, Post]) -> None:
    codes = stations()
    forms_come_in(codes)
    citra = browser(people["citra"])
    address = opened(citra)
    more = list(VOTES)
    more[6] += 4

    read_out(citra, address, codes[0], more, REST | {"sah": 133, "tidak_sah": 2})
    said = read_out(citra, address, codes[1], VOTES, REST | {"pengguna_j": 140})

    assert "X08" in said
    assert "X09" in said


def test_a_total_that_is_not_the_sum_of_its_columns_is_told(people: Mapping[str, Post]) -> None:
    with scoped(Scope.system()):
        codes = list(station_list(ELECTION, area=DISTRICT).values_list("code", flat=True))
    village = station_area(codes[0])
    own = [code for code in codes if station_area(code) == village]
    citra = browser(people["citra"])
    address = opened(citra)
    for code in own:
        read_out(citra, address, code, VOTES)
    total = [number * len(own) for number in VOTES]
    total[2] += 7

    said = read_out(citra, address, village, total, {})

    assert "X04" in said
    assert "+7" in said


def test_an_objection_keeps_both_papers_and_its_last_day(people: Mapping[str, Post]) -> None:
    codes = stations()
    forms_come_in(codes)
    citra = browser(people["citra"])
    address = opened(citra)
    said = read_out(citra, address, codes[0], moved(VOTES, 4, 6, 3))
    key = re.search(r'name="finding" value="([0-9a-f]{64})"', said)[1]  # type: ignore[index]  # it is there

    page = citra.post(f"{address}keberatan/", {"finding": key}, follow=True).content.decode()
    citra.post(f"{address}keberatan/", {"finding": key})

    with scoped(Scope.system()):
        (objection,) = Objection.objects.all()
    assert (objection.votes, objection.rule, str(objection.due_on)) == (3, "X06", "2024-03-02")
    assert [(cell["below"], cell["read"]) for cell in objection.facts["cells"]] == [(8, 5), (21, 24)]
    assert "2 Maret 2024" in page


def test_what_was_read_out_first_stays_when_it_is_put_right(people: Mapping[str, Post]) -> None:
    codes = stations()
    forms_come_in(codes)
    citra = browser(people["citra"])
    address = opened(citra)
    read_out(citra, address, codes[0], moved(VOTES, 4, 6, 5))
    said = read_out(citra, address, codes[0], moved(VOTES, 4, 6, 3))
    key = re.search(r'name="finding" value="([0-9a-f]{64})"', said)[1]  # type: ignore[index]  # it is there

    page = citra.post(f"{address}keberatan/", {"finding": key}, follow=True).content.decode()

    with scoped(Scope.system()):
        rows = ReadOut.objects.order_by("created_at", "id").values_list("code", "figures")
        assert [(code, figures["v6"]) for code, figures in rows] == [(codes[0], 26), (codes[0], 24)]
    assert "caleg 3 Partai 12 26" in page
    assert "caleg 3 Partai 12 24" in page


def test_a_difference_that_was_put_right_cannot_be_raised(people: Mapping[str, Post]) -> None:
    codes = stations()
    forms_come_in(codes)
    citra = browser(people["citra"])
    address = opened(citra)
    said = read_out(citra, address, codes[0], moved(VOTES, 4, 6, 3))
    key = re.search(r'name="finding" value="([0-9a-f]{64})"', said)[1]  # type: ignore[index]  # it is there
    read_out(citra, address, codes[0], VOTES)

    page = citra.post(f"{address}keberatan/", {"finding": key}, follow=True).content.decode()

    assert "sudah tidak ada" in page
    with scoped(Scope.system()):
        assert not Objection.objects.exists()


@pytest.fixture
def archive(people: Mapping[str, Post]) -> zipfile.ZipFile:
    codes = stations()
    forms_come_in(codes)
    citra = browser(people["citra"])
    address = opened(citra)
    said = read_out(citra, address, codes[0], moved(VOTES, 4, 6, 3))
    key = re.search(r'name="finding" value="([0-9a-f]{64})"', said)[1]  # type: ignore[index]  # it is there
    page = citra.post(f"{address}keberatan/", {"finding": key}, follow=True)
    served = citra.get(f"{page.redirect_chain[-1][0]}bukti.zip")
    assert served.status_code == 200
    return zipfile.ZipFile(io.BytesIO(served.content))


def test_the_evidence_holds_before_a_court_without_us(
    archive: zipfile.ZipFile, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive.extractall(tmp_path)
    assert verify(["--bundle", str(tmp_path)]) == 0
    assert "1 messages with their receipts" in capsys.readouterr().out
    content = json.loads((tmp_path / "keberatan.json").read_text())
    assert "Caleg 1 Partai 12" in content["sentence"]
    with scoped(Scope.system()):
        assert AuditLine.objects.filter(action="objection.evidence").exists()


@pytest.mark.parametrize("name", ["keberatan.json", "pesan", "index.html", "SHA256SUMS", "terima"])
def test_one_changed_byte_of_the_evidence_is_found(
    archive: zipfile.ZipFile, tmp_path: Path, name: str
) -> None:
    archive.extractall(tmp_path)
    files = (path for path in sorted(tmp_path.rglob("*")) if path.is_file())
    wanted = next(path for path in files if name in str(path.relative_to(tmp_path)))
    content = bytearray(wanted.read_bytes())
    content[len(content) // 2] ^= 1
    wanted.write_bytes(bytes(content))

    assert verify(["--bundle", str(tmp_path)]) != 0


def test_a_message_exchanged_together_with_its_line_in_the_list_is_found(
    archive: zipfile.ZipFile, tmp_path: Path
) -> None:
    from hashlib import sha256

    archive.extractall(tmp_path)
    message = next(p for p in (tmp_path / "pesan").iterdir() if not p.name.endswith(".terima.json"))
    before, after = message.read_bytes(), message.read_bytes().replace(b"61", b"99")
    assert before != after
    message.write_bytes(after)
    sums = tmp_path / "SHA256SUMS"
    sums.write_text(sums.read_text().replace(sha256(before).hexdigest(), sha256(after).hexdigest()))

    assert verify(["--bundle", str(tmp_path)]) == 1


def test_evidence_asks_for_a_fresh_proof_of_who_asks(people: Mapping[str, Post]) -> None:
    citra = browser(people["citra"])
    age_proofs(citra)
    assert citra.get(f"/keberatan/{uuid7()}/bukti.zip").status_code in (302, 404)


def test_the_total_goes_out_as_the_recapitulation_when_the_plenum_ends(people: Mapping[str, Post]) -> None:
    citra = browser(people["citra"])
    address = opened(citra)
    read_out(
        citra, address, DISTRICT, [number * 3 for number in VOTES], {name: n * 3 for name, n in REST.items()}
    )

    citra.post(f"{address}tutup/")
    with scoped(Scope.system()):
        messages_consume(at=AT)
        (recap,) = Recap.objects.all()
        assert Plenum.objects.get().state == "closed"

    assert (recap.unit, recap.votes, recap.valid) == (DISTRICT, [number * 3 for number in VOTES], 387)
    assert "ditutup" in read_out(citra, address, DISTRICT, VOTES)


def district_ends(client: Client) -> None:
    """The plenum of a district was followed and has ended: its total is in."""
    address = opened(client, contest="PPWP")
    read_out(client, address, DISTRICT, TOTAL, TOTAL_REST)
    client.post(f"{address}tutup/")
    with scoped(Scope.system()):
        messages_consume(at=AT)
        leaves_sequence(keys=node_keys(), at=AT)


def test_a_regencys_plenum_is_held_against_the_recapitulations_of_its_districts(
    people: Mapping[str, Post],
) -> None:
    """The district said one thing in its own plenum, the regency reads out another."""
    citra = browser(people["citra"])
    district_ends(citra)

    offered = citra.get("/pleno/").content.decode()
    assert '<option value="51.01">Kabupaten Jembrana</option>' in offered
    regency = opened(citra, contest="PPWP", area="51.01")
    assert "X10" not in read_out(citra, regency, DISTRICT, TOTAL, TOTAL_REST)
    said = read_out(citra, regency, DISTRICT, moved(TOTAL, 0, 2, 9), TOTAL_REST)
    assert "−9" in said
    assert "+9" in said
    assert "Calon 1 −9, calon 3 +9 di 1 kecamatan: Negara" in said
    assert "D 300 <b>−9</b>" in said


def test_the_evidence_of_a_regencys_plenum_holds_the_recapitulation_below(
    people: Mapping[str, Post], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    citra = browser(people["citra"])
    district_ends(citra)
    regency = opened(citra, contest="PPWP", area="51.01")
    said = read_out(citra, regency, DISTRICT, moved(TOTAL, 0, 2, 9), TOTAL_REST)
    key = re.search(r'name="finding" value="([0-9a-f]{64})"', said)[1]  # type: ignore[index]  # it is there
    page = citra.post(f"{regency}keberatan/", {"finding": key}, follow=True)
    assert "D.Hasil kecamatan" in page.content.decode()

    served = citra.get(f"{page.redirect_chain[-1][0]}bukti.zip")
    zipfile.ZipFile(io.BytesIO(served.content)).extractall(tmp_path)
    (copy,) = json.loads((tmp_path / "salinan.json").read_text())
    assert (copy["of"], copy["votes"]) == (DISTRICT, TOTAL)
    assert verify(["--bundle", str(tmp_path)]) == 0
    assert "1 messages with their receipts" in capsys.readouterr().out


def test_where_the_lists_differ_a_regencys_plenum_asks_for_its_electoral_district(
    people: Mapping[str, Post],
) -> None:
    citra = browser(people["citra"])
    given = {"contest": f"{ELECTION}/DPRD_KABKO", "area": "51.01"}
    said = citra.post("/pleno/baru/", given, follow=True).content.decode()
    assert "Pilih dapilnya" in said
    assert f'<option value="{ELECTION}/DPRD_KABKO/Jembrana 1">' in said
    with scoped(Scope.system()):
        assert not Plenum.objects.exists()


def test_a_regencys_plenum_of_an_electoral_district_has_its_list_and_its_districts(
    people: Mapping[str, Post],
) -> None:
    """A shift between two candidates of a list, made between the district's plenum and the regency's."""
    citra = browser(people["citra"])
    district = opened(citra, contest="DPRD_KABKO/Jembrana 1")  # one list: needs no name
    totals = {name: n * 3 for name, n in REST.items()}
    votes = [number * 3 for number in VOTES]
    read_out(citra, district, DISTRICT, votes, totals)
    citra.post(f"{district}tutup/")
    with scoped(Scope.system()):
        messages_consume(at=AT)
        assert Recap.objects.get().district == ""

    regency = opened(citra, contest="DPRD_KABKO/Jembrana 1", area="51.01")
    page = citra.get(regency).content.decode()
    assert "dapil Jembrana 1" in page
    assert f"?kolom={DISTRICT}" in page
    assert "?kolom=51.01.04" not in page, "a district of another electoral district is no column"
    said = read_out(citra, regency, DISTRICT, moved(votes, 4, 6, 9), totals)
    assert "Caleg 1 Partai 12 −9, caleg 3 Partai 12 +9 di 1 kecamatan: Negara" in said

    citra.post(f"{regency}tutup/")
    with scoped(Scope.system()):
        messages_consume(at=AT)
        recap = Recap.objects.get(unit="51.01")
        assert (recap.district, recap.votes) == ("Jembrana 1", moved(votes, 4, 6, 9))
        assert Plenum.objects.filter(area="51.01").values_list("district", flat=True).get() == "Jembrana 1"


def test_police_the_army_and_witnesses_find_no_plenum(people: Mapping[str, Post]) -> None:
    codes = stations()
    address = opened(browser(people["citra"]))
    for name in ("bagas", "indra", "eka", "dewa"):
        other = browser(people[name])
        assert other.get(address).status_code == 404
        assert other.post(f"{address}kotak/?kolom={codes[0]}", {"v0": 1}).status_code == 404
        assert other.post("/pleno/baru/", {"area": DISTRICT}).status_code in (302, 404)
    with scoped(Scope.system()):
        assert not Column.objects.exists()
