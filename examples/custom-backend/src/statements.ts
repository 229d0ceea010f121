// $1 is always the prefix of the installation.

const LEASE = (parameter: string): string => `now() + ${parameter} * interval '1 millisecond'`;
/** The rows that a consumer owns, from an array of ids and an array of owners. */
const OWNED = (ids: string, owners: string): string =>
  `m.id = ANY (${ids}::bigint[]) AND m.space = $1
    AND (m.id, m.owner) IN (SELECT * FROM unnest(${ids}::bigint[], ${owners}::uuid[]))`;

export const JOIN = `
  INSERT INTO slack_mcp_groups (space, name, key, alive_until)
  SELECT $1, $2, key, ${LEASE('$4::float8')} FROM unnest($3::text[]) AS key
  ON CONFLICT (space, key, name) DO UPDATE SET alive_until = EXCLUDED.alive_until`;

export const REMOVE_GROUP = `
  WITH gone AS (DELETE FROM slack_mcp_groups WHERE space = $1 AND name = $2)
  DELETE FROM slack_mcp_messages WHERE space = $1 AND name = $2`;

/** Stores each message once for each group of its key, in order. Returns whether each message has a group. */
export const STORE = `
  WITH incoming AS (
    SELECT * FROM unnest($2::text[], $3::bytea[], $4::bytea[], $5::text[])
      WITH ORDINALITY AS t (key, message_id, body, fields, n)
  ), targets AS (
    SELECT key, name FROM slack_mcp_groups
    WHERE space = $1 AND key = ANY ($2) AND (alive_until IS NULL OR alive_until > now())
  ), once AS (
    SELECT DISTINCT ON (key, message_id) * FROM incoming
    WHERE key IN (SELECT key FROM targets) ORDER BY key, message_id, n
  ), fresh AS (
    INSERT INTO slack_mcp_published (space, key, message_id) SELECT $1, key, message_id FROM once
    ON CONFLICT DO NOTHING RETURNING key, message_id
  ), stored AS (
    INSERT INTO slack_mcp_messages (space, name, key, message_id, body, fields)
    SELECT $1, name, key, message_id, body, fields FROM once
    JOIN fresh USING (key, message_id) JOIN targets USING (key) ORDER BY n
  )
  SELECT key IN (SELECT key FROM targets) AS routed FROM incoming ORDER BY n`;

/** Gives the oldest messages to a consumer. Other consumers skip the locked rows. */
export const TAKE = `
  WITH next AS (
    SELECT id, owner AS previous FROM slack_mcp_messages
    WHERE space = $1 AND name = $2 AND key = ANY ($3) AND parked IS NULL AND due_at <= now()
      AND (owner IS NULL OR lease_until < now())
    ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED
  )
  UPDATE slack_mcp_messages m SET owner = $5, lease_until = ${LEASE('$6::float8')} FROM next WHERE m.id = next.id
  RETURNING m.id::float8 AS position, m.key, m.message_id, m.body, m.fields, m.failures, m.begun,
    next.previous IS NOT NULL AS interrupted`;

export const RENEW = `
  UPDATE slack_mcp_messages m SET lease_until = ${LEASE('$4::float8')} WHERE ${OWNED('$2', '$3')}
  RETURNING m.id::float8 AS position`;

/** Sets the count instead of adding to it, so that a repeated statement counts once. */
export const BEGIN = `
  UPDATE slack_mcp_messages m SET begun = given.begun
  FROM unnest($2::bigint[], $3::uuid[], $4::int[]) AS given (id, owner, begun)
  WHERE m.id = given.id AND m.owner = given.owner AND m.space = $1 RETURNING m.id::float8 AS position`;

export const ACK = `
  DELETE FROM slack_mcp_messages m WHERE ${OWNED('$2', '$3')} RETURNING m.id::float8 AS position`;

/** Finds which of the rows that a repeated settlement did not change still exist. */
export const FIND = `
  SELECT id::float8 AS position, failures, parked::float8 AS parked FROM slack_mcp_messages
  WHERE space = $1 AND id = ANY ($2::bigint[])`;

export const GIVE_BACK = `
  UPDATE slack_mcp_messages m
  SET owner = NULL, failures = given.failures, begun = given.begun, due_at = ${LEASE('$6::float8')}
  FROM unnest($2::bigint[], $3::uuid[], $4::int[], $5::int[]) AS given (id, owner, failures, begun)
  WHERE m.id = given.id AND m.owner = given.owner AND m.space = $1 RETURNING m.id::float8 AS position`;

export const PARK = `
  UPDATE slack_mcp_messages m SET owner = NULL, parked = nextval('slack_mcp_parked'), record = $4
  WHERE ${OWNED('$2', '$3')} RETURNING m.id::float8 AS position`;

export const PARKED = `
  SELECT parked::float8 AS parked, id::float8 AS position, key, message_id, body, fields, failures, begun, record
  FROM slack_mcp_messages WHERE space = $1 AND name = $2 AND key = $3 AND parked >= $4 ORDER BY parked LIMIT $5`;

export const NEWEST = `
  SELECT max(parked)::float8 AS parked FROM slack_mcp_messages WHERE space = $1 AND name = $2 AND key = $3`;

export const REDRIVE = `
  UPDATE slack_mcp_messages SET parked = NULL, record = NULL, failures = 0, begun = 0, due_at = now()
  WHERE space = $1 AND name = $2 AND key = $3 AND parked = ANY ($4::bigint[])`;

export const PURGE = `
  DELETE FROM slack_mcp_messages WHERE space = $1 AND name = $2 AND key = $3 AND parked = ANY ($4::bigint[])`;

/** Removes the rows of independent consumers that died, and ids that are older than the deduplication window. */
export const SWEEP = `
  WITH dead AS (
    DELETE FROM slack_mcp_groups WHERE space = $1 AND alive_until < now() RETURNING name
  ), old AS (
    DELETE FROM slack_mcp_published WHERE space = $1 AND at < now() - interval '15 minutes'
  )
  DELETE FROM slack_mcp_messages WHERE space = $1 AND name IN (SELECT name FROM dead)`;

export const HEALTH = `
  SELECT current_setting('default_transaction_read_only') = 'on' OR pg_is_in_recovery() AS refuses_writes`;
