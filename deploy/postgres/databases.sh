#!/bin/sh
# A database and a role for each agency: the role is the agency's origin, the database the same with dots for slashes.
# What is there already stays as it is, so this may run again for a further agency:
#   docker compose exec -e NRM_AGENCIES=demo/assistance/ngo-new postgres sh /docker-entrypoint-initdb.d/databases.sh
set -eu

: "${NRM_AGENCIES:?origins of the agencies, separated by blanks}"
: "${PGPASSWORD:=$(cat "${POSTGRES_PASSWORD_FILE:-/dev/null}")}"
export PGPASSWORD

for origin in $NRM_AGENCIES; do
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-administrator}" --dbname postgres \
        --set role="$origin" --set database="$(printf %s "$origin" | tr / .)" <<'SQL'
-- What every server has lets everybody in, until it is said otherwise.
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
SELECT format('CREATE ROLE %I LOGIN', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
-- Sorted by bytes, so that every machine sorts alike.
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8'' LC_COLLATE ''C'' LC_CTYPE ''C''', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
-- Its own agency alone gets in. CREATE is for the schemas of its views; the tables of its log belong to the
-- administrator, who migrates them and grants the role what it needs: to add entries, never to change or remove one.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'database') \gexec
SELECT format('GRANT CONNECT, CREATE ON DATABASE %I TO %I', :'database', :'role') \gexec
SQL
done
