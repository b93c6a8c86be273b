"""Pages of the situation: get, authorise, ask one selector, answer."""
