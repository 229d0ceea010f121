import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { EVENT_SCOPES } from '../../src/cli/manifest/event-scopes.ts';
import { appScopes } from '../../src/tools/app-scopes.ts';
import { allToolsets } from '../../src/tools/toolsets/all-toolsets.ts';
import { hostedCommands, runCommand } from '../support/commands.ts';

interface Manifest {
  readonly display_information: { readonly name: string };
  readonly features?: { readonly bot_user: { readonly display_name: string } };
  readonly oauth_config: { readonly scopes: { readonly bot?: string[]; readonly user?: string[] } };
  readonly settings: Record<string, unknown>;
}

const runHosted = hostedCommands();

async function print(args: string[], env: Record<string, string> = {}, run = runHosted): Promise<Manifest> {
  const { code, stdout, stderr } = await run('slack-mcp', { args: ['manifest', ...args], env });
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Manifest;
}

describe('slack-mcp manifest', () => {
  test('contains the scopes of the selected tools and events, and no others', async () => {
    const exclude = allToolsets.tools.map(({ name }) => name).filter((name) => name !== 'slack_add_reactions');
    const args = [
      ...['--exclude-tools', exclude.join(',')],
      ...['--events', 'app_mention,reaction_added', '--url', 'https://slack.example.com/base/'],
    ];
    const { oauth_config, settings } = await print(args, {}, runCommand);
    expect(oauth_config.scopes).toEqual({
      bot: [
        'app_mentions:read',
        'channels:read',
        'groups:read',
        'im:read',
        'reactions:read',
        'reactions:write',
        'users:read',
      ],
    });
    expect(settings).toEqual({
      event_subscriptions: {
        request_url: 'https://slack.example.com/base/slack/events',
        bot_events: ['app_mention', 'reaction_added'],
      },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    });
  });

  test('asks for a user scope only if a tool needs the token of a user', async () => {
    expect((await print([])).oauth_config.scopes.user).toContain('search:read');
    const withBot = await print([], { SLACK_BOT_TOKEN: 'xoxb-simulator' });
    expect(withBot.oauth_config.scopes).not.toHaveProperty('user');
  });

  test('asks for the one scope of all searches, and for none of the Real-time Search API', async () => {
    const searches = async (...args: string[]) => {
      const { bot = [], user = [] } = (await print(['--toolsets', 'all', ...args])).oauth_config.scopes;
      return [bot, user].map((scopes) => scopes.filter((scope) => scope.startsWith('search:')));
    };
    expect(await searches()).toEqual([[], ['search:read']]);
    expect(await searches('--exclude-tools', 'slack_search_messages')).toEqual([[], ['search:read']]);
    expect(await searches('--exclude-tools', 'slack_search_messages,slack_search_files')).toEqual([[], []]);
  });

  test('needs no URL with Socket Mode', async () => {
    const args = ['--events', 'MESSAGE.channels', '--socket-mode', '--interactivity', '--name', 'Team Bot'];
    const { settings, features, display_information } = await print(args);
    expect(settings).toMatchObject({
      event_subscriptions: { bot_events: ['message.channels'] },
      interactivity: { is_enabled: true },
      socket_mode_enabled: true,
    });
    expect(JSON.stringify(settings)).not.toContain('request_url');
    expect([display_information.name, features?.bot_user.display_name]).toEqual(['Team Bot', 'team-bot']);
  });

  test.each([
    [['--events', 'app_mention'], '--events needs --url'],
    [['--interactivity'], '--interactivity needs --url'],
    [['--events', 'app_mentions', '--socket-mode'], 'for example --events=app_mention'],
    [['--url', 'http://slack.example.com'], 'public https URL'],
    [['--url', 'https://slack.example.com'], '--url needs --events or --interactivity'],
    [['--url', 'https://slack.example.com', '--socket-mode'], '--url and --socket-mode exclude each other'],
    [
      ['--events', 'message', '--socket-mode'],
      'for example --events=message.channels,message.groups,message.im,message.mpim)',
    ],
    [['--name', 'x'.repeat(36)], '--name must have'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr, stdout } = await runHosted('slack-mcp', { args: ['manifest', ...args] });
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
  });
});

describe('the known events and scopes', () => {
  const requireOfSlack = createRequire(new URL('../../../slack/package.json', import.meta.url));
  const types = readFileSync(
    requireOfSlack.resolve('@slack/web-api').replace(/index\.js$/, 'types/request/manifest.d.ts'),
    'utf8',
  );
  const namesOf = (type: string): readonly string[] =>
    [...(new RegExp(`type ${type} = (.*);`).exec(types)?.[1] ?? '').matchAll(/'([^']+)'/g)].map(
      ([, name = '']) => name,
    );

  /** Scopes that Slack documents and its client does not list yet. */
  const newer = ['assistant:write', 'canvases:read', 'canvases:write', 'lists:read', 'lists:write'];

  test("are those of Slack's client, except newer ones", () => {
    const scopes = appScopes(allToolsets.tools);
    const known = namesOf('BotScope');
    expect(known.length).toBeGreaterThan(50);
    const used = [...scopes.bot, ...Object.values(EVENT_SCOPES).flat()];
    expect(used.filter((scope) => !known.includes(scope) && !newer.includes(scope))).toEqual([]);
    expect(scopes.user.filter((scope) => ![...namesOf('UserScope'), ...newer].includes(scope))).toEqual([]);
    expect(Object.keys(EVENT_SCOPES).filter((event) => !namesOf('ManifestEvent').includes(event))).toEqual([]);
  });
});
