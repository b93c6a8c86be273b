"""What people see of a file is a picture anew, made in a child process; what the file says of itself is told apart."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from PIL import Image

from ronda.evidence import child, decoding, selectors, services
from ronda.evidence.decoding import decoded
from ronda.evidence.domain import Disagreement, Reason
from ronda.evidence.links import Link, link_read, link_sign
from ronda.evidence.models import WorkingCopy
from ronda.evidence.tasks import copies_make
from ronda.evidence.tests.pictures import jpeg, other, picture
from ronda.gate.domain import Grant
from ronda.gate.services import file_hand_in
from ronda.kernel.scope import Scope, scoped

AT = datetime(2024, 2, 14, 6, 0, tzinfo=UTC)
BAWASLU = Grant("bawaslu", "bawaslu", "51.01")
WITA = timezone(timedelta(hours=8))


def handed_in(content: bytes, grant: Grant = BAWASLU, kind: str = "image/jpeg") -> str:
    return file_hand_in(content=io.BytesIO(content), kind=kind, grant=grant, at=AT)


def made(content: bytes, *, at: datetime = AT, agency: str = "bawaslu") -> WorkingCopy:
    digest = handed_in(content, Grant(agency, agency, "51.01"))
    return services.copy_make(sha256=digest, agency=agency, area="51.01", at=at)


def opened(copy: bytes) -> Image.Image:
    return Image.open(io.BytesIO(copy))


# ------------------------------------------------------------------------------------------ the child process


def test_a_copy_has_the_picture_and_nothing_that_stood_beside_it() -> None:
    found = decoded(jpeg(taken="2024:02:14 14:03:11", offset="+08:00", point=(-8.36, 114.62)))
    assert (found.reason, found.kind, found.width, found.height) == (Reason.NONE, "image/jpeg", 640, 480)
    assert dict(opened(found.copy).getexif()) == {}
    assert b"2024:02:14" not in found.copy
    assert found.stated.taken == datetime(2024, 2, 14, 14, 3, 11, tzinfo=WITA)
    assert (found.stated.latitude, found.stated.longitude) == (-8.36, 114.62)


def test_a_turned_photo_stands_upright() -> None:
    assert opened(decoded(jpeg(size=(640, 480), turned=6)).copy).size == (480, 640)


def test_a_large_photo_becomes_smaller_and_is_told_as_large_as_it_was() -> None:
    found = decoded(jpeg(size=(4000, 3000)))
    assert max(opened(found.copy).size) == child.SIDE_MAX
    assert (found.width, found.height) in {(4000, 3000), (2000, 1500)}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_of_photo_become_jpeg(kind: str) -> None:
    found = decoded(other(kind))
    assert (found.reason, found.copy[:3]) == (Reason.NONE, b"\xff\xd8\xff")


def test_a_document_becomes_pictures_of_its_pages() -> None:
    out = io.BytesIO()
    picture(1).save(out, "PDF", save_all=True, append_images=[picture(2), picture(3)])
    found = decoded(out.getvalue())
    assert (found.reason, found.kind, found.pages) == (Reason.NONE, "application/pdf", 3)


def test_a_document_with_a_script_loses_it() -> None:
    script = b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"
    content = other("PDF").replace(b"/Type /Catalog", b"/Type /Catalog " + script)
    found = decoded(content)
    assert found.reason in (Reason.NONE, Reason.UNREADABLE)
    assert b"JavaScript" not in found.copy


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.UNREADABLE),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", Reason.UNREADABLE),
        (b"GIF89a" + bytes(50), Reason.UNREADABLE),
        (b"%PDF-1.7\n%%EOF", Reason.UNREADABLE),
        (jpeg()[:900], Reason.UNREADABLE),
        (b"MZ" + bytes(500), Reason.UNREADABLE),
    ],
)
def test_what_is_no_photo_is_refused_with_the_reason(content: bytes, reason: Reason) -> None:
    assert decoded(content) == decoding.Decoded(reason)


def test_a_small_file_that_unpacks_into_a_giant_picture_is_refused_before_it_does() -> None:
    out = io.BytesIO()
    Image.new("1", (60_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 400_000
    assert decoded(out.getvalue()).reason is Reason.PIXELS


def test_a_child_that_dies_is_told_and_the_parent_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_PROGRAM", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert decoded(jpeg()).reason is Reason.BROKEN


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_PROGRAM", "while True: pass")
    assert decoded(jpeg(), patience_s=0.5).reason is Reason.TIME


def test_a_child_that_asks_for_more_memory_than_it_may_is_refused() -> None:
    program = decoding._PROGRAM.replace("child.main()", "child.limit() or len(bytearray(3 * 1024**3))")
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-I", "-c", program, str(decoding.SOURCE)], capture_output=True, check=False
    )
    assert b"MemoryError" in done.stderr


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not json\n",
        b'{"kind": "text/html", "pages": 1, "width": 1, "height": 1, "grey": ""}\n<html>',
        b'{"kind": "image/jpeg", "pages": 1, "width": 1, "height": 1, "grey": "00"}\n\xff\xd8\xff',
        b'{"refused": "because"}\n',
        b'{"kind": "image/jpeg", "pages": 1, "width": 1, "height": 1, "grey": "'
        + b"00" * 1024
        + b'"}\n<svg/>',
    ],
)
def test_an_answer_that_a_hostile_file_could_have_written_is_not_taken(answer: bytes) -> None:
    assert decoding.answer_read(answer).reason is Reason.BROKEN


# ------------------------------------------------------------------------------------------ copies and links


@pytest.mark.django_db
def test_a_copy_is_made_once_and_the_original_stays(settings, tmp_path) -> None:
    settings.VAR = tmp_path
    content = jpeg()
    row, again = made(content), made(content)
    assert (row.pk, row.reason) == (again.pk, "")
    kept = selectors.copy_path(row.sha256, row.kind).read_bytes()
    assert sha256(kept).hexdigest() == row.copy_sha256
    assert (tmp_path / "files" / row.sha256[:2] / row.sha256[2:4] / row.sha256).read_bytes() == content


@pytest.mark.django_db
def test_the_worker_makes_copies_of_photos_before_anybody_asks(settings, tmp_path) -> None:
    settings.VAR = tmp_path
    photo, table = handed_in(jpeg(2)), handed_in(b"a;b\n1;2\n", kind="text/csv")
    assert (copies_make(), copies_make()) == (1, 0)
    assert selectors.copy_for(photo, agency="bawaslu").reason == ""
    assert selectors.copy_for(table, agency="bawaslu") is None


@pytest.mark.django_db
def test_a_page_in_a_hurry_leaves_what_takes_long_to_the_worker(settings, tmp_path, monkeypatch) -> None:
    settings.VAR = tmp_path
    digest = handed_in(jpeg(3))
    monkeypatch.setattr(services, "HURRY_S", 0.001)
    with pytest.raises(services.NoCopy, match="coba lagi sebentar"):
        services.copy_link(sha256=digest, agency="bawaslu", area="51.01", at=AT, now_s=0)
    assert copies_make() == 1
    assert selectors.copy_for(digest, agency="bawaslu").reason == ""


@pytest.mark.django_db
def test_a_link_gives_the_copy_for_a_minute_and_never_the_original(settings, tmp_path, client) -> None:
    import time

    settings.VAR = tmp_path
    content = jpeg(taken="2024:02:14 14:03:11")
    digest = handed_in(content)
    now_s = time.time()
    address = services.copy_link(sha256=digest, agency="bawaslu", area="51.01", at=AT, now_s=now_s)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer.content != content
    assert b"2024:02:14" not in answer.content
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["Content-Security-Policy"], answer["X-Content-Type-Options"]) == (
        "default-src 'none'; sandbox",
        "nosniff",
    )
    old = services.copy_link(sha256=digest, agency="bawaslu", area="51.01", at=AT, now_s=now_s - 61)
    assert client.get(old).status_code == 404
    assert client.get(address[:-1] + ("A" if address[-1] != "A" else "B")).status_code == 404


@pytest.mark.django_db
def test_a_link_for_another_file_cannot_be_made_from_one(settings) -> None:
    token = link_sign(Link("a" * 64, "image/jpeg"), until_s=100)
    assert link_read(token, now_s=50) == Link("a" * 64, "image/jpeg")
    assert link_read(token.replace("a" * 64, "b" * 64), now_s=50) is None
    assert link_read(token.replace(".100.", ".900."), now_s=50) is None
    assert link_read(token.replace(".jpg.", ".pdf."), now_s=50) is None
    assert link_read("../../etc/passwd", now_s=50) is None


@pytest.mark.django_db
def test_where_files_have_an_origin_of_their_own_nothing_else_is_served_there(
    settings, tmp_path, client
) -> None:
    import time

    settings.VAR, settings.EVIDENCE_ORIGIN = tmp_path, "http://bukti.localhost"
    settings.ALLOWED_HOSTS = ["testserver", "bukti.localhost"]
    digest = handed_in(jpeg(5))
    address = services.copy_link(sha256=digest, agency="bawaslu", area="51.01", at=AT, now_s=time.time())
    path = address.removeprefix("http://bukti.localhost")
    there = client.get(path, headers={"host": "bukti.localhost"})
    assert (there.status_code, there["Cross-Origin-Resource-Policy"]) == (200, "cross-origin")
    assert client.get(path).status_code == 404
    assert client.get("/masuk/", headers={"host": "bukti.localhost"}).status_code == 404
    policy = client.get("/masuk/")["Content-Security-Policy"]
    assert "img-src 'self' http://bukti.localhost" in policy


# ------------------------------------------------------------------------------------------ what files say


@pytest.mark.django_db
def test_a_photo_that_disagrees_with_its_message_says_so(settings, tmp_path) -> None:
    settings.VAR = tmp_path
    row = made(jpeg(6, taken="2024:02:13 21:00:00", offset="+08:00", point=(-7.2, 112.7)))
    captured_at = datetime(2024, 2, 14, 14, 0, tzinfo=WITA)
    apart = selectors.apart_from(row, captured_at=captured_at, place=(-8.36, 114.62))
    assert [one.what for one in apart] == [Disagreement.CLOCK, Disagreement.PLACE]
    assert apart[0].far == 17 * 3600
    assert 240_000 < apart[1].far < 260_000
    assert selectors.apart_from(row, captured_at=None) == []


@pytest.mark.django_db
def test_a_camera_clock_without_an_offset_is_read_as_the_messages_local_time(settings, tmp_path) -> None:
    settings.VAR = tmp_path
    row = made(jpeg(7, taken="2024:02:14 13:40:00"))
    assert selectors.apart_from(row, captured_at=datetime(2024, 2, 14, 14, 0, tzinfo=WITA)) == []


@pytest.mark.django_db
def test_the_same_photo_smaller_is_found_among_others(settings, tmp_path) -> None:
    settings.VAR = tmp_path
    first = made(jpeg(20))
    for seed in range(30, 50):
        made(jpeg(seed, size=(320, 240)))
    again = made(jpeg(20, size=(320, 240), quality=40), at=AT + timedelta(hours=2), agency="polri")
    assert [one.sha256 for _bits, one in selectors.copies_alike(again)] == [first.sha256]
    assert selectors.copies_alike(first, before=AT) == []


@pytest.mark.django_db
def test_an_even_picture_looks_like_nothing(settings, tmp_path) -> None:
    settings.VAR = tmp_path
    out = io.BytesIO()
    Image.new("RGB", (200, 200), (90, 90, 90)).save(out, "JPEG")
    row = made(out.getvalue())
    assert row.look is None
    assert selectors.copies_alike(row) == []


@pytest.mark.django_db
def test_nobody_but_the_node_reads_the_table(settings, tmp_path) -> None:
    settings.VAR = tmp_path
    made(jpeg(8))
    with scoped(Scope("bawaslu", "bawaslu", "51.01", (0, 1, 2, 3))):
        assert not WorkingCopy.objects.exists()
