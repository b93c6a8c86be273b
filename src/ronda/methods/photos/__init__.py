"""Photos compared by what they show: a hash of 64 bits that survives size, compression and small edits.

Higher distance is less alike. A hash says that two pictures look alike, never who took them.
"""

from ronda.methods.photos.hashes import HASH_SIDE, hash_bytes, hash_distance, photo_hash

__all__ = ["HASH_SIDE", "hash_bytes", "hash_distance", "photo_hash"]
