"""Entry of result forms by hand: one screen for photo and figures, saved at every field, entered twice where it counts.

Takes: the register of stations, the rows of the form from the law, photos, what people type.
Gives: copies of results, through the gate like every other; stations a person must not see while entering them blind.
Never does: show the second person anything of the first, or decide between two readings without a third person.
"""
