#!/bin/sh
# Starts the service in the background: NODE and PORT come from the test server's configuration.
set -eu
cd "$(dirname "$0")/.."
"$NODE" serve.mjs &
echo $! > service.pid
