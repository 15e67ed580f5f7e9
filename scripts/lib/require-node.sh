# Sourced by the scripts: the machine's own Node only installs the project's.
for program in node npm; do
  if ! command -v "$program" > /dev/null; then
    echo "$program is missing. Install Node.js 20.19 or newer, for example: apt-get install nodejs npm" >&2
    exit 1
  fi
done
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
  echo "Node.js $(node --version) is too old: 20.19 or newer is needed. See https://nodejs.org/en/download" >&2
  exit 1
fi
