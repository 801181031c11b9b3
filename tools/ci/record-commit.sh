#!/usr/bin/env bash
# Writes the commit whose images were all pushed to the SSM parameter LAST_COMMIT_PARAMETER. The last step of a delivery,
# and only of one that succeeded: what a failed one did not push has to be affected the next time.
set -euo pipefail
: "${LAST_COMMIT_PARAMETER:?names the SSM parameter with the last commit that was pushed, such as /typerush/dev/registry/last-commit}"

if ! commit=$(git rev-parse --verify HEAD 2>/dev/null); then
  commit=${CODEBUILD_RESOLVED_SOURCE_VERSION-}
fi
if ! [[ $commit =~ ^[0-9a-f]{40}$ ]]; then
  echo "No commit is recorded: the source came without one. The next delivery pushes everything." >&2
  exit 0
fi
aws ssm put-parameter --name "$LAST_COMMIT_PARAMETER" --value "$commit" --type String --overwrite --output text >/dev/null
echo "$commit is recorded in $LAST_COMMIT_PARAMETER." >&2
