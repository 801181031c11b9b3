#!/usr/bin/env bash
# Builds and pushes the images that changed since a commit, or all images without one:
#   push-affected.sh [commit]
# ENVIRONMENT is the target environment; ENGINE builds the images (default: oci). docker-push logs in by itself.
set -euo pipefail
: "${ENVIRONMENT:?set it to the target environment: local, dev, staging or prod}"
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
# The retry skips what is already in the registry.
echo 'The push failed. Retrying once.' >&2
push
