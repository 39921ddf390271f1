#!/bin/sh
# Run once by the postgres image on an empty volume: a role that may do nothing but stream, and enough of the write-ahead
# log kept for a replica that is away for a while. One that is away for longer is made anew: drop its volume.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --set=password="$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE registry_streams REPLICATION LOGIN PASSWORD :'password';
ALTER SYSTEM SET wal_keep_size = '1GB';
SQL
echo "host replication registry_streams all scram-sha-256" >>"$PGDATA/pg_hba.conf"
