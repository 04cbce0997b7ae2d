"""What is said about expressions, breakpoints and watches."""

BREAKPOINTS: dict[str, str] = {}
