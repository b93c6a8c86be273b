"""Pages: entrance (before it is known who asks), account (one's own), people (those of one's unit)."""
