#!/usr/bin/env bash
# Builds and pushes the images that changed since a commit, or all of them where none is given:
#   push-affected.sh [commit]
# ENVIRONMENT says where to; ENGINE with what (oci by default). There is nothing to log in to: docker-push does so itself.
set -euo pipefail
: "${ENVIRONMENT:?says where the images go: local, dev, staging or prod}"
base=${1-}
to=(-t docker-push -c "$ENVIRONMENT" --engine="${ENGINE:-oci}")

push() {
  if [ -n "$base" ]; then
    npx nx affected "${to[@]}" --base="$base" --head=HEAD
  else
    npx nx run-many "${to[@]}"
  fi
}

push && exit 0
# What was pushed stands, and is skipped.
echo 'The push failed. It is tried once more.' >&2
push
