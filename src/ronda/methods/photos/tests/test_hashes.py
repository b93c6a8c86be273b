"""Hashes of photos: the same picture stays near after what phones and messengers do to it, another one does not."""

import numpy as np
import pytest

from ronda.methods.photos import hash_bytes, hash_distance, photo_hash


def picture(seed: int) -> np.ndarray:
    """Large shapes with grain, 256 x 256, as a photo of a paper or a street has them."""
    rng = np.random.default_rng(seed)
    coarse = rng.uniform(0, 255, (6, 6))
    across = np.linspace(0, 5, 256)
    rows = np.array([np.interp(across, np.arange(6), row) for row in coarse])
    full = np.array([np.interp(across, np.arange(6), column) for column in rows.T]).T
    return np.clip(full + rng.normal(0, 4, full.shape), 0, 255)


def grey(full: np.ndarray) -> np.ndarray:
    side = full.shape[0] // 32
    return full.reshape(32, side, 32, side).mean(axis=(1, 3)).astype(np.uint8)


CHANGES = {
    "darker": lambda full, rng: full * 0.6,
    "less contrast": lambda full, rng: 60 + full * 0.5,
    "grain": lambda full, rng: np.clip(full + rng.normal(0, 20, full.shape), 0, 255),
    "half the size": lambda full, rng: np.kron(full[::2, ::2], np.ones((2, 2))),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_copy_stays_within_eight_bits(name: str) -> None:
    rng = np.random.default_rng(7)
    far = [
        hash_distance(photo_hash(grey(full)), photo_hash(grey(CHANGES[name](full, rng))))
        for full in map(picture, range(40))
    ]
    assert max(far) <= 8, far


def test_other_pictures_lie_far_apart() -> None:
    hashes = [photo_hash(grey(picture(seed))) for seed in range(120)]
    assert min(hash_distance(a, b) for at, a in enumerate(hashes) for b in hashes[:at]) > 8


def test_seven_bits_apart_share_a_byte() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        value = int(rng.integers(0, 2**63))
        other = value
        for bit in rng.choice(64, 7, replace=False):
            other ^= 1 << int(bit)
        assert any(a == b for a, b in zip(hash_bytes(value), hash_bytes(other), strict=True))


def test_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="32 x 32"):
        photo_hash(np.zeros((8, 8), np.uint8))
