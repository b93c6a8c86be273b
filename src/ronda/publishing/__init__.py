"""The public results site: versions of results that two people let out, and the static files made of them.

Takes verdicts on sheets from `results`, double entries from `entry`, stations from the registry.
Gives a frozen set of sheets per version, its coverage, and a folder of pages and open data for each version.
Never publishes a sheet that a rule holds, never lets a published figure fall without a correction entry, never
takes a version back: a later one stands beside it.
"""
