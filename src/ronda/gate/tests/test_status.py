"""A sender can ask how far a message is, and gets a proof that holds without trusting the node."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from ronda.gate import services
from ronda.gate.domain import Grant
from ronda.gate.tests.at_the_door import raw, token
from ronda.kernel.scope import Scope, scoped
from ronda.ledger.services import leaves_sequence
from ronda.verify import VerifierKey, check_receipt

AT = datetime(2024, 11, 27, 1, 0, tzinfo=UTC)
BAWASLU = Grant("bawaslu", "bawaslu", "51.01")
pytestmark = pytest.mark.django_db


def asked(client, id_, grant=BAWASLU, **extra):
    headers = {"Authorization": f"Bearer {token(grant)}"} | extra
    return client.get(f"/gate/v1/messages/{id_}", headers=headers)


def test_received_then_logged_with_a_proof_that_verifies(client, settings):
    sent = raw()
    answer = json.loads(services.message_accept(raw=sent, grant=BAWASLU, at=AT))
    first = asked(client, answer["id"])
    assert first.json() == answer | {"state": "received", "outcome": ""}
    with scoped(Scope.system()):
        leaves_sequence(keys=settings.KEYS, at=AT)
    second = asked(client, answer["id"])
    assert second.json()["state"] == "logged"
    key = VerifierKey(settings.KEYS.node, settings.KEYS.public)
    assert check_receipt(second.content, sent, key) == []
    spoiled = second.json()
    spoiled["log"]["index"] = 1
    assert check_receipt(json.dumps(spoiled).encode(), sent, key)


def test_only_the_agency_that_sent_it_learns_anything(client):
    id_ = json.loads(services.message_accept(raw=raw(), grant=BAWASLU, at=AT))["id"]
    assert asked(client, id_, Grant("polri", "polri", "51.01")).status_code == 404
    assert asked(client, id_, Grant.public()).status_code == 404
    assert asked(client, uuid4()).status_code == 404
    assert client.get(f"/gate/v1/messages/{id_}").status_code == 401
    assert asked(client, id_, Authorization="Basic x").status_code == 401
    assert asked(client, id_, Grant("bawaslu", "bawaslu", "51.01", uuid4())).status_code == 401


def test_anyone_gets_a_token_for_reports_and_for_nothing_else(client):
    given = client.post("/gate/v1/tokens/public").json()["token"]
    from ronda.gate.tokens import token_key, token_read
    from ronda.kernel.keys import node_keys

    keys = node_keys()
    grant = token_read(given, now_s=0, key=token_key(keys), key_id=keys.kid)
    assert grant == Grant.public()
    assert grant.may_send("report")
    assert not grant.may_send("sheet")


def test_a_device_token_carries_its_post_and_the_law_of_its_agency():
    from ronda.gate.tokens import token_key, token_read
    from ronda.kernel.keys import node_keys

    device, person, keys = uuid4(), uuid4(), node_keys()
    made = services.device_token(
        device=device, agency="polri", kind="polri", area="51.01.02", person=person, expires_at=AT
    )
    grant = token_read(made, now_s=0, key=token_key(keys), key_id=keys.kid)
    assert (grant.device, grant.person, grant.area) == (device, person, "51.01.02")
    assert grant.may_send("report")
    assert not grant.may_send("sheet")
    with pytest.raises(ValueError, match="cannot carry"):
        services.device_token(device=device, agency="a~b", kind="polri", area="", person=None, expires_at=AT)
