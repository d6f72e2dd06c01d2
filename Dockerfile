FROM swift:6.2-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq-dev libmongoc-dev libhiredis-dev libcrypt-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# Dependencies first: they change less often than the sources.
COPY Package.* ./
RUN swift package resolve
COPY . .
RUN swift build -c release --product switchboard --static-swift-stdlib \
    && install -D -s "$(swift build -c release --show-bin-path)/switchboard" /out/switchboard

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates curl libcrypt1 libhiredis0.14 libmongoc-1.0-0 libpq5 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --no-create-home --uid 10001 switchboard
WORKDIR /app
COPY --from=build /out/switchboard /usr/local/bin/switchboard
COPY Web Web
COPY prisma-equivalent-sql prisma-equivalent-sql
USER switchboard
ENV HOST=0.0.0.0 PORT=3001
EXPOSE 3001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD curl -fsS -o /dev/null "http://127.0.0.1:$PORT/livez"
ENTRYPOINT ["switchboard"]
CMD ["serve"]
