"""The oracle: what other people's books are held against."""
