import { ConfigurationError, nearestName } from '@slack-mcp/core';
import { readToolSettings } from '../config/server-settings.ts';
import { readSlackSettings } from '../config/slack-settings.ts';
import { appScopes } from '../tools/app-scopes.ts';
import { selectTools } from '../tools/select-tools.ts';
import { commandOf, createServerCommand, readerOf, type ServerCommand, TOOL_FLAGS } from './common-options.ts';
import { appManifest } from './manifest/app-manifest.ts';
import { EVENT_SCOPES } from './manifest/event-scopes.ts';
import { offeredToolsets } from './offered-toolsets.ts';
import { tokenKindsIn } from './token-kinds.ts';

/** The flags that only this command has. */
interface ManifestFlags {
  readonly name: string;
  readonly events?: string;
  readonly url?: string;
  readonly socketMode?: true;
  readonly interactivity?: true;
}

const LONGEST_NAME = 35;

/** Prints the manifest of a Slack app for the selected tools and events. */
export function createManifestCommand(name: string): ServerCommand {
  const command = createServerCommand({
    name,
    description: 'Print the manifest of a Slack app with the scopes that its tools and events need',
    flags: TOOL_FLAGS,
    listens: false,
    variables: ['SLACK_MCP_READ_ONLY', 'SLACK_MCP_READ_CHANNELS', 'SLACK_MCP_WRITE_CHANNELS'],
    examples: [
      `${commandOf(name)} --toolsets editing`,
      `${commandOf(name)} --events app_mention,message.channels --url https://slack.example.com`,
    ],
  });
  command
    .option('--name <value>', 'name of the app', 'slack-mcp')
    .option('--events <value>', 'events for a worker, separated by commas, for example app_mention,message.channels')
    .option('--url <value>', 'public https URL of the server, to which Slack sends events')
    .option('--socket-mode', 'let Slack send events over a WebSocket instead')
    .option('--interactivity', 'also let Slack send interactions, such as clicks on buttons')
    .action(() => {
      const flags = command.opts<ManifestFlags>();
      const reader = readerOf(command);
      const kinds = tokenKindsIn(readSlackSettings(reader, { token: false }));
      const settings = readToolSettings(reader);
      const delivery = checkedUrl(flags.url);
      const manifest = appManifest({
        name: checkedName(flags.name),
        scopes: appScopes(selectTools(offeredToolsets(reader), settings, kinds).tools, settings),
        events: checkedEvents(flags),
        delivery: flags.socketMode === true ? 'socket-mode' : delivery,
        interactivity: flags.interactivity === true,
      });
      process.stdout.write(`${JSON.stringify(manifest, null, 2)}\n`);
    });
  return command;
}

function checkedName(name: string): string {
  if (name.trim() !== '' && name.length <= LONGEST_NAME) return name.trim();
  throw new ConfigurationError(
    `--name must have 1 to ${LONGEST_NAME} characters (for example --name="Team assistant")`,
  );
}

function checkedEvents({ events = '', url, socketMode, interactivity }: ManifestFlags): readonly string[] {
  const names = [...new Set(events.split(',').map((name) => name.trim().toLowerCase()))].filter((name) => name !== '');
  const wrong = names.find((name) => !Object.hasOwn(EVENT_SCOPES, name));
  if (wrong !== undefined) {
    throw new ConfigurationError(
      `--events: the scopes of the event ${JSON.stringify(wrong.slice(0, 60))} are not known; choose another event (for example --events=${similarEvents(wrong)}), or add this event in the settings of the app`,
    );
  }
  if ((names.length > 0 || interactivity === true) && url === undefined && socketMode !== true) {
    const flag = names.length > 0 ? '--events' : '--interactivity';
    throw new ConfigurationError(`${flag} needs --url https://… or --socket-mode, so that Slack can reach the server`);
  }
  if (url !== undefined && socketMode === true) {
    throw new ConfigurationError('--url and --socket-mode exclude each other: Slack sends events one way; remove one');
  }
  if (url !== undefined && names.length === 0 && interactivity !== true) {
    throw new ConfigurationError(
      '--url needs --events or --interactivity, because Slack sends nothing else to the server (for example --events=app_mention)',
    );
  }
  return names;
}

/** Returns the events that begin with a name, such as `message.im` for `message`, or the most similar event. */
function similarEvents(wrong: string): string {
  const known = Object.keys(EVENT_SCOPES);
  const stem = wrong.replace(/[.*]+$/, '');
  const parts = known.filter((name) => name.startsWith(`${stem}.`));
  return parts.length > 0 ? parts.join(',') : (nearestName(wrong.slice(0, 100), known) ?? 'app_mention');
}

function checkedUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url?.protocol === 'https:' && !url.username && !url.password && !url.search && !url.hash) return url;
  throw new ConfigurationError(
    '--url must be the public https URL of the server, without a user name, password, query or fragment (for example --url=https://slack.example.com)',
  );
}
