"""`make simulate-burst PHOTOS=10000 CONCURRENCY=10`: simulates a burst of photos on AWS.

A discrete-event simulation by the settings of this repository. Prints the outcomes of the photos, draws arrivals and
completions, and fails unless each photo ends `ready`. docs/SCALE.md lists the assumptions.
"""
import argparse
import sys
from pathlib import Path

from darkroom import console, curves
from darkroom.paths import Stack
from darkroom.simulate import report
from darkroom.simulate.burst import Burst
from darkroom.simulate.rules import rules


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="darkroom.simulate", description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=console_number, default=10_000)
    parser.add_argument("--concurrency", type=console_number, default=10, help="functions of the account at once")
    parser.add_argument("--in-flight", type=console_number, help="executions at once; half of the concurrency")
    parser.add_argument("--seconds", type=console_number, default=60, help="within which all photos arrive")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--picture", type=Path, help="where the SVG goes")
    asked = parser.parse_args(argv)
    goes_by = rules(asked.concurrency, asked.in_flight)
    in_flight = f"{goes_by.pace.in_flight:,}" if goes_by.pace else "any number of"
    title = (f"{asked.photos:,} photos within {asked.seconds:,} s, {asked.concurrency:,} functions at once, "
             f"{in_flight} executions in flight")
    result = Burst(goes_by, asked.photos, asked.seconds, seed=asked.seed).run()
    print("\n".join([title, *report.lines(result)]))
    where = asked.picture or Stack.from_environment().home / "burst.svg"
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_text(curves.picture(sorted(result.arrived), result.completions(), title), encoding="utf-8")
    console.say(f"picture: {where}")
    return 0 if result.count("ready") == asked.photos else 1


def console_number(text: str) -> int:
    number = int(text.replace(",", "").replace("_", ""))
    if number < 1:
        raise ValueError
    return number


if __name__ == "__main__":
    console.run(main, sys.argv[1:])
