# One image, every role: `docker run jinbox run --roles worker,sender`. Without DATABASE_URL it keeps an embedded
# PostgreSQL under /data. Runs as nobody special and writes only there and in /tmp:
# docker run --read-only --tmpfs /tmp -v jinbox:/data --cap-drop ALL --security-opt no-new-privileges jinbox
FROM node:24-bookworm-slim AS packages
WORKDIR /jinbox
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
WORKDIR /jinbox
COPY --from=packages /jinbox/node_modules node_modules
COPY package.json LICENSE ./
COPY src src
COPY migrations migrations
COPY config config
COPY fixtures/mailbox fixtures/mailbox
# The port is named so that a process without the page answers there, too.
ENV JINBOX_DATA=/data JINBOX_PORT=8025 NODE_ENV=production
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8025
# The process lives; whether it can work is /readyz.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.JINBOX_PORT||8025)+'/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["node", "src/main.ts"]
CMD ["run"]
