"""The model: what the life of an order is, and what a book does with each message."""
