/** Creates the tables. Several clients may run it at the same time. */
export const SCHEMA = `
  BEGIN;
  SELECT pg_advisory_xact_lock(7208221);
  CREATE TABLE IF NOT EXISTS slack_mcp_groups (
    space text NOT NULL,
    name text NOT NULL,
    key text NOT NULL,
    -- The end of an independent consumer that is gone.
    alive_until timestamptz,
    PRIMARY KEY (space, key, name)
  );
  CREATE TABLE IF NOT EXISTS slack_mcp_published (
    space text NOT NULL,
    key text NOT NULL,
    message_id bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (space, key, message_id)
  );
  CREATE SEQUENCE IF NOT EXISTS slack_mcp_parked;
  CREATE TABLE IF NOT EXISTS slack_mcp_messages (
    id bigserial PRIMARY KEY,
    space text NOT NULL,
    name text NOT NULL,
    key text NOT NULL,
    message_id bytea NOT NULL,
    body bytea NOT NULL,
    fields text NOT NULL DEFAULT '[]',
    failures int NOT NULL DEFAULT 0,
    begun int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    owner uuid,
    lease_until timestamptz,
    parked bigint,
    record text
  );
  CREATE INDEX IF NOT EXISTS slack_mcp_waiting ON slack_mcp_messages (space, name, id) WHERE parked IS NULL;
  CREATE INDEX IF NOT EXISTS slack_mcp_parked_messages
    ON slack_mcp_messages (space, name, key, parked) WHERE parked IS NOT NULL;
  COMMIT;
`;

/** Whether the last object of the schema exists. */
export const EXISTS = "SELECT to_regclass('slack_mcp_parked_messages') IS NOT NULL AS exists";
