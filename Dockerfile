# One image for every role: `web`, `worker`, and each command of the command line. It brings no server and no key.
FROM node:24-slim

WORKDIR /coopline
ENV NODE_ENV=production COOPLINE_KEYS=/keys

# Only what runs: the optional packages are the Node and Postgres of machines that have none.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional && npm cache clean --force

COPY migrations ./migrations
COPY locales ./locales
COPY flows ./flows
COPY src ./src

# Compiled once here, so that each start is quick also where the file system is read-only.
RUN node src/main.ts --help > /dev/null && mkdir /keys && chown node:node /keys

USER node
EXPOSE 3000
# The memory that a process of ours needs, and no more: Node by itself takes twice as much before it tidies up. The
# options are those of package.json.
ENTRYPOINT ["node", "--max-semi-space-size=16", "--max-old-space-size=160", "--heap-growing-percent=50", "--use-largepages=silent", "src/main.ts"]
CMD ["web"]
