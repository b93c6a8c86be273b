"""The field app's server side: serves the app, what its forms ask, and what a phone's post has to do today.

Takes: a device's bearer token. Gives: the shell with its worker and manifest at `/lapangan/`, the definition of all
forms, and one page of duties, places and people for the post that the device stands for. Never does: take anything
in; what a phone sends goes through the gate, sealed.
"""
