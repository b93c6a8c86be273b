"""Plays an election day through the gate over HTTP, so that a drill or the demo has something to watch.

Takes: the stations of a regency, a seed, the drill clock. Gives: the same messages for the same seed, and a ledger of
everything that was planted, so that a test can demand that all of it is found.
Never does: run where real data are, write to a table of another context, or know how something is found.
"""
