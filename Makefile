# The one entry. `make help` lists what there is; CI runs `make ci`.
# Variables: ENV (environment), FN (function), VERSION; DARKROOM_HOME and DARKROOM_PORT choose the local stack.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
ENV ?= local
VENV := $(abspath $(or $(DARKROOM_VENV),.local/venv))
PYTEST := $(VENV)/bin/python -m pytest
STACK := $(PYTHON) -m darkroom.stack
DEPLOY := $(VENV)/bin/python -m darkroom.deploy.lambdas
ONE_FUNCTION = $(if $(FN),--function $(FN))
export DARKROOM_HOME DARKROOM_PORT DARKROOM_VENV BINARIES RELEASE
export PYTHONPATH := $(CURDIR)/tools

##@ The stack on this machine
.PHONY: up down clean status photo logs token operator api-url
up: ## Start everything on this machine: no Docker, no AWS account; RELEASE=1 runs the binaries that ship
	@$(STACK) up
down: ## Stop what `up` started; users, images and executions stay
	@$(STACK) down
clean: ## Stop, and forget users, images and executions
	@$(STACK) clean
status: ## What runs, where, and its health
	@$(STACK) status
photo: ## Send a photo as a new user, and print a link to a variant of it; PHOTO=…
	@$(STACK) photo "$(or $(PHOTO),fixtures/images/dandelion.jpg)"
logs: ## The functions' log lines; FN=resize for one, FOLLOW=1 to follow, MINUTES=60
	@$(STACK) logs $(FN) $(if $(FOLLOW),--follow) $(if $(MINUTES),--minutes $(MINUTES))
token: ## Print an id token of a new user (make -s token)
	@$(STACK) token
operator: venv ## Make an operator: on a laptop a new user, whose password it prints; ENV=dev MAIL=you@example.com, OFF=1
	@$(VENV)/bin/python -m darkroom.deploy.operators --env $(ENV) $(if $(MAIL),--mail "$(MAIL)") $(if $(OFF),--off)
api-url: ## Print the address of the API (make -s api-url)
	@$(STACK) api-url

##@ Code to Lambda, without a terraform apply
.PHONY: build deploy-lambdas rollback deploy-status venv
build: venv ## Build everything for this machine; RELEASE=1 as it ships
	@$(DEPLOY) build --env local
deploy-lambdas: venv ## Build, publish, move the alias; ENV=local, FN=resize for one, SHIFT=10 MINUTES=10 for 10 % first
	@$(DEPLOY) deploy --env $(ENV) $(ONE_FUNCTION) $(if $(SHIFT),--shift $(SHIFT)) $(if $(MINUTES),--minutes $(MINUTES))
rollback: venv ## Undo the newest release; or FN=resize VERSION=3
	@$(DEPLOY) rollback --env $(ENV) $(ONE_FUNCTION) $(if $(VERSION),--version $(VERSION))
deploy-status: venv ## Which version of each function is live; ENV=local
	@$(DEPLOY) status --env $(ENV)
venv:
	@$(STACK) venv

##@ The web app
.PHONY: web deploy-web rollback-web
web: ## Build the web app into web/dist; `make up` does so too
	@$(PYTHON) -m darkroom.deploy.web_build
deploy-web: venv ## Build the web app and ship it to its bucket, the page last; ENV=dev
	@$(VENV)/bin/python -m darkroom.deploy.web deploy --env $(ENV)
rollback-web: venv ## Put the web app's release before back; ENV=dev
	@$(VENV)/bin/python -m darkroom.deploy.web rollback --env $(ENV)

##@ The command line
.PHONY: cli
cli: ## Build `darkroom` and print where it is; RELEASE=1 PREFIX=~/.local puts a fast one into ~/.local/bin
	@$(PYTHON) -m darkroom.install_cli $(PREFIX)

##@ Environments on AWS
.PHONY: plan apply destroy output doctor reindex smoke
OPERATE := $(VENV)/bin/python -m darkroom.deploy.operate
plan: venv ## Show what Terraform would change; ENV=dev
	@$(OPERATE) plan --env $(ENV)
apply: venv ## Show the plan, ask, apply it; prod asks for its name
	@$(OPERATE) apply --env $(ENV)
destroy: venv ## Show what would go, have the name typed, destroy it
	@$(OPERATE) destroy --env $(ENV)
output: venv ## Print addresses and names of an environment, as JSON
	@$(OPERATE) output --env $(ENV)
doctor: venv ## Credentials, account, region, tools, state, quotas, endpoints, code, drift
	@$(VENV)/bin/python -m darkroom.deploy.doctor --env $(ENV)
reindex: venv ## Put records of an earlier release into the table's indexes; ENV=local; may be repeated
	@$(VENV)/bin/python -m darkroom.deploy.reindex --env $(ENV)
smoke: venv ## One photo through a deployed environment, step by step; MAIL=you@example.com, WEBHOOK=https://…, JSON=1; costs a cent
	@$(VENV)/bin/python -m darkroom.smoke --env $(ENV) $(if $(MAIL),--mail "$(MAIL)") $(if $(JSON),--json) \
		$(if $(WEBHOOK),--webhook "$(WEBHOOK)") $(if $(WEBHOOK_PORT),--webhook-port $(WEBHOOK_PORT))

##@ Checks
# The longest first, so that the short ones fill what is left of a lane.
TESTS := test-unit test-e2e test-terraform test-web test-newcomer-short test-schemathesis test-statemachine test-ceilings test-tools test-contract
.PHONY: ci ci-steps test $(TESTS) lint fmt docs load chaos bench-stack bench-api test-setup test-prepare needs-ci needs-test needs-lint
ci: needs-ci lint test ## What CI runs: lint and test
ci-steps: # for .ci/run, which times each
	@echo needs-ci lint $(TESTS)
test: needs-test ## Every test, three suites at a time, on stacks of their own
	@$(PYTHON) -m darkroom.suites $(TESTS)
needs-ci needs-test needs-lint: # the programs that are missing, all at once
	@$(PYTHON) -m darkroom.requirements $(@:needs-%=%)
test-unit: ## Rust: units, handlers, properties; make lint compiles the examples
	$(if $(shell command -v cargo-nextest),cargo nextest run,cargo test) --workspace --lib --bins --tests --locked
	cargo test --workspace --locked --doc
test-contract: test-setup ## The OpenAPI file against itself, settings, catalogue and docs; DARKROOM_WRITE=1 renews
	$(PYTEST) tests/contract
test-tools: test-setup ## The tools: builds, releases, questions before an apply, the doctor
	$(PYTEST) tests/tools
test-ceilings: test-setup ## Memory and time of each worker on hostile files and the largest pictures; BINARIES=folder
	$(PYTEST) tests/ceilings
test-statemachine: test-setup ## The state machine: lint, and each path through a strict interpreter
	$(PYTEST) tests/statemachine
test-terraform: test-setup ## Terraform: valid, its own tests, every permission and call, checkov; DARKROOM_WRITE=1 renews
	@$(STACK) venv --checkov
	terraform/check.sh
	$(PYTEST) tests/terraform
.PHONY: test-mutations check-provider-6 check-arm64 test-arm64
check-arm64: test-setup ## Cross-build the functions for arm64, start each under qemu; BINARIES=folder to build nothing
	@$(VENV)/bin/python -m tests.arm64.run
test-arm64: venv ## The imaging tests, cross-built for arm64 and run under qemu: the same pictures, the same bytes
	@$(VENV)/bin/python -m tests.arm64.pixels
check-provider-6: venv ## Names, blocks and required arguments against provider 6's schema; fetches 46 MB once
	@$(VENV)/bin/python tests/terraform/provider_6.py
test-mutations: test-setup ## Break each property of docs/SECURITY.md in a copy: its test must turn red; ONLY=r42
	@$(STACK) venv --checkov
	$(VENV)/bin/python tests/terraform/mutate.py $(ONLY)
test-e2e: test-setup ## The whole stack, on a free port, through its public interfaces only; DARKROOM_WRITE=1 renews
	@DARKROOM_CALLS=1 $(STACK) run -- $(PYTEST) tests/e2e
test-web: test-setup web ## The web app: its units, and visits in a browser, on a stack of its own; DARKROOM_WRITE=1 renews docs/pictures
	cd web && npx --no-install vitest run
	@$(STACK) run -- node --test --test-concurrency=1 --test-reporter=spec $(or $(WEB_TESTS),tests/web/*.test.mjs)
test-schemathesis: test-setup ## Generated requests against the whole stack; DURATION=1800 for more, SEED=7 for others
	@$(STACK) run -- $(VENV)/bin/python -m tests.schemathesis.run
test-newcomer-short: test-setup ## A first day with make up: again, after down, offline, killed; a stack of its own; SEED=7, KILLS=20
	$(PYTEST) tests/newcomer
.PHONY: test-newcomer
test-newcomer: test-setup ## The same on a clone with an empty HOME, from nothing, killed twenty times: two hours
	NEWCOMER=whole $(PYTEST) tests/newcomer
load: test-setup ## 200 requests in flight against a whole stack, then photos, drawn; DURATION=60 IN_FLIGHT=50 PHOTOS=200 PICTURE=…
	@$(if $(DARKROOM_STACK),,$(STACK) run --) $(VENV)/bin/python -m tests.load.run
chaos: export DARKROOM_FAULTS := $(or $(SEED),1)
chaos: test-setup ## Send photos while calls fail, functions die and messages come twice: docs/RELIABILITY.md; PHOTOS=500 SEED=1
	@$(STACK) run -- $(VENV)/bin/python -m tests.chaos.run
.PHONY: test-rerender
test-rerender: export RERENDER_PHOTOS := $(or $(PHOTOS),200)
test-rerender: test-setup ## Move a library to another recipe, stopped half-way: test_rerender.py of e2e, with 200 photos; PHOTOS=500
	@$(STACK) run -- $(PYTEST) tests/e2e/test_rerender.py -s
bench-stack: test-setup ## Photos a second through a whole stack, and what each costs the engine; PHOTOS=100 PHOTO=phone
	@$(if $(DARKROOM_STACK),,$(STACK) run --) $(VENV)/bin/python -m tests.load.pipeline
.PHONY: bench-import
bench-import: test-setup ## Import a bucket, killed and stopped on the way, and a person's uploads meanwhile; PHOTOS=2000
	@$(if $(DARKROOM_STACK),,$(STACK) run --) $(VENV)/bin/python -m tests.load.imports
.PHONY: fuzz
fuzz: ## Feed a target made-up input; TARGET=event, or another of tests/fuzz; SECONDS=60
	tests/fuzz/run.sh $(or $(TARGET),event) $(or $(SECONDS),60)
.PHONY: simulate simulate-burst simulate-scale
simulate: ## Simulate the protocol under a virtual clock and every fault we know; RUNS=100000 SEED=1
	@RUNS=$(or $(RUNS),5000) SEED=$(or $(SEED),1) cargo test -q --locked -p darkroom-domain --test simulation r40_r56 -- --nocapture
simulate-burst: ## Simulate a burst of photos on AWS; PHOTOS=10000 CONCURRENCY=10 IN_FLIGHT=5 SECONDS=60 PICTURE=…
	@$(PYTHON) -m darkroom.simulate $(if $(PHOTOS),--photos $(PHOTOS)) $(if $(CONCURRENCY),--concurrency $(CONCURRENCY)) \
		$(if $(IN_FLIGHT),--in-flight $(IN_FLIGHT)) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(PICTURE),--picture $(PICTURE))
simulate-scale: ## How much of each quota 1, 100 and 10,000 photos a second use, and which breaks first
	@$(PYTHON) -m darkroom.simulate.scale
.PHONY: cost
cost: ## A month on AWS at list prices, Standard beside Express, and others; PHOTOS=100000 MB=3.5 VIEWS=1 ENV=prod SHOW=photos
	@$(PYTHON) -m darkroom.cost $(if $(PHOTOS),--photos $(PHOTOS)) $(if $(MB),--mb $(MB)) $(if $(VIEWS),--views $(VIEWS)) \
		$(if $(DELIVERY),--delivery $(DELIVERY)) $(if $(filter-out local,$(ENV)),--env $(ENV)) $(if $(SHOW),--show $(SHOW))
bench-api: venv ## How long a handler takes without engine and network, release binaries; EVENTS=500
	@RELEASE=1 $(DEPLOY) build --env local
	@$(VENV)/bin/python tests/load/latency.py "$$(cargo metadata --no-deps --offline --format-version=1 | \
		$(PYTHON) -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release"
test-prepare: test-setup
	@$(STACK) venv --checkov
test-setup: venv # all that the tests need from the network, so that they run without it
	@$(STACK) venv --tests
	@cargo fetch --quiet --locked --target "$$(rustc -vV | sed -n 's/^host: //p')"
lint: needs-lint test-setup web ## Formatting and lints, Rust and Python; types, TypeScript
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo clippy -p darkroom-imaging -p darkroom-domain --no-default-features --lib --locked -- -D warnings
	$(VENV)/bin/ruff check .
	cd web && npm run --silent types -- --check && npm run --silent check
docs: venv ## Write docs/API.md, the diagram of the states, and the README of each Terraform module
	$(VENV)/bin/python -m darkroom.openapi.reference
	$(VENV)/bin/python -m darkroom.pages.states
	$(VENV)/bin/python -m darkroom.pages.modules
fmt: test-setup ## Format everything
	cargo fmt --all
	terraform fmt -recursive terraform
	$(VENV)/bin/ruff check --fix .

##@ A release
.PHONY: zips sbom changelog check-supply-chain
zips: venv ## Build the zips of the functions that Lambda gets; ARCHITECTURE=arm64, OUT=dist
	@$(VENV)/bin/python -m darkroom.release.zips --architecture $(or $(ARCHITECTURE),arm64) --out $(or $(OUT),dist)
sbom: ## List every locked dependency, as CycloneDX; OUT=dist
	@$(PYTHON) -m darkroom.release.sbom --out $(or $(OUT),dist)
changelog: ## Print the changelog's section of a version; VERSION=1.2.3
	@$(PYTHON) -m darkroom.release.changelog "$(VERSION)"
check-supply-chain: ## Check advisories, licences, sources and bans of all crates; needs cargo-deny and a network
	cargo deny check

##@ The imaging engine
.PHONY: bench profile check-instructions
bench: test-setup ## The engine beside sharp, Pillow, libvips; writes docs/BENCHMARKS.md; ROUNDS=9
	$(PYTHON) -m benches.bench --rounds $(or $(ROUNDS),9)
	DARKROOM_WRITE=1 $(PYTEST) -q tests/tools/test_cost.py # docs/COST.md counts with sharp's times
profile: ## Where a photo's CPU time goes, by perf; writes docs/PROFILE.md and its flame graphs; PHOTOS=40
	$(PYTHON) -m benches.profile --photos $(or $(PHOTOS),40)
check-instructions: test-setup ## Instructions that a photo takes, by valgrind, beside benches/instructions.json; DARKROOM_WRITE=1 renews
	$(VENV)/bin/python -m benches.instructions

.PHONY: help
help: ## List these targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
