"""A message whose place no register knows waits for a person, and goes on with the place that person gives."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction

from ronda.agencies.tests.factories import cast, sign_in
from ronda.gate import consumers, inbox, services
from ronda.gate.domain import PLACE_AGAIN, Grant, MoveRefused, Place
from ronda.gate.inbox import messages_consume
from ronda.gate.models import Conflict, Message, Outcome, Placement
from ronda.gate.tests.at_the_door import raw
from ronda.kernel.models import AuditLine, EventRow
from ronda.kernel.scope import Scope, scoped
from ronda.places.models import Area

pytestmark = pytest.mark.django_db
AT = datetime(2024, 11, 27, 1, 0, tzinfo=UTC)
GRANT = Grant("polri", "polri", "51.01")
VILLAGE = "51.01.02.2003"
HERE = Place(VILLAGE, 3)
DUTY = Scope(agency="bawaslu", kind="bawaslu", area="51.01", classes=(0, 1, 2, 3))
OFFICER = Scope(agency="bawaslu", kind="bawaslu", area="51.01", classes=(0, 1, 2))


@pytest.fixture
def taken(monkeypatch):
    """What the handler got: place, station and the bytes' digest. Known are TPS 1 to 9 of one village."""
    got: list = []
    monkeypatch.setattr(consumers, "_handlers", {})
    monkeypatch.setattr(consumers, "_place_checks", {})

    def unplaced(messages):
        return {one.id for one in messages if one.place != VILLAGE or one.station not in range(1, 10)}

    def handler(messages):
        got.extend((one.place, one.station, one.area, one.sha256) for one in messages)

    consumers.register("checkin", handler, unplaced=unplaced)
    return got


@pytest.fixture
def held(taken):
    cast()
    return accept(place="Banjar Tegal, dekat pasar")


def accept(**fields) -> UUID:
    sent = raw(**{"kind": "checkin"} | fields)
    services.message_accept(raw=sent, grant=GRANT, at=AT)
    consume()
    return UUID(json.loads(sent)["id"])


def consume(at: datetime = AT) -> int:
    with scoped(Scope.system()):
        return messages_consume(at=at)


def place(
    message: UUID, where: Place = HERE, *, by: Scope = DUTY, note: str = "Pengirim ditelepon"
) -> Placement:
    with scoped(by):
        return services.message_place(message=message, place=where, note=note, by=by, at=AT)


def state(message: UUID) -> tuple[str, str]:
    with scoped(Scope.system()):
        return Outcome.objects.values_list("state", "reason").get(pk=message)


def test_an_unknown_place_is_held_and_nothing_is_handed_on(held, taken):
    assert state(held) == ("held", "place")
    assert taken == []
    good = accept(place=VILLAGE)
    assert state(good) == ("done", "")
    assert [one[:2] for one in taken] == [(VILLAGE, 3)]


def test_a_placed_message_goes_on_with_its_place_and_its_bytes_stay(held, taken):
    with scoped(Scope.system()):
        before = Message.objects.values().get(pk=held)
    place(held)
    assert consume() == 1
    with scoped(Scope.system()):
        assert Message.objects.values().get(pk=held) == before
    assert taken == [(VILLAGE, 3, VILLAGE, bytes(before["digest"]).hex())]
    assert state(held) == ("done", "")


def test_control_without_the_placement_the_message_is_held_again(held, taken, monkeypatch):
    monkeypatch.setattr(inbox, "placements_of", lambda rows: {})
    with pytest.raises(AssertionError):
        test_a_placed_message_goes_on_with_its_place_and_its_bytes_stay(held, taken)
    assert state(held) == ("held", "place")


def test_the_correction_is_a_row_with_one_event_and_one_audit_line(held):
    row = place(held)
    assert (row.from_place, row.from_station, row.place, row.station) == (
        "Banjar Tegal, dekat pasar", "3", VILLAGE, 3,
    )  # fmt: skip
    assert (row.agency, row.note, row.at) == ("bawaslu", "Pengirim ditelepon", AT)
    with scoped(Scope.system()):
        assert EventRow.objects.filter(name="message.placed", subject=held).count() == 1
        assert AuditLine.objects.filter(action="message.placed", subject=held).count() == 1


def test_the_same_word_twice_has_one_effect_and_another_is_refused(held, taken):
    assert place(held).pk == place(held).pk
    consume()
    assert place(held).place == VILLAGE
    with pytest.raises(MoveRefused):
        place(held, Place(VILLAGE, 4))
    assert consume() == 0
    with scoped(Scope.system()):
        assert Placement.objects.count() == EventRow.objects.filter(name="message.placed").count() == 1
    assert len(taken) == 1


def test_a_place_that_the_kind_does_not_know_is_refused(held):
    with pytest.raises(MoveRefused, match="tidak ada dalam daftar"):
        place(held, Place("51.01.02.2009", 3))
    with pytest.raises(MoveRefused, match="tidak ada dalam daftar"):
        place(held, Place(VILLAGE))
    with pytest.raises(MoveRefused, match="Tulis"):
        place(held, note="  ")
    assert state(held) == ("held", "place")


def test_what_cannot_be_placed_is_set_aside_once_with_its_reason_and_can_be_tried_again(held):
    with scoped(DUTY):
        for _ in range(2):
            services.message_set_aside(message=held, note="Tidak terbaca", by=DUTY, at=AT)
        assert Placement.objects.get().verdict == "unplaceable"
        assert EventRow.objects.filter(name="message.set_aside").count() == 1
    assert state(held) == ("aside", "")
    assert consume(AT + 2 * PLACE_AGAIN) == 0
    with scoped(DUTY):
        services.message_release(outcome=Outcome.objects.get(pk=held), at=AT)
    consume()
    assert state(held) == ("held", "place")
    place(held)
    consume()
    assert state(held) == ("done", "")


def test_a_place_that_the_register_learns_goes_on_by_itself(held, taken, monkeypatch):
    assert consume(AT + PLACE_AGAIN - timedelta(seconds=1)) == 0
    assert consume(AT + PLACE_AGAIN) == 1
    assert consume(AT + PLACE_AGAIN) == 0
    monkeypatch.setattr(consumers, "_place_checks", {})
    assert consume(AT + 2 * PLACE_AGAIN) == 1
    assert state(held) == ("done", "")
    with scoped(Scope.system()):
        assert EventRow.objects.filter(name="message.held").count() == 1


def test_a_wrong_code_far_away_is_shown_to_the_desk_of_the_sender(taken):
    cast()
    far = accept(place="99.99.99.9999")
    with scoped(DUTY):
        assert Outcome.objects.get(pk=far).area == "51.01"


def test_an_officer_without_class_3_cannot_place_even_by_sql(held):
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        place(held, by=OFFICER)
    place(held, by=DUTY)


def test_no_role_of_the_running_system_changes_a_placement(held):
    place(held)
    for scope in (DUTY, Scope.system()):
        with pytest.raises(ProgrammingError, match="permission denied"), scoped(scope):
            Placement.objects.update(place="51.01.02.2009")


def test_citra_opens_searches_and_places_and_reading_is_on_record(client, held):
    register()
    sign_in(client, cast()["citra"])
    page = client.get(f"/kiriman/{held}/").content.decode()
    assert "Banjar Tegal, dekat pasar" in page
    assert "kotak suara terbuka" in page
    with scoped(Scope.system()):
        assert AuditLine.objects.filter(action="message.read", subject=held).count() == 1
    found = client.get(f"/kiriman/{held}/", {"cari": "penyaringan 7"}).content.decode()
    assert f'value="{VILLAGE}" checked' in found
    assert 'value="7"' in found
    sent = client.post(f"/kiriman/{held}/", {"place": VILLAGE, "station": 7, "note": "Saya kenal banjar itu"})
    assert sent.status_code == 302
    assert state(held) == ("open", "")


def test_what_was_said_is_text_and_never_markup(client, taken):
    cast()
    evil = accept(place="<script>alert(1)</script>", body={"text": "<img src=x onerror=alert(1)>"})
    sign_in(client, cast()["citra"])
    page = client.get(f"/kiriman/{evil}/").content.decode()
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_ayu_without_class_3_sees_that_it_waits_but_not_what_it_says(client, taken):
    ayu = cast()["ayu"]
    id_ = accept(place=ayu.area, station=77)
    sign_in(client, ayu)
    page = client.get(f"/kiriman/{id_}/")
    assert page.status_code == 200
    assert "kotak suara terbuka" not in page.content.decode()
    assert client.post(f"/kiriman/{id_}/", {"place": VILLAGE, "station": 3, "note": "x"}).status_code == 404
    assert client.post(f"/kiriman/{id_}/sisihkan/", {"reason": "x"}).status_code == 404
    assert state(id_) == ("held", "place")


@pytest.mark.parametrize("who", ["dewa", "bagas", "eka"])
def test_dewa_the_police_and_witnesses_find_no_such_message(client, held, who):
    sign_in(client, cast()[who])
    assert client.get(f"/kiriman/{held}/").status_code == 404
    assert client.post(f"/kiriman/{held}/", {"place": VILLAGE, "station": 3, "note": "x"}).status_code == 404
    assert client.post(f"/kiriman/{held}/sisihkan/", {"reason": "x"}).status_code == 404
    assert state(held) == ("held", "place")


def test_a_form_without_a_choice_says_what_is_missing(client, held):
    sign_in(client, cast()["citra"])
    page = client.post(f"/kiriman/{held}/", {"cari": "penyaringan", "note": ""})
    assert page.status_code == 422
    assert "pilih satu dari hasilnya" in page.content.decode()
    aside = client.post(f"/kiriman/{held}/sisihkan/", {"reason": ""})
    assert aside.status_code == 422
    assert client.post(f"/kiriman/{held}/sisihkan/", {"reason": "Tidak jelas"}).status_code == 302
    listed = client.get("/kiriman/", {"tab": "disisihkan"}).content.decode()
    assert "tidak dapat ditempatkan" in listed


def test_a_poison_message_shows_its_error_and_is_tried_again_after_the_fix(client, monkeypatch):
    cast()
    monkeypatch.setattr(consumers, "_handlers", {})
    broken: list = [True]

    def handler(messages):
        if broken:
            raise ValueError("no")

    consumers.register("checkin", handler)
    id_ = accept(place=VILLAGE)
    sign_in(client, cast()["citra"])
    page = client.get(f"/kiriman/{id_}/").content.decode()
    assert "ValueError at ronda.gate.tests.test_placing" in page
    assert "Coba lagi" in page
    broken.clear()
    client.post(f"/kiriman/{id_}/lepas/")
    consume()
    assert state(id_) == ("done", "")


def test_two_texts_under_one_id_are_shown_side_by_side_to_duty_officers_only(client, taken):
    cast()
    first = json.loads(raw(kind="checkin", place=VILLAGE, body={"text": "pertama"}))
    texts = [json.dumps(first).encode(), json.dumps(first | {"body": {"text": "kedua"}}).encode()]
    services.message_accept(raw=texts[0], grant=GRANT, at=AT)
    with pytest.raises(services.ConflictingMessage):
        services.message_accept(raw=texts[1], grant=GRANT, at=AT)
    with scoped(Scope.system()):
        where = f"/kiriman/bentrok/{Conflict.objects.get().pk}/"
    sign_in(client, cast()["citra"])
    assert where in client.get("/kiriman/", {"tab": "bentrok"}).content.decode()
    page = client.get(where).content.decode()
    assert "pertama" in page
    assert "kedua" in page
    with scoped(Scope.system()):
        assert AuditLine.objects.filter(action="message.read").count() == 1
    for who in ("ayu", "dewa", "bagas"):
        sign_in(client, cast()[who])
        assert client.get(where).status_code == 404


def register() -> None:
    names = (("51", "province", "Bali", ""), ("51.01", "regency", "Jembrana", "51"))
    names += (("51.01.02", "district", "Mendoyo", "51.01"), (VILLAGE, "village", "Penyaringan", "51.01.02"))
    with scoped(Scope.system()):
        for code, level, name, parent in names:
            known = {"level": level, "kind": level, "name": name, "parent": parent, "province": code[:2]}
            Area.objects.get_or_create(
                code=code, defaults=known | {"regency": code[:5] if len(code) > 4 else ""}
            )
