"""`make smoke ENV=x`: sends one photo through a deployed environment, and prints what each step proved.

Ends with 0 if no step failed, with 1 otherwise. It asks for nothing on a terminal but the code that was mailed.
"""
import argparse
import json
import sys

from darkroom import console
from darkroom.deploy.root import Root
from darkroom.paths import Stack
from darkroom.smoke.person import Person
from darkroom.smoke.report import Report
from darkroom.smoke.story import Story
from darkroom.smoke.target import Target
from darkroom.smoke.webhook import receiving

# Two photos of the quarter of a thousandth that docs/COST.md counts, some sixty requests, and what looking costs.
COSTS = "It costs less than 0.01 USD: two photos, which are deleted again, and some sixty requests."


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make smoke", description=__doc__.splitlines()[0])
    parser.add_argument("--env", required=True, help="a folder of terraform/environments")
    parser.add_argument("--mail", help="an address that you read; a laptop's mailbox is read by the story itself")
    parser.add_argument("--webhook", help="the https URL of a receiver")
    parser.add_argument("--webhook-port", type=int, help="the port of this machine that the URL leads to (a tunnel)")
    parser.add_argument("--json", action="store_true", help="one document on standard output, for programs")
    arguments = parser.parse_args(argv)
    target = Target(Root(arguments.env, Stack.from_environment()))
    person = Person(target, arguments.mail)
    report = Report(target.name, target.api_url, target.local, arguments.json)
    report.say(f"The story of one photo in {target.name}, {target.api_url}. {'' if target.local else COSTS}".rstrip())
    with receiving(target, person, arguments.webhook, arguments.webhook_port) as webhook:
        Story(target, person, webhook, report).tell()
    report.say()
    seconds = report.document()["seconds"]
    report.say(f"{target.name} {f'works: {seconds} s' if report.ok else 'does not work: see FAIL and WRONG'}.")
    if arguments.json:
        print(json.dumps(report.document(), indent=2, ensure_ascii=False))
    return 0 if report.ok else 1


if __name__ == "__main__":
    console.run(main, sys.argv[1:])
