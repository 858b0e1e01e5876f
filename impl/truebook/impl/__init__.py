"""The book: one owner of all order state, built in attrs."""
