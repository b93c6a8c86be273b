"""What every context stands on: ids, time, area codes, signed scope, row policies, events and audit.

Takes: a scope (who may see what) and a clock. Gives: tables that refuse what the mandate does not allow.
Never does: decide anything about reports, results or people.
"""
