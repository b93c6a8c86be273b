"""The outermost layer: settings, addresses, commands, the embedded database.

Takes every other part and puts it to work; gives nothing to them. Never holds a rule of the field.
"""
