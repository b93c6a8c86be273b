"""Vulnerability: values of indicators become an explained index by an instrument whose every part has a source.

Takes values by area or station and an instrument of `ronda.law.instruments`; gives scores with their parts, intervals
and categories. Never mixes instruments, never fills in what is missing, never scores a person.
"""
