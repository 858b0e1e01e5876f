"""The reference book served as a program."""

from truebook.oracle.cases import FEATURES
from truebook.oracle.reference.subject import ReferenceBook
from truebook.oracle.serve import serve

if __name__ == "__main__":
    serve(ReferenceBook, name="reference", features=FEATURES)
