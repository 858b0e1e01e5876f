"""Help that fits the screen: commands with what they do beside or below them."""

import re

import click
from click.formatting import wrap_text

from truebook.screen.layout import Block, Line, laid_out, line

AS_WRITTEN = "\b\n"
"""Begins a paragraph whose lines stand as they are written, as click has it."""
_WHOLE = 1_000
"""A limit that no sentence comes to."""
_EXAMPLE = re.compile(r"(\S.*?   +)(\S.*)")


class Formatter(click.HelpFormatter):
    """Writes help; lines that stand as written are broken between words where they do not fit."""

    def write_text(self, text: str) -> None:
        """Write some paragraphs."""
        indent = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            self.write("\n" if number else "")
            if paragraph.startswith(AS_WRITTEN):
                written = map(_block, paragraph.removeprefix(AS_WRITTEN).splitlines())
                for _, shown in laid_out(written, self.width - self.current_indent):
                    self.write(f"{indent}{shown}\n")
            else:
                words = " ".join(paragraph.split())
                self.write(wrap_text(words, self.width, indent, indent) + "\n")


def _block(text: str) -> Block:
    """Return a line of help as a block: an example, and what it does."""
    example = _EXAMPLE.fullmatch(text)
    return Line(example[1], example[2]) if example else line(text)


class Context(click.Context):
    """A context whose help is so written."""

    formatter_class = Formatter


class Command(click.Command):
    """A command whose help is so written."""

    context_class = Context

    def get_short_help_str(self, limit: int = 0) -> str:
        """Return the first sentence of the help, whole."""
        return super().get_short_help_str(_WHOLE)
