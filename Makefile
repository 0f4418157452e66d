# Weaver's commands. Each does all the set-up it needs, in .venv, from a bare Python 3.11 or newer.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# The first of these that starts and is new enough; or name one: make PYTHON=/path/to/python3
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo $$python && exit; done; echo python3)
BIN := .venv/bin
ready = $(BIN)/python scripts/setup_venv.py $(1) --ready 2>/dev/null
set_up = @$(call ready,$(1)) || { $(PYTHON) -c '' 2>/dev/null || { echo "Weaver needs Python 3.11 or newer: \
	install one, or name it: make PYTHON=/path/to/python3"; exit 1; }; \
	$(PYTHON) scripts/setup_venv.py $(1); }
PYTEST := $(BIN)/python -m pytest
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --annotation-style line --custom-compile-command 'make lock' \
	--group build pyproject.toml

.PHONY: help run test setup setup-dev check live torture bench-ring bench-ingest bench-discord bench-chats bench-pulse bench-audit lock

help: ## List these commands.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

run: setup ## Run Weaver (ARGS="--help" shows its options).
	@$(BIN)/weaver run $(ARGS)

test: setup-dev ## Run the tests that need nothing but Python (ARGS="-k name" chooses).
	@$(PYTEST) -m "not live and not torture" $(ARGS)

setup: ## Set up what it takes to run, so that .venv/bin/weaver exists.
	$(call set_up,run)

setup-dev: ## Set up what it takes to develop as well: the tools and the tests' libraries.
	$(call set_up,develop)

check: setup-dev ## Check formatting, lint, types and the rules of dependency; change no file.
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

live: setup-dev ## Run the tests that need a browser, Node or another server, and bring what they need.
	@$(BIN)/python -m tests.live.chromium.bring
	@$(BIN)/python -m tests.live.bluesky.bring
	@$(PYTEST) -m "live and not torture" $(ARGS)

torture: setup-dev ## Kill and fail Weaver many times over: nothing may be lost or done twice (long).
	@$(PYTEST) -m torture --timeout=7200 $(ARGS)

bench-ring: setup-dev ## Measure the way from an event to its act.
	@$(BIN)/python -m tests.bench.ring $(ARGS)

bench-ingest: setup-dev ## Measure listening to a whole network (ARGS="FILE TAGS.txt" takes a capture).
	@$(BIN)/python -m tests.bench.ingest $(ARGS)

bench-chats: setup-dev ## Measure a thousand chats that begin in the same second.
	@$(BIN)/python -m tests.bench.chats $(ARGS)

bench-pulse: setup-dev ## Measure the pulse's table on long logs (ARGS="--posts 200000 --on sqlite" is short).
	@$(BIN)/python -m tests.bench.pulse $(ARGS)

bench-discord: setup-dev ## Measure Discord's messages through client, dispatch and plugins (ARGS="COUNT" of a burst).
	@$(BIN)/python -m tests.bench.discord $(ARGS)

bench-audit: setup-dev ## Measure the audit of a million rows against pandas (ARGS="ROWS" takes another number).
	@$(BIN)/python -m tests.bench.audit $(ARGS)

lock: setup-dev ## Write both lock files anew (ARGS="--upgrade" takes the newest releases).
	$(LOCK) --extra dev --output-file requirements-dev.txt $(ARGS)
	$(LOCK) --constraints requirements-dev.txt --output-file requirements.txt
