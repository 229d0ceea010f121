import type { SettingsSource } from './token-variables.ts';

const TEAM_ID = /^T[A-Z0-9]{5,20}$/;

/**
 * Reads the id of the workspace in which the tokens of an organization act.
 *
 * @param name - the variable: `SLACK_TEAM_ID` or, for the workspace `acme`, `SLACK_TEAM_ID_ACME`
 * @throws ConfigurationError - the value is not the id of a workspace
 */
export function readTeamId({ env, error }: SettingsSource, name: string): string | undefined {
  const id = env.source[name]?.trim() || undefined;
  if (id === undefined || TEAM_ID.test(id)) return id;
  throw error(name, 'is not the id of a workspace (for example T0123456789)');
}
