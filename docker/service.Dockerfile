# One file for every service. Arguments: README.md in this folder.
# The built-in `oci` engine also executes the final stage, `runtime`, and supports no RUN in it.
ARG NODE_IMAGE=public.ecr.aws/docker/library/node:26-alpine

# Only files that determine what is installed, including patches, hooks and tarballs of packages: the layer of the
# installation is reused until one changes. The stages before the final one run on the build platform, because their
# output is the same for all platforms.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS manifests
WORKDIR /context
COPY . .
RUN mkdir /manifests \
    && find . \( -name package.json -o -name package-lock.json -o -name npm-shrinkwrap.json -o -name .npmrc -o -name '*.tgz' \
    -o -name pnpm-lock.yaml -o -name pnpm-workspace.yaml -o -name '.pnpmfile.*' -o -name yarn.lock -o -name .yarnrc \
    -o -name .yarnrc.yml -o -name bun.lock -o -name bun.lockb -o -name bunfig.toml \
    -o -name '*.patch' -o -path './patches/*' -type f -o -path './.yarn/*' -type f \) \
    -not -path '*/node_modules/*' -not -path './.yarn/unplugged/*' -exec cp --parents {} /manifests/ \;

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS installed
WORKDIR /workspace
ENV CI=true NX_DAEMON=false NX_ISOLATE_PLUGINS=false NX_NO_CLOUD=true NX_TUI=false
COPY --from=manifests /manifests/ ./
# The package manager is that of the lock file, at the version of `packageManager` in package.json.
RUN --mount=type=cache,target=/root/.npm,sharing=locked \
    wanted=$(node -p "(require('./package.json').packageManager ?? '').replace(/[+].*/, '')") \
    && case "$wanted" in pnpm@*|bun@*|yarn@1.*) manager=$wanted ;; yarn@*) manager=@yarnpkg/cli-dist@${wanted#yarn@} ;; *) manager= ;; esac \
    && if [ -f package-lock.json ] || [ -f npm-shrinkwrap.json ]; then npm ci --no-audit --no-fund; \
    elif [ -f pnpm-lock.yaml ]; then npx --yes --package="${manager:-pnpm}" pnpm install --frozen-lockfile; \
    elif [ -f yarn.lock ] && grep -q '^__metadata:' yarn.lock; then \
    npx --yes --package="${manager:-@yarnpkg/cli-dist}" yarn install --immutable; \
    elif [ -f yarn.lock ]; then npx --yes --package="${manager:-yarn@1}" yarn install --frozen-lockfile; \
    elif [ -f bun.lock ] || [ -f bun.lockb ]; then npx --yes --package="${manager:-bun}" bun install --frozen-lockfile; \
    else echo 'Cannot install the packages: the workspace has no lock file of npm, pnpm, Yarn or bun.' >&2 && exit 1; fi

FROM installed AS build
COPY . .
ARG APP
ARG BUILD_TARGET=build
ARG OUTPUT=dist/apps/${APP}
# `prepare` needs sources, so `npm ci` could not run it. File modes must not depend on the umask of the checkout.
RUN npm run --silent --if-present prepare \
    && npx nx run "${APP:?set it to the Nx project: --build-arg APP=<project>}:${BUILD_TARGET}" \
    && chmod -R a+rX,u+w,go-w "${OUTPUT}"

FROM ${NODE_IMAGE} AS runtime
ARG NODE_IMAGE
ARG APP
ARG OUTPUT=dist/apps/${APP}
ARG PORT=3000
ARG HEALTH=/health/live
ARG TITLE=${APP}
ARG SOURCE=
ARG LICENSES=NOASSERTION
ARG VERSION=0.0.0
LABEL org.opencontainers.image.title="${TITLE}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="${LICENSES}" \
      org.opencontainers.image.base.name="${NODE_IMAGE}"
WORKDIR /app
# One layer each, by rate of change: a change in the service's own code changes only the last one.
COPY --from=build /workspace/${OUTPUT}/dependencies/ ./dependencies/
COPY --from=build /workspace/${OUTPUT}/public/ ./public/
COPY --from=build /workspace/${OUTPUT}/service/ ./service/
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=${PORT} \
    HEALTH_PATH=${HEALTH}
EXPOSE ${PORT}
# A number, so that an orchestrator can check that it is not root. The process cannot change the files, which root owns.
USER 1000:1000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}${process.env.HEALTH_PATH}`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "service/main.js"]
