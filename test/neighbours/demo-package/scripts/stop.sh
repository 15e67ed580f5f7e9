#!/bin/sh
# Stops the service and waits for its end; it need not run.
set -eu
cd "$(dirname "$0")/.."
[ -f service.pid ] || exit 0
pid=$(cat service.pid)
kill "$pid" 2> /dev/null || true
while kill -0 "$pid" 2> /dev/null; do sleep 0.05; done
rm service.pid
