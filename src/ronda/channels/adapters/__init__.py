"""What other programs send, read into what the gate takes. Nothing here asks the database."""
