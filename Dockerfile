# syntax=docker/dockerfile:1
FROM node:26-bookworm-slim AS program
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts/build.ts ./scripts/
COPY connectors ./connectors
COPY src ./src
RUN node scripts/build.ts

# The add-on package for OTRS, for whoever wants it: connectors/otrs/addon/README.md.
FROM node:26-bookworm-slim AS addon
WORKDIR /app
COPY package.json ./
COPY scripts/build-addon.ts ./scripts/
COPY connectors/otrs/addon ./connectors/otrs/addon
RUN node scripts/build-addon.ts --to addon && node scripts/build-addon.ts --to addon --family otobo

FROM node:26-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
RUN install -d -o node -g node var
COPY --from=program /app/dist ./dist
COPY --from=addon /app/addon ./addon
COPY mappings ./mappings
COPY config ./config
USER node
VOLUME /app/var
EXPOSE 8400
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8400/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# A small nursery costs little time and keeps the process some 15 MB smaller.
ENTRYPOINT ["node", "--max-semi-space-size=8", "dist/main.js"]
CMD ["serve", "--config", "config/bridge.production.yaml"]
