"""The fuzzer: a venue, a wire and a bot, drawn from a seed, that hold the book to its promises.

It is written from what venues do and from the pages of the book alone. It shares no code with the
model, the specifications or the examples, so that it cannot share their mistakes.
"""
