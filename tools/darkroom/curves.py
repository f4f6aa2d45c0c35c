"""Photos that arrive and are ready, over time: percentiles in words, and a picture of both."""
import math
from xml.sax.saxutils import escape


def percentiles(ordered: list[float], shares: tuple[int, ...]) -> str:
    return ", ".join(f"p{share} {seconds(percentile(ordered, share))}" for share in shares)


def percentile(ordered: list[float], share: int) -> float:
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]


def seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 120 else f"{value / 60:.1f} min"


WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 360, 64, 44, 16, 44


def picture(arrivals: list[float], completions: list[float], title: str, note: str = "") -> str:
    """SVG; between the two lines are the photos that wait or run. The moments are sorted seconds."""
    end = max([*arrivals[-1:], *completions[-1:], 1.0])
    unit, name = (60, "minutes") if end > 300 else (1, "seconds")

    def x(moment: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * moment / end

    def y(count: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * count / len(arrivals)

    def curve(moments: list[float]) -> str:
        every = max(1, len(moments) // 300)
        points = [(0.0, 0), *((moment, count) for count, moment in enumerate(moments, 1) if count % every == 0),
                  (end, len(moments))]
        return " ".join(f"{x(moment):.1f},{y(count):.1f}" for moment, count in points)

    grid = "".join(
        f'<path d="M{LEFT} {y(count):.1f}H{WIDTH - RIGHT}" stroke="#8884"/>'
        f'<text x="{LEFT - 8}" y="{y(count) + 4:.1f}" text-anchor="end">{count:,.0f}</text>'
        for count in (0, len(arrivals) / 2, len(arrivals))
    ) + "".join(
        f'<text x="{x(moment):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{moment / unit:.4g}</text>'
        for moment in ticks(end, unit)
    )
    return f'''<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"
  font-family="sans-serif" font-size="13" fill="#777">
<text x="{LEFT}" y="20" font-size="15">{escape(title)}</text>
{beside(note)}{grid}
<polyline points="{curve(arrivals)}" fill="none" stroke="#d9822b" stroke-width="2"/>
<polyline points="{curve(completions)}" fill="none" stroke="#2b83d9" stroke-width="2"/>
<text x="{WIDTH - RIGHT}" y="36" text-anchor="end">
  <tspan fill="#d9822b">arrived</tspan> <tspan fill="#2b83d9">ready</tspan>
</text>
<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">{name}</text>
</svg>
'''


def beside(note: str) -> str:
    return f'<text x="{LEFT}" y="36">{escape(note)}</text>\n' if note else ""


def ticks(end: float, unit: int) -> list[float]:
    """Four or more round moments."""
    step = 10 ** math.floor(math.log10(end / unit / 2))
    step = next(each for each in (step * 5, step * 2, step) if end / unit / each >= 4 or each == step)
    return [step * unit * number for number in range(math.floor(end / unit / step) + 1)]
