#!/bin/sh
set -eu
if [ "${1:-}" = caddy ] && [ "${2:-}" = run ]; then
  echo "real version $(caddy version | cut -d' ' -f1) under pinned name ${PINNED:-caddy}"
fi
exec "$@"
