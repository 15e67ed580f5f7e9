ARG BASE=node:26-slim
# What builds it needs glibc, whatever it runs on.
ARG BUILD_BASE=node:26-slim

FROM $BUILD_BASE AS build
# Of BASE: glibc or musl, for native packages.
ARG LIBC=glibc
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-save --no-audit --no-fund
RUN [ "$LIBC" = glibc ] || npm ci --omit=dev --libc=$LIBC --no-audit --no-fund

FROM $BASE
# The checkout's commit, for GET /api/v1/version: docker build --build-arg COMMIT_HASH=$(git rev-parse HEAD) .
ARG COMMIT_HASH=unknown
# Compiled code goes to /tmp: beside it only /data is written to, so that the root filesystem can be read-only. With an
# arena for each thread glibc keeps a tenth more memory after a load.
ENV NODE_ENV=production \
    COMMIT_HASH=$COMMIT_HASH \
    DATA_DIR=/data \
    MALLOC_ARENA_MAX=1 \
    NODE_COMPILE_CACHE=/tmp/node-compile-cache
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/prisma prisma
COPY --from=build /app/views views
COPY --from=build /app/public public
COPY --from=build /app/src/locales src/locales
COPY --from=build /app/dist dist
RUN install -d -o 1000 -g 1000 -m 755 /data
# The user `node`, by number: so that Kubernetes sees that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8000}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself, not npm: it gets the SIGTERM of `docker stop` and stops in order.
CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=30", "--memory-reducer-delay-ms=1000", \
  "--gc-memory-reducer-start-delay-ms=1000", "--wasm-tiering-budget=200000000", "dist/server.js"]
