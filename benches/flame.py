"""A flame graph: each call a bar as wide as its time, below the call that made it."""

import colorsys
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, ROW, TOP = 1200, 17, 28
NARROWEST = 0.002  # of the whole; what is narrower is left out
LETTER = 6.4

# Calls of the standard library and of the process's start say nothing of ours.
PLUMBING = re.compile(r"/rustc/|library/(core|alloc|std)/|libc\.so")
START = re.compile(r"^(_start|main|__libc_start|lang_start|\[unknown\])|::main$")
CLOSURE = re.compile(r"\{closure[^}]*\}[^:]*$")  # it belongs to the call that it is written in


@dataclass(frozen=True)
class Frame:
    name: str
    file: str

    @property
    def short(self) -> str:
        """Without type parameters, and the last two steps of its path; an inlined call has none, but its file."""
        name = self.name.replace("->", "")
        while (without := re.sub(r"<[^<>]*>", "", name)) != name:
            name = without
        steps = [step for step in name.split("::") if step]
        if len(steps) == 1 and self.file.endswith(".rs"):
            steps = [Path(self.file).stem, *steps]
        return "::".join(steps[-2:]) or self.name


@dataclass
class Bar:
    count: int = 0
    below: dict[str, "Bar"] = field(default_factory=dict)


def picture(stacks: list[list[Frame]], title: str) -> str:
    root = Bar(len(stacks))
    for stack in stacks:
        bar = root
        for name in _calls(stack):
            bar = bar.below.setdefault(name, Bar())
            bar.count += 1
    bars: list[str] = []
    depth = _draw(root, 0, 0.0, WIDTH / max(1, len(stacks)), bars)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {TOP + ROW * depth}"
  font-family="monospace" font-size="11" fill="#222">
<text x="4" y="18" font-family="sans-serif" font-size="15" fill="#777">{escape(title)}</text>
{chr(10).join(bars)}
</svg>
"""


def _calls(stack: list[Frame]) -> list[str]:
    ours = [
        frame
        for frame in stack
        if not PLUMBING.search(frame.file) and not START.search(frame.name) and not CLOSURE.search(frame.name)
    ]
    inner = stack[-1]
    names = [frame.short for frame in [*ours, *([inner] if "libc.so" in inner.file else [])]]
    # A call of itself is one bar.
    return [name for number, name in enumerate(names) if number == 0 or names[number - 1] != name]


def _draw(bar: Bar, level: int, left: float, scale: float, bars: list[str]) -> int:
    deepest = level
    for name, below in sorted(bar.below.items()):
        width = below.count * scale
        if width >= WIDTH * NARROWEST:
            bars.append(_bar(name, below, level, left, width))
            deepest = max(deepest, _draw(below, level + 1, left, scale, bars))
        left += width
    return max(deepest, level + bool(bar.below))


def _bar(name: str, bar: Bar, level: int, left: float, width: float) -> str:
    shown = escape(name if len(name) * LETTER < width else name[: max(0, int(width / LETTER) - 1)])
    y = TOP + ROW * level
    share = f"{100 * width / WIDTH:.1f} %"
    return (
        f'<g><title>{escape(name)}, {share}</title><rect x="{left:.1f}" y="{y}" width="{max(0.5, width - 0.5):.1f}" '
        f'height="{ROW - 1}" fill="{_colour(name)}"/>'
        + (f'<text x="{left + 3:.1f}" y="{y + 12}">{shown}</text>' if shown and width > 4 * LETTER else "")
        + "</g>"
    )


def _colour(name: str) -> str:
    """One for each module, warm and light enough for dark letters."""
    hue = zlib.crc32(name.split("::")[0].encode()) % 1000 / 1000
    red, green, blue = colorsys.hls_to_rgb(0.02 + 0.14 * hue, 0.72, 0.8)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
