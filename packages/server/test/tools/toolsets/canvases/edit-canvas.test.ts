import { describe, expect, it } from 'vitest';
import { startWorkspace, type TestWorkspace } from '../../../mcp/support/start-workspace.ts';
import { failure, output } from '../../support/results.ts';

const GENERAL = 'C0GENERAL1';
const PLAN = '# Plan\n\nFirst things\n\n- one\n- two\n\n## Later\n\nOther things';

const start = (host: object = {}, simulator: object = {}) =>
  startWorkspace({ host: { toolsets: ['canvases'], ...host }, simulator });
const call = (at: TestWorkspace, args: object) => at.host.callTool('slack_edit_canvas', args);
const create = async (at: TestWorkspace, more: object = {}) =>
  output(await call(at, { action: 'create', channel: 'general', content: PLAN, ...more }))['canvas'] as string;
const read = async (at: TestWorkspace, file: string) =>
  output(await at.host.callTool('slack_read_file', { file }))['text'] as string;
const writes = async (at: TestWorkspace) =>
  (await at.simulator.calls()).filter(({ method }) => /^canvases\.(create|edit)$/.test(method));

describe('slack_edit_canvas creates', () => {
  it('a canvas in a channel, which slack_read_file reads', async () => {
    await using at = await start();
    const done = output(await call(at, { action: 'create', channel: '#general', title: 'Plan', content: PLAN }));
    expect(done).toEqual({ canvas: expect.stringMatching(/^F/), channel: GENERAL });
    expect(await read(at, done['canvas'])).toContain('# Plan');
    expect((await at.simulator.calls('canvases.create'))[0]?.arguments).toMatchObject({
      channel_id: GENERAL,
      title: 'Plan',
    });
  });

  it("a channel's own canvas once, and changes it by the name of the channel", async () => {
    await using at = await start();
    const canvas = await create(at, { as_channel_canvas: true });
    const again = failure(
      await call(at, { action: 'create', channel: GENERAL, as_channel_canvas: true, content: 'x' }),
    );
    expect(again).toMatchObject({ details: { slack_error: 'channel_canvas_already_exists' } });
    expect(again.text).toContain('Change that canvas');
    expect(output(await call(at, { action: 'append', channel: 'general', content: 'The end' }))).toEqual({ canvas });
    expect(await read(at, canvas)).toMatch(/The end$/);
    const none = failure(await call(at, { action: 'append', channel: 'random', content: 'x' }));
    expect(none.text).toContain('as_channel_canvas: true');
  });

  it('once per idempotency key', async () => {
    await using at = await start();
    const args = { idempotency_key: 'k' };
    expect(await create(at, args)).toBe(await create(at, args));
    expect(await at.simulator.calls('canvases.create')).toHaveLength(1);
    const other = { action: 'create', channel: 'general', content: 'other', ...args };
    expect(failure(await call(at, other)).code).toBe('idempotency_key_reused');
  });
});

describe('slack_edit_canvas changes', () => {
  it.each<[string, object, string[]]>([
    ['the end', { action: 'append', content: 'New' }, ['Other things', 'New']],
    ['the beginning', { action: 'prepend', content: 'New' }, ['New', '# Plan']],
    ['what follows a section', { action: 'insert_after', section: 'Later', content: 'New' }, ['## Later', 'New']],
    ['what precedes a section', { action: 'insert_before', section: 'Later', content: 'New' }, ['New', '## Later']],
    ['a section', { action: 'replace', section: 'First', content: 'New' }, ['# Plan', 'New', '- one']],
    ['nothing but a section that it deletes', { action: 'delete', section: 'First' }, ['# Plan', '- one']],
    ['everything', { action: 'replace', content: 'New' }, ['New']],
  ])('%s', async (_where, args, lines) => {
    await using at = await start();
    const canvas = await create(at);
    const done = output(await call(at, { canvas, ...args }));
    expect(done['canvas']).toBe(canvas);
    const text = await read(at, canvas);
    const shown = text.split('\n').filter(Boolean);
    const first = shown.indexOf(lines[0] as string);
    expect(shown.slice(first, first + lines.length)).toEqual(lines);
    if (!('section' in args) && args['action' as keyof typeof args] === 'replace') expect(text).toBe('New');
  });

  it('nothing if a text is in no section or in several', async () => {
    await using at = await start();
    const canvas = await create(at);
    for (const [section, problem] of [
      ['absent', 'No section'],
      ['things', '2 sections'],
    ] as const) {
      const args = { action: 'delete', canvas, section, idempotency_key: 'k' };
      const failed = failure(await call(at, args));
      expect(failed).toMatchObject({ code: 'unknown_section', text: expect.stringContaining(problem) });
    }
    expect(await at.simulator.calls('canvases.edit')).toEqual([]);
    // The key is free: nothing was changed.
    output(await call(at, { action: 'delete', canvas, section: 'First', idempotency_key: 'k' }));
  });

  it('a section after a lookup that failed, with the same idempotency key', async () => {
    await using at = await startWorkspace({ host: { toolsets: ['canvases'] }, slack: { retries: 0 } });
    const canvas = await create(at);
    const args = { action: 'delete', canvas, section: 'First', idempotency_key: 'k' };
    await at.simulator.fail('canvases.sections.lookup', 503);
    expect(failure(await call(at, args)).code).toBe('slack_unreachable');
    output(await call(at, args));
    expect(await read(at, canvas)).not.toContain('First things');
  });

  it('a section by its id, which an answer contains', async () => {
    await using at = await start();
    const canvas = await create(at);
    const { section } = output(await call(at, { action: 'insert_after', canvas, section: 'First', content: 'New' }));
    const before = (await at.simulator.calls('canvases.sections.lookup')).length;
    output(await call(at, { action: 'delete', canvas, section }));
    expect((await at.simulator.calls('canvases.sections.lookup')).length).toBe(before);
    expect(await read(at, canvas)).not.toContain('First things');
  });

  it('without notifying a channel', async () => {
    await using at = await start();
    const canvas = await create(at, { content: 'Hi <!channel> and `@here`' });
    expect(JSON.stringify(await writes(at))).not.toMatch(/<!|@here/);
    expect(canvas).toMatch(/^F/);
  });

  it('once per idempotency key', async () => {
    await using at = await start();
    const canvas = await create(at);
    const args = { action: 'append', canvas, content: 'New', idempotency_key: 'k' };
    output(await call(at, args));
    output(await call(at, args));
    expect(await at.simulator.calls('canvases.edit')).toHaveLength(1);
  });
});

describe('slack_edit_canvas asks the person', () => {
  it.each([
    ['before it deletes', { action: 'delete', section: 'First' }],
    ['before it replaces', { action: 'replace', content: 'New' }],
  ])('%s', async (_when, args) => {
    await using at = await start();
    const canvas = await create(at);
    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return 'declined' as const;
    };
    const result = await at.host.callTool('slack_edit_canvas', { canvas, ...args }, { ask });
    expect(failure(result).code).toBe('declined');
    expect(asked).toEqual([expect.stringContaining(canvas)]);
    expect(await at.simulator.calls('canvases.edit')).toEqual([]);
  });
});

describe('slack_edit_canvas and the rules', () => {
  /** A canvas of two channels. */
  async function shared(host: object) {
    const at = await start(host);
    const file = { name: 'Plan', mimetype: 'application/vnd.slack-docs', content: '<h1>Plan</h1>' };
    const canvas = at.simulator.workspace.uploads.files.add({
      id: 'F0CANVAS01',
      ...file,
      user: 'U0SIMULBOT',
      created: 1,
    });
    for (const channel of [GENERAL, 'C0RANDOM01']) canvas.shares.push({ channel, ts: '1700000000.000100' });
    return at;
  }
  const EDIT = { action: 'append', canvas: 'F0CANVAS01', content: 'x' };

  it.each<[object, boolean]>([
    [{}, true],
    [{ writeChannels: ['general', 'random'] }, true],
    [{ readChannels: ['general', 'random'] }, true],
    [{ writeChannels: ['!random'] }, false],
    [{ writeChannels: ['general'] }, false],
    [{ readChannels: ['!general'] }, false],
    [{ writeChannels: ['!*'] }, false],
    [{ externalChannels: 'deny', writeChannels: ['!random'] }, false],
  ])('with %j, a canvas of #general and #random may be changed: %j', async (host, allowed) => {
    await using at = await shared(host);
    for (const more of [{}, { section: 'Plan', action: 'insert_after' }]) {
      const result = await call(at, { ...EDIT, ...more });
      if (allowed) output(result);
      else expect(failure(result).code).toBe('not_allowed');
    }
    if (!allowed) {
      const called = (await at.simulator.calls()).map(({ method }) => method);
      expect(called.filter((method) => method.startsWith('canvases.'))).toEqual([]);
    }
  });

  it('deny a canvas whose channels are unknown, if channels are restricted', async () => {
    await using at = await shared({ writeChannels: ['!random'] });
    at.simulator.workspace.uploads.files.get('F0CANVAS01')?.shares.splice(0);
    expect(failure(await call(at, EDIT)).text).toContain('names no channel');
  });
});

describe('slack_edit_canvas refuses', () => {
  it.each<[object, RegExp]>([
    [{ action: 'create', content: 'x' }, /channel: needed/],
    [{ action: 'create', channel: GENERAL, canvas: 'F0CANVAS01' }, /canvas: not for create/],
    [{ action: 'append', content: 'x' }, /canvas: append needs either canvas or channel/],
    [{ action: 'append', canvas: 'F0CANVAS01', channel: GENERAL, content: 'x' }, /either canvas or channel/],
    [{ action: 'append', canvas: 'F0CANVAS01' }, /content: needed/],
    [{ action: 'append', canvas: 'F0CANVAS01', content: 'x', section: 'y' }, /section: not for append/],
    [{ action: 'insert_after', canvas: 'F0CANVAS01', content: 'x' }, /section: needed/],
    [{ action: 'delete', canvas: 'F0CANVAS01' }, /section: needed/],
    [{ action: 'delete', canvas: 'F0CANVAS01', section: 'x', content: 'y' }, /content: not for delete/],
    [{ action: 'rename', canvas: 'F0CANVAS01' }, /action/],
    [{ action: 'append', canvas: 'general', content: 'x' }, /F0123456789/],
    [{ action: 'append', canvas: 'F0CANVAS01', content: 'x'.repeat(1_048_577) }, /content/],
  ])('%j without a call to Slack', async (args, problem) => {
    await using at = await start();
    const failed = failure(await call(at, args));
    expect(failed).toMatchObject({ code: 'invalid_arguments', text: expect.stringMatching(problem) });
    expect(await at.simulator.calls()).toEqual([]);
  });

  it('a canvas that it may not write, and says what to do', async () => {
    await using at = await start();
    expect(failure(await call(at, { action: 'append', canvas: 'F0ABSENT01', content: 'x' })).text).toContain(
      'Check the canvas',
    );
  });
});
