#!/bin/sh
# Tells all it is given, and fails when it is asked to.
cat
printf '%s\n' "$TOKEN" >&2
exit "${1:-0}"
