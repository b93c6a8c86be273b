"""The one door: everything the field sends comes in here, once, and is answered after it is safe on disk.

Takes: messages (one or NDJSON) and files over HTTP, with a bearer token. Gives: a signed receipt for each,
the exact bytes for ever, batches of messages to the context that owns their kind. Never does: edit a message,
refuse one because its place or kind is unknown here, or answer before the commit.
"""
