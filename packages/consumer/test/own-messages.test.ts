import { createSimulator, type Simulator } from '@slack-mcp/simulator';
import { createSlackClient } from '@slack-mcp/slack';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Consumer, ignoreMessages, isEdited, isFromPerson, isFromUs } from '../src/index.ts';
import { envelope } from './support/message.ts';
import { DEADLINE, workplace } from './support/workplace.ts';

/** A workspace whose events go directly to a consumer, as if a server were in between. */
async function connected(register: (consumer: Consumer) => void, options: Parameters<typeof workplaceOf>[1] = {}) {
  const simulator = await createSimulator({ signingSecret: 's', socketMode: true });
  onTestFinished(() => simulator.close());
  return workplaceOf(simulator, options, register);
}

async function workplaceOf(
  simulator: Simulator,
  options: Parameters<ReturnType<typeof workplace>['consumer']>[0],
  register: (consumer: Consumer) => void,
) {
  const place = workplace();
  const slack = createSlackClient({ token: 'xoxb-simulator', apiUrl: simulator.url });
  const consumer = place.consumer({ slack, ...options });
  register(consumer);
  await consumer.start();
  let passedOn = 0;
  /** Passes on the events that Slack has sent since the last call, and resolves when all are handled. */
  const settle = async (): Promise<void> => {
    for (;;) {
      const deliveries = await simulator.deliveries();
      if (passedOn === deliveries.length) return;
      for (const { body } of deliveries.slice(passedOn)) {
        await place.backend.publish('slack_events', body as never);
      }
      passedOn = deliveries.length;
      await expect.poll(() => place.logger.named('event_handled').length, DEADLINE).toBe(passedOn);
    }
  };
  return { simulator, place, settle };
}

describe("on('message') does not answer itself", () => {
  test('answers fifty replies, edits and links of people once each, and none of its answers', async () => {
    const { simulator, settle } = await connected((consumer) => {
      consumer.on('message', (event, { say }) =>
        say({ text: 'noted', thread_ts: 'thread_ts' in event ? event.thread_ts : event.ts }),
      );
    });
    const { ts } = await simulator.postMessage('alice', 'general', 'see https://example.com');
    await settle();
    for (let n = 1; n <= 10; n += 1) await simulator.postMessage('bob', 'general', `reply ${n}`, { threadTs: ts });
    await settle();
    expect(await simulator.calls('chat.postMessage')).toHaveLength(11);
  });

  test('handles and marks edits by people; own posts and touched messages only with a filter', async () => {
    const seen: string[] = [];
    const { simulator, settle } = await connected((consumer) => {
      consumer.on('message', (_event, context) => {
        const marks = [isFromUs(context), isFromPerson(context), isEdited(context)].map(Number).join('');
        seen.push(`default ${context.message?.author} ${context.message?.change} ${marks}`);
      });
      consumer.on('message', { own: true }, (_event, { message }) => void seen.push(`own ${message?.author}`));
      consumer.on('message', { touched: true }, (_event, { message }) => void seen.push(`touched ${message?.change}`));
      consumer.on('message', { subtype: 'message_changed' }, () => void seen.push('changed'));
    });
    const { ts } = await simulator.postMessage('alice', 'general', 'hi');
    await simulator.editMessage('general', ts, 'hello');
    await simulator.postMessage('bob', 'general', 'reply', { threadTs: ts });
    simulator.workspace.postMessage('C0GENERAL1', 'U0SIMULBOT', { text: 'of the app' });
    await settle();
    expect(seen.sort()).toEqual([
      'changed',
      'default person edited 011',
      'default person posted 010',
      'default person posted 010',
      'own person',
      'own person',
      'own person',
      'own us',
      'touched edited',
      'touched posted',
      'touched posted',
      'touched touched',
    ]);
  });

  test('compares a message that contains only a bot id with the app’s bot from auth.test', async () => {
    const seen: string[] = [];
    const { place, simulator } = await connected((consumer) => {
      consumer.on('message', (event) => void seen.push(String('text' in event ? event.text : '')));
    });
    const message = { type: 'message', subtype: 'bot_message', channel: 'C1', channel_type: 'channel', ts: '1.1' };
    for (const bot_id of ['B0SIMULATR', 'B0OTHER', 'B0SIMULATR']) {
      await place.backend.publish('slack_events', envelope({ ...message, bot_id, text: `of ${bot_id}` }));
    }
    await expect.poll(() => place.logger.named('event_handled').length, DEADLINE).toBe(3);
    expect(seen).toEqual(['of B0OTHER']);
    expect(await simulator.calls('auth.test')).toHaveLength(1);
  });

  test('handles such a message while Slack does not name the app’s bot, and logs the doubt', async () => {
    let calls = 0;
    const { place, simulator } = await connected((consumer) => {
      consumer.on('message', () => {
        calls += 1;
      });
    });
    await simulator.fail('auth.test', 'account_inactive');
    const message = {
      type: 'message',
      subtype: 'bot_message',
      channel: 'C1',
      channel_type: 'channel',
      bot_id: 'B0SIMULATR',
    };
    for (const ts of ['1.1', '1.2']) {
      await place.backend.publish('slack_events', envelope({ ...message, ts }), { messageId: ts });
      await expect.poll(() => place.logger.named('event_handled').length, DEADLINE).toBe(ts === '1.1' ? 1 : 2);
    }
    expect(calls).toBe(1);
    expect(place.logger.named('own_bot_unknown')).toHaveLength(1);
  });
});

describe('ignoreMessages', () => {
  test('skips them before every handler, and more if configured', async () => {
    const run = async (options: Parameters<typeof ignoreMessages>[0]): Promise<string[]> => {
      const seen: string[] = [];
      const { simulator, settle } = await connected(
        (consumer) => {
          consumer.any(({ event, message }) => void seen.push(`${event?.type} ${message?.author} ${message?.change}`));
        },
        { middleware: [ignoreMessages(options)] },
      );
      const { ts } = await simulator.postMessage('alice', 'general', 'hi <@U0SIMULBOT>');
      await simulator.editMessage('general', ts, 'hello <@U0SIMULBOT>');
      await settle();
      await simulator.postMessage('bob', 'general', 'reply', { threadTs: ts });
      await settle();
      return seen;
    };
    const posted = ['message person posted', 'app_mention person posted'];
    const edited = ['message person edited', 'app_mention person edited'];
    expect(await run({})).toEqual([...posted, ...edited, 'message person posted']);
    expect(await run({ edited: true })).toEqual([...posted, 'message person posted']);
    expect(await run({ touched: false })).toContain('message person touched');
  });
});
