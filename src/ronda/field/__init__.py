"""The field app's server side: serves the app, what its forms ask, what a phone's post has to do today, and events
whose code a phone scans.

Takes: a device's bearer token, and messages of kind `attendance`. Gives: the shell with its worker and manifest at
`/lapangan/`, the definition of all forms, one page of duties, places and people for the post that the device stands
for, and who came to an event. Never does: take in what speaks of stations, incidents or results.
"""
