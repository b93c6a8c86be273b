"""The desk of a signed-in person: Siaga, places, search, the live feed.

Takes: counts, lists and names through the selectors of the contexts below. Gives: one screen that says where trouble
is, what needs me now, what just happened; one page per place. Never: decides, changes or stores a record.
"""
