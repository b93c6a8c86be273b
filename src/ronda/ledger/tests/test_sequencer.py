"""Leaves get their place once, in any order of commit; checkpoints only grow; exports satisfy an outsider."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from ronda.kernel.keys import node_keys
from ronda.kernel.scope import Scope, scoped
from ronda.ledger import selectors, services
from ronda.ledger.adapters import group_sealed
from ronda.ledger.models import Checkpoint, Entry, Leaf, LeafGroup
from ronda.methods.merkle import (
    checkpoint_parse,
    leaf_hash,
    note_split,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from ronda.verify import VerifierKey, check_consistency, check_log

AT = datetime(2024, 11, 27, 1, 0, tzinfo=UTC)
GATE = Scope(agency="gate", kind="gate", classes=(0, 1, 2, 3, 4))
pytestmark = pytest.mark.django_db


def leaves(count: int, *, numbers: list[int] | None = None) -> list[int]:
    """A committed group of leaves, as the gate writes it."""
    keys = node_keys()
    digests = [n.to_bytes(32, "big") for n in range(count)]
    sealed = group_sealed(digests, node=keys.node, signing=keys.signing, at=AT)
    with scoped(GATE):
        group = LeafGroup(
            node=keys.node, at=AT, size=count, hashes=b"".join(sealed.hashes), signature=sealed.signature
        )
        group.save(force_insert=True)
        numbers = numbers or reserved(count)
        Leaf.objects.bulk_create(
            Leaf(n=n, entry=sealed.entries[i], salt=sealed.salts[i], group=group.pk, place=i)
            for i, n in enumerate(numbers)
        )
    return numbers


def reserved(count: int) -> list[int]:
    with scoped(GATE), connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ledger_leaf_n') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def sequence(step: int = 20_000) -> int:
    with scoped(Scope.system()):
        return services.leaves_sequence(keys=node_keys(), at=AT, step=step)


def key() -> VerifierKey:
    return VerifierKey(node_keys().node, node_keys().public)


@pytest.mark.parametrize("steps", [[1], [5, 1, 250], [255, 1, 1], [256, 256], [700, 3, 400], [100] * 12])
def test_root_tiles_and_proofs_follow_the_leaves_however_they_come(steps):
    numbers: list[int] = []
    for step in steps:
        numbers += leaves(step)
        assert sequence() == step
    with scoped(Scope.system()):
        hashes = [leaf_hash(entry) for entry in selectors.entries_between(0, len(numbers))]
        latest = selectors.checkpoint_latest()
        assert latest is not None
        assert latest.size == len(numbers)
        assert bytes(latest.root) == tree_root(hashes) == selectors.tree_reader(latest.size).root()
        for index in {0, len(numbers) // 2, len(numbers) - 1}:
            proof = selectors.proof_for(numbers[index])
            assert proof is not None
            verify_inclusion(hashes[index], proof.index, latest.size, proof.path, bytes(latest.root))
        roots = {row.size: bytes(row.root) for row in Checkpoint.objects.all()}
        assert len(roots) == len(steps)
        reader = selectors.tree_reader(latest.size)
        for size, root in roots.items():
            verify_consistency(size, root, latest.size, bytes(latest.root), reader.consistency(size))


def test_a_lower_number_that_commits_later_gets_its_place_behind():
    first, later, last = reserved(3)
    leaves(2, numbers=[first, last])
    assert sequence() == 2
    leaves(1, numbers=[later])
    assert sequence() == 1
    assert sequence() == 0
    with scoped(Scope.system()):
        assert list(Entry.objects.order_by("position").values_list("leaf", flat=True)) == [first, last, later]


def test_control_a_sequencer_that_takes_only_higher_numbers_loses_that_leaf(monkeypatch):
    from ronda.ledger import services as module

    hold = module.horizon_hold

    def last_placed(name):
        horizon = hold(name)
        horizon.floor = max(Entry.objects.values_list("leaf", flat=True), default=0)
        return horizon

    monkeypatch.setattr(module, "horizon_hold", last_placed)
    with pytest.raises(AssertionError):
        test_a_lower_number_that_commits_later_gets_its_place_behind()


def test_many_leaves_are_placed_in_steps():
    leaves(1_000)
    assert [sequence(step=400) for _ in range(4)] == [400, 400, 200, 0]


def test_checkpoints_are_signed_and_name_the_node():
    leaves(3)
    sequence()
    with scoped(Scope.system()):
        latest = selectors.checkpoint_latest()
    assert latest is not None
    body, [(name, _, _)] = note_split(latest.note)
    assert (name, checkpoint_parse(body).size) == (node_keys().node, 3)


def test_an_exported_log_holds_for_an_outsider_and_every_older_checkpoint_too(tmp_path):
    for step in (3, 300, 60):
        leaves(step)
        sequence()
    with scoped(Scope.system()):
        assert services.log_export(tmp_path / "log") == 363
        older = list(Checkpoint.objects.values_list("note", flat=True))
    findings, hashes = check_log(tmp_path / "log", key())
    assert findings == []
    assert [check_consistency(note, key(), hashes) for note in older] == [[], [], []]


def test_the_verifier_runs_without_the_application(tmp_path):
    """Copied to another folder, without site packages: only Python's own library is there."""
    import shutil

    import ronda.verify

    leaves(300)
    sequence()
    with scoped(Scope.system()):
        services.log_export(tmp_path / "log")
    folder = tmp_path / "outside" / "verify"
    shutil.copytree(
        Path(ronda.verify.__file__).parent, folder, ignore=shutil.ignore_patterns("tests", "__py*")
    )
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"import sys; sys.path.insert(0, {str(folder.parent)!r}); "
        "from verify.__main__ import main; sys.exit(main(sys.argv[1:]))",
        str(tmp_path / "log"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "300 entries" in done.stdout
    assert "nothing was changed" in done.stdout


def test_an_export_needs_a_checkpoint_and_an_empty_folder(tmp_path):
    with scoped(Scope.system()), pytest.raises(ValueError, match="no checkpoint"):
        services.log_export(tmp_path / "log")
    leaves(1)
    sequence()
    (tmp_path / "something").touch()
    with scoped(Scope.system()), pytest.raises(ValueError, match="must be empty"):
        services.log_export(tmp_path)


def test_nobody_else_reads_the_log_tables_and_nobody_changes_a_row():
    leaves(2)
    sequence()
    with scoped(Scope(agency="bawaslu", kind="bawaslu", classes=(0, 1, 2, 3, 4))):
        assert not Leaf.objects.exists()
    for scope in (Scope.system(), GATE):
        with pytest.raises(Exception, match="permission denied"), scoped(scope):
            Leaf.objects.update(entry=b"")


def test_the_log_is_served_to_anyone(client):
    assert client.get("/gate/v1/log/checkpoint").status_code == 404
    leaves(300)
    sequence()
    note = client.get("/gate/v1/log/checkpoint")
    assert (note.status_code, note.headers["Cache-Control"]) == (200, "no-store")
    with scoped(Scope.system()):
        assert note.content.decode() == selectors.checkpoint_latest().note
        hashes = [leaf_hash(entry) for entry in selectors.entries_between(0, 300)]
    full = client.get("/gate/v1/log/tile/0/000")
    assert full.content == b"".join(hashes[:256])
    assert "immutable" in full.headers["Cache-Control"]
    assert client.get("/gate/v1/log/tile/0/001.p/44").content == b"".join(hashes[256:])
    assert client.get("/gate/v1/log/tile/1/000.p/1").content == tree_root(hashes[:256])
    assert len(client.get("/gate/v1/log/tile/entries/001.p/44").content) == 44 * 34
    assert client.get("/gate/v1/log/log.vkey").content.decode().startswith(node_keys().node)


@pytest.mark.parametrize(
    "path",
    ["tile/0/001", "tile/0/001.p/45", "tile/0/001.p/0", "tile/0/001.p/256", "tile/1/000", "tile/0/1", "tile/9/000",
     "tile/0/x001/000", "tile/0/../000", "tile/entries/002", "tile/0/000.p/", "tile/0/000.p/x"],
)  # fmt: skip
def test_a_tile_that_is_not_there_is_404(client, path):
    leaves(300)
    sequence()
    assert client.get(f"/gate/v1/log/{path}").status_code == 404
