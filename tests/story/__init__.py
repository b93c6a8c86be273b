"""Whole stories, from a phone in a village to the offices that must act, through the doors that people use."""
