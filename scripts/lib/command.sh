#!/usr/bin/env bash
# Runs a program of the bundle beside the server: with the project's Node where it is installed, else the machine's.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
# npm says where it was called.
export CALLER_DIR=${CALLER_DIR:-${INIT_CWD:-$PWD}}
cd "$here/../.."
PATH="$PWD/node_modules/.bin:$PATH"
program=$1
shift
npm run -s prestart >&2
exec node --disable-warning=ExperimentalWarning "dist/$program.js" "$@"
