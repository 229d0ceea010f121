import {
  isPlaceholder,
  parseSigningSecret,
  readSlackSettings as read,
  readAppToken,
  type SlackSettings as SharedSettings,
} from '@slack-mcp/slack';
import { MIN_SECRET_LENGTH } from './secrets.ts';
import type { SettingsReader } from './settings-reader.ts';

/** The settings for calls to Slack. */
export interface SlackSettings extends SharedSettings {
  readonly retries: number;
}

/**
 * @param needs - whether the command requires a token
 * @throws ConfigurationError
 */
export function readSlackSettings(reader: SettingsReader, needs: { token: boolean }): SlackSettings {
  const settings = read(reader);
  readAppToken(reader);
  if (needs.token && settings.token === undefined && settings.workspaces === undefined) {
    const { ignored } = reader.sources;
    const hint = `, and over stdio the ${ignored} of the working directory is not read: add --dotenv ${ignored}, or set the variable`;
    throw reader.error('SLACK_BOT_TOKEN', `is not set${ignored === undefined ? '' : hint}`);
  }
  return { ...settings, retries: reader.env.integer('--retry', { default: 3, max: 10 }) };
}

/**
 * @returns secrets in the format of `resolveSigningSecrets`
 * @throws ConfigurationError - `SLACK_SIGNING_SECRET` is not set, or contains a token instead of a secret
 */
export function readSigningSecrets(reader: SettingsReader): readonly string[] {
  const secrets = reader.env.list('SLACK_SIGNING_SECRET', { required: true });
  if (secrets.some((text) => /^(xox[a-z]|xapp)[-.]/.test(parseSigningSecret(text).secret))) {
    throw reader.error(
      'SLACK_SIGNING_SECRET',
      "contains a token, not a signing secret: copy the secret from the app's Basic Information page",
    );
  }
  if (secrets.some((text) => parseSigningSecret(text).secret === '')) {
    throw reader.error(
      'SLACK_SIGNING_SECRET',
      'names an app without its secret: write the secret after the equals sign',
    );
  }
  if (secrets.some((text) => isPlaceholder(parseSigningSecret(text).secret))) {
    throw reader.error(
      'SLACK_SIGNING_SECRET',
      "contains a placeholder: copy the secret from the app's Basic Information page",
    );
  }
  if (secrets.some((text) => parseSigningSecret(text).secret.length < MIN_SECRET_LENGTH)) {
    throw reader.error(
      'SLACK_SIGNING_SECRET',
      `contains a value that is not a signing secret: it must have at least ${MIN_SECRET_LENGTH} characters`,
    );
  }
  return secrets;
}
