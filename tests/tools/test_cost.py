"""`make cost`: docs/COST.md shows what it prints, and its figures follow from prices, counts and the load."""

import contextlib
import datetime
import io
import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from darkroom.cost import __main__ as program
from darkroom.cost import imports, month, peers, rerender, workflow
from darkroom.cost.photo import ASSUMED, FUNCTIONS, PHOTO, Load, billed_ms, gb_seconds
from darkroom.cost.prices import PRICES, usd
from tests.support.printed import PART, commands, shows_what_they_print

ROOT = Path(__file__).resolve().parents[2]
COST = ROOT / "docs/COST.md"
THOUSAND = Load(1000, 3.5)


def printed(command):
    """The output of `make cost …`, as the Makefile calls the program."""
    make, target, *variables = shlex.split(command)
    assert (make, target) == ("make", "cost")
    given = [f"--{name.lower()}={value}" for name, _, value in (each.partition("=") for each in variables)]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert program.main(given) == 0
    return out.getvalue()


def test_the_document_shows_what_the_command_prints():
    shown = {re.search(r"SHOW=(\w+)", command)[1] for command in commands(COST)}
    assert shown == set(program.SHOWN), "each table stands in the document"
    shows_what_they_print(COST, printed)


def test_no_price_stands_in_the_document_by_hand_alone():
    """The sentences between the printed parts name prices of prices.json; tests/terraform looks after the budgets."""
    by_hand = PART.sub("", COST.read_text(encoding="utf-8"))
    known = {f"{price.usd:.4f}".rstrip("0").rstrip(".") for price in PRICES.values()}
    said = {f"{float(figure):.4f}".rstrip("0").rstrip(".") for figure in re.findall(r"([\d.]+) USD", by_hand)}
    assert said <= known, said - known


# -------------------------------------------------------------------------------------------------------------- prices


@pytest.mark.parametrize("key", PRICES)
def test_a_price_has_its_unit_region_source_and_day(key):
    price = PRICES[key]
    assert price.usd > 0 and price.per >= 1 and price.unit and price.region and price.read_in
    assert re.match(r"https://aws\.amazon\.com/[\w/-]+/$", price.url)
    datetime.date.fromisoformat(price.looked_up)
    assert price.of is None or re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", price.of)
    assert price.of or "not found" in price.read_in or "without a date" in price.read_in


def test_each_price_is_used():
    """By a module, or by the document's sentences."""
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tools/darkroom/cost").glob("*.py"))
    by_hand = re.findall(r"([\d.]+) USD", PART.sub("", COST.read_text(encoding="utf-8")))
    for key, price in PRICES.items():
        assert re.search(rf"""["']{key}["']""", code) or price.usd in map(float, by_hand), key


# ------------------------------------------------------------------------------------------------------------- a month


def line(lines, what):
    return next(each for each in lines if each.what == what)


def test_a_thousand_photos_cost_what_their_parts_cost():
    """By hand, where the figures are few: five transitions; six PUT and four GET; six requests of queues."""
    lines = month.of_photos(THOUSAND)
    assert line(lines, "Step Functions").usd == pytest.approx(5 * 0.025)
    assert line(lines, "S3, requests").usd == pytest.approx(6 * 0.0054 + 4 * 0.00043)
    assert line(lines, "SQS").usd == pytest.approx(6000 * 0.40 / 1e6)
    assert line(lines, "API Gateway").usd == pytest.approx(2000 * 3.70 / 1e6)
    assert line(lines, "Data to the internet").usd == pytest.approx(0.7 * 0.09)
    of = month.parts(THOUSAND)
    assert of.developing + of.keeping + of.looking == pytest.approx(month.total(lines))


def test_the_largest_line_is_said():
    assert "The largest line: CloudFront" in printed("make cost SHOW=photos VIEWS=100 DELIVERY=cloudfront")
    assert "The largest line: S3, storage" in printed("make cost SHOW=photos MB=30 VIEWS=0")


def test_ten_times_the_photos_cost_ten_times_as_much():
    more = replace(THOUSAND, photos=10_000)
    assert month.total(month.of_photos(more)) == pytest.approx(10 * month.total(month.of_photos(THOUSAND)))


def test_larger_photos_cost_storage_and_time_and_more_views_cost_delivery():
    larger, seen = replace(THOUSAND, mb=35), replace(THOUSAND, views=50)
    assert month.parts(larger).keeping > 5 * month.parts(THOUSAND).keeping
    assert line(month.of_photos(larger), "Lambda").usd > line(month.of_photos(THOUSAND), "Lambda").usd
    assert month.parts(seen).looking == pytest.approx(50 * month.parts(THOUSAND).looking)
    assert month.parts(seen).developing == month.parts(THOUSAND).developing


def test_cloudfront_fetches_each_variant_once():
    much = replace(THOUSAND, views=50)
    from_s3, from_edge = (month.of_photos(replace(much, delivery=where)) for where in ("s3", "cloudfront"))
    assert line(from_s3, "S3, requests").how_much == "6 PUT each, 53 GET each"
    assert line(from_edge, "S3, requests").how_much == "6 PUT each, 4 GET each"


def test_memory_buys_a_share_of_a_core():
    """validate has 512 MB: its CPU time takes 1769 / 512 as long; resize has more than a core and uses one."""
    cpu = PHOTO["measured"]["cpu_ms"]
    waits = ASSUMED["s3_wait_ms"] + ASSUMED["header_mb"] / ASSUMED["s3_mb_s"] * 1000
    assert FUNCTIONS["validate"]["memory_mb"] == 512
    assert billed_ms("validate", 3.5) == pytest.approx(cpu["validate"] * 1769 / 512 + waits)
    moved = (3.5 + ASSUMED["work_mb"]) / ASSUMED["s3_mb_s"] * 1000
    assert billed_ms("resize", 3.5) == pytest.approx(cpu["resize"] + 2 * ASSUMED["s3_wait_ms"] + moved)
    assert gb_seconds("resize", 3.5) == pytest.approx(billed_ms("resize", 3.5) / 1000 * 2)


# -------------------------------------------------------------------------------------------- the workflow, and others


def test_express_costs_its_requests_and_its_time_in_chunks():
    took = workflow.express_gb_s(3.5) / (64 / 1024)
    assert took * 10 == pytest.approx(round(took * 10)), "hundreds of milliseconds"
    found = workflow.workflows(THOUSAND)
    assert found.standard == pytest.approx(0.125)
    assert found.express == pytest.approx(0.001 + 1000 * took / 16 * 0.00001667)
    assert found.express < found.standard / 10


def test_a_plan_holds_the_credits_of_the_month():
    """1,000 photos: 4 credits of transformations, 4.5 of storage, 0.7 of delivery."""
    assert peers.cloudinary(THOUSAND) == ("Free", 0)
    assert peers.cloudinary(replace(THOUSAND, photos=20_000)) == ("Plus", 99)
    assert peers.cloudinary(replace(THOUSAND, photos=1_000_000)) == ("Enterprise", None)


def test_the_cheapest_bundle_may_be_a_smaller_one_with_more_credits():
    load = replace(THOUSAND, photos=12_000)  # 96 of transformations, 24 of cache, 8.4 of delivery
    plan, price = peers.imgix(load)
    originals = usd("s3_gb_month", 12 * 3.5) + usd("s3_put", 12_000)
    assert (plan, price) == ("Starter", pytest.approx(25 + 28.4 * 0.25 + originals))


def test_sharps_times_are_those_of_the_benchmarks():
    text = (ROOT / "docs/BENCHMARKS.md").read_text(encoding="utf-8")
    for chapter, row in ((peers.FOUR, "four_sizes_row"), (peers.ONE, "one_size_row")):
        name = peers.PEERS["sharp"][row]
        assert f"| {name} | {peers.sharp_ms(chapter, name):.0f} |" in text.partition(chapter)[2].partition("\n## ")[0]


def test_each_peer_says_what_its_price_holds():
    found = list(peers.peers(THOUSAND, "prod"))
    assert len(found) == 6 and all(len(peer.holds.split()) > 6 for peer in found)
    assert found[0].usd == pytest.approx(month.total(month.of_photos(THOUSAND)) + month.total(month.standing("prod")))


# --------------------------------------------------------------------------------------------------------- the command


@pytest.mark.parametrize("given", [["--photos=0"], ["--photos=many"], ["--env=moon"], ["--delivery=post"]])
def test_what_cannot_be_counted_is_refused(given):
    with pytest.raises(SystemExit), contextlib.redirect_stderr(io.StringIO()) as said:
        program.main(given)
    assert given[0].partition("=")[2] in said.getvalue()


def test_make_passes_each_variable():
    """`make cost` without ENV means prod: `local` costs nothing."""
    recipe = re.search(r"^cost:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1]
    for name in ("PHOTOS", "MB", "VIEWS", "DELIVERY", "SHOW"):
        assert f"$(if $({name}),--{name.lower()} $({name}))" in recipe
    assert "$(filter-out local,$(ENV))" in recipe


def test_the_command_line_estimates_a_re_render_by_these_figures():
    """Its clock goes by pixels: a photo of 3.5 MB has twelve million."""
    code = (ROOT / "cli/src/operate/rerender.rs").read_text(encoding="utf-8")
    usd, fixed, megapixel = (float(re.search(rf"const {name}: f64 = ([0-9.]+);", code)[1])
                             for name in ("USD_OF_A_THOUSAND", "MS_OF_A_PHOTO", "MS_OF_A_MEGAPIXEL"))
    load = Load(1000, 3.5)
    assert usd == pytest.approx(month.total(rerender.lines(load)), rel=0.05)
    assert fixed + 12 * megapixel == pytest.approx(rerender.took_ms(3.5), rel=0.05)


def test_a_re_render_makes_the_states_and_keeps_old_variants_as_long_as_is_counted():
    machine = (ROOT / "statemachine/rerender.asl.json").read_text(encoding="utf-8")
    states = json.loads(machine.replace("${at_once}", "1"))["States"]["Render photos"]["ItemProcessor"]["States"]
    path, name = [], "Visit photo"
    while name:
        path.append(name)
        name = states[name].get("Next") or next((each["Next"] for each in states[name].get("Choices", [])), None)
    assert len(path) == rerender.STATES
    terraform = (ROOT / "terraform/modules/stack/variables.tf").read_text(encoding="utf-8")
    days = re.search(r'variable "superseded_days" \{.*?default += (\d+)', terraform, re.DOTALL)
    assert int(days[1]) == rerender.SUPERSEDED_DAYS


# ------------------------------------------------------------------------------------------------------------- imports


def test_an_operator_is_told_beforehand_what_an_import_costs():
    """settings/functions.json has the figure that the API answers with."""
    photos = Load(10_000_000, 3.5)
    together = imports.developing(photos) + month.total(imports.bringing(photos))
    assert imports.IMPORTS["usd_per_photo"] == pytest.approx(together / photos.photos, rel=0.03)


def test_bringing_photos_in_costs_little_beside_developing_them():
    photos = Load(1_000_000, 3.5)
    assert 0 < month.total(imports.bringing(photos)) < imports.developing(photos) / 10


def test_an_import_is_as_fast_as_half_of_the_executions_and_slower_than_the_queue():
    assert imports.pace(5) == pytest.approx(2 / imports.IMPORTS["photo_s"])
    assert imports.pace(500) == imports.IMPORTS["photos_per_second"]
