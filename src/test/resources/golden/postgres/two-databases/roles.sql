-- Brings databases, roles and grants to what the stack config says. Drops nothing.
\ir functions.sql

\set password ''
\getenv password PASSWORD_PGBOUNCER
SELECT pg_temp.ensure_login('pgbouncer', :'password');

SELECT pg_temp.ensure_group('mail_owner'), pg_temp.ensure_group('mail_writer');
SELECT 'CREATE DATABASE "mail" OWNER "mail_owner"'
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'mail') \gexec
ALTER DATABASE "mail" OWNER TO "mail_owner";
REVOKE ALL ON DATABASE "mail" FROM PUBLIC;
GRANT CONNECT ON DATABASE "mail" TO "pgbouncer";
GRANT CONNECT ON DATABASE "mail" TO "mail_writer";

SELECT pg_temp.ensure_group('orders_owner'), pg_temp.ensure_group('orders_writer');
SELECT 'CREATE DATABASE "orders" OWNER "orders_owner"'
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'orders') \gexec
ALTER DATABASE "orders" OWNER TO "orders_owner";
REVOKE ALL ON DATABASE "orders" FROM PUBLIC;
GRANT CONNECT ON DATABASE "orders" TO "pgbouncer";
GRANT CONNECT ON DATABASE "orders" TO "orders_writer";

\set password ''
\getenv password PASSWORD_MAILER
SELECT pg_temp.ensure_login('mailer', :'password');
SELECT pg_temp.ensure_valid_until('mailer', 'infinity');
GRANT "mail_writer" TO "mailer";

-- Roles that are no longer in the config.
SELECT format('REVOKE %I FROM %I', writer.rolname, member.rolname)
  FROM pg_auth_members m
  JOIN pg_roles writer ON writer.oid = m.roleid
  JOIN pg_roles member ON member.oid = m.member
  WHERE writer.rolname = ANY ('{mail_writer,orders_writer}')
    AND writer.rolname || ' ' || member.rolname <> ALL ('{mail_writer mailer}') \gexec
SELECT format('ALTER ROLE %I NOLOGIN', rolname)
  FROM pg_roles
  WHERE rolcanlogin
    AND shobj_description(oid, 'pg_authid') LIKE 'nordfaas %'
    AND rolname <> ALL ('{pgbouncer,mailer}') \gexec

REVOKE ALL ON DATABASE "postgres" FROM PUBLIC;
GRANT CONNECT ON DATABASE "postgres" TO "pgbouncer";

REVOKE ALL ON DATABASE template1 FROM PUBLIC;

\ir lookup.sql

\connect "mail"
\ir lookup.sql
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO "mail_owner";
GRANT USAGE ON SCHEMA public TO "mail_writer";
CREATE EXTENSION IF NOT EXISTS "pgcrypto";
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "mail_writer";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "mail_writer";
ALTER DEFAULT PRIVILEGES FOR ROLE "mail_owner" IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "mail_writer";
ALTER DEFAULT PRIVILEGES FOR ROLE "mail_owner" IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO "mail_writer";

\connect "orders"
\ir lookup.sql
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO "orders_owner";
GRANT USAGE ON SCHEMA public TO "orders_writer";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "orders_writer";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "orders_writer";
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_owner" IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "orders_writer";
ALTER DEFAULT PRIVILEGES FOR ROLE "orders_owner" IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO "orders_writer";
