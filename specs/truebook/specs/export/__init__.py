"""The model in other tools' languages, written from the same paths that the engines run."""
