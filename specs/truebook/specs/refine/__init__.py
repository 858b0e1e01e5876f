"""The implementation held to the model: every edge of the model, replayed on the book."""
