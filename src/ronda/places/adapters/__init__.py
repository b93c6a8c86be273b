"""From outside registers and files to rows, and from rows to shapes a map understands."""
