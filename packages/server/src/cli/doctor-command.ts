import { ConfigurationError, redactSecrets } from '@slack-mcp/core';
import { secretsIn } from '../config/secrets.ts';
import { CommandFailure } from './command-failure.ts';
import { commandOf, createServerCommand, readerOf, type ServerCommand, TOOL_FLAGS } from './common-options.ts';
import type { Finding } from './doctor/finding.ts';

/** Checks the settings, the tokens, the queue and the network, and explains how to fix what is wrong. */
export function createDoctorCommand(name: string): ServerCommand {
  const command = createServerCommand({
    name,
    description: 'Check tokens, scopes, secrets, queue, clock and network, and explain how to fix what is wrong',
    flags: ['--transport', '--host', ...TOOL_FLAGS],
    listens: false,
    variables: ['SLACK_BOT_TOKEN', 'SLACK_USER_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'QUEUE_BACKEND'],
    examples: [
      `SLACK_BOT_TOKEN=xoxb-your-token ${commandOf(name)}`,
      `${commandOf(name)} --dotenv production.env --url https://slack.example.com`,
    ],
  });
  command
    .option('--url <value>', 'public URL of the running server: check that it answers as Slack expects')
    .option('--json', 'print JSON for programs, one object per line')
    .action(async () => {
      const { url, json } = command.opts<{ url?: string; json?: true }>();
      const address = checkedUrl(url);
      const reader = readerOf(command);
      const redact = redactSecrets(secretsIn(reader.env.source));
      const { diagnose } = await import('./doctor/diagnose.ts');
      const { findingText } = await import('./doctor/finding.ts');
      const counts: Record<Finding['verdict'], number> = { ok: 0, note: 0, warning: 0, failure: 0 };
      for await (const finding of diagnose(reader, { node: process.version, url: address, now: Date.now })) {
        counts[finding.verdict] += 1;
        process.stdout.write(redact(json ? `${JSON.stringify(finding)}\n` : findingText(finding)));
      }
      if (counts.failure > 0) throw new CommandFailure(`${counts.failure} of the checks failed`, 1);
    });
  return command;
}

function checkedUrl(text: string | undefined): URL | undefined {
  const url = text === undefined ? undefined : URL.parse(text);
  if (url === undefined || /^https?:$/.test(url?.protocol ?? '')) return url ?? undefined;
  throw new ConfigurationError('--url must be an http or https URL (for example --url=https://slack.example.com)');
}
