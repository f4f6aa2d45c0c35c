#!/usr/bin/env bash
# run.sh TARGET SECONDS: builds a fuzz target on the stable compiler and runs it. Needs a C++ compiler, for libFuzzer.
# A finding lies in artifacts/TARGET: fix it, and keep it as a case of a test beside the code. Pictures have theirs in
# src/imaging/tests/hostile.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
target="$1" seconds="$2" host="$(rustc -vV | sed -n 's/^host: //p')"
targets="$(sed -n '/^\[\[bin/,$ s/^name = "\(.*\)"/\1/p' Cargo.toml)"
grep -qx "$target" <<<"$targets" || { echo "TARGET is one of:" $targets; exit 2; }

longest=65536 features=(--features pictures)
case "$target" in
    event | link | order | upload | webhook) seeds=("seeds/$target") longest=4096 features=() ;;
    cursor) seeds=() longest=256 features=() ;; # a few choices, and bytes of any kind
    recipe) seeds=(../../settings) ;;
    encode) seeds=() longest=256 ;; # samples repeat: long inputs only make large pictures, and slow ones
    jxl) seeds=() && mkdir -p corpus/jxl && cp ../../fixtures/images/*.jxl corpus/jxl ;;
    jpeg*) seeds=(../../crates/scaledown-jpeg/tests/fixtures) features=(--features decoders) ;;
    vp8) seeds=(../../fixtures/images) features=(--features decoders) ;;
    *) seeds=(../../fixtures/images) ;;
esac

# What `cargo fuzz` passes, without the sanitizers that need a nightly compiler: in safe Rust, panics are the findings.
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
coverage+=" -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
profile="${FUZZ_PROFILE:-release}" folder="${FUZZ_PROFILE:-release}"
[ "$profile" != dev ] || folder=debug
RUSTFLAGS="--cfg fuzzing -Ccodegen-units=1 $coverage" \
    cargo build --locked --profile "$profile" --target "$host" --bin "$target" "${features[@]}"

mkdir -p "corpus/$target" "artifacts/$target"
"${CARGO_TARGET_DIR:-target}/$host/$folder/$target" "corpus/$target" "${seeds[@]}" \
    -max_total_time="$seconds" -timeout=30 -rss_limit_mb=2048 -max_len="$longest" -artifact_prefix="artifacts/$target/"
