"""Recapitulation as it is read out: each figure held against the form below it, what moved in one sentence, objections.

Takes: the copies of `results`, what an officer types in the plenum, the calendars of the law.
Gives: rows that differ, who gained and lost in votes, an objection with its last day and its evidence.
Never does: say why a figure changed, or name a person.
"""
