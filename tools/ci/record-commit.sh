#!/usr/bin/env bash
# Writes the commit whose images were all pushed to the SSM parameter LAST_COMMIT_PARAMETER. Runs last, and only if the
# delivery succeeded: otherwise images that were not pushed would not be affected the next time.
set -euo pipefail
: "${LAST_COMMIT_PARAMETER:?set it to the SSM parameter with the last pushed commit, for example /typerush/dev/registry/last-commit}"

if ! commit=$(git rev-parse --verify HEAD 2>/dev/null); then
  commit=${CODEBUILD_RESOLVED_SOURCE_VERSION-}
fi
if ! [[ $commit =~ ^[0-9a-f]{40}$ ]]; then
  echo "No commit was recorded: the source has none. The next delivery pushes everything." >&2
  exit 0
fi
aws ssm put-parameter --name "$LAST_COMMIT_PARAMETER" --value "$commit" --type String --overwrite --output text >/dev/null
echo "$commit was recorded in $LAST_COMMIT_PARAMETER." >&2
