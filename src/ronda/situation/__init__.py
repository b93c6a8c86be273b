"""How things stand: the daily report of an area, the list of a past moment, exports for others' programs.

Takes: what incidents, readiness and reports know, as it was known at an instant. Gives: one report a day in short
sentences (page, PDF, text for a chat), tables and maps for other programs (CSV, GeoJSON, OGC API Features).
Never does: decide, change or store a record, carry a vote count or the name of a person.
"""
