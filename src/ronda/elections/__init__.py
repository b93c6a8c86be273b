"""What is voted on and when: elections, their stages, contests, choices, and one registry of polling stations each.

Takes: elections and stage calendars from `law`, registries and choices from files. Gives: where an election stands,
what comes next, what is late; contests in ballot order; stations by place. Never does: reuse the registry of one
election for another, keep a voter, or count a vote.
"""
