"""The outermost layer: settings, addresses, commands and the embedded database. Everything may be imported here, nothing imports it."""
