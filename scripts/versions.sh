# Versions of the tools that neither rust-toolchain.toml (Rust) nor web/package-lock.json (npm) pins.
# shellcheck shell=bash disable=SC2034
WASM_PACK_VERSION=0.15.1
# The `=` version of wasm-bindgen in wasm/Cargo.toml: `make test` compares the two.
WASM_BINDGEN_VERSION=0.2.130
# The documentation generator that is compiled here for tests/docs-sites.
MDBOOK_VERSION=0.5.4
# Drives Firefox in the browser tests; Debian's package of Firefox comes without it.
GECKODRIVER_VERSION=0.37.1
# The oldest that runs everything.
NODE_MAJOR=20
