import type { JsonObject } from '../../json.ts';
import { refuse } from '../../slack-api-error.ts';
import type { Star } from '../../workspace/personal-items.ts';
import { renderSharedFile } from '../../workspace/render-file.ts';
import { renderMessage } from '../../workspace/render-message.ts';
import type { Call } from '../call.ts';
import type { Method } from '../method.ts';
import { permalink } from '../permalink.ts';

type Item = Pick<Star, 'channel' | 'ts' | 'file'>;

/** Methods for the items that a person saved. Slack documents them at https://docs.slack.dev/reference/methods. */
export const starMethods: Readonly<Record<string, Method>> = {
  'stars.add': {
    tier: 2,
    scopes: ['stars:write'],
    tokens: ['user'],
    acceptsJson: true,
    run(call) {
      const { workspace, caller } = call;
      const item = itemOf(call);
      if (starOf(call, item) !== undefined) refuse('already_starred');
      workspace.personal.stars.push({ user: caller, created: workspace.clock.seconds(), ...item });
      return {};
    },
  },
  'stars.list': {
    tier: 3,
    scopes: ['stars:read'],
    tokens: ['user'],
    acceptsJson: false,
    run(call) {
      const count = call.integer('count', { default: 100, max: 1000 });
      const page = call.integer('page', { default: 1, max: 1_000_000 });
      const own = call.workspace.personal.stars.filter(({ user }) => user === call.caller).toReversed();
      const shown = own.slice((page - 1) * count, page * count).flatMap((star) => render(call, star));
      return { items: shown, paging: { count, total: own.length, page, pages: Math.ceil(own.length / count) } };
    },
  },
  'stars.remove': {
    tier: 2,
    scopes: ['stars:write'],
    tokens: ['user'],
    acceptsJson: true,
    run(call) {
      const star = starOf(call, itemOf(call)) ?? refuse('not_starred');
      const { stars } = call.workspace.personal;
      stars.splice(stars.indexOf(star), 1);
      return {};
    },
  },
};

function itemOf(call: Call): Item {
  const file = call.text('file');
  if (file !== undefined) {
    const found = call.workspace.uploads.files.get(file);
    if (found === undefined || !call.seesFile(found)) refuse('file_not_found');
    return { file, channel: undefined, ts: undefined };
  }
  if (call.text('channel') === undefined) refuse('no_item_specified');
  const channel = call.visibleChannel();
  const ts = call.text('timestamp');
  if (ts === undefined) return { channel: channel.id, ts, file };
  if (!/^\d+\.\d+$/.test(ts)) refuse('bad_timestamp');
  return { channel: channel.id, ts: call.workspace.message(channel.id, ts).ts, file };
}

function starOf(call: Call, { channel, ts, file }: Item): Star | undefined {
  return call.workspace.personal.stars.find(
    (star) => star.user === call.caller && star.channel === channel && star.ts === ts && star.file === file,
  );
}

function render(call: Call, { created, channel: id, ts, file }: Star): JsonObject[] {
  const { workspace } = call;
  if (file !== undefined) {
    const found = workspace.uploads.files.get(file);
    const sees = (shared: string): boolean => call.sees(workspace.channel(shared));
    return found === undefined
      ? []
      : [{ type: 'file', date_create: created, file: renderSharedFile(workspace, found, sees) }];
  }
  const channel = workspace.channel(id ?? '');
  if (ts === undefined) return [{ type: 'channel', date_create: created, channel: channel.id }];
  const message = workspace.log(channel.id).get(ts);
  if (message === undefined) return [];
  const shown = renderMessage(workspace, channel, message);
  const link = permalink(workspace, channel, message);
  return [{ type: 'message', date_create: created, channel: channel.id, message: { ...shown, permalink: link } }];
}
