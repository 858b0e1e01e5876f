"""A venue on the wire, for bots as they are."""
