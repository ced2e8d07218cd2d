# Copyright: (c) 2026, Innergate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# One verb per task. Everything is installed into .venv/ of this checkout by `make setup`, which the others call.
.DEFAULT_GOAL := help
.PHONY: help setup demo down test lint sanity unit contract integration e2e hooks new-resource docs matrix mutation generate bench clean

PYTHON ?= python3
BIN := .venv/bin
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.venv/tree
export PYTHONPATH := $(CURDIR)/.venv/tree
export PATH := $(CURDIR)/.venv/bin:$(PATH)
PYTEST := $(BIN)/python -m pytest

help:  ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup:  ## virtual environment, sandbox, collections
	@$(PYTHON) tools/setup.py

demo: setup  ## the whole scenario on the local sandbox; it stays up afterwards
	@$(BIN)/python tools/demo.py

down: setup  ## stop the sandbox of the demo
	@$(BIN)/innergate-sandbox down --state .sandbox

test: setup  ## all tests
	@$(BIN)/python tools/check.py $(T)

lint: setup  ## formatters, linters, generated files
	@$(BIN)/python tools/check.py lint

sanity: setup  ## ansible-test sanity and units (T="--only pylint", T=--units)
	@$(BIN)/python tools/sanity.py $(T)

unit: setup  ## unit tests (T=path to narrow)
	@$(PYTEST) $(or $(T),tests/unit)

contract: setup  ## declarations and documentation against the SDK
	@$(PYTEST) tests/contract

integration: setup  ## modules against the sandbox (T=apim_api for one)
	@$(PYTEST) tests/integration $(if $(T),-k $(T))

e2e: setup  ## roles, site, teardown and bad days on real Kubernetes
	@$(PYTEST) tests/e2e

hooks: setup  ## run the fastest gates before each commit of this checkout
	@cd tools && ../$(BIN)/python -c 'import field; field.prepare("field", field.REQUIREMENTS)'
	@.venv/field/bin/pre-commit install

new-resource: setup  ## draft a new resource type (NAME=apim_logger; TYPE=Microsoft.X/y where the name does not tell)
	@$(BIN)/python tools/new_resource.py $(NAME) $(TYPE)

docs: setup  ## check the documentation, and build its site in docs/_build/html
	@$(BIN)/python tools/build_docs.py

matrix: setup  ## supported versions of Python, ansible-core and SDKs, each in an environment of its own (T="--only 3.13")
	@$(BIN)/python tools/matrix.py --keep $(T)
	@$(BIN)/python tools/generate.py

mutation: setup  ## does a change of the engine make a test fail? (T="--only merge --show" for one module)
	@$(BIN)/python tools/mutation.py $(T)

generate: setup  ## write the generated files
	@$(BIN)/python tools/generate.py

bench: setup  ## side by side measurements (T="--latency real --against azcollection az")
	@PYTHONPATH=$(PYTHONPATH):tests:tools $(BIN)/python -m benchmarks $(T)

clean: down  ## remove everything that setup and demo made here
	@rm -rf .venv .sandbox
