# CarQuery's image: one for the bot, the worker and the commands. As root builds it, so anyone may run it:
#   docker build -t carquery .
#   docker run --read-only --tmpfs /tmp -v carquery:/data --env-file my.env carquery
# Another base needs Python 3.11 or later with venv, and ca-certificates: --build-arg BASE_IMAGE=…
# To build the same thing again, name the base by its digest: BASE_IMAGE=python:3.12-slim@sha256:…
ARG BASE_IMAGE=python:3.12-slim

FROM ${BASE_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN ["python3", "-m", "venv", "/opt/carquery"]
WORKDIR /build
# Dependencies first: they are built anew only when the lock file changes.
COPY requirements/run.txt requirements/
RUN ["/opt/carquery/bin/pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", "--requirement", "requirements/run.txt"]
COPY pyproject.toml README.md LICENSE ./
COPY src src
# Then away with what only building needs.
RUN /opt/carquery/bin/pip install --quiet --no-deps --no-build-isolation . \
    && /opt/carquery/bin/pip uninstall --quiet --yes setuptools pip

FROM ${BASE_IMAGE} AS runtime
ARG VERSION=0.2.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="CarQuery" \
      org.opencontainers.image.description="A bot for a car dealership, in Telegram and in MAX: short forms, one qualified lead in amoCRM, exactly once." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# The number is written out, so that an orchestrator can see that it is not root.
RUN groupadd --gid 10001 carquery \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin carquery \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/carquery /opt/carquery
ENV PATH="/opt/carquery/bin:${PATH}" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
# The default database, carquery.db, lies in the working directory. DATABASE_URL is not set here: it would go
# before DATABASE_URL_FILE.
WORKDIR /data
VOLUME /data
USER 10001:10001
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
# http.client, unlike urllib, asks no proxy.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", "import http.client, os; there = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('HEALTH_CHECK_PORT') or 8080), timeout=4); there.request('GET', '/health'); raise SystemExit(there.getresponse().status != 200)"]
ENTRYPOINT ["carquery"]
CMD ["bot"]
