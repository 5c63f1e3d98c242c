# syntax=docker/dockerfile:1
FROM node:24.11.1-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# This Node brings SQLite along (node:sqlite), so the optional binding is not compiled.
RUN npm ci --ignore-scripts --no-progress
COPY . .
RUN node build.mjs && npm prune --omit=dev --ignore-scripts && rm -rf node_modules/better-sqlite3

FROM node:24.11.1-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE /app/README.md ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
RUN install -d -o node -g node -m 700 /var/lib/bandwarden && ln -s /app/dist/src/main.js /usr/local/bin/bandwarden
USER node
ENV BANDWARDEN_DATA_DIR=/var/lib/bandwarden
VOLUME /var/lib/bandwarden
EXPOSE 8073
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8073/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps", "/app/dist/src/main.js"]
CMD ["serve"]
