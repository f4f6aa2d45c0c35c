"""How the bench measures: turns, ratios within a round, and a table of instructions that lets nothing slip."""

import json
import os
import subprocess
import sys

import pytest

from benches import flame, instructions, measure, profile, report
from benches.flame import Frame
from benches.measure import Work
from benches.peers import Contender
from darkroom.paths import REPOSITORY

# Writes its name into a log at each photo, and burns as many milliseconds of CPU as it is told.
PROGRAM = """
import sys, time
name, log, burn, _, folder, *_ = sys.argv[1:]
for _ in sys.stdin:
    with open(log, "a") as out: out.write(name)
    end = time.process_time() + float(burn) / 1000
    while time.process_time() < end: pass
    print("done", flush=True)
open(folder + "/small.jpg", "w").write(name)
"""


@pytest.fixture
def work(tmp_path):
    return Work(tmp_path / "photo", tmp_path / "recipe", tmp_path / "logo", tmp_path / "out")


def contender(tmp_path, name, burn):
    return Contender(name, [sys.executable, "-c", PROGRAM, name, str(tmp_path / "log"), str(burn)], "cascade")


def test_contenders_take_turns_photo_by_photo(tmp_path, work):
    cores = os.sched_getaffinity(0)
    entries = {name: contender(tmp_path, name, burn) for name, burn in (("a", 20), ("b", 60))}
    results = measure.compare(entries, work, rounds=2)
    each_begins_and_then_in_turns = "ab" + "ab" * measure.WARM
    assert (tmp_path / "log").read_text() == "ab" + each_begins_and_then_in_turns * 2
    assert os.sched_getaffinity(0) == cores
    assert all(19 < ms < 40 for ms in results["a"].warm) and all(59 < ms < 80 for ms in results["b"].warm)
    assert results["a"].cold_ms > results["a"].warm_ms, "an interpreter takes its time to start"
    assert 0.2 < measure.ratio(results["a"].warm, results["b"].warm).middle < 0.5
    assert results["b"].files["small"].read_text() == "b" and results["b"].peak_mb > 1


def test_a_contender_that_fails_stops_the_bench(tmp_path, work):
    with pytest.raises(SystemExit, match="broken"):
        measure.compare({"x": Contender("broken", [sys.executable, "-c", "raise SystemExit(3)"], "cascade")}, work, 1)


def test_a_ratio_is_taken_within_a_round():
    slow_machine_in_the_second_round = measure.ratio([10, 100, 12], [20, 200, 20])
    assert slow_machine_in_the_second_round == measure.Ratio(0.5, 0.5, 0.6)


def test_the_page_names_the_vectors_of_the_cpu():
    assert report.vectors(["sse2", "avx2", "avx512f"]) == "vectors: AVX-512"
    assert report.vectors(["sse2", "sse4_2", "avx2"]) == "vectors: AVX2"
    assert report.vectors(["fp", "asimd"]) == "vectors: NEON"


def test_a_loss_and_an_unnoted_gain_both_fail_the_table_of_instructions():
    then = {"four": 1000, "png": 1000}
    assert instructions.differences({"four": 1029, "png": 971}, then) == []
    worse, better = instructions.differences({"four": 1031, "png": 969}, then)
    assert worse == "four: 1031 million instructions, +3.1% of 1000" and better.startswith("png: 969")
    assert instructions.differences({"four": 1000, "webp": 5}, then) == [
        "png: only in the table",
        "webp: only counted, not in the table",
    ]


def test_the_table_of_instructions_has_every_work_that_is_counted():
    assert json.loads(instructions.TABLE.read_text())["millions"].keys() == set(instructions.WORKS)


def test_counting_without_valgrind_says_what_is_missing_and_fails():
    check = [sys.executable, "-m", "benches.instructions"]
    ran = subprocess.run(check, cwd=REPOSITORY, env={"PATH": "/nowhere"}, capture_output=True, text=True, check=False)
    assert ran.returncode != 0 and "valgrind: sudo apt-get install valgrind" in ran.stderr


OUTER = Frame("darkroom_imaging::develop::develop", "/x/src/imaging/develop.rs")
HUFFMAN = Frame("scaledown_jpeg::huffman::Table<A<B>>::look_up", "/x/crates/scaledown-jpeg/src/huffman.rs")
STANDARD = Frame("core::num::wrapping_add", "/rustc/1/library/core/src/num/mod.rs")


@pytest.mark.parametrize(
    ("stack", "stage"),
    [
        ([OUTER, HUFFMAN, STANDARD], "JPEG in, Huffman codes"),
        ([OUTER, HUFFMAN, Frame("memcpy", "/usr/lib/libc.so.6")], profile.MEMORY),
        ([OUTER, HUFFMAN, Frame("page_fault", "[kernel.kallsyms]")], profile.KERNEL),
        ([OUTER, STANDARD], profile.OTHER),
    ],
)
def test_a_sample_belongs_to_the_innermost_source_that_is_a_stage(stack, stage):
    assert profile.stage(stack) == stage


def test_a_flame_is_as_wide_as_its_share():
    drawn = flame.picture([[OUTER, HUFFMAN, STANDARD]] * 3 + [[OUTER]], "a photo")
    assert "<title>develop::develop, 100.0 %</title>" in drawn
    assert "<title>Table::look_up, 75.0 %</title>" in drawn
    assert "wrapping_add" not in drawn
