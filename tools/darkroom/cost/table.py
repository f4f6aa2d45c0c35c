"""Tables that read well in a terminal and are Markdown too, and numbers as they stand in them."""


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    return [line(head), "|" + "---|" * len(head), *map(line, rows)]


def line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def money(usd: float) -> str:
    """Cents, and for less than a dollar a tenth of one."""
    return f"{usd:,.2f}" if usd >= 1 or not usd else f"{usd:.3f}"


def number(value: float) -> str:
    """Three digits that count, at least."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"
