"""S10: any changed, removed or reordered byte is found; a verifier that leaves out one level is found out."""

import json
import random
import shutil
from base64 import b64encode
from functools import lru_cache
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counts import count

import ronda.verify
from ronda.methods.merkle import ProofError, inclusion_path, inclusion_root, leaf_hash, tree_root
from ronda.verify import VerifierKey, check_consistency, check_log, check_receipt, checks, tree
from ronda.verify.__main__ import main
from ronda.verify.ed25519 import ORDER, signature_holds
from ronda.verify.tests.exported import KEY, NODE, PUBLIC, entries_of, export, note_for, receipted


@pytest.fixture(autouse=True)
def _signatures_once(monkeypatch):
    """The same signature over the same bytes is checked once: flips elsewhere need not pay for it again."""
    monkeypatch.setattr(checks, "signature_holds", lru_cache(signature_holds))


def flips_unnoticed(folder: Path, limit: int | None = None) -> list[str]:
    """Places where one changed bit is not found, out of all bytes or of `limit` drawn by chance."""
    places = [
        (path, n) for path in sorted(folder.rglob("*")) if path.is_file() for n in range(path.stat().st_size)
    ]
    random.seed(10)
    chosen = places if limit is None or limit >= len(places) else random.sample(places, limit)
    unnoticed = []
    for path, n in chosen:
        whole = path.read_bytes()
        path.write_bytes(whole[:n] + bytes([whole[n] ^ 1 << random.randrange(8)]) + whole[n + 1 :])
        if not check_log(folder, KEY)[0]:
            unnoticed.append(f"{path.relative_to(folder)}:{n}")
        path.write_bytes(whole)
    assert check_log(folder, KEY)[0] == []
    return unnoticed


def test_an_untouched_log_holds(tmp_path):
    for size in (0, 1, 2, 255, 256, 257, 600):
        folder = export(tmp_path / str(size), entries_of(size))
        findings, hashes = check_log(folder, KEY)
        assert findings == []
        assert hashes == [leaf_hash(entry) for entry in entries_of(size)]


@pytest.mark.parametrize("size", [1, 5])
def test_every_changed_byte_of_a_small_log_is_found(tmp_path, size):
    assert flips_unnoticed(export(tmp_path, entries_of(size))) == []


def test_a_changed_byte_anywhere_in_a_log_of_three_tiles_is_found(tmp_path):
    assert flips_unnoticed(export(tmp_path, entries_of(260)), limit=count("verifier_flips")) == []


def test_control_a_verifier_that_skips_a_level_of_tiles_does_not_pass(tmp_path, monkeypatch):
    differs = checks._differs
    monkeypatch.setattr(
        checks,
        "_differs",
        lambda folder, path, wanted: [] if "tile/1/" in path else differs(folder, path, wanted),
    )
    folder = export(tmp_path, entries_of(260))
    assert {place.split(":")[0] for place in flips_unnoticed(folder, limit=4_000)} == {"tile/1/000.p/1"}


def test_control_a_verifier_that_trusts_the_leaf_hashes_does_not_pass(tmp_path, monkeypatch):
    folder = export(tmp_path, entries_of(5))
    hashes = [leaf_hash(entry) for entry in entries_of(5)]
    monkeypatch.setattr(checks, "_entries", lambda bundle, width: hashes)
    assert any("tile/entries" in place for place in flips_unnoticed(folder))


def test_removed_added_reordered_cut_and_lengthened_parts_are_found(tmp_path):
    whole = export(tmp_path / "whole", entries_of(300))
    files = [path.relative_to(whole) for path in whole.rglob("*") if path.is_file()]
    for name in files:
        for change in ("remove", "cut", "lengthen", "empty"):
            folder = shutil.copytree(whole, tmp_path / f"{change}-{name.as_posix().replace('/', '-')}")
            content = (folder / name).read_bytes()
            if change == "remove":
                (folder / name).unlink()
            else:
                changed = {"cut": content[:-1], "lengthen": content + b"\n", "empty": b""}[change]
                (folder / name).write_bytes(changed)
            assert check_log(folder, KEY)[0], f"{change} {name}"
    extra = shutil.copytree(whole, tmp_path / "extra")
    (extra / "tile" / "0" / "002").write_bytes(b"x")
    assert [finding.where for finding in check_log(extra, KEY)[0]] == ["tile/0/002"]


@pytest.mark.parametrize("forge", ["change", "remove", "swap", "insert"])
def test_a_rewritten_log_under_the_true_checkpoint_is_found(tmp_path, forge):
    """All tiles are recomputed by the forger; only the signature of the true root cannot be."""
    entries = entries_of(300)
    forged = {
        "change": [*entries[:7], b"x" * 32, *entries[8:]],
        "remove": [*entries[:7], *entries[8:], b"x" * 32],
        "swap": [entries[1], entries[0], *entries[2:]],
        "insert": [b"x" * 32, *entries[:-1]],
    }[forge]
    folder = export(tmp_path, forged)
    (folder / "checkpoint").write_text(note_for(entries))
    assert [finding.where for finding in check_log(folder, KEY)[0]] == ["checkpoint"]


def test_a_rewritten_log_that_the_node_itself_signed_is_found_by_an_older_checkpoint(tmp_path):
    entries = entries_of(300)
    kept = note_for(entries[:200])
    folder = export(tmp_path, [*entries[:100], b"x" * 32, *entries[101:]])
    findings, hashes = check_log(folder, KEY)
    assert findings == []
    assert check_consistency(kept, KEY, hashes)
    assert check_consistency(note_for(entries[:100]), KEY, hashes) == []
    assert check_consistency(note_for(entries), KEY, hashes[:250])
    assert check_consistency(kept.replace("200", "201"), KEY, hashes)


def test_a_log_signed_by_another_key_is_found(tmp_path):
    folder = export(tmp_path, entries_of(3))
    (folder / "checkpoint").write_text(note_for(entries_of(3), Ed25519PrivateKey.generate()))
    assert check_log(folder, KEY)[0]


MESSAGES = [json.dumps({"id": f"m-{n}", "kind": "report"}).encode() for n in range(5)]


def test_receipts_hold_with_and_without_the_log():
    answers, entries = receipted(MESSAGES)
    hashes = [leaf_hash(entry) for entry in [*entries_of(9), *entries]]
    for answer, message in zip(answers, MESSAGES, strict=True):
        assert check_receipt(answer, message, KEY) == []
        assert check_receipt(answer, message, KEY, hashes) == []
        assert [f.what for f in check_receipt(answer, message, KEY, hashes[:9])] == [
            "the log does not hold this message"
        ]


def test_every_changed_byte_of_a_receipt_or_its_message_is_found():
    answers, _ = receipted(MESSAGES)
    for n in range(len(answers[3])):
        for bit in (0, 5):
            changed = answers[3][:n] + bytes([answers[3][n] ^ 1 << bit]) + answers[3][n + 1 :]
            assert check_receipt(changed, MESSAGES[3], KEY), f"byte {n} bit {bit}: {changed!r}"
    for n in range(len(MESSAGES[3])):
        changed = MESSAGES[3][:n] + bytes([MESSAGES[3][n] ^ 1]) + MESSAGES[3][n + 1 :]
        assert check_receipt(answers[3], changed, KEY)


def test_a_receipt_of_another_message_or_place_is_found():
    answers, _ = receipted(MESSAGES)
    assert check_receipt(answers[0], MESSAGES[1], KEY)
    given = json.loads(answers[1])
    for change in ({"index": 0}, {"index": 5}, {"size": 6}, {"path": ""}, {"index": True}, {"salt": "AAAA"}):
        forged = given | {"receipt": given["receipt"] | change}
        assert check_receipt(json.dumps(forged).encode(), MESSAGES[1], KEY), change
    for change in (
        {"received_at": "1950-01-01T00:00:00+00:00"},
        {"received_at": "2024-11-27T01:02:03"},
        {"node": "x"},
    ):
        assert check_receipt(json.dumps(given | change).encode(), MESSAGES[1], KEY), change
    for nonsense in (b"", b"[]", b"null", b'{"receipt": 3}', b"\xff"):
        assert check_receipt(nonsense, MESSAGES[1], KEY)


def test_a_proof_of_inclusion_beside_the_receipt_is_checked():
    answers, entries = receipted(MESSAGES)
    everything = [*entries_of(20), *entries]
    hashes = [leaf_hash(entry) for entry in everything]
    proof = {
        "index": 22,
        "path": b64encode(b"".join(inclusion_path(hashes, 22))).decode(),
        "checkpoint": note_for(everything),
    }
    status = json.loads(answers[2]) | {"state": "logged", "log": proof}
    assert check_receipt(json.dumps(status).encode(), MESSAGES[2], KEY) == []
    for change in (
        {"index": 21},
        {"path": ""},
        {"checkpoint": note_for(everything[:-1])},
        {"checkpoint": "x"},
    ):
        forged = status | {"log": proof | change}
        assert check_receipt(json.dumps(forged).encode(), MESSAGES[2], KEY), change


def test_both_trees_agree_on_proofs_good_and_spoiled():
    """The verifier's tree and that of `methods` were written apart, one from RFC 6962, one from RFC 9162."""
    chance = random.Random(6962)
    for _ in range(count("verifier_vectors")):
        size = chance.randrange(1, 70)
        hashes = [chance.randbytes(32) for _ in range(size)]
        index = chance.randrange(size)
        path = inclusion_path(hashes, index)
        spoil = chance.randrange(6)
        if spoil == 1 and path:
            path[chance.randrange(len(path))] = chance.randbytes(32)
        elif spoil == 2:
            path = path[:-1]
        elif spoil == 3:
            path.append(chance.randbytes(32))
        elif spoil == 4:
            index = chance.randrange(-1, size + 2)
        elif spoil == 5:
            size += chance.randrange(-1, 2)
        leaf = chance.choice(hashes)
        try:
            expected = inclusion_root(leaf, index, size, path)
        except ProofError:
            expected = None
        assert tree.root_by_path(leaf, index, size, path) == expected
        assert tree.root(hashes) == tree_root(hashes)


# RFC 8032, section 7.1, tests 1 to 3.
@pytest.mark.parametrize(
    ("public", "message", "signature"),
    [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ],
)
def test_signatures_of_the_specification_hold(public, message, signature):
    assert signature_holds(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=80), data=st.data())
@settings(max_examples=40, deadline=None)
def test_signatures_hold_exactly_when_a_known_library_says_so(seed, message, data):
    signing = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = signing.public_key().public_bytes_raw(), signing.sign(message)
    assert signature_holds(public, message, signature)
    at = data.draw(st.integers(0, 63))
    spoiled = (
        signature[:at] + bytes([signature[at] ^ 1 << data.draw(st.integers(0, 7))]) + signature[at + 1 :]
    )
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(spoiled, message)
        expected = True
    except InvalidSignature:
        expected = False
    assert signature_holds(public, message, spoiled) is expected
    higher = int.from_bytes(signature[32:], "little") + ORDER
    assert not signature_holds(public, message, signature[:32] + higher.to_bytes(32, "little"))


def test_impossible_keys_and_signatures_are_no_signature():
    assert not signature_holds(b"\xff" * 32, b"", bytes(64))
    assert not signature_holds(PUBLIC, b"", b"\xff" * 64)
    assert not signature_holds(PUBLIC, b"", b"")
    assert not signature_holds(b"\x01" + bytes(30) + b"\x80", b"", bytes(64))


@pytest.mark.parametrize("text", ["", "a", "a+b+c", f"{NODE}+00000000+AQ==", f"{NODE}+00000000+{'A' * 44}"])
def test_a_broken_key_is_refused(text):
    with pytest.raises(ValueError, match=r"key|base64|padding"):
        VerifierKey.parse(text)


def test_the_command_says_what_it_checked_and_ends_with_one_when_something_is_wrong(tmp_path, capsys):
    answers, entries = receipted(MESSAGES)
    folder = export(tmp_path / "log", [*entries_of(5), *entries])
    (tmp_path / "older").write_text(note_for(entries_of(5)))
    (tmp_path / "answer.json").write_bytes(answers[0])
    (tmp_path / "message.json").write_bytes(MESSAGES[0])
    receipt = ["--receipt", str(tmp_path / "answer.json"), "--message", str(tmp_path / "message.json")]
    key = (folder / "log.vkey").read_text().strip()
    assert main([str(folder), "--key", key, "--older", str(tmp_path / "older"), *receipt]) == 0
    assert "nothing was changed" in capsys.readouterr().out
    assert main([*receipt, "--key", str(folder / "log.vkey")]) == 0
    (tmp_path / "message.json").write_bytes(MESSAGES[1])
    assert main([str(folder), *receipt]) == 1
    assert "compare it" in capsys.readouterr().out
    assert main([str(tmp_path / "nowhere")]) == 2
    assert main([str(folder), "--older", str(tmp_path / "none")]) == 2
    for words in ([], receipt, [str(folder), *receipt[:2]]):
        with pytest.raises(SystemExit):
            main(words)


def test_the_verifier_is_short_and_needs_nothing_but_python():
    sources = sorted(Path(ronda.verify.__file__).parent.glob("*.py"))
    text = "".join(path.read_text() for path in sources)
    assert len(text.splitlines()) <= 470
    imported = {
        line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported - {""} <= {
        "argparse", "base64", "collections", "dataclasses", "datetime", "hashlib", "json", "pathlib", "sys"
    }  # fmt: skip
