# One file for every service. Arguments: README.md in this folder.
# The built-in `oci` engine reads the stage `runtime` too: keep RUN out of it.
ARG NODE_IMAGE=public.ecr.aws/docker/library/node:26-alpine

# Only what decides what is installed, tarballs of the workspace's own too: the layer of `npm ci` stands until one changes.
# Before the stage that becomes the image, everything runs on the platform that builds: the output is the same for all.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS manifests
WORKDIR /context
COPY . .
RUN mkdir /manifests \
    && find . \( -name package.json -o -name package-lock.json -o -name .npmrc -o -name '*.tgz' \) \
    -not -path '*/node_modules/*' -exec cp --parents {} /manifests/ \;

FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
WORKDIR /workspace
ENV CI=true NX_DAEMON=false NX_ISOLATE_PLUGINS=false NX_NO_CLOUD=true NX_TUI=false
COPY --from=manifests /manifests/ ./
RUN --mount=type=cache,target=/root/.npm,sharing=locked npm ci --no-audit --no-fund
COPY . .
ARG APP
ARG BUILD_TARGET=build
ARG OUTPUT=dist/apps/${APP}
# What npm ci could not prepare without the sources. The modes of the checkout (a umask of 077, say) must not decide who can
# read the files.
RUN npm run --silent --if-present prepare \
    && npx nx run "${APP:?name the project: --build-arg APP=<project>}:${BUILD_TARGET}" \
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
# A layer each, by rate of change: a change in the service's own code ships the last one alone.
COPY --from=build /workspace/${OUTPUT}/dependencies/ ./dependencies/
COPY --from=build /workspace/${OUTPUT}/public/ ./public/
COPY --from=build /workspace/${OUTPUT}/service/ ./service/
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=${PORT} \
    HEALTH_PATH=${HEALTH}
EXPOSE ${PORT}
# By number, so that an orchestrator can see that it is not root. The files belong to root: the process cannot change them.
USER 1000:1000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}${process.env.HEALTH_PATH}`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "service/main.js"]
