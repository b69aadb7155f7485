# The Node that package.json names, whole version and all: both are raised together.
FROM node:26.10.0-slim

ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
WORKDIR /app

# The image brings Node along, so the optional package that holds Node is left out.
COPY package.json package-lock.json .npmrc LICENSE ./
RUN npm ci --omit=dev --omit=optional

# The script and the sentences of the simulated agent, which answers when there is no key, and what the doctor says to the model.
# .dockerignore keeps out all other fixtures.
COPY fixtures ./fixtures
COPY src ./src
COPY web ./web

# Who runs the service: an account that the base image has.
ARG SERVICE_USER=node

# The journal's folder. A volume here lets calls survive a new container.
RUN mkdir data && chown ${SERVICE_USER} data

# What Node compiles is kept, so that the first start of a container is as fast as any, also where it can write nothing. The options are those
# of the service below.
RUN node --disable-sigusr1 --max-semi-space-size=8 --no-allocation-site-pretenuring src/fill-cache.ts ${SERVICE_USER}

USER ${SERVICE_USER}
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((res) => process.exit(res.ok ? 0 : 1), () => process.exit(1))"]

# Without npm or a shell in between, so that SIGTERM reaches the service and it can wait for its calls. SIGUSR1 opens no inspector.
# A small young generation: what calls leave behind is collected early, which keeps the process small. The option behind it lets the frames of
# calls die young (docs/performance.md).
CMD ["node", "--disable-sigusr1", "--max-semi-space-size=8", "--no-allocation-site-pretenuring", "src/start.js"]
