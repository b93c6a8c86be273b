"""Pure computing: parts take values and give values. No Django, database, network, clock, environment."""
