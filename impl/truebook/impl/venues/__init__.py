"""The venues: a package each, with its messages, read and written."""
