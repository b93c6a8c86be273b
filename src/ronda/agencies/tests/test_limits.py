"""Limits on sign-in hold across processes, without a service for it and without keeping who tried."""

import json
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from ronda.agencies.models import Attempt
from ronda.config.testing import LiveDatabase
from ronda.kernel.scope import Scope, scoped

# As `ronda serve` does it: everything is loaded once, then each process is a fork with a memory of its own.
STORY = """
import json, os, sys
import django
from django.conf import settings
django.setup()
if sys.argv[1] == "local":
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
import ronda.config.urls

def tries(names):
    from django.test import Client
    from ronda.kernel import clock
    said = []
    for name in names:
        page = Client(headers={"host": "localhost"}).post(
            "/masuk/", {"login": name, "password": "salah"}, REMOTE_ADDR="203.0.113.77")
        words = {"Terlalu sering": "refused", "tidak cocok": "wrong"}
        said += [word for text, word in words.items() if text in page.text] or [page.status_code]
    return said

def in_a_process(names):
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.write(writing, json.dumps(tries(names)).encode())
        os._exit(0)
    os.wait()
    return json.loads(os.read(reading, 10_000))

print(json.dumps([in_a_process(names) for names in json.loads(sys.argv[2])]))
"""


def told(database: LiveDatabase, where: str, *processes: list[str]) -> Any:
    """What each process in turn was answered when it tried these accounts with a wrong password."""
    done = subprocess.run(
        [sys.executable, "-c", STORY, where, json.dumps(processes)],
        env={**database.environment, "DJANGO_SETTINGS_MODULE": "ronda.config.settings", "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_two_processes_share_the_count_of_an_account(live_database: LiveDatabase) -> None:
    first, second = told(live_database, "shared", ["a@contoh.id"] * 3, ["a@contoh.id"] * 3)

    assert first == ["wrong"] * 3
    assert second == ["wrong", "wrong", "refused"]
    kept = live_database.psql("SELECT * FROM agencies_attempt")
    assert kept
    assert "203.0.113.77" not in kept
    assert "contoh" not in kept


def test_two_processes_share_the_count_of_an_address(live_database: LiveDatabase) -> None:
    names = [f"orang{number}@contoh.id" for number in range(11)]

    first, second = told(live_database, "shared", names[:6], names[6:])

    assert first + second == ["wrong"] * 10 + ["refused"]


def test_control_in_local_memory_each_process_begins_anew(live_database: LiveDatabase) -> None:
    first, second = told(live_database, "local", ["a@contoh.id"] * 3, ["a@contoh.id"] * 3)

    assert first == second == ["wrong"] * 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "said"), [("127.0.0.1", "tidak cocok"), ("203.0.113.77", "Terlalu sering")]
)
def test_behind_a_proxy_one_attacker_does_not_shut_out_everybody(address: str, said: str) -> None:
    """The second case is the control: an address that is known is counted."""
    for number in range(11):
        given = {"login": f"orang{number}@contoh.id", "password": "salah"}
        page = Client().post("/masuk/", given, REMOTE_ADDR=address)

    assert said in page.text


@pytest.mark.django_db
def test_a_taken_key_is_taken_until_it_ends() -> None:
    assert cache.add("pintu", True, 60)
    assert not cache.add("pintu", True, 60)
    with scoped(Scope.signin()):
        Attempt.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert cache.get("pintu") is None
    assert cache.add("pintu", [1.5], 60)
    assert cache.get("pintu") == [1.5]
    assert cache.delete("pintu")
    assert cache.get("pintu", "tidak ada") == "tidak ada"


@pytest.mark.django_db
def test_ended_counts_are_swept_away_with_the_next() -> None:
    for number in range(3):
        cache.set(f"lama{number}", 1, 60)
    with scoped(Scope.signin()):
        Attempt.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    cache.set("baru", 1, 60)

    with scoped(Scope.signin()):
        assert Attempt.objects.count() == 1


@pytest.mark.django_db
def test_no_other_scope_sees_or_changes_a_count() -> None:
    cache.set("pintu", 1, 60)

    for scope in (Scope.public(), Scope("bawaslu", "bawaslu", "51.01", (0, 1, 2, 3))):
        with scoped(scope):
            assert not Attempt.objects.exists()
            assert not Attempt.objects.all().delete()[0]
    assert cache.get("pintu") == 1
