-- Brings databases, roles and grants to what the stack config says.
\ir functions.sql

ALTER ROLE "postgres" SET search_path = pg_catalog, pg_temp;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

\set password ''
\getenv password PASSWORD_PGBOUNCER
SELECT pg_temp.ensure_login('pgbouncer', :'password');
ALTER ROLE "pgbouncer" SET search_path = pg_catalog, pg_temp;

\set password ''
\getenv password PASSWORD_BACKUP
SELECT pg_temp.ensure_login('backup', :'password');
ALTER ROLE "backup" SET search_path = pg_catalog, pg_temp;
GRANT CONNECT ON DATABASE "postgres" TO "backup";
CREATE SCHEMA IF NOT EXISTS nordfaas;
CREATE TABLE IF NOT EXISTS nordfaas.backups (
  type text PRIMARY KEY, succeeded_at timestamptz, failed_at timestamptz);
ALTER TABLE nordfaas.backups ADD COLUMN IF NOT EXISTS started_at timestamptz,
  ADD COLUMN IF NOT EXISTS starts_within interval,
  ADD COLUMN IF NOT EXISTS succeeds_within interval;
INSERT INTO nordfaas.backups (type, starts_within, succeeds_within)
  VALUES ('full', '609300 seconds', '630900 seconds')
  ON CONFLICT (type) DO UPDATE
    SET starts_within = excluded.starts_within, succeeds_within = excluded.succeeds_within
    WHERE (backups.starts_within, backups.succeeds_within)
      IS DISTINCT FROM (excluded.starts_within, excluded.succeeds_within);
INSERT INTO nordfaas.backups (type, starts_within, succeeds_within)
  VALUES ('diff', '90900 seconds', '112500 seconds')
  ON CONFLICT (type) DO UPDATE
    SET starts_within = excluded.starts_within, succeeds_within = excluded.succeeds_within
    WHERE (backups.starts_within, backups.succeeds_within)
      IS DISTINCT FROM (excluded.starts_within, excluded.succeeds_within);
GRANT pg_read_all_settings TO "backup";
GRANT EXECUTE ON FUNCTION pg_backup_start(text, boolean), pg_backup_stop(boolean),
  pg_create_restore_point(text), pg_switch_wal() TO "backup";
GRANT USAGE ON SCHEMA nordfaas TO "backup";
GRANT SELECT, INSERT, UPDATE ON nordfaas.backups TO "backup";

\set password ''
\getenv password PASSWORD_METRICS
SELECT pg_temp.ensure_login('metrics', :'password');
ALTER ROLE "metrics" SET search_path = pg_catalog, pg_temp;
GRANT CONNECT ON DATABASE "postgres" TO "metrics";
GRANT pg_monitor TO "metrics";
ALTER ROLE "metrics" CONNECTION LIMIT 3;
GRANT USAGE ON SCHEMA nordfaas TO "metrics";
GRANT SELECT ON nordfaas.backups TO "metrics";

SELECT pg_temp.ensure_group('orders_owner'), pg_temp.ensure_group('orders_writer'), pg_temp.ensure_group('orders_reader');
SELECT 'CREATE DATABASE "orders" OWNER "orders_owner"'
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'orders') \gexec
ALTER DATABASE "orders" OWNER TO "orders_owner";
REVOKE ALL ON DATABASE "orders" FROM PUBLIC;
GRANT CONNECT ON DATABASE "orders" TO "pgbouncer";
GRANT CONNECT ON DATABASE "orders" TO "orders_writer", "orders_reader";
\set password ''
\getenv password PASSWORD_ORDERS_MIGRATOR
SELECT pg_temp.ensure_login('orders_migrator', :'password');
GRANT "orders_owner" TO "orders_migrator";

\set password ''
\getenv password PASSWORD_ORDER_PROCESSOR
SELECT pg_temp.ensure_login('order_processor', :'password');
SELECT pg_temp.ensure_valid_until('order_processor', 'infinity');
GRANT "orders_writer" TO "order_processor";

\set password ''
\getenv password PASSWORD_ORDER_STATUS
SELECT pg_temp.ensure_login('order_status', :'password');
SELECT pg_temp.ensure_valid_until('order_status', 'infinity');
GRANT "orders_reader" TO "order_status";

-- What the sessions of functions and migrations start with.
BEGIN;
SELECT format('ALTER ROLE %I %s RESET ALL', rolname, 'IN DATABASE ' || quote_ident(datname))
  FROM pg_db_role_setting s
  JOIN pg_roles r ON r.oid = setrole
  LEFT JOIN pg_database d ON d.oid = setdatabase
  WHERE rolname = ANY ('{order_processor,order_status,orders_migrator}') \gexec
ALTER ROLE "order_processor" IN DATABASE "orders" SET search_path = "public", "extensions";
ALTER ROLE "order_status" IN DATABASE "orders" SET search_path = "public", "extensions";
ALTER ROLE "orders_migrator" IN DATABASE "orders" SET search_path = "public", "extensions";
COMMIT;

-- Grants and roles that are no longer in the config.
SELECT format('REVOKE %I FROM %I', granted.rolname, member.rolname)
  FROM pg_auth_members m
  JOIN pg_roles granted ON granted.oid = m.roleid
  JOIN pg_roles member ON member.oid = m.member
  WHERE granted.rolname = ANY ('{orders_owner,orders_writer,orders_reader}')
    AND granted.rolname || ' ' || member.rolname <> ALL ('{orders_owner orders_migrator,orders_writer order_processor,orders_reader order_status}') \gexec
SELECT format('ALTER ROLE %I NOLOGIN', rolname)
  FROM pg_roles
  WHERE rolcanlogin
    AND shobj_description(oid, 'pg_authid') LIKE 'nordfaas %'
    AND rolname <> ALL ('{pgbouncer,backup,metrics,orders_migrator,order_processor,order_status}') \gexec

REVOKE ALL ON DATABASE "postgres" FROM PUBLIC;
GRANT CONNECT ON DATABASE "postgres" TO "pgbouncer";

REVOKE ALL ON DATABASE template1 FROM PUBLIC;

\ir schemas.sql
\ir lookup.sql

\connect "orders"
\ir schemas.sql
\ir lookup.sql
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS "public" AUTHORIZATION "orders_owner";
GRANT USAGE, CREATE ON SCHEMA "public" TO "orders_owner";
GRANT USAGE ON SCHEMA "public" TO "orders_writer", "orders_reader";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "public" TO "orders_writer";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "public" TO "orders_writer";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "orders_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_owner" IN SCHEMA "public"
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "orders_writer";
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_owner" IN SCHEMA "public"
  GRANT USAGE, SELECT ON SEQUENCES TO "orders_writer";
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_owner" IN SCHEMA "public"
  GRANT SELECT ON TABLES TO "orders_reader";
SELECT format('REVOKE USAGE ON SCHEMA %I FROM "orders_writer", "orders_reader"', nspname)
  FROM pg_namespace
  WHERE nspname <> ALL ('{public,extensions}')
    AND (has_schema_privilege('orders_writer', oid, 'USAGE') OR has_schema_privilege('orders_reader', oid, 'USAGE'))
    AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\_%'
  \gexec
