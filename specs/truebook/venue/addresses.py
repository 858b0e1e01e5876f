"""Where a venue is served: its addresses of HTTP and of the websocket."""


def addresses(host: str, port: int) -> tuple[str, str]:
    """Return the two; an IPv6 address stands in brackets (RFC 3986, 3.2.2)."""
    at = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return f"http://{at}", f"ws://{at}/ws"
