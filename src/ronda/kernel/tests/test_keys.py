"""The keys of a node: made once, complete ever after."""

import json

from ronda.kernel import keys


def test_a_key_file_from_before_phones_sealed_gets_an_identity_and_keeps_the_rest(tmp_path):
    made = keys.node_keys(tmp_path)
    path = tmp_path / keys.FILE_NAME
    old = {name: value for name, value in json.loads(path.read_text()).items() if name != "sealing"}
    path.write_text(json.dumps(old))
    path.chmod(0o600)
    keys._node_keys.cache_clear()

    completed = keys.node_keys(tmp_path)
    keys._node_keys.cache_clear()
    again = keys.node_keys(tmp_path)

    assert (completed.node, completed.public, completed.scope) == (made.node, made.public, made.scope)
    assert completed.recipient == again.recipient
    assert path.stat().st_mode & 0o077 == 0
