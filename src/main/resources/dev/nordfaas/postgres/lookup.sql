-- Gives only PgBouncer the verifier of a role that may log in through it: no administrator, and none
-- that has expired.
BEGIN;
CREATE SCHEMA IF NOT EXISTS pgbouncer;
SELECT FROM pg_temp.require_own_schema('pgbouncer');
CREATE OR REPLACE FUNCTION pgbouncer.user_lookup(lookup text, OUT username text, OUT verifier text)
  RETURNS SETOF record
  LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT rolname::text, rolpassword
      FROM pg_catalog.pg_authid
      WHERE rolname = lookup AND rolcanlogin AND NOT rolsuper AND NOT rolreplication
        AND (rolvaliduntil IS NULL OR rolvaliduntil > now())
  $$;
REVOKE ALL ON SCHEMA pgbouncer FROM PUBLIC;
REVOKE ALL ON FUNCTION pgbouncer.user_lookup(text) FROM PUBLIC;
GRANT USAGE ON SCHEMA pgbouncer TO pgbouncer;
GRANT EXECUTE ON FUNCTION pgbouncer.user_lookup(text) TO pgbouncer;
COMMIT;
