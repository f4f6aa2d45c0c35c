"""`make cost PHOTOS=100000 MB=3.5 ENV=prod VIEWS=10 DELIVERY=cloudfront`: what a month costs at list prices.

Prints the bill of the photos, what the environment costs while idle, Standard beside Express, and what others charge
for the same. SHOW=photos, standing, workflow, rerender, import, peers, photo or prices prints one of the tables.
"""
import argparse
import sys

from darkroom import console
from darkroom.cost import month, rerender
from darkroom.cost.imports import bringing, developing, pace
from darkroom.cost.peers import PEERS, peers
from darkroom.cost.photo import FUNCTIONS, PHOTO, Load, billed_ms, calls_of_functions, gb_seconds
from darkroom.cost.prices import HOURS, PRICES, usd
from darkroom.cost.table import line, money, number, table
from darkroom.cost.workflow import workflows


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="darkroom.cost", description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=count, default=100_000, help="photos a month")
    parser.add_argument("--mb", type=float, default=3.5, help="megabytes of an original")
    parser.add_argument("--views", type=float, default=1, help="looks at each photo")
    parser.add_argument("--env", default="prod", choices=sorted(month.STANDING))
    parser.add_argument("--delivery", default="s3", choices=("s3", "cloudfront"), help="where variants come from")
    parser.add_argument("--show", choices=sorted(SHOWN), help="one table only")
    asked = parser.parse_args(argv)
    load = Load(asked.photos, asked.mb, asked.views, asked.delivery)
    wanted = [SHOWN[asked.show]] if asked.show else [photos, standing, workflow, competitors]
    print("\n\n".join("\n".join(show(load, asked.env)) for show in wanted))
    return 0


def count(text: str) -> int:
    number = int(text.replace(",", "").replace("_", ""))
    if number < 1:
        raise ValueError
    return number


def photos(load: Load, environment: str) -> list[str]:
    lines = month.of_photos(load)
    together, of = month.total(lines), month.parts(load)
    rows = [(each.what, each.how_much, money(each.usd)) for each in lines]
    title = f"{load.photos:,} photos of {number(load.mb)} MB, each looked at {times(load.views)}"
    return [*table((title, "how much", "USD"), rows), line(("**together**", "", f"**{money(together)}**")), "",
            f"The largest line: {lines[0].what}, {lines[0].usd / together:.0%} of all. "
            f"Of each thousand photos, developing costs {per_thousand(of.developing, load)} USD, "
            f"keeping {per_thousand(of.keeping, load)} a month, looking {per_thousand(of.looking, load)}."]


def times(views: float) -> str:
    return {1: "once", 2: "twice"}.get(views, f"{number(views)} times")


def per_thousand(dollars: float, load: Load) -> str:
    return money(dollars / load.photos * 1000)


def standing(load: Load, environment: str) -> list[str]:
    idle = {name: month.standing(name) for name in month.STANDING}
    head = [each.what for each in idle[environment]]
    rows = [(name, *(f"{each.how_much}: {money(each.usd)}" for each in lines), f"**{money(month.total(lines))}**",
             money(month.rotations(name))) for name, lines in idle.items()]
    largest = max(idle[environment], key=lambda each: each.usd)
    return [*table(("idle, USD a month", *head, "together", "after two years, more for rotated keys"), rows), "",
            f"The largest line of {environment}: {largest.what}. There is no NAT: it would be "
            f"{money(usd('nat_hour', HOURS))} for each zone, before the first byte."]


def workflow(load: Load, environment: str) -> list[str]:
    found = workflows(load)
    rows = [("Standard, as it is", money(found.standard),
             "90 days of history, one start for each name, redrive, six hours"),
            ("Express", money(found.express), "history in logs, perhaps two starts, no redrive, five minutes")]
    return table((f"the workflow of {load.photos:,} photos", "USD", "what it gives"), rows)


def rerendered(load: Load, environment: str) -> list[str]:
    lines = rerender.lines(load)
    together, ms = month.total(lines), rerender.took_ms(load.mb)
    rows = [(each.what, each.how_much, money(each.usd)) for each in lines]
    days = 10_000_000 * ms / 1000 / 86400
    return [*table((f"{load.photos:,} photos moved to another recipe", "how much", "USD"), rows),
            line(("**together**", "", f"**{money(together)}**")), "",
            f"A photo takes {ms / 1000:.1f} s. Ten million photos take {days:.0f} days one at a time, "
            f"{days / 12:.0f} days twelve at a time, {days / 125:.1f} days 125 at a time, and "
            f"{money(together / load.photos * 1e7)} USD."]


def competitors(load: Load, environment: str) -> list[str]:
    rows = [(peer.name, "not on the list" if peer.usd is None else money(peer.usd), peer.holds)
            for peer in peers(load, environment)]
    title = f"{load.photos:,} photos of {number(load.mb)} MB a month, idle cost included"
    return table((title, "USD", "what it holds"), rows)


def imports(load: Load, environment: str) -> list[str]:
    lines = bringing(load)
    together = developing(load) + month.total(lines)
    rows = [("Developing them", "as each photo", money(developing(load))),
            *((f"Bringing them in: {each.what}", each.how_much, money(each.usd)) for each in lines)]
    took = [f"{pace(places):.1f} photos a second and {load.photos / pace(places) / 3600:,.0f} hours with "
            f"`executions_in_flight` {places}" for places in (5, 50, 500)]
    return [*table((f"{load.photos:,} photos of {number(load.mb)} MB from another bucket", "how much", "USD"), rows),
            line(("**together**", "without keeping them", f"**{money(together)}**")), "", f"{'; '.join(took)}."]


def photo(load: Load, environment: str) -> list[str]:
    """One photo, function by function."""
    measured = PHOTO["measured"]["cpu_ms"]
    rows = [(f"`{name}`", f"{calls:g}", str(FUNCTIONS[name]["memory_mb"]), f"{measured[name]:g}",
             f"{billed_ms(name, load.mb):.0f}", f"{calls * gb_seconds(name, load.mb):.3f}")
            for name, calls in calls_of_functions(load.views).items()]
    return table(("function", "calls", "MB", "CPU, measured, ms", "billed, ms", "GB-s"), rows)


def prices(load: Load, environment: str) -> list[str]:
    rows = [(price.what, price.said(), price.region, f"{price.read_in}{f', of {price.of}' if price.of else ''}",
             f"[page]({price.url})", price.looked_up) for price in PRICES.values()]
    plans = [(name, "; ".join(map(bundle, said["plans"])), "all", f"{said['read_in']}, of {said['of']}",
              f"[page]({said['url']})", said["looked_up"]) for name, said in PEERS.items() if "plans" in said]
    return table(("price", "USD", "region", "read in", "to look it up again", "looked up"), rows + plans)


def bundle(plan: dict) -> str:
    more = f", more at {plan['more_usd']}" if "more_usd" in plan else ""
    return f"{plan['name']} {plan['usd']} for {plan['credits']:,} credits{more}"


SHOWN = {"photos": photos, "import": imports, "standing": standing, "workflow": workflow, "peers": competitors,
         "photo": photo, "prices": prices, "rerender": rerendered}

if __name__ == "__main__":
    console.run(main, sys.argv[1:])
