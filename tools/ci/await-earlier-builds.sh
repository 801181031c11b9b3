#!/usr/bin/env bash
# Waits until no build of this CodeBuild project runs that started before this one: a second push at the same time could
# move a tag back to an older image. CodeBuild has no queue; a limit of one build would refuse the others.
# CodeBuild sets CODEBUILD_BUILD_ID (project:uuid) and CODEBUILD_BUILD_NUMBER; AWAIT_SECONDS is the time between two looks.
set -euo pipefail
: "${CODEBUILD_BUILD_ID:?is set by CodeBuild}" "${CODEBUILD_BUILD_NUMBER:?is set by CodeBuild}"

while true; do
  ids=$(aws codebuild list-builds-for-project --project-name "${CODEBUILD_BUILD_ID%%:*}" --sort-order DESCENDING \
    --no-paginate --query ids --output text)
  # shellcheck disable=SC2086 # one argument for each id
  running=$(aws codebuild batch-get-builds --ids $ids --output text \
    --query "builds[?buildStatus=='IN_PROGRESS' && buildNumber<\`$CODEBUILD_BUILD_NUMBER\`].[id]")
  [ -n "$running" ] || exit 0
  echo "Waiting for earlier builds: $(echo "$running" | xargs)." >&2
  sleep "${AWAIT_SECONDS:-15}"
done
