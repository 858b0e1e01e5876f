"""What all tests share: Hypothesis draws the same examples everywhere, however slow the machine."""

from hypothesis import settings

settings.register_profile("truebook", derandomize=True, deadline=None)
settings.load_profile("truebook")
