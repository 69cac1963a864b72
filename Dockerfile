# syntax=docker/dockerfile:1
FROM node:26-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts

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
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=addon /app/addon ./addon
COPY package.json tsconfig.json ./
COPY src ./src
COPY connectors ./connectors
COPY mappings ./mappings
COPY config ./config
USER node
VOLUME /app/var
EXPOSE 8400
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8400/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/main.ts"]
CMD ["serve", "--config", "config/bridge.production.yaml"]
