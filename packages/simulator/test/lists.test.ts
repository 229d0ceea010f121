import { describe, expect, test } from 'vitest';
import { startSlack } from './slack.ts';

const schema = [
  { key: 'name', name: 'Name', type: 'text', is_primary_column: true },
  {
    key: 'status',
    name: 'Status',
    type: 'select',
    options: { choices: [{ value: 'open', label: 'Open', color: 'red' }] },
  },
];

async function startWithList() {
  const { web, slack } = await startSlack();
  const created = await web.slackLists.create({ name: 'Tasks', schema });
  const list_id = created.list_id ?? '';
  const [name = '', status = ''] = created.list_metadata?.schema?.map(({ id }) => id) ?? [];
  return { web, slack, list_id, name, status };
}

describe('a list', () => {
  test('belongs to no channel until one gets access', async () => {
    const { web, list_id } = await startWithList();
    const channelsOf = async () => (await web.files.info({ file: list_id })).file?.channels;
    expect(await channelsOf()).toEqual([]);
    await web.slackLists.access.set({ list_id, access_level: 'write', channel_ids: ['C0GENERAL1'] });
    expect(await channelsOf()).toEqual(['C0GENERAL1']);
    await expect(web.slackLists.access.set({ list_id, access_level: 'write' })).rejects.toMatchObject({
      data: { error: 'invalid_parameters' },
    });
  });

  test('shows its columns in files.info', async () => {
    const { web, list_id, status } = await startWithList();
    const { file } = await web.files.info({ file: list_id });
    expect(file).toMatchObject({ mode: 'list', list_metadata: { schema: [{ key: 'name' }, { id: status }] } });
  });

  test('has items with pages, and one by one', async () => {
    const { web, list_id, status } = await startWithList();
    for (let count = 0; count < 3; count += 1) {
      await web.slackLists.items.create({ list_id, initial_fields: [{ column_id: status, select: ['open'] }] });
    }
    const page = await web.slackLists.items.list({ list_id, limit: 2 });
    expect(page.items).toHaveLength(2);
    const cursor = page.response_metadata?.next_cursor ?? '';
    const last = await web.slackLists.items.list({ list_id, limit: 2, cursor });
    expect(last.items).toHaveLength(1);
    const id = last.items?.[0]?.id ?? '';
    expect((await web.slackLists.items.info({ list_id, id })).record).toMatchObject({ id, list_id });
    await expect(web.slackLists.items.info({ list_id, id: 'Rec0' })).rejects.toMatchObject({
      data: { error: 'record_not_found' },
    });
  });

  test.each([
    ['invalid_column_id', { column_id: 'Col0', select: ['open'] }],
    ['invalid_option_id', { select: ['closed'] }],
    ['invalid_input_type', { date: ['2026-03-01'] }],
    ['invalid_input_type', {}],
  ])('refuses a field with %s', async (error, field) => {
    const { web, list_id, status } = await startWithList();
    const cell = { column_id: status, ...field };
    await expect(web.apiCall('slackLists.items.create', { list_id, initial_fields: [cell] })).rejects.toMatchObject({
      data: { error },
    });
  });

  test('changes only the given cells of an item that exists', async () => {
    const { web, list_id, name, status } = await startWithList();
    const text = [
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'One' }] }] },
    ];
    const fields = [{ column_id: name, rich_text: text }];
    const created = await web.apiCall('slackLists.items.create', { list_id, initial_fields: fields });
    const row_id = (created as unknown as { item: { id: string } }).item.id;
    await web.apiCall('slackLists.items.update', { list_id, cells: [{ row_id, column_id: status, select: ['open'] }] });
    const { record } = await web.slackLists.items.info({ list_id, id: row_id });
    expect(record?.fields).toMatchObject([{ rich_text: text }, { select: ['open'] }]);
    await expect(
      web.apiCall('slackLists.items.update', { list_id, cells: [{ row_id: 'Rec0', column_id: status, select: [] }] }),
    ).rejects.toMatchObject({ data: { error: 'invalid_row_id' } });
  });

  test('is not found by those who do not see it', async () => {
    const { web, slack } = await startWithList();
    slack.workspace.uploads.lists.create({ id: 'F0OTHERS01', name: 'x', user: 'U0ALICE001', created: 1 }, []);
    await expect(web.slackLists.items.list({ list_id: 'F0OTHERS01' })).rejects.toMatchObject({
      data: { error: 'list_not_found' },
    });
  });
});
