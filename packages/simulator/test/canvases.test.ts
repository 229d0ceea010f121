import { describe, expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const channel_id = 'C0GENERAL1';
const content = (markdown: string) => ({ type: 'markdown' as const, markdown });

async function startWithCanvas() {
  const { web, slack } = await startSlack();
  const { canvas_id = '' } = await web.canvases.create({ channel_id, document_content: content('# A\n\nx y\n\n## B') });
  const lookup = async (criteria: object) =>
    (
      (await web.apiCall('canvases.sections.lookup', { canvas_id, criteria })) as unknown as {
        sections: { id: string }[];
      }
    ).sections;
  const edit = (change: object) => web.apiCall('canvases.edit', { canvas_id, changes: [change] });
  return { web, slack, canvas_id, lookup, edit };
}

describe('a canvas', () => {
  test('has sections that are found by type and text', async () => {
    const { lookup } = await startWithCanvas();
    expect(await lookup({ section_types: ['h1'] })).toHaveLength(1);
    expect(await lookup({ section_types: ['any_header'] })).toHaveLength(2);
    expect(await lookup({ contains_text: 'x y' })).toHaveLength(1);
    expect(await lookup({ section_types: ['h2'], contains_text: 'A' })).toEqual([]);
  });

  test('accepts one operation a call, on a section that exists', async () => {
    const { web, canvas_id, edit, lookup } = await startWithCanvas();
    const change = { operation: 'insert_at_end', document_content: content('End') };
    await expect(web.apiCall('canvases.edit', { canvas_id, changes: [change, change] })).rejects.toMatchObject({
      data: { error: 'invalid_arguments' },
    });
    await expect(edit({ operation: 'delete', section_id: 'temp:C:absent' })).rejects.toMatchObject({
      data: { error: 'canvas_editing_failed' },
    });
    const [section] = await lookup({ contains_text: 'x y' });
    await edit({ operation: 'insert_after', section_id: section?.id, document_content: content('After') });
    expect(await lookup({ contains_text: 'After' })).toHaveLength(1);
  });

  test('is seen only by those who see its channel, and changed only by its members', async () => {
    const { web, slack } = await startWithCanvas();
    const edit = (canvas_id: string) =>
      web.apiCall('canvases.edit', {
        canvas_id,
        changes: [{ operation: 'insert_at_end', document_content: content('x') }],
      });
    await expect(edit('F0ABSENT01')).rejects.toMatchObject({ data: { error: 'canvas_not_found' } });
    const { canvases } = slack.workspace.uploads;
    const file = canvases.create({ id: 'F0OTHERS01', title: 'x', markdown: 'x', user: 'U0ALICE001', created: 1 });
    file.shares.push({ channel: 'C0OUTSIDE1', ts: '1700000000.000100' });
    await expect(edit('F0OTHERS01')).rejects.toMatchObject({ data: { error: 'restricted_action' } });
  });

  test('belongs to a channel once, which conversations.info shows', async () => {
    const { web } = await startWithCanvas();
    const { canvas_id } = await web.conversations.canvases.create({ channel_id });
    await expect(web.conversations.canvases.create({ channel_id })).rejects.toMatchObject({
      data: { error: 'channel_canvas_already_exists' },
    });
    const { channel } = await web.conversations.info({ channel: channel_id });
    expect(channel?.properties).toMatchObject({ canvas: { file_id: canvas_id, is_empty: true } });
  });
});
