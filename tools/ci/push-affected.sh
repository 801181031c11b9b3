#!/usr/bin/env bash
# Builds and pushes the images that changed since a commit, or all images without one:
#   push-affected.sh [commit]
# ENVIRONMENT is the target environment; ENGINE builds the images (default: oci). docker-push logs in by itself.
# MOVING_TAGS is when moving tags move: with the push, after its gates (`push`, the default), or by release-images.sh, after
# an approval (`release`).
set -euo pipefail
: "${ENVIRONMENT:?set it to the target environment: local, dev, staging or prod}"
base=${1-}
to=(-t docker-push -c "$ENVIRONMENT" --engine="${ENGINE:-oci}")

case ${MOVING_TAGS:-push} in
  push) ;;
  release) to+=(--movingTags=false) ;;
  *) echo "Invalid MOVING_TAGS \"$MOVING_TAGS\". Expected push or release. Nothing was pushed." >&2 && exit 1 ;;
esac

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
