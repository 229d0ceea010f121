import type { SettingsReader } from './settings-reader.ts';
import { BOT_TOKEN, readToken, USER_TOKEN } from './slack-tokens.ts';

/** What a workspace may be called: a part of variables, addresses of resources and names of files. */
export const WORKSPACE_NAME: RegExp = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/**
 * The tokens of several workspaces by their names; undefined where `SLACK_WORKSPACES` names none.
 *
 * @throws ConfigurationError
 */
export function readWorkspaces(reader: SettingsReader): Readonly<Record<string, string>> | undefined {
  const names = reader.env.list('SLACK_WORKSPACES').map((name) => name.toLowerCase());
  if (names.length === 0) return undefined;
  const wrong = names.find((name) => !WORKSPACE_NAME.test(name));
  if (wrong !== undefined) {
    throw reader.error('SLACK_WORKSPACES', 'holds what is no name: letters, digits and hyphens, at most 32');
  }
  const single = ['SLACK_BOT_TOKEN', 'SLACK_USER_TOKEN'].find((name) => reader.env.string(name) !== undefined);
  if (single !== undefined) {
    throw reader.error(single, `cannot be set beside SLACK_WORKSPACES: give its workspace a name there`);
  }
  const tokens = new Map<string, string>();
  for (const name of names) {
    const suffix = name.toUpperCase().replaceAll('-', '_');
    const bot = readToken(reader, `SLACK_BOT_TOKEN_${suffix}`, BOT_TOKEN);
    const token = bot ?? readToken(reader, `SLACK_USER_TOKEN_${suffix}`, USER_TOKEN);
    if (token === undefined)
      throw reader.error(`SLACK_BOT_TOKEN_${suffix}`, 'is not set, and SLACK_WORKSPACES names it');
    const other = [...tokens].find(([, known]) => known === token)?.[0];
    if (other !== undefined) throw reader.error('SLACK_WORKSPACES', `gives ${other} and ${name} the same token`);
    tokens.set(name, token);
  }
  return Object.fromEntries(tokens);
}
