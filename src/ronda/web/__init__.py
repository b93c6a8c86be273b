"""Pages of every context: frame, components, tokens, language, security headers.

Takes: what a context hands to its templates. Gives: `web/base.html`, `components/`, the tags of
`{% load ronda %}`, the built CSS and JavaScript. Never: queries, rights, or knowledge of a context above.
"""
