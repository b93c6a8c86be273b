"""Entry of result forms by hand: one screen for photo and figures, saved at every field, entered twice where it counts.

The second person never sees the first figures; where two differ, a third decides on the photo. What was entered
leaves through the gate like every other copy.
"""
