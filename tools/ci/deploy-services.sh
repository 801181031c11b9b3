#!/usr/bin/env bash
# Deploys the image that the moving tag of ENVIRONMENT points to, service by service, and waits until each is healthy. A
# service that runs its image already is not changed. If one does not become healthy, its moving tag returns to the image
# that runs, the others are deployed all the same, and the exit code is 1.
# SERVICES are those that run (default: all with an image.json).
set -euo pipefail
: "${ENVIRONMENT:?set it to the environment to deploy: dev, staging or prod}"
result=dist/deployment.json
failed=()

# The image that a failed deployment returned to; nothing if it did not.
rolled_back_to() {
  node -p "const { outcome, digest } = JSON.parse(require('node:fs').readFileSync('$result', 'utf8')); outcome === 'rolled back' ? digest : ''" 2>/dev/null || true
}

services=${SERVICES:-$(npx nx show projects --with-target docker-deploy)}
for service in $services; do
  rm -f "$result"
  npx nx run "$service:docker-deploy" -c "$ENVIRONMENT" --outputFile="$result" --output-style=static && continue
  failed+=("$service")
  digest=$(rolled_back_to)
  [ -n "$digest" ] || continue
  echo "$service: the moving tag of $ENVIRONMENT returns to $digest, which runs." >&2
  npx nx run "$service:docker-rollback" -c "$ENVIRONMENT" --digest="$digest" --yes --output-style=static ||
    echo "$service: the moving tag of $ENVIRONMENT still points to the image that failed." >&2
done

[ ${#failed[@]} -eq 0 ] && exit 0
echo "Not deployed to $ENVIRONMENT: ${failed[*]}." >&2
exit 1
