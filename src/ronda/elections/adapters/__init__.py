"""From law and files to rows."""
