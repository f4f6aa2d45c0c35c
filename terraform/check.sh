#!/usr/bin/env bash
# Everything that can be said about terraform/ without an account: format, validity, tests.
# One process of the provider serves all of it (tools/darkroom/provider_server.py).
#
#   terraform/check.sh              all of it
#   terraform/check.sh storage api  the tests of these modules only
#
# Needs the network once at most, for the provider (tools/darkroom/providers.py). Nothing is written outside .terraform
# folders, modules/*/.terraform.lock.hcl (both ignored by git) and .local.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
lock="$here/environments/local/.terraform.lock.hcl"

export PYTHONPATH="$here/../tools"
if [ -z "${TF_REATTACH_PROVIDERS:-}" ]; then
  exec "${PYTHON:-python3}" -m darkroom.provider_server "$0" "$@"
fi
TF_CLI_CONFIG_FILE=$("${PYTHON:-python3}" -m darkroom.providers)
export TF_CLI_CONFIG_FILE TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1
export GOGC=${GOGC:-400} GOMEMLIMIT=${GOMEMLIMIT:-1GiB} # why: COLLECTOR in tools/darkroom/providers.py
unset TF_DATA_DIR TF_PLUGIN_CACHE_DIR

# Runs a command quietly, and shows what it said only when it fails.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 || status=$?
  [ "$status" -eq 0 ] || cat "$log" >&2
  rm -f "$log"
  return "$status"
}

check_root() {
  quietly terraform -chdir="$1" init -backend=false -input=false -lockfile=readonly -no-color
  quietly terraform -chdir="$1" validate -no-color
  echo "ok    ${1#"$here"/}"
}

check_module() {
  # Modules are tested with the very provider that the environments are locked to; a root has a lock of its own.
  [ "$1" = "$here/bootstrap" ] || cp "$lock" "$1/.terraform.lock.hcl"
  quietly terraform -chdir="$1" init -backend=false -input=false -lockfile=readonly -no-color
  local log status=0
  log=$(terraform -chdir="$1" test -no-color 2>&1) || status=$?
  if [ "$status" -ne 0 ]; then
    printf '%s\n' "$log" >&2
    echo "FAIL  ${1#"$here"/}"
    return "$status"
  fi
  # A module whose tests were not found would be green too.
  if ! grep -Eq '^Success! [1-9][0-9]* passed' <<<"$log"; then
    echo "FAIL  ${1#"$here"/}: no test ran" >&2
    return 1
  fi
  echo "ok    ${1#"$here"/}  $(grep -E '^Success!' <<<"$log")"
}

export -f quietly check_root check_module
export here lock

tested=("${@/#/$here/modules/}")
if [ "$#" -eq 0 ]; then
  terraform fmt -check -diff -recursive "$here"
  "$here/modules/functions/placeholder/pack.py" --check
  roots=("$here"/environments/*/ "$here"/examples/*/)
  tested=("$here/bootstrap/" "$here"/modules/*/)
  for root in "${roots[@]}"; do printf '%s\0' "${root%/}"; done |
    xargs -0 -r -n 1 -P 2 bash -euo pipefail -c 'check_root "$1"' check
fi

for folder in "${tested[@]}"; do printf '%s\0' "${folder%/}"; done |
  xargs -0 -r -n 1 -P 2 bash -euo pipefail -c 'check_module "$1"' check
