-- Functions for scripts that run as the administrator in a database of somebody else.

-- Stops unless only administrators may create objects in a schema: what is in it would run as them.
CREATE FUNCTION pg_temp.require_own_schema(schema name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  others text;
BEGIN
  SELECT string_agg(coalesce(rolname, 'PUBLIC'), ', ' ORDER BY rolname) INTO others
    FROM pg_namespace n
    CROSS JOIN LATERAL (
      SELECT nspowner UNION
        SELECT grantee FROM aclexplode(nspacl) WHERE privilege_type = 'CREATE') AS creator (id)
    LEFT JOIN pg_roles r ON r.oid = id
    WHERE nspname = schema AND rolsuper IS NOT TRUE;
  IF others IS NOT NULL THEN
    RAISE EXCEPTION '% may create objects in schema % of database %, which only the administrator may: find out why, and drop the schema',
      others, schema, current_database();
  END IF;
END $$;
