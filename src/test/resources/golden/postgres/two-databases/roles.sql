-- Brings databases, roles and grants to what the stack config says.
\ir functions.sql

ALTER ROLE "postgres" SET search_path = pg_catalog, pg_temp;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

\set password ''
\getenv password PASSWORD_PGBOUNCER
SELECT pg_temp.ensure_login('pgbouncer', :'password');
ALTER ROLE "pgbouncer" SET search_path = pg_catalog, pg_temp;

\set password ''
\getenv password PASSWORD_METRICS
SELECT pg_temp.ensure_login('metrics', :'password');
ALTER ROLE "metrics" SET search_path = pg_catalog, pg_temp;
GRANT CONNECT ON DATABASE "postgres" TO "metrics";
GRANT pg_monitor TO "metrics";
ALTER ROLE "metrics" CONNECTION LIMIT 3;

SELECT pg_temp.ensure_group('mail_owner'), pg_temp.ensure_group('mail_writer'), pg_temp.ensure_group('mail_reader');
SELECT 'CREATE DATABASE "mail" OWNER "mail_owner"'
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'mail') \gexec
ALTER DATABASE "mail" OWNER TO "mail_owner";
REVOKE ALL ON DATABASE "mail" FROM PUBLIC;
GRANT CONNECT ON DATABASE "mail" TO "pgbouncer";
GRANT CONNECT ON DATABASE "mail" TO "mail_writer", "mail_reader";

SELECT pg_temp.ensure_group('orders_owner'), pg_temp.ensure_group('orders_writer'), pg_temp.ensure_group('orders_reader');
SELECT 'CREATE DATABASE "orders" OWNER "orders_owner"'
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'orders') \gexec
ALTER DATABASE "orders" OWNER TO "orders_owner";
REVOKE ALL ON DATABASE "orders" FROM PUBLIC;
GRANT CONNECT ON DATABASE "orders" TO "pgbouncer";
GRANT CONNECT ON DATABASE "orders" TO "orders_writer", "orders_reader";

\set password ''
\getenv password PASSWORD_MAILER
SELECT pg_temp.ensure_login('mailer', :'password');
SELECT pg_temp.ensure_valid_until('mailer', 'infinity');
GRANT "mail_writer" TO "mailer";

-- What the sessions of functions and migrations start with.
BEGIN;
SELECT format('ALTER ROLE %I %s RESET ALL', rolname, 'IN DATABASE ' || quote_ident(datname))
  FROM pg_db_role_setting s
  JOIN pg_roles r ON r.oid = setrole
  LEFT JOIN pg_database d ON d.oid = setdatabase
  WHERE rolname = ANY ('{mailer}') \gexec
ALTER ROLE "mailer" IN DATABASE "mail" SET search_path = "public", "extensions";
COMMIT;

-- Grants and roles that are no longer in the config.
SELECT format('REVOKE %I FROM %I', granted.rolname, member.rolname)
  FROM pg_auth_members m
  JOIN pg_roles granted ON granted.oid = m.roleid
  JOIN pg_roles member ON member.oid = m.member
  WHERE granted.rolname = ANY ('{mail_owner,mail_writer,mail_reader,orders_owner,orders_writer,orders_reader}')
    AND granted.rolname || ' ' || member.rolname <> ALL ('{mail_writer mailer}') \gexec
SELECT format('ALTER ROLE %I NOLOGIN', rolname)
  FROM pg_roles
  WHERE rolcanlogin
    AND shobj_description(oid, 'pg_authid') LIKE 'nordfaas %'
    AND rolname <> ALL ('{pgbouncer,metrics,mailer}') \gexec

-- dropDatabases
SELECT format('DROP DATABASE %I WITH (FORCE)', datname)
  FROM pg_database WHERE datname = 'old' AND pg_get_userbyid(datdba) = 'old_owner' \gexec
SELECT format('DROP ROLE %I', rolname)
  FROM pg_roles
  WHERE rolname = ANY ('{old_owner,old_writer,old_reader,old_migrator}')
    AND NOT EXISTS (SELECT FROM pg_database WHERE datname = 'old') \gexec

REVOKE ALL ON DATABASE "postgres" FROM PUBLIC;
GRANT CONNECT ON DATABASE "postgres" TO "pgbouncer";

REVOKE ALL ON DATABASE template1 FROM PUBLIC;

\ir schemas.sql
\ir lookup.sql

\connect "mail"
\ir schemas.sql
\ir lookup.sql
REVOKE ALL ON SCHEMA public FROM PUBLIC;
\set extensions '{pgcrypto,uuid-ossp}'
\ir extensions.sql
GRANT USAGE ON SCHEMA extensions TO "mail_owner", "mail_writer", "mail_reader";
CREATE SCHEMA IF NOT EXISTS "public" AUTHORIZATION "mail_owner";
GRANT USAGE, CREATE ON SCHEMA "public" TO "mail_owner";
GRANT USAGE ON SCHEMA "public" TO "mail_writer", "mail_reader";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "public" TO "mail_writer";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "public" TO "mail_writer";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "mail_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "mail_owner" IN SCHEMA "public"
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "mail_writer";
ALTER DEFAULT PRIVILEGES FOR ROLE "mail_owner" IN SCHEMA "public"
  GRANT USAGE, SELECT ON SEQUENCES TO "mail_writer";
ALTER DEFAULT PRIVILEGES FOR ROLE "mail_owner" IN SCHEMA "public"
  GRANT SELECT ON TABLES TO "mail_reader";
SELECT format('REVOKE USAGE ON SCHEMA %I FROM "mail_writer", "mail_reader"', nspname)
  FROM pg_namespace
  WHERE nspname <> ALL ('{public,extensions}')
    AND (has_schema_privilege('mail_writer', oid, 'USAGE') OR has_schema_privilege('mail_reader', oid, 'USAGE'))
    AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\_%'
  \gexec

\connect "orders"
\ir schemas.sql
\ir lookup.sql
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS "sales" AUTHORIZATION "orders_owner";
GRANT USAGE, CREATE ON SCHEMA "sales" TO "orders_owner";
GRANT USAGE ON SCHEMA "sales" TO "orders_writer", "orders_reader";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "sales" TO "orders_writer";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "sales" TO "orders_writer";
GRANT SELECT ON ALL TABLES IN SCHEMA "sales" TO "orders_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_owner" IN SCHEMA "sales"
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "orders_writer";
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_owner" IN SCHEMA "sales"
  GRANT USAGE, SELECT ON SEQUENCES TO "orders_writer";
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_owner" IN SCHEMA "sales"
  GRANT SELECT ON TABLES TO "orders_reader";
CREATE SCHEMA IF NOT EXISTS "stock" AUTHORIZATION "orders_owner";
GRANT USAGE, CREATE ON SCHEMA "stock" TO "orders_owner";
GRANT USAGE ON SCHEMA "stock" TO "orders_writer", "orders_reader";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "stock" TO "orders_writer";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "stock" TO "orders_writer";
GRANT SELECT ON ALL TABLES IN SCHEMA "stock" TO "orders_reader";
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_owner" IN SCHEMA "stock"
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "orders_writer";
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_owner" IN SCHEMA "stock"
  GRANT USAGE, SELECT ON SEQUENCES TO "orders_writer";
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_owner" IN SCHEMA "stock"
  GRANT SELECT ON TABLES TO "orders_reader";
SELECT format('REVOKE USAGE ON SCHEMA %I FROM "orders_writer", "orders_reader"', nspname)
  FROM pg_namespace
  WHERE nspname <> ALL ('{sales,stock,extensions}')
    AND (has_schema_privilege('orders_writer', oid, 'USAGE') OR has_schema_privilege('orders_reader', oid, 'USAGE'))
    AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\_%'
  \gexec
