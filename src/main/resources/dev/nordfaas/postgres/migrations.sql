-- Functions for the migrations of a database, which follow. Their record belongs to the owner, in a
-- schema that functions cannot access. The lock lasts as long as the session.
SELECT pg_advisory_lock(hashtext('nordfaas.schema_migrations'));
CREATE SCHEMA IF NOT EXISTS nordfaas AUTHORIZATION :"owner";
SET ROLE :"owner";
CREATE TABLE IF NOT EXISTS nordfaas.schema_migrations (
  version bigint PRIMARY KEY,
  file text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);
-- Until now it was an integer.
ALTER TABLE nordfaas.schema_migrations ALTER version TYPE bigint;
RESET ROLE;

CREATE FUNCTION pg_temp.is_pending(step bigint, name text, digest text) RETURNS boolean
  LANGUAGE plpgsql AS $$
DECLARE
  applied nordfaas.schema_migrations;
BEGIN
  SELECT * INTO applied FROM nordfaas.schema_migrations
    WHERE version >= step ORDER BY version LIMIT 1;
  IF applied.version IS NULL THEN
    RETURN true;
  END IF;
  IF applied.version > step THEN
    RAISE EXCEPTION '% comes before %, which has been applied: give it the next version',
      name, applied.file;
  END IF;
  IF applied.checksum <> digest THEN
    RAISE EXCEPTION '% has been changed since it was applied: undo that, and put the change into a new file (its checksum is %, and was %)',
      name, digest, applied.checksum;
  END IF;
  RETURN false;
END $$;
