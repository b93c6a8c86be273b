"""What was said: everything the field reports, kept exactly as it came, waiting for a person to check it.

Takes: accepted messages of kind `report` from the gate. Gives: an inbox ordered without regard to party,
decisions with their reasons, and steps the reporter can follow with a receipt code.
Never does: edit what came in, read the author when ordering, or decide what really happened (see `incidents`).
"""
