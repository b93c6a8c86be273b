"""Who watches: agencies, their units, people, the posts they hold, and how they sign in.

Takes: invitations, sign-ins, and the clock. Gives: for each request the post that acts and its scope; lists of
units and people inside that scope. Never does: widen a right that law/mandates.yaml does not give, keep an address
of a client, or let anyone register without an invitation.
"""
