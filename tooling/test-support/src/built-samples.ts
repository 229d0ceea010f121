import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  buildEnvelope,
  buildEvent,
  createSimulator,
  type EventType,
  type SimulatorControl,
} from '@slack-mcp/simulator';
import type { InteractionSample, Sample, SampleSet } from './sample-set.ts';

const TYPES: readonly EventType[] = [
  ...(['app_home_opened', 'app_installed', 'app_mention', 'app_uninstalled', 'channel_archive'] as const),
  ...(['channel_created', 'channel_deleted', 'channel_left', 'channel_rename', 'channel_unarchive'] as const),
  ...(['emoji_changed', 'file_change', 'file_created', 'file_deleted', 'file_public', 'file_shared'] as const),
  ...(['group_archive', 'im_created', 'link_shared', 'member_joined_channel', 'member_left_channel'] as const),
  ...(['message', 'pin_added', 'pin_removed', 'reaction_added', 'reaction_removed', 'star_added'] as const),
  ...(['team_join', 'team_rename', 'tokens_revoked', 'user_change', 'user_profile_changed'] as const),
  'user_status_changed',
];

const SUBTYPES = [
  ...(['bot_message', 'channel_join', 'channel_leave', 'channel_name', 'channel_purpose', 'channel_topic'] as const),
  ...(['file_share', 'me_message', 'message_changed', 'message_deleted', 'thread_broadcast'] as const),
] as const;

const view = { id: 'V0SIMULATR', type: 'modal', callback_id: 'feedback', state: { values: {} } };

type Kind = Pick<InteractionSample, 'handler' | 'id'>;

/** Interactions and their handlers. */
const INTERACTIONS: readonly (Kind & { readonly payload: Parameters<SimulatorControl['interact']>[0] })[] = [
  { handler: 'view', id: 'feedback', payload: { type: 'view_submission', view } },
  { handler: 'view closed', id: 'feedback', payload: { type: 'view_closed', view, is_cleared: false } },
  { handler: 'shortcut', id: 'report', payload: { type: 'shortcut', callback_id: 'report' } },
  { handler: 'shortcut', id: 'report', payload: { type: 'message_action', callback_id: 'report' } },
  { handler: 'options', id: 'city', payload: { type: 'block_suggestion', action_id: 'city', value: 'Zü' } },
  {
    ...{ handler: 'action', id: 'survey' },
    payload: { type: 'interactive_message', callback_id: 'survey', actions: [{ type: 'button', value: '“yes” 👍' }] },
  },
];

/** Payloads of the simulator: an envelope of each type of event, and an interaction of each kind. */
export async function builtSamples(): Promise<SampleSet> {
  const plain = TYPES.map((type) => ({ name: type as string, event: buildEvent(type) as object }));
  const messages = SUBTYPES.map((subtype) => ({
    name: `message ${subtype}`,
    event: buildEvent('message', { subtype }),
  }));
  const events: Sample[] = [...plain, ...messages].map(({ name, event }) => ({
    name,
    text: JSON.stringify(buildEnvelope(event)),
  }));
  return { origin: 'the simulator', events, ...(await sentAndAnswered()) };
}

/** Interactions that the simulator posts to an app, and answers of its Web API. */
async function sentAndAnswered(): Promise<Pick<SampleSet, 'interactions' | 'answers'>> {
  const bodies: string[] = [];
  const app = createServer((request: IncomingMessage, response) => {
    void text(request).then((body) => {
      bodies.push(body);
      response.end();
    });
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}/`;
  const simulator = await createSimulator({ signingSecret: 'samples', interactivityUrl: url, commandsUrl: url });
  const kinds: (Kind & { name: string })[] = [];
  const answers: Sample[] = [];
  try {
    await simulator.slashCommand({ command: '/deploy', text: 'now & “here” + 1' });
    kinds.push({ name: 'slash_command', handler: 'command', id: '/deploy' });
    await simulator.blockAction({ actionId: 'approve', value: 'Grüße' });
    kinds.push({ name: 'block_actions', handler: 'action', id: 'approve' });
    for (const { payload, ...kind } of INTERACTIONS) {
      await simulator.interact(payload);
      kinds.push({ name: String(payload['type']), ...kind });
    }
    for (const name of ['auth.test', 'conversations.list', 'emoji.list', 'team.info', 'users.list']) {
      const headers = { authorization: 'Bearer xoxb-simulator' };
      const answer = await fetch(`${simulator.url}${name}`, { method: 'POST', headers });
      answers.push({ name, text: JSON.stringify(await answer.json()) });
    }
  } finally {
    await simulator.close();
    app.close();
  }
  const interactions = kinds.map((kind, index) => {
    const form = new URLSearchParams(bodies[index]);
    return { ...kind, text: form.get('payload') ?? JSON.stringify(Object.fromEntries(form)) };
  });
  return { interactions, answers };
}
