#!/bin/sh
# What the replica's container runs: copy the primary once, then stream from it for ever.
set -eu
export PGDATA=/var/lib/postgresql/18/docker
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    rm -rf "$PGDATA"
    install -d -m 700 "$PGDATA"
    pg_basebackup --host=postgres --username=registry_streams --pgdata="$PGDATA" --wal-method=stream --checkpoint=fast --write-recovery-conf
    # Long answers are not broken off because the primary has tidied up meanwhile.
    echo "hot_standby_feedback = on" >>"$PGDATA/postgresql.auto.conf"
    chown -R postgres:postgres "$PGDATA"
fi
exec docker-entrypoint.sh postgres
