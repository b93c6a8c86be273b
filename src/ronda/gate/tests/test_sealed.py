"""Messages that a phone sealed to the node: opened by the worker, answered for as they came, never by who may not."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from uuid import UUID

import pyrage
import pytest

from ronda.gate import consumers, selectors, services
from ronda.gate.commit import SCOPE
from ronda.gate.domain import Grant
from ronda.gate.files import FileStore
from ronda.gate.inbox import messages_consume
from ronda.gate.models import File, Outcome
from ronda.gate.models import Message as Row
from ronda.gate.tests.at_the_door import message
from ronda.kernel.keys import node_keys
from ronda.kernel.scope import Scope, scoped
from ronda.verify import VerifierKey, check_receipt

AT = datetime(2024, 11, 27, 1, 0, tzinfo=UTC)
BAWASLU = Grant("bawaslu", "bawaslu", "51.01")
PHOTO = b"\xff\xd8\xff\xe0 kertas plano"
INNER = {
    "kind": "report",
    "election": "pilkada-2024",
    "place": "51.01.02.2003",
    "station": 3,
    "captured_at": "2024-11-27T06:10:03+07:00",
    "body": {"text": "kotak suara terbuka"},
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(monkeypatch):
    got: list = []
    monkeypatch.setattr(consumers, "_handlers", {})
    for kind in ("report", "sheet"):
        consumers.register(kind, got.extend)
    return got


def seal(content: bytes, to=None) -> bytes:
    return pyrage.encrypt(content, [to or node_keys().sealing.to_public()])


def sealed(inner=None, *, to=None, files=(), **body) -> bytes:
    text = json.dumps({**INNER, **(inner or {})}).encode()
    whole = {"age": b64encode(seal(text, to)).decode(), "sha256": sha256(text).hexdigest(), **body}
    return json.dumps(message(kind="sealed", place="", station=None, body=whole, files=list(files))).encode()


def accept(raw: bytes, grant: Grant = BAWASLU) -> UUID:
    services.message_accept(raw=raw, grant=grant, at=AT)
    return UUID(json.loads(raw)["id"])


def consume() -> int:
    with scoped(Scope.system()):
        return messages_consume(at=AT)


def photographed(content: bytes = PHOTO, *, grant: Grant = BAWASLU, claimed: bytes | None = None):
    """A sealed photo in the store, and how the message names it outside and inside."""
    cipher = seal(content)
    digest = services.file_hand_in(content=BytesIO(cipher), kind="application/age", grant=grant, at=AT)
    outside = {"sha256": digest, "size": len(cipher), "type": "application/age"}
    plain = sha256(claimed or content).hexdigest()
    return outside, {"sha256": plain, "size": len(content), "type": "image/jpeg", "sealed": digest}


def outcome() -> Outcome:
    with scoped(Scope.system()):
        return Outcome.objects.get()


def test_what_is_inside_goes_to_the_context_of_its_kind(taken):
    id_ = accept(sealed())
    assert consume() == 1
    (got,) = taken
    assert (got.id, got.kind, got.place, got.station) == (id_, "report", "51.01.02.2003", 3)
    assert (got.area, got.body, got.election) == ("51.01.02.2003", INNER["body"], "pilkada-2024")
    assert got.captured_at.isoformat() == "2024-11-27T06:10:03+07:00"
    assert (outcome().state, outcome().kind, outcome().area) == ("done", "report", "51.01.02.2003")
    assert consume() == 0


def test_the_receipt_is_for_the_sealed_bytes_and_nothing_of_them_lies_open(taken, settings):
    raw = sealed()
    receipt = services.message_accept(raw=raw, grant=BAWASLU, at=AT)
    assert check_receipt(receipt, raw, VerifierKey(settings.KEYS.node, settings.KEYS.public)) == []
    with scoped(Scope.system()):
        row = Row.objects.get()
    assert b"kotak" not in bytes(row.raw)
    assert (row.place, row.election) == ("", "pilkada-2024")


def test_a_photo_comes_out_as_it_was_taken(taken, settings):
    outside, inside = photographed()
    id_ = accept(sealed({"files": [inside]}, files=[outside]))
    consume()
    (got,) = taken
    assert got.files == ({"sha256": inside["sha256"], "size": len(PHOTO), "type": "image/jpeg"},)
    assert got.missing_files == ()
    assert FileStore(settings.VAR / "files").path(inside["sha256"]).read_bytes() == PHOTO
    assert selectors.message_files([id_]) == {id_: [inside["sha256"]]}
    assert selectors.file_path(inside["sha256"], agency="bawaslu").read_bytes() == PHOTO
    with scoped(SCOPE):
        assert selectors.files_unnamed() == 0


def test_a_photo_that_is_not_what_the_message_says_counts_as_missing(taken):
    outside, inside = photographed(claimed=b"another photo")
    accept(sealed({"files": [inside]}, files=[outside]))
    consume()
    assert taken[0].missing_files == (inside["sha256"],)
    with scoped(Scope.system()):
        assert not File.objects.filter(sha256=inside["sha256"]).exists()


def test_a_message_cannot_open_a_file_of_another_agency(taken):
    outside, inside = photographed(grant=Grant("polri", "polri", "51.01"))
    accept(sealed({"files": [inside]}, files=[outside]))
    consume()
    assert taken[0].missing_files == (inside["sha256"],)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (lambda: sealed(to=pyrage.x25519.Identity.generate().to_public()), "body.age"),
        (lambda: sealed(age="bm90IGFnZQ=="), "body.age"),
        (lambda: sealed(age="?"), "body.age"),
        (lambda: sealed(sha256="0" * 64), "body.sha256"),
        (lambda: sealed({"kind": "sealed"}), "inside, kind"),
        (lambda: sealed({"captured_at": "kemarin"}), "inside:"),
        (lambda: sealed({"body": []}), "inside:"),
    ],
)
def test_what_does_not_open_is_set_aside_and_stops_no_other(taken, raw, said):
    accept(raw())
    good = accept(sealed())
    assert consume() == 2
    assert [one.id for one in taken] == [good]
    with scoped(Scope.system()):
        (failed,) = Outcome.objects.filter(state="failed")
        assert said in failed.error
        assert Row.objects.count() == 2, "the bytes stay"


def test_the_police_cannot_hand_in_counts_inside_a_seal(taken):
    accept(sealed({"kind": "sheet"}), Grant("polri", "polri", "51.01"))
    accept(sealed(), Grant("polri", "polri", "51.01"))
    consume()
    assert [one.kind for one in taken] == ["report"]


def test_without_the_look_inside_the_count_would_go_through(taken, monkeypatch):
    """The control of the test above."""
    monkeypatch.setattr(Grant, "may_send", lambda *_: True)
    accept(sealed({"kind": "sheet"}), Grant("polri", "polri", "51.01"))
    consume()
    assert [one.kind for one in taken] == ["sheet"]


def test_the_public_sends_nothing_sealed():
    with pytest.raises(services.NotAllowed):
        accept(sealed(), Grant.public())


def test_the_recipient_is_told_to_anyone(client):
    assert client.get("/gate/v1/recipient").content.decode().strip() == node_keys().recipient


def test_what_is_inside_is_given_out_as_it_was_sealed(taken):
    id_ = accept(sealed())
    inside = selectors.message_inside(id_, agency="bawaslu")
    assert json.loads(inside) == INNER
    assert selectors.message_inside(id_, agency="polri") is None
