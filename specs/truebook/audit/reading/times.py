"""Times as loggers write them, in milliseconds."""

from datetime import datetime

from msgspec import Raw

from truebook.audit.reading.shapes import PLAIN


def without_prefix(raw: bytes) -> tuple[bytes, int | None]:
    """Return a line from its JSON on, and the time before it, as loggers write one."""
    text = raw.strip()
    at = text.find(b"{")
    in_brackets = text[:1] == b"[" and text[:at].rstrip().endswith(b"]")
    if text[:1] in (b"{", b"[") and not in_brackets:
        return text, None
    if at <= 0:
        raise ValueError("no JSON in it")
    return text[at:], time_of(text[:at].decode("ascii", "replace"))


def time_of(prefix: str) -> int | None:
    """Return the time that a log has before its line, in ms; None where it has none."""
    text = prefix.strip(" \t,|:-[]")
    try:
        return as_milliseconds(float(text))
    except ValueError:
        pass
    for words in (text, " ".join(text.split()[:2]), text.split()[0] if text else ""):
        try:
            return int(datetime.fromisoformat(words.replace(",", ".")).timestamp() * 1000)
        except ValueError:
            continue
    return None


def milliseconds(raw: Raw) -> int | None:
    """Return the time of a field; None where it is not there, or no number."""
    text = bytes(raw)
    if len(text) == 13 and text.isdigit():  # nearly always, and it is in milliseconds
        return int(text)
    value = PLAIN(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return as_milliseconds(value)


def as_milliseconds(value: float) -> int | None:
    """Return a time in ms: it may be in seconds, milli-, micro- or nanoseconds, by its size."""
    if not 0 < value < 1e20:
        return None
    for unit in (1e-6, 1e-3, 1.0):
        if value * unit > 1e11:
            return int(value * unit)
    return int(value * 1000)
