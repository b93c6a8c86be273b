"""Files come in pieces over bad links; only a whole file with the right hash counts."""

import asyncio
import fcntl
import io
import os
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest

from ronda.gate import consumers, files
from ronda.gate.domain import Grant
from ronda.gate.door import Gate
from ronda.gate.files import FileRefused, FileStore, range_parse
from ronda.gate.tasks import parts_clean
from ronda.gate.tests.at_the_door import AnswerMissing, ask, count, device_in, token, with_gate
from ronda.kernel.keys import node_keys

PHOTO = bytes(range(256)) * 40
SIZE = len(PHOTO)
NAME = sha256(PHOTO).hexdigest()
PATH = f"/gate/v1/files/{NAME}"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "files"


@pytest.fixture
def knock(database, folder):
    return lambda story: with_gate(database, folder, story)


@pytest.fixture
def bearer(database):
    return token(device_in(database))


def put(gate, body, *, path=PATH, start=None, total=SIZE, **options):
    if start is not None:
        options["content_range"] = f"bytes {start}-{start + len(body) - 1}/{total}"
    options.setdefault("content_length", str(len(body)))
    return ask(gate, body, path=path, method="PUT", **options)


def head(gate, bearer, path=PATH):
    return ask(gate, path=path, method="HEAD", bearer=bearer)


def test_a_whole_file_is_kept_under_its_hash(knock, bearer, folder, database):
    async def story(gate):
        before = await head(gate, bearer)
        return before, await put(gate, PHOTO, bearer=bearer, pieces=7), await head(gate, bearer)

    before, kept, after = knock(story)
    assert [one.status for one in (before, kept, after)] == [404, 201, 200]
    assert after.headers["upload-complete"] == "?1"
    assert (folder / NAME[:2] / NAME[2:4] / NAME).read_bytes() == PHOTO
    assert count(database, "gate_file") == 1
    assert list((folder / "parts").iterdir()) == []


def test_a_file_in_chunks_goes_on_where_the_link_broke(knock, bearer, folder):
    async def story(gate):
        first = await put(gate, PHOTO[:4_000], start=0, bearer=bearer)
        state = await head(gate, bearer)
        wrong = await put(gate, PHOTO[:100], start=0, bearer=bearer)
        offset = int(wrong.headers["upload-offset"])
        last = await put(gate, PHOTO[offset:], start=offset, bearer=bearer)
        return first, state, wrong, last

    first, state, wrong, last = knock(story)
    assert [one.status for one in (first, state, wrong, last)] == [202, 200, 409, 201]
    assert state.headers["upload-offset"] == "4000"
    assert state.headers["upload-complete"] == "?0"


def test_what_came_before_the_client_went_away_is_kept(knock, bearer):
    async def story(gate):
        with pytest.raises(AnswerMissing):
            await put(gate, PHOTO[:5_000], bearer=bearer, content_length=str(SIZE))
        state = await head(gate, bearer)
        return state, await put(gate, PHOTO[5_000:], start=5_000, bearer=bearer)

    state, rest = knock(story)
    assert state.headers["upload-offset"] == "5000"
    assert rest.status == 201


def test_a_part_that_is_whole_but_was_never_finished_can_be_finished(knock, bearer, folder, database):
    """The node was killed between the last byte and the check of the hash."""

    async def story(gate):
        await put(gate, PHOTO[:-1], start=0, bearer=bearer)
        part = next((folder / "parts").iterdir())
        part.write_bytes(PHOTO)
        return await ask(
            gate,
            path=PATH,
            method="PUT",
            bearer=bearer,
            content_range=f"bytes */{len(PHOTO)}",
            content_length="0",
        )

    assert knock(story).status == 201
    assert count(database, "gate_file") == 1


def test_a_wrong_hash_is_refused_and_thrown_away(knock, bearer, folder, database):
    async def story(gate):
        wrong = await put(gate, PHOTO[:-1] + b"x", bearer=bearer)
        return wrong, await head(gate, bearer), await put(gate, PHOTO, bearer=bearer)

    assert [one.status for one in knock(story)] == [422, 404, 201]
    assert count(database, "gate_file") == 1


def test_nobody_can_spoil_or_see_what_another_agency_sends(knock, bearer, database):
    other = token(device_in(database, agency="polri", kind="polri", area="51.01"))

    async def story(gate):
        mine = await put(gate, PHOTO[:4_000], start=0, bearer=bearer)
        theirs = await put(gate, b"rubbish", start=0, bearer=other)
        rest = await put(gate, PHOTO[4_000:], start=4_000, bearer=bearer)
        return mine, theirs, rest, await head(gate, other), await put(gate, PHOTO, start=None, bearer=other)

    answers = knock(story)
    assert [one.status for one in answers] == [202, 202, 201, 200, 409]
    assert answers[3].headers["upload-complete"] == "?0"


def test_two_agencies_may_hand_in_the_same_file(knock, bearer, database):
    other = token(device_in(database, agency="polri", kind="polri", area="51.01"))

    async def story(gate):
        return [await put(gate, PHOTO, bearer=one) for one in (bearer, other, bearer)]

    assert [one.status for one in knock(story)] == [201, 201, 200]
    assert count(database, "gate_file") == 2


def test_one_request_at_a_time_for_a_file(knock, bearer):
    async def story(gate):
        return await asyncio.gather(*(put(gate, PHOTO, bearer=bearer, pieces=20) for _ in range(4)))

    statuses = sorted(one.status for one in knock(story))
    assert 201 in statuses
    assert set(statuses) <= {200, 201, 409}


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/gate/v1/files/abc", {}, 422),
        (f"/gate/v1/files/{NAME.upper()}", {}, 422),
        (f"/gate/v1/files/..%2f{NAME}", {}, 422),
        (PATH, {"content_range": "bytes 0-5/3"}, 422),
        (PATH, {"content_range": "lines 0-5/6"}, 422),
        (PATH, {"content_range": "bytes x-5/6"}, 422),
        (PATH, {"content_range": "bytes 0-5/6", "content_length": "9"}, 422),
        (PATH, {"content_range": f"bytes 0-5/{10**12}"}, 413),
        (PATH, {"content_range": "bytes 0-1/2"}, 422),
    ],
)
def test_requests_that_make_no_sense_are_refused(knock, bearer, path, headers, status):
    assert knock(lambda gate: put(gate, b"abcdef", path=path, bearer=bearer, **headers)).status == status


def test_a_body_of_unknown_length_is_refused(knock, bearer):
    """A server cannot tell a chunked body that broke off from a whole one."""
    assert knock(lambda gate: ask(gate, PHOTO, path=PATH, method="PUT", bearer=bearer)).status == 411


def test_a_file_above_the_limit_is_refused(knock, bearer, monkeypatch):
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 1_000)
    assert knock(lambda gate: put(gate, PHOTO, bearer=bearer, pieces=3)).status == 413


def test_a_full_disk_is_said_plainly(knock, bearer, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = knock(lambda gate: put(gate, PHOTO, bearer=bearer))
    assert answer.status == 507
    assert answer.json["error"]["wanted"] == "room on the disk"


def test_a_folder_that_cannot_be_written_is_said_plainly(knock, bearer, folder):
    folder.write_text("in the way")
    assert knock(lambda gate: put(gate, PHOTO, bearer=bearer)).status == 503


def test_a_lost_connection_is_mended_and_a_database_that_is_away_is_503(database, folder, bearer, tmp_path):
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ronda_web'"

    async def story(gate):
        first = await head(gate, bearer)
        database.psql(f"{cut} AND datname = current_database()")
        return first, await put(gate, PHOTO, bearer=bearer)

    assert [one.status for one in with_gate(database, folder, story)] == [404, 201]

    async def away():
        gate = Gate({"host": str(tmp_path), "user": "x", "database": "x"}, node_keys(), folder)
        return await put(gate, PHOTO, bearer=bearer)

    assert asyncio.run(away()).status == 503


def test_a_revoked_device_hands_in_no_file(knock, database):
    grant = device_in(database)
    database.psql("UPDATE agencies_device SET revoked_at = now()")
    assert knock(lambda gate: put(gate, PHOTO, bearer=token(grant))).status == 401
    assert knock(lambda gate: put(gate, PHOTO, bearer=token(Grant.public()))).status == 201


def test_other_methods_are_answered_plainly(knock, bearer):
    assert knock(lambda gate: ask(gate, path=PATH, method="DELETE", bearer=bearer)).status == 405


def test_ranges_are_read_exactly():
    assert range_parse(None, None).start == 0
    assert range_parse("bytes 5-9/10", 5) == files.Chunk(5, 10)
    with pytest.raises(FileRefused):
        range_parse("bytes 5-9/10", 6)
    with pytest.raises(FileRefused):
        range_parse("bytes ٥-9/10", None)


OLD_S = 86_400


def aged(path, seconds=2 * OLD_S):
    """A part that nobody has added to for so long."""
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_an_abandoned_part_is_cleaned_and_its_sender_begins_again(knock, bearer, folder, database):
    async def story(gate):
        await put(gate, PHOTO[:4_000], start=0, bearer=bearer)
        aged(next((folder / "parts").iterdir()))
        cleaned = FileStore(folder).parts_clean(before_s=time.time() - OLD_S)
        return cleaned, await head(gate, bearer), await put(gate, PHOTO, bearer=bearer)

    cleaned, state, kept = knock(story)
    assert (cleaned, state.status, kept.status) == (1, 404, 201)
    assert count(database, "gate_file") == 1


def test_a_part_that_came_lately_or_is_being_written_and_a_whole_file_are_never_cleaned(
    knock, bearer, folder
):
    store, grant = FileStore(folder), Grant.public()

    async def story(gate):
        return await put(gate, PHOTO, bearer=bearer)

    assert knock(story).status == 201
    whole = store.path(NAME)
    aged(whole)
    writing = store.open("ab" * 32, grant, files.Chunk(0, 10))
    writing.write(b"12345")
    writing.keep()
    aged(store.part("ab" * 32, grant))
    lately = store.open("cd" * 32, grant, files.Chunk(0, 10))
    lately.keep()
    lately.close()
    assert store.parts_clean(before_s=time.time() - OLD_S) == 0
    assert whole.read_bytes() == PHOTO
    writing.close()
    assert store.parts_clean(before_s=time.time() - OLD_S) == 1


def test_control_without_the_lock_a_part_is_thrown_away_while_it_is_written(
    knock, bearer, folder, monkeypatch
):
    monkeypatch.setattr(files, "_is_ours", lambda file, path: True)
    with pytest.raises(AssertionError):
        test_a_part_that_came_lately_or_is_being_written_and_a_whole_file_are_never_cleaned(
            knock, bearer, folder
        )


def test_a_part_that_was_finished_or_cleaned_before_the_lock_is_not_written_to(folder, monkeypatch):
    """Another request moved the part to its place between opening it and locking it."""
    store, grant = FileStore(folder), Grant.public()
    part = store.part(NAME, grant)
    lock = fcntl.flock

    def moved_first(file, how):
        store.path(NAME).parent.mkdir(parents=True, exist_ok=True)
        part.replace(store.path(NAME))
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", moved_first)
    with pytest.raises(FileRefused) as refused:
        store.open(NAME, grant, files.Chunk(0, SIZE))
    assert refused.value.status == 409
    assert store.path(NAME).read_bytes() == b""


def test_the_worker_cleans_as_the_setting_says(settings, tmp_path):
    settings.VAR, settings.FILE_PARTS_DAYS = tmp_path, 3
    store = FileStore(tmp_path / "files")
    for digest, days in (("ab" * 32, 2), ("cd" * 32, 4)):
        incoming = store.open(digest, Grant.public(), files.Chunk(0, 10))
        incoming.keep()
        incoming.close()
        aged(store.part(digest, Grant.public()), days * OLD_S)
    assert consumers.rounds()["abandoned parts of files"].task is parts_clean
    assert parts_clean() == 1
    assert store.part("ab" * 32, Grant.public()).exists()


def test_files_of_the_public_leave_room_for_registered_senders(knock, bearer, monkeypatch):
    monkeypatch.setattr(files, "PUBLIC_DISK_LEFT", 1 << 60)
    assert knock(lambda gate: put(gate, PHOTO, bearer=token(Grant.public()))).status == 507
    assert knock(lambda gate: put(gate, PHOTO, bearer=bearer)).status == 201


def test_two_pages_that_hand_in_one_file_at_once_both_have_it(folder):
    store, grant = FileStore(folder), Grant("bawaslu", "bawaslu", "51.01")
    first = store.open(NAME, grant, files.Chunk(files.FROM_HERE, None))
    with ThreadPoolExecutor(1) as second:
        taken = second.submit(store.take, NAME, grant, io.BytesIO(PHOTO))
        time.sleep(0.2)
        assert not taken.done()
        first.close()
        assert taken.result(10) == SIZE
    assert store.path(NAME).read_bytes() == PHOTO
