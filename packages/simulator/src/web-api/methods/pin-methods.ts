import { refuse } from '../../slack-api-error.ts';
import type { Channel, Message } from '../../workspace/model.ts';
import { renderMessage } from '../../workspace/render-message.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';
import { permalink } from '../permalink.ts';

// https://docs.slack.dev/reference/methods/pins.add and the pages beside it
export const pinMethods: Readonly<Record<string, Method>> = {
  'pins.add': {
    tier: 2,
    scopes: ['pins:write'],
    acceptsJson: true,
    run(call) {
      const { workspace, caller } = call;
      const { channel, message } = itemOf(call);
      // Documented: "Some objects cannot be pinned: channel join messages".
      if (message.subtype === 'channel_join') refuse('not_pinnable');
      const pins = workspace.headers.pins(channel.id);
      if (pins.some(({ ts }) => ts === message.ts)) refuse('already_pinned');
      pins.push({ ts: message.ts, createdBy: caller, created: workspace.clock.seconds() });
      return {};
    },
  },
  'pins.list': {
    tier: 2,
    scopes: ['pins:read'],
    acceptsJson: false,
    run(call) {
      const { workspace } = call;
      const channel = call.memberChannel();
      const items = workspace.headers.pins(channel.id).flatMap(({ ts, created, createdBy }) => {
        const message = workspace.log(channel.id).get(ts);
        if (message === undefined) return [];
        const shown = { ...renderMessage(workspace, channel, message), pinned_to: [channel.id] };
        const link = permalink(workspace, channel, message);
        return [
          {
            type: 'message',
            created,
            created_by: createdBy,
            channel: channel.id,
            message: { ...shown, permalink: link },
          },
        ];
      });
      return { items: items.reverse() };
    },
  },
  'pins.remove': {
    tier: 2,
    scopes: ['pins:write'],
    acceptsJson: true,
    run(call) {
      const { channel, message } = itemOf(call);
      const pins = call.workspace.headers.pins(channel.id);
      const index = pins.findIndex(({ ts }) => ts === message.ts);
      if (index === -1) refuse('no_pin');
      pins.splice(index, 1);
      return {};
    },
  },
};

function itemOf(call: Call): { channel: Channel; message: Message } {
  const channel = call.memberChannel();
  const timestamp = call.text('timestamp');
  if (timestamp === undefined) return refuse('no_item_specified');
  if (!/^\d+\.\d+$/.test(timestamp)) return refuse('bad_timestamp');
  return { channel, message: call.workspace.message(channel.id, timestamp) };
}
