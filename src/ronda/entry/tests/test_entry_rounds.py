"""Entry of a form: saved at every box, a second person who sees nothing of the first, a third who decides."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from ronda.agencies.models import Post
from ronda.agencies.tests.factories import AT, cast, sign_in
from ronda.elections.adapters.choices import ChoiceRow
from ronda.elections.services import choices_import, election_create, stations_generate
from ronda.entry.domain import boxes_differing
from ronda.entry.models import EntryDraft, EntryForm, Reading
from ronda.entry.reading import UnreadableReadingError, readings_receive
from ronda.evidence.tests.pictures import jpeg
from ronda.gate.domain import Grant
from ronda.gate.inbox import messages_consume
from ronda.kernel import clock
from ronda.kernel.models import AuditLine
from ronda.kernel.scope import Scope, scoped
from ronda.places.services import areas_load
from ronda.results.models import Sheet
from ronda.results.services import sheets_receive
from ronda.results.tests.scene import message

ELECTION, STATION = "pilkada-2024", "5101022007001"
VILLAGE = "51.01.02.2007"
RIGHT = {"v0": 190, "v1": 42, "sah": 232, "tidak_sah": 5, "pengguna_j": 237, "dpt_j": 290}
WRONG = RIGHT | {"v0": 109}
PHOTO = jpeg(9)


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Mapping[str, Post]:
    settings.GATE_INSIDE_TRANSACTION = True
    monkeypatch.setattr(clock, "now", lambda: AT)
    with scoped(Scope.system()):
        areas_load(area="51.01", at=AT)
        election = election_create(law=ELECTION, area="51.01", at=AT)
        stations_generate(election=election, area="51.01", seed=7, at=AT)
        rows = [ChoiceRow("BUP", "51.01", number, f"Paslon {number}") for number in (1, 2)]
        choices_import(election=election, choices=rows, at=AT)
    return cast()


def browser(post: Post) -> Client:
    client = Client()
    sign_in(client, post)
    return client


def opened(client: Client, source: str = "ptps") -> str:
    given = {"contest": f"{ELECTION}/BUP", "station": STATION, "source": source}
    page = client.post("/entri/baru/", given, follow=True)
    assert page.redirect_chain, page.content.decode()
    return str(page.redirect_chain[-1][0])


def enter(client: Client, address: str, figures: Mapping[str, int]) -> str:
    for box, number in figures.items():
        assert client.post(f"{address}kotak/", {box: number}).status_code == 200
    page = client.post(f"{address}selesai/", figures, follow=True)
    with scoped(Scope.system()):
        messages_consume(at=AT)
    return page.content.decode()


def copies() -> list[Sheet]:
    with scoped(Scope.system()):
        return list(Sheet.objects.order_by("version"))


def state() -> str:
    with scoped(Scope.system()):
        return EntryForm.objects.get().state


def test_a_form_that_adds_up_is_entered_once_and_becomes_a_copy(people: Mapping[str, Post]) -> None:
    citra = browser(people["citra"])
    said = enter(citra, opened(citra), RIGHT)

    (copy,) = copies()
    assert copy.votes == [190, 42]
    assert (copy.valid, copy.users, copy.registered, copy.source) == (232, 237, 290, "ptps")
    assert "selesai" in said
    assert state() == "done"


def test_the_last_button_pressed_twice_sends_one_copy_and_shows_no_error(people: Mapping[str, Post]) -> None:
    citra = browser(people["citra"])
    address = opened(citra)
    enter(citra, address, RIGHT)

    again = citra.post(f"{address}selesai/", RIGHT, follow=True)

    assert again.status_code == 200
    assert len(copies()) == 1


def test_a_file_that_is_no_photo_is_refused_with_a_sentence(people: Mapping[str, Post]) -> None:
    citra = browser(people["citra"])
    address = opened(citra)
    for content in (b"%PDF-1.7", b"", b"<svg onload=alert(1)>"):
        file = io.BytesIO(content)
        file.name = "c.jpg"
        page = citra.post(f"{address}foto/", {"photo": file}, follow=True).content.decode()
        assert "JPEG, PNG, atau WebP" in page or "Pilih foto formulirnya dulu" in page
    assert "Pilih foto formulirnya dulu" in citra.post(f"{address}foto/", follow=True).content.decode()


def test_every_box_is_kept_as_soon_as_it_is_left(people: Mapping[str, Post]) -> None:
    citra = browser(people["citra"])
    address = opened(citra)
    citra.post(f"{address}kotak/", {"v0": 190})

    page = citra.get(address).content.decode()

    assert 'name="v0" value="190"' in page


def test_what_does_not_add_up_is_said_while_it_is_typed(people: Mapping[str, Post]) -> None:
    citra = browser(people["citra"])
    address = opened(citra)
    for box, number in WRONG.items():
        said = citra.post(f"{address}kotak/", {box: number}).content.decode()

    assert "R05" in said
    assert "151" in said


def test_nothing_but_whole_numbers_goes_in_and_what_was_there_stays(people: Mapping[str, Post]) -> None:
    citra = browser(people["citra"])
    address = opened(citra)
    citra.post(f"{address}kotak/", {"v0": 190})
    for text in ("-1", "1e3", "٣", "100000000", "<b>"):
        assert "angka bulat" in citra.post(f"{address}kotak/", {"v0": text}).content.decode()
    citra.post(f"{address}kotak/", {"v99": 5, "password": "x"})

    with scoped(Scope.system()):
        assert EntryDraft.objects.get().figures == {"v0": 190}


def test_a_flagged_form_goes_to_a_second_person_who_sees_nothing_of_the_first(
    people: Mapping[str, Post],
) -> None:
    citra, ayu = browser(people["citra"]), browser(people["ayu"])
    enter(citra, opened(citra), WRONG)
    assert state() == "second"

    address = opened(ayu)
    page = ayu.get(address).content.decode()

    assert 'value="109"' not in page
    assert "tanpa melihat yang pertama" in page
    results = f"/hasil/{ELECTION}/BUP/tps/{STATION}/"
    assert ayu.get(results).status_code == 404
    assert citra.get(results).status_code == 200


def test_the_same_person_is_never_the_second(people: Mapping[str, Post]) -> None:
    citra = browser(people["citra"])
    enter(citra, opened(citra), WRONG)

    page = citra.post(
        "/entri/baru/", {"contest": f"{ELECTION}/BUP", "station": STATION, "source": "ptps"}, follow=True
    )

    assert "orang lain" in page.content.decode()
    with scoped(Scope.system()):
        assert EntryDraft.objects.count() == 1


def test_two_that_agree_settle_it_without_a_new_version(people: Mapping[str, Post]) -> None:
    citra, ayu = browser(people["citra"]), browser(people["ayu"])
    enter(citra, opened(citra), WRONG)
    enter(ayu, opened(ayu), WRONG)

    assert state() == "done"
    assert [copy.version for copy in copies()] == [1]


def test_where_two_differ_a_third_decides_and_the_first_version_stays(people: Mapping[str, Post]) -> None:
    citra, ayu, third = (browser(people[name]) for name in ("citra", "ayu", "nyoman"))
    enter(citra, opened(citra), WRONG)
    enter(ayu, opened(ayu), RIGHT)
    assert state() == "third"

    address = opened(third)
    assert "109 / 190" in third.get(address).content.decode()
    enter(third, address, RIGHT)

    assert state() == "done"
    assert [copy.votes for copy in copies()] == [[109, 42], [190, 42]]


def test_a_copy_that_came_another_way_counts_as_the_first_entry(people: Mapping[str, Post]) -> None:
    ayu = browser(people["ayu"])
    sent = message(contest="BUP", source="ptps", votes=[109, 42], place=VILLAGE, station=1)
    with scoped(Scope.system()):
        sheets_receive([replace(sent, election=ELECTION)])

    page = ayu.get(opened(ayu)).content.decode()

    assert "Entri kedua" in page
    assert state() == "second"


def test_the_photo_is_kept_as_it_came_and_its_reading_is_noted_before(people: Mapping[str, Post]) -> None:
    citra = browser(people["citra"])
    address = opened(citra)
    file = io.BytesIO(PHOTO)
    file.name = "c.jpg"
    citra.post(f"{address}foto/", {"photo": file})

    served = citra.get(f"{address}foto/", follow=True)

    assert served.content.startswith(b"\xff\xd8\xff")
    assert served.content != PHOTO, "people look at a working copy"
    assert served["Content-Type"] == "image/jpeg"
    with scoped(Scope.system()):
        assert AuditLine.objects.filter(action="entry.photo_read").count() == 1


def test_the_photo_stands_beside_the_copy_and_every_opening_is_noted(people: Mapping[str, Post]) -> None:
    citra = browser(people["citra"])
    address = opened(citra)
    file = io.BytesIO(PHOTO)
    file.name = "c.jpg"
    citra.post(f"{address}foto/", {"photo": file})
    enter(citra, address, RIGHT)

    page = citra.get(f"/hasil/{ELECTION}/BUP/tps/{STATION}/").content.decode()
    link = re.search(r'src="(/hasil/foto/[^"]+)"', page)[1]  # type: ignore[index]  # it is there

    assert citra.get(link, follow=True).content.startswith(b"\xff\xd8\xff")
    assert [browser(people[name]).get(link).status_code for name in ("ayu", "bagas", "oka")] == [404] * 3
    with scoped(Scope.system()):
        assert AuditLine.objects.filter(action="sheet.photo_read").count() == 1


def test_who_may_not_read_class_three_is_not_served_the_photo(people: Mapping[str, Post]) -> None:
    citra, ayu = browser(people["citra"]), browser(people["ayu"])
    address = opened(citra)
    file = io.BytesIO(PHOTO)
    file.name = "c.jpg"
    citra.post(f"{address}foto/", {"photo": file})

    assert ayu.get(f"{address}foto/").status_code == 404


def test_a_place_without_an_election_says_so(db: None, client: Client) -> None:
    sign_in(client, cast()["citra"])
    for path in ("/entri/", "/pleno/"):
        assert "Belum ada pemilihan" in client.get(path).content.decode()


def test_police_find_no_page_of_entry(people: Mapping[str, Post]) -> None:
    citra, police = browser(people["citra"]), browser(people["bagas"])
    address = opened(citra)
    for path in ("/entri/", address, f"{address}foto/"):
        assert police.get(path).status_code == 404
    assert police.post(f"{address}kotak/", {"v0": 1}).status_code == 404
    assert police.post("/entri/baru/", {"contest": f"{ELECTION}/BUP", "station": STATION}).status_code == 404


def test_who_sees_as_another_post_begins_no_round(people: Mapping[str, Post]) -> None:
    citra, nyoman = browser(people["citra"]), browser(people["nyoman"])
    address = opened(citra)
    with scoped(Scope.system()):
        begun = EntryDraft.objects.count()
    nyoman.post("/akun/lihat-sebagai/mulai/", {"post": str(people["putri"].pk)})

    assert "melihat sebagai" in nyoman.get(address, follow=True).content.decode()
    with scoped(Scope.system()):
        assert EntryDraft.objects.count() == begun


def test_a_witness_enters_only_their_own_copy(people: Mapping[str, Post]) -> None:
    witness = browser(people["eka"])
    page = witness.post(
        "/entri/baru/", {"contest": f"{ELECTION}/BUP", "station": STATION, "source": "ptps"}, follow=True
    )
    assert "bukan dari lembaga Anda" in page.content.decode()


def test_a_witness_hands_in_their_own_copy_and_no_other_witness_sees_the_form(
    people: Mapping[str, Post],
) -> None:
    witness, other = browser(people["eka"]), browser(people["lestari"])
    address = opened(witness, source="saksi-01")
    enter(witness, address, RIGHT)

    (copy,) = copies()
    assert (copy.source, copy.votes, copy.agency) == ("saksi-01", [190, 42], "partai-01")
    assert other.get(address).status_code == 404
    assert browser(people["citra"]).get("/entri/").status_code == 200


def test_boxes_that_only_one_of_them_could_read_count_if_they_hold_a_result() -> None:
    assert boxes_differing({"v0": 5, "ss_diterima": 9}, {"v0": 5}) == []
    assert boxes_differing({"v0": 5, "sah": 5}, {"v0": 5}) == ["sah"]


def machine(photo: str, figures: Mapping[str, int], **other: Any) -> Any:
    """A message of a reader about the photo of the station's form."""
    made = message("reading", station=STATION, place=VILLAGE)
    body = {"contest": "BUP", "photo": photo, "reader": "pembaca 1.0", "figures": figures}
    return replace(made, election=ELECTION, body=body | other.get("words", {}))


def test_what_a_machine_read_is_told_after_the_box_was_typed_and_changes_nothing(
    people: Mapping[str, Post],
) -> None:
    client = browser(people["citra"])
    address = opened(client)
    client.post(f"{address}foto/", {"photo": io.BytesIO(PHOTO)})
    with scoped(Scope.system()):
        photo = EntryForm.objects.get().photo
    readings_receive([machine(photo, RIGHT | {"v0": 790})])
    assert "mesin" not in client.get(address).content.decode().lower(), "nothing is told before it is typed"

    said = client.post(f"{address}kotak/", {"v1": "42"}).content.decode()
    assert "Bacaan mesin" not in said
    said = client.post(f"{address}kotak/", {"v0": "190"}).content.decode()
    assert "Bacaan mesin lain di 1 kotak" in said
    assert "Anda 190, mesin 790" in said
    enter(client, address, RIGHT)
    (copy,) = copies()
    assert (copy.source, list(copy.votes)) == ("ptps", [190, 42])


def test_a_machine_reading_is_no_copy_and_a_repeat_adds_none(people: Mapping[str, Post]) -> None:
    came = machine("ab" * 32, RIGHT)
    readings_receive([came])
    readings_receive([came])
    with scoped(Scope.system()):
        assert Reading.objects.count() == 1
    assert copies() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"photo": "x"}, "photo: wanted the SHA-256"),
        ({"reader": ""}, "reader: wanted 1 to 80"),
        ({"contest": None}, "contest: wanted 1 to 20"),
        ({"figures": []}, "figures: wanted 1 to 400 boxes"),
        ({"figures": {"v0": -1}}, "figures\\['v0'\\]: wanted 0 to 9999, came -1"),
        ({"figures": {"v0": True}}, "came True"),
    ],
)
def test_a_reading_that_does_not_say_what_it_read_is_refused(
    people: Mapping[str, Post], words: dict[str, Any], said: str
) -> None:
    with pytest.raises(UnreadableReadingError, match=said):
        readings_receive([machine("ab" * 32, RIGHT, words=words)])


@pytest.mark.parametrize("kind", ["polri", "tni", "publik"])
def test_police_and_the_public_hand_in_no_machine_reading(kind: str) -> None:
    assert not Grant(kind, kind).may_send("reading")
