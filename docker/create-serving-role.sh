#!/bin/sh
# Run once by the postgres image on an empty volume: the role that serves owns nothing.
# `registry migrate --serving-role registry_serves` grants it what it needs, and no right to edit the log.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --set=password="$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE registry_serves LOGIN PASSWORD :'password';
SQL
