import { parseSigningSecret } from '@slack-mcp/slack';
import type { SettingsReader } from '../../config/settings-reader.ts';
import { readSigningSecrets } from '../../config/slack-settings.ts';
import type { Finding } from './finding.ts';

const check = 'signing secret';

/** Checks the form of the signing secrets. Slack has no method that verifies a signing secret. */
export function checkSigningSecrets(reader: SettingsReader): Finding {
  if (reader.env.list('SLACK_SIGNING_SECRET').length === 0) {
    return {
      check,
      verdict: 'note',
      message: 'SLACK_SIGNING_SECRET is not set; only events over HTTP and MCP_SLACK_SIGNED need it',
    };
  }
  const secrets = readSigningSecrets(reader);
  const count = secrets.length === 1 ? 'one secret' : `${secrets.length} secrets`;
  if (secrets.every((text) => /^[0-9a-f]{32}$/.test(parseSigningSecret(text).secret))) {
    return { check, verdict: 'ok', message: `${count}, in Slack's format` };
  }
  return {
    check,
    verdict: 'warning',
    message: `${count}; not every secret has Slack's format, 32 hexadecimal digits`,
    advice: 'Copy the signing secret from Basic Information of the app. It is neither the client secret nor a token.',
  };
}
