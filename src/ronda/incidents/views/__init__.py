"""Pages of incidents, and the page of one report, where it is checked and becomes part of an incident."""
