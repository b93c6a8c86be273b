"""Files that the field handed in, as people may look at them.

Takes a file of the gate by its hash, decodes it in a limited child process and gives a working copy: the picture anew,
without what stood beside it, under another address. Gives also what the file says of itself (time, place), held against
what its message says, and a hash by which photos that look alike are found. Never serves or changes an original, never
decides anything.
"""
