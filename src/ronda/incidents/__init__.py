"""What it is: verified events in place and time, who holds them, who must act by when, and the proof at the end.

Takes: verified reports. Gives: incidents with a number, hand-overs between agencies with an answering clock,
actions with owner and due time, closing by a second person.
Never does: edit a report, close without proof, or let the one who did the work confirm it.
"""
