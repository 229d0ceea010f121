import { describe, expect, it } from 'vitest';
import { listPages } from '../../../src/mcp/protocol/list-pages.ts';
import { connectClient } from '../support/connect-client.ts';
import { startWorkspace } from '../support/start-workspace.ts';

describe('a paginated list', () => {
  it('returns all items in order when the client follows the cursors', () => {
    const items = Array.from({ length: 25 }, (_, index) => index);
    const pages = listPages('items', items, 10);
    const seen: number[] = [];
    let cursor: string | undefined;
    let count = 0;
    do {
      const page = pages(cursor);
      seen.push(...page.items);
      cursor = page.nextCursor;
      count += 1;
    } while (cursor !== undefined);
    expect([seen, count]).toEqual([items, 3]);
  });

  it.each([[0], [9], [10]])('has one page for %i items', (length) => {
    const items = Array.from({ length }, (_, index) => index);
    expect(listPages('items', items, 10)()).toEqual({ items });
  });

  it('is built once', () => {
    const pages = listPages('items', [1, 2, 3], 2);
    expect(pages()).toBe(pages());
    expect(pages(pages().nextCursor)).toBe(pages(pages().nextCursor));
  });
});

describe('an invalid cursor', () => {
  it.each(['nonsense', '', 'YWZ0ZXI6NQ', '__proto__'])('is rejected: %j', async (cursor) => {
    await using at = await startWorkspace();
    const client = await connectClient(at.host);
    const refusal = { code: -32602, message: expect.stringContaining('Request the list again without a cursor') };
    await expect(client.listTools({ cursor })).rejects.toMatchObject(refusal);
    await expect(client.listPrompts({ cursor })).rejects.toMatchObject(refusal);
    await expect(client.listResources({ cursor })).rejects.toMatchObject(refusal);
    await expect(client.listResourceTemplates({ cursor })).rejects.toMatchObject(refusal);
    await client.close();
  });
});
