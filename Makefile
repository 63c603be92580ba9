# Ballast. Every target installs what it needs; Python tools go into .venv.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help dev serve test test-pages check bench bench-peers build deploy test-stack sam-local openapi clean toolchain

PORT ?= 8080
DATA ?=
ARCH ?= arm64
STAGE ?=

FUNCTIONS := $(notdir $(wildcard functions/*))
HOST_ARCH := $(if $(filter x86_64,$(shell uname -m)),x86_64,arm64)
NEXTEST := $(shell command -v cargo-nextest)
TESTS := $(if $(NEXTEST),nextest run --workspace,test --workspace)
# The whole workspace again, as cargo would build its dependencies anew for one package's own set of features.
END_TO_END := $(if $(NEXTEST),nextest run --workspace --filterset 'package(e2e) | test(/^readme::/)',test --package e2e --package local)
TOOLS := $(CURDIR)/.venv
installed = .venv/$(1)/installed

export PORT DATA
export SAM_CLI_TELEMETRY := 0

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dev: toolchain ## Start the stack with a demo tenant and run the main job (PORT=8080, DATA=folder)
	cargo run -p local -- dev

serve: toolchain ## Start the empty stack (PORT=8080, DATA=folder)
	cargo run -p local -- serve

test: check ## All checks and tests on one machine
	cargo $(TESTS)

check: toolchain $(call installed,sam) ## Format, lints, template, scripts: no tests
	.venv/sam/bin/shellcheck .ci/run infra/*/*.sh tests/browser/*.sh
	.venv/sam/bin/python infra/tools/check_template.py template.yaml
	.venv/sam/bin/sam validate --lint --region us-east-1 --template template.yaml
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

# Without link-time optimisation, which changes size and speed only, and takes more time than all the rest.
test-stack: $(call installed,sam) $(call installed,emulator) ## Deploy template.yaml into an AWS emulator, run the end-to-end tests there
	CARGO_PROFILE_RELEASE_LTO=off $(MAKE) build ARCH=$(HOST_ARCH)
	infra/emulator/with_stack.sh cargo $(END_TO_END)

test-pages: toolchain ## Open /docs and /redoc in headless Chromium: all operations shown, nothing asked of other hosts
	cargo build -q -p local
	PORT=8097 target/debug/local serve & server=$$!; trap 'kill $$server' EXIT; \
	  until curl -sf http://127.0.0.1:8097/health >/dev/null; do kill -0 $$server || exit 1; sleep 0.1; done; \
	  tests/browser/docs.sh http://127.0.0.1:8097

bench: toolchain ## Measure the numerics, the HTTP API and the functions' cold starts
	cargo bench -p quant
	cargo bench -p report --bench render --profile release
	cargo bench -p local --bench http
	$(MAKE) build ARCH=$(HOST_ARCH)
	python3 infra/bench/cold_start.py cargo run -q -p local -- services

bench-peers: ## Measure well-known libraries beside them, where ../shared/bench is present
	@if [[ -f ../shared/bench/bench_peers.py ]]; then \
	  python3 -m venv .venv/peers && .venv/peers/bin/pip install -q -r ../shared/bench/requirements.txt && \
	  .venv/peers/bin/python ../shared/bench/bench_peers.py; \
	else echo "bench-peers needs ../shared/bench, which is not here"; fi

build: toolchain $(call installed,build) ## Build the functions for Lambda (ARCH=arm64|x86_64)
	AWS_LC_SYS_NO_JITTER_ENTROPY=1 PATH="$(TOOLS)/build/bin:$$PATH" \
	  cargo lambda build --release --$(subst _,-,$(ARCH)) $(addprefix --package ,$(FUNCTIONS))

deploy: $(call installed,sam) ## Build and deploy a stage (STAGE=dev|staging|prod)
	@[[ "$(STAGE)" =~ ^(dev|staging|prod)$$ ]] || { echo "Which one? make deploy STAGE=dev|staging|prod"; exit 2; }
	$(MAKE) build ARCH=arm64
	.venv/sam/bin/sam deploy --template-file template.yaml --config-file "$(CURDIR)/infra/stages/samconfig.toml" --config-env $(STAGE)

sam-local: toolchain $(call installed,sam) ## Run the built functions in SAM's containers over the embedded services (needs Docker)
	$(MAKE) build ARCH=$(HOST_ARCH)
	.venv/sam/bin/python infra/emulator/sam_local.py

openapi: toolchain ## Write functions/system/openapi.json anew
	cargo run -p local -- openapi

clean: ## Remove what was built and installed
	cargo clean
	rm -rf .venv .aws-sam

toolchain:
	@command -v cargo >/dev/null || { echo "Rust is missing: https://rustup.rs"; exit 1; }
	@command -v cc >/dev/null || apt-get install -qy --no-install-recommends gcc libc6-dev

.venv/%/installed: infra/tools/%.txt
	rm -rf .venv/$*
	python3 -m venv .venv/$*
	.venv/$*/bin/pip install -q --disable-pip-version-check -r $<
	touch $@
