"""The operator gives a phone its token, and takes it back."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from click.testing import CliRunner

from ronda.agencies.models import Device, Post
from ronda.agencies.tests.factories import cast
from ronda.config.cli import cli
from ronda.gate import selectors as gate
from ronda.gate.tokens import token_key, token_read
from ronda.kernel import clock
from ronda.kernel.keys import node_keys
from ronda.kernel.scope import Scope, scoped

pytestmark = pytest.mark.django_db


def test_a_device_gets_a_token_of_its_post_until_it_is_revoked():
    ayu, keys = cast()["ayu"], node_keys()
    made = CliRunner().invoke(cli, ["devices", "add", str(ayu.pk), "HP Ayu"])
    assert made.exit_code == 0, made.output
    grant = token_read(
        made.stdout.strip(), now_s=clock.now().timestamp(), key=token_key(keys), key_id=keys.kid
    )
    assert (grant.agency, grant.area, grant.person) == (ayu.agency, ayu.area, ayu.person_id)
    gate_scope = Scope(agency="gate", kind="gate", classes=(0, 1, 2, 3, 4))
    with scoped(gate_scope):
        assert gate.sender_is_active(grant, at=clock.now())
    assert CliRunner().invoke(cli, ["devices", "revoke", str(grant.device)]).exit_code == 0
    with scoped(gate_scope):
        assert not gate.sender_is_active(grant, at=clock.now())


def test_a_post_begins_and_ends_at_midnight_of_the_law_not_of_utc(monkeypatch):
    ayu, keys = cast()["ayu"], node_keys()
    first = datetime(2017, 12, 31, 17, 5, tzinfo=UTC)  # 00.05 in Jakarta, on the first day of the post
    last = datetime(2018, 1, 31, 17, 5, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: first)
    with scoped(Scope.system()):
        Post.objects.filter(pk=ayu.pk).update(ends_on=date(2018, 2, 1))

    made = CliRunner().invoke(cli, ["devices", "add", str(ayu.pk), "HP Ayu"])

    assert made.exit_code == 0, made.output
    grant = token_read(made.stdout.strip(), now_s=first.timestamp(), key=token_key(keys), key_id=keys.kid)
    with scoped(Scope(agency="gate", kind="gate", classes=(0, 1, 2, 3, 4))):
        assert gate.sender_is_active(grant, at=first)
        assert not gate.sender_is_active(grant, at=last)


def test_unknown_posts_and_devices_are_said_plainly():
    for words in (["add", str(uuid4()), "HP"], ["revoke", str(uuid4())]):
        done = CliRunner().invoke(cli, ["devices", *words])
        assert done.exit_code == 1
        assert "is no " in done.output
    with scoped(Scope.system()):
        assert not Device.objects.exists()
