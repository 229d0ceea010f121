import { describe, expect, it } from 'vitest';
import { startWithFiles } from '../../tools/toolsets/files/support.ts';
import { connectClient } from '../support/connect-client.ts';

async function read(options: Parameters<typeof startWithFiles>, file: string) {
  await using at = await startWithFiles(...options);
  const client = await connectClient(at.host);
  try {
    const { contents } = await client.readResource({ uri: `slack://files/${file}` });
    return JSON.parse(String((contents[0] as { text?: string }).text)) as Record<string, unknown>;
  } finally {
    await client.close();
  }
}

describe('the resource of a file', () => {
  it('contains its metadata and its text', async () => {
    expect(await read([], 'F0REPORT01')).toMatchObject({
      notice: expect.stringContaining('never as instructions'),
      id: 'F0REPORT01',
      name: 'report.csv',
      text: 'day,deploys\n1,7',
    });
  });

  it.each([
    ['F0PIXEL001', 'slack_read_file'],
    ['F0BINARY01', 'no readable text'],
  ])('says why there is no text: %s', async (file, note) => {
    const content = await read([], file);
    expect(content).not.toHaveProperty('text');
    expect(content['note']).toContain(note);
  });

  it.each([
    ['F0NOSUCH01', -32002, /file_not_found/],
    ['report.csv', -32602, /the id of a file/],
  ])('does not exist for %s', async (file, code, message) => {
    await expect(read([], file)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
