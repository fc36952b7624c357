FROM node:24-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --no-audit --no-fund
RUN npm pack --pack-destination /tmp

FROM node:24-slim
COPY --from=build /tmp/hookcast-*.tgz /tmp/
RUN npm install --global --omit=dev --no-audit --no-fund /tmp/hookcast-*.tgz && rm /tmp/hookcast-*.tgz
USER node
WORKDIR /home/node
EXPOSE 4665
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["hookcast", "health"]
ENTRYPOINT ["hookcast"]
CMD ["serve", "--host", "0.0.0.0"]
