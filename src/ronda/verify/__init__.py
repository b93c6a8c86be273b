"""The outsider's check of a node's log: `python -m ronda.verify`, Python's own library and nothing else.

Takes an exported log, a receipt, an older checkpoint and the node's public key. Says whether anything was
changed, removed or reordered. Trusts nothing that it can recompute and shares no code with the log it checks.
Copy this folder anywhere and run it there.
"""

from .checks import Finding, VerifierKey, check_bundle, check_consistency, check_log, check_receipt

__all__ = ["Finding", "VerifierKey", "check_bundle", "check_consistency", "check_log", "check_receipt"]
