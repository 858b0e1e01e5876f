"""The measure of an audit: recordings of the misbehaving venue, audited against its truth."""
