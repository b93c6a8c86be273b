"""Other people's ways of sending, each brought to the gate: text messages, OpenRosa, webhooks, files, e-mail.

Takes: what a gateway, a form app, another system or a mailbox sends, under the sender's own id. Gives: an ordinary
message of the gate with an id made from channel and sender's id, so that a repeat has one effect, and an answer after
the gate's commit that says what was understood. Never does: lose what it cannot read, know a party, or decide anything.
"""
