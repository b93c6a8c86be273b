"""Photos and documents as proof: kept as they came, read by few, each reading noted before the bytes leave."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from ronda.gate.models import File
from ronda.gate.services import file_hand_in
from ronda.incidents import selectors, services
from ronda.incidents.domain import MAX_PROOF_BYTES, Desk, EvidenceKind, proof_type
from ronda.incidents.models import Incident, ProofFile
from ronda.incidents.services import Evidence
from ronda.incidents.tests.cast import AYU, BAGAS, BAWASLU, CITRA, DEWA, EKA, FAJAR, KESBANGPOL, NOON, person
from ronda.incidents.tests.test_acting_and_closing import PHOTO, assign, finish, handled_by_polsek, photo
from ronda.incidents.tests.test_handover import now, open_incident
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped
from ronda.reports.domain import MoveRefused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
POLRES_DUTY = Scope("polri", "polri", "51.01", (0, 1, 2, 3), person(20))
KODIM = Scope("tni", "tni", "51.01", (0, 1, 2, 3), person(21))
HASH = sha256(PHOTO).hexdigest()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.VAR = tmp_path
    return tmp_path / "files"


def file_of(incident: Incident) -> ProofFile:
    with scoped(Scope.system()):
        return ProofFile.objects.select_related("incident").get(incident=incident)


def readings() -> list[str]:
    with scoped(Scope.system()):
        lines = AuditLine.objects.filter(action="proof_file.read").order_by("created_at")
        return [str(line.person) for line in lines]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe1", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00", "image/heic"),
        (b"%PDF-1.4", "application/pdf"),
    ],
)
def test_a_photo_or_pdf_is_known_by_its_first_bytes(head: bytes, kind: str) -> None:
    assert proof_type(head, 1000) == kind


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<html><script>",
        b"<svg xmlns=",
        b"MZ\x90\x00",
        b"PK\x03\x04",
        b"GIF89a",
        b"RIFF\x10\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x18ftypmp42",
        b" %PDF-1.4",
    ],
)
def test_anything_else_is_refused_whatever_it_is_called(head: bytes) -> None:
    with pytest.raises(MoveRefused, match="bukan foto"):
        proof_type(head, 1000)


def test_a_file_may_be_as_large_as_said_and_not_a_byte_larger() -> None:
    assert proof_type(b"%PDF-1.4", MAX_PROOF_BYTES) == "application/pdf"
    with pytest.raises(MoveRefused, match="21 MB, paling besar 20 MB"):
        proof_type(b"%PDF-1.4", MAX_PROOF_BYTES + 1)


def test_the_bytes_are_kept_as_they_came_under_their_hash(files: Path) -> None:
    incident = handled_by_polsek()
    proof = finish(incident)
    assert proof.evidence == HASH
    assert (files / HASH[:2] / HASH[2:4] / HASH).read_bytes() == PHOTO
    kept = file_of(incident)
    assert (kept.size, kept.type, kept.sensitivity) == (len(PHOTO), "image/jpeg", 3)
    assert kept.name == f"{now(incident).label}-{HASH[:8]}.jpg"


def test_a_refused_file_leaves_no_proof_and_the_incident_as_it_was() -> None:
    incident = handled_by_polsek()
    with pytest.raises(MoveRefused, match="bukan foto"):
        finish(incident, evidence=photo(b"<html></html>"))
    assert now(incident).state == "handling"
    with scoped(Scope.system()):
        assert ProofFile.objects.count() == File.objects.count() == 0


def test_who_checks_the_closing_reads_the_file_and_the_reading_is_noted_first() -> None:
    incident = handled_by_polsek()
    finish(incident)
    with scoped(CITRA):
        opened = services.proof_file_open(file=file_of(incident).id, at=NOON)
        assert (opened.sha256, opened.agency) == (HASH, "polri")
        services.incident_close(incident=incident.id, note="Sesuai.", by=CITRA, at=NOON)
    assert readings() == [CITRA.person]


def test_without_the_line_in_the_audit_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    incident = handled_by_polsek()
    finish(incident)

    def full(*args: object, **values: object) -> None:
        raise OSError("no room for the audit")

    monkeypatch.setattr(AuditLine, "save", full)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("read before it was noted"))
    with scoped(CITRA), pytest.raises(OSError, match="no room"):
        services.proof_file_open(file=file_of(incident).id, at=NOON)


@pytest.mark.parametrize("who", [DEWA, EKA, FAJAR, KESBANGPOL, KODIM, AYU, BAGAS])
def test_others_find_no_file_and_leave_no_line(who: Scope) -> None:
    """Another regency, a party, a citizen, agencies it was not handed to, and posts below class 3."""
    incident = handled_by_polsek()
    finish(incident)
    with scoped(who), pytest.raises(ProofFile.DoesNotExist):
        services.proof_file_open(file=file_of(incident).id, at=NOON)
    assert readings() == []


def test_police_read_the_proof_of_others_only_once_the_incident_was_handed_to_them() -> None:
    incident = open_incident()
    with scoped(CITRA):
        services.incident_start(incident=incident.id, by=CITRA, at=NOON)
    finish(incident, by=CITRA)
    file = file_of(incident).id
    with scoped(POLRES_DUTY), pytest.raises(ProofFile.DoesNotExist):
        services.proof_file_open(file=file, at=NOON)
    other = Scope("bawaslu", "bawaslu", "51.01", (0, 1, 2), person(22))  # hands over without class 3
    with scoped(CITRA_TOO):
        services.incident_send_back(incident=incident.id, reason="Polisi juga perlu.", by=CITRA_TOO, at=NOON)
    with scoped(other):
        services.handover_send(
            incident=incident.id, to=Desk("polri", "51.01"), request="Lanjutkan.", by=other, at=NOON
        )
    with scoped(POLRES_DUTY):
        assert services.proof_file_open(file=file, at=NOON).sha256 == HASH


CITRA_TOO = Scope("bawaslu", "bawaslu", "51.01", (0, 1, 2, 3), person(23))


def test_nobody_closes_or_sends_back_on_a_file_they_may_not_see() -> None:
    incident = handled_by_polsek()
    finish(incident)
    officer = Scope("bawaslu", "bawaslu", "51.01", (0, 1, 2), person(24))
    with scoped(officer):
        assert not {"close", "send_back"} & selectors.acts_for(now(incident), officer)
        assert selectors.needs_me(officer) == []
        with pytest.raises(MoveRefused, match="petugas piket"):
            services.incident_close(incident=incident.id, note="", by=officer, at=NOON)
        with pytest.raises(MoveRefused, match="petugas piket"):
            services.incident_send_back(incident=incident.id, reason="Kurang.", by=officer, at=NOON)
    with scoped(CITRA):
        assert [need.kind for need in selectors.needs_me(CITRA)] == ["close"]


def test_a_numbered_document_is_judged_by_an_officer_too() -> None:
    incident = handled_by_polsek()
    finish(incident, evidence=Evidence(EvidenceKind.DOCUMENT, "BA-7"))
    officer = Scope("bawaslu", "bawaslu", "51.01", (0, 1, 2), person(24))
    with scoped(officer):
        assert "close" in selectors.acts_for(now(incident), officer)


def test_the_same_file_twice_is_kept_once_and_proves_twice() -> None:
    incident = handled_by_polsek()
    finish(incident)
    with scoped(CITRA):
        services.incident_send_back(incident=incident.id, reason="Foto buram.", by=CITRA, at=NOON)
    finish(incident)
    with scoped(Scope.system()):
        assert (File.objects.count(), ProofFile.objects.filter(sha256=HASH).count()) == (1, 2)


def test_a_file_that_came_through_the_gate_proves_by_its_hash() -> None:
    incident = handled_by_polsek()
    from_the_gate = Evidence(EvidenceKind.FILE, HASH)
    with pytest.raises(MoveRefused, match="belum diterima"):
        finish(incident, evidence=from_the_gate)
    hand_in(CITRA)  # another agency's copy proves nothing for this one
    with pytest.raises(MoveRefused, match="belum diterima"):
        finish(incident, evidence=from_the_gate)
    hand_in(BAGAS)
    finish(incident, evidence=from_the_gate)
    assert file_of(incident).sha256 == HASH


def hand_in(by: Scope) -> None:
    from ronda.gate.domain import Grant

    grant = Grant(by.agency, by.kind, by.area)
    assert file_hand_in(content=BytesIO(PHOTO), kind="image/jpeg", grant=grant, at=NOON) == HASH


def test_what_an_earlier_try_left_is_gone_on_from(files: Path) -> None:
    from ronda.gate.domain import Grant
    from ronda.gate.files import FileStore

    grant = Grant(BAGAS.agency, BAGAS.kind, BAGAS.area)
    part = FileStore(files).part(HASH, grant)
    part.parent.mkdir(parents=True)
    part.write_bytes(PHOTO[:100])
    hand_in(BAGAS)
    assert (files / HASH[:2] / HASH[2:4] / HASH).read_bytes() == PHOTO
    assert not part.exists()


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(PDF), lambda path: path.unlink()])
def test_a_file_that_changed_on_disk_is_never_handed_out(files: Path, spoil: Any) -> None:
    incident = handled_by_polsek()
    finish(incident)
    spoil(files / HASH[:2] / HASH[2:4] / HASH)
    with scoped(CITRA), pytest.raises(MoveRefused, match="hilang atau tidak lagi sama"):
        services.proof_file_open(file=file_of(incident).id, at=NOON)


def test_an_action_may_be_shown_with_a_file_of_its_own() -> None:
    incident = handled_by_polsek()
    action = assign(incident, owner=BAWASLU)
    with scoped(CITRA):
        services.action_finish(action=action.id, note="Sudah.", content=BytesIO(PDF), by=CITRA, at=NOON)
        page = selectors.incident_page(now(incident), by=CITRA, at=NOON)
        assert [file.word for line in page.actions for file in line.files] == ["PDF"]
        assert services.proof_file_open(file=file_of(incident).id, at=NOON).sha256 == sha256(PDF).hexdigest()


def test_the_database_refuses_a_file_below_class_three() -> None:
    incident = handled_by_polsek()
    proof = finish(incident)
    row = file_of(incident)
    row.pk, row.sensitivity, row.proof = None, 2, proof
    with scoped(Scope.system()), pytest.raises(IntegrityError), transaction.atomic():
        row.id = Incident().id
        row.save(force_insert=True)


def test_a_full_disk_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from ronda.gate.files import FileRefused, FileStore

    def full(*args: object) -> int:
        raise FileRefused(507, "", "room on the disk", "No space left on device")

    monkeypatch.setattr(FileStore, "take", full)
    with pytest.raises(MoveRefused, match="belum tersimpan"):
        finish(handled_by_polsek())


def test_a_stranger_is_sent_to_sign_in() -> None:
    incident = handled_by_polsek()
    finish(incident)
    assert Client().get(f"/bukti/{file_of(incident).id}").status_code == 302
    assert readings() == []
