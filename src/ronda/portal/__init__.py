"""Public pages: telling without an account, following with a receipt code, and what becomes of what is told.

Takes: what anybody writes in the form. Gives: a receipt code, states and times.
Never does: show a report, a name or a place to the public, or ask for an identity card.
"""
