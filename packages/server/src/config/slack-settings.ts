import {
  isPlaceholder,
  parseSigningSecret,
  readSlackSettings as read,
  readAppToken,
  type SlackSettings as SharedSettings,
} from '@slack-mcp/slack';
import { MIN_SECRET_LENGTH } from './secrets.ts';
import type { SettingsReader } from './settings-reader.ts';

/** How to call Slack. */
export interface SlackSettings extends SharedSettings {
  readonly retries: number;
}

/**
 * @param needs - whether the command is of no use without a token
 * @throws ConfigurationError
 */
export function readSlackSettings(reader: SettingsReader, needs: { token: boolean }): SlackSettings {
  const settings = read(reader);
  readAppToken(reader);
  if (needs.token && settings.token === undefined && settings.workspaces === undefined) {
    const { ignored } = reader.sources;
    const hint = `, and the ${ignored} of the working directory is not read over stdio: add --dotenv ${ignored}, or set it`;
    throw reader.error('SLACK_BOT_TOKEN', `is not set${ignored === undefined ? '' : hint}`);
  }
  return { ...settings, retries: reader.env.integer('--retry', { default: 3, max: 10 }) };
}

/**
 * @returns secrets as `resolveSigningSecrets` takes them
 * @throws ConfigurationError - not set, or a token in its place
 */
export function readSigningSecrets(reader: SettingsReader): readonly string[] {
  const secrets = reader.env.list('SLACK_SIGNING_SECRET', { required: true });
  if (secrets.some((text) => /^(xox[a-z]|xapp)[-.]/.test(parseSigningSecret(text).secret))) {
    throw reader.error('SLACK_SIGNING_SECRET', 'holds a token, not a signing secret');
  }
  if (secrets.some((text) => parseSigningSecret(text).secret === '')) {
    throw reader.error('SLACK_SIGNING_SECRET', 'names an app without its secret');
  }
  if (secrets.some((text) => isPlaceholder(parseSigningSecret(text).secret))) {
    throw reader.error('SLACK_SIGNING_SECRET', "holds a placeholder: copy the secret from the app's Basic Information");
  }
  if (secrets.some((text) => parseSigningSecret(text).secret.length < MIN_SECRET_LENGTH)) {
    throw reader.error(
      'SLACK_SIGNING_SECRET',
      `holds what is none: they have at least ${MIN_SECRET_LENGTH} characters`,
    );
  }
  return secrets;
}
