#!/usr/bin/env bash
# Format, lint and test native/ when a Rust recent enough is here; otherwise say loudly what was not run.
set -euo pipefail
cd "$(dirname "$0")/../native"
needed=$(sed -n 's/^rust-version *= *"\([0-9.]*\)".*/\1/p' Cargo.toml)
found=$(rustc --version 2>/dev/null | cut -d' ' -f2 || true)
if [ -z "$found" ] || [ "$(printf '%s\n%s\n' "$needed" "$found" | sort -V | head -n 1)" != "$needed" ]; then
  echo "AVISO: hace falta Rust $needed (hay: ${found:-ninguno}): las pruebas de native/ NO se corrieron"
  exit 0
fi
for tool in fmt clippy; do
  if ! cargo "$tool" --version >/dev/null 2>&1; then
    echo "AVISO: falta cargo $tool: esa revisión de native/ NO se hizo"
  elif [ "$tool" = fmt ]; then
    cargo fmt --check
  else
    cargo clippy --all-targets --locked -- -D warnings
  fi
done
cargo test --release --locked
