# What is missing is installed first, and said. `make` alone tells what there is.
.DEFAULT_GOAL := help
.PHONY: help setup build serve test test-all mutation check lint types bench dist pack clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: build ## Build the page and serve it on 127.0.0.1 (PORT=8080, or the next free one)
	@exec node scripts/serve.mjs web/dist

test: setup ## Test core, wasm and the page in Chromium
	@scripts/test

test-all: test ## The same and everything that takes long
	@scripts/clients node
	@scripts/setup --browsers --proxies & setup=$$!; scripts/docs-sites & docs=$$!; scripts/clients; clients=$$?; \
	  wait $$docs && wait $$setup && exit $$clients
	@scripts/test --long

mutation: setup ## Break one formula at a time: the native, the wasm and the page tests each have to notice
	@scripts/test --long --only mutation

check: build ## Formatting, lints and types only
	@scripts/test --quick

lint: check

build: tools ## Build web/dist
	@node web/build.mjs

types: tools ## Write web/src/types.ts from core's types
	@scripts/types

bench: build ## Error and time beside other libraries; bytes of each file the page loads; what a reader waits for
	@tests/peers/bench
	@echo
	@node scripts/sizes.mjs
	@echo
	@node tests/browser/speed.mjs

dist: build ## Fill dist/ with the folder a site copies: script, WebAssembly, iframe page, licences, checksums
	@scripts/dist

pack: build ## The npm package as a file: web/proxy-concurrency-VERSION.tgz
	@cd web && npm pack

setup: ## Install what is missing: Rust targets, wasm tools, npm packages, Chromium
	@scripts/setup --browser

# All but the browser.
.PHONY: tools
tools:
	@scripts/setup

clean: ## Remove what was built; .tools and node_modules stay
	rm -rf target dist web/dist web/lib web/pkg
