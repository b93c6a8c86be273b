"""The log of the node: what was received, in one order that nobody can change unseen.

Takes: salted commitments of accepted messages. Gives: signed group roots with paths (receipts), a growing
Merkle tree under signed checkpoints, its tiles for anyone, proofs that a message is in it, an export to check
offline. Never does: hold what a message says, change or remove an entry, or sign two trees.
"""
