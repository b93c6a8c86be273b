"""What it is, through the day: check-ins of stations, roll calls of officers, checks of warehouses.

Takes: accepted messages of kind `checkin` from the gate, the expected times of law/checkins.yaml, the clock.
Gives: who was heard when, who should have been heard by now and was not, and each such gap once as a report.
Never does: edit what came in, carry a vote count, or decide what a silence means (see `incidents`).
"""
