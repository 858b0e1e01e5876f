"""Audit: what a bot recorded, held to the promises."""
