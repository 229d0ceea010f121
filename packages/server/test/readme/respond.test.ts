import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { memoryBackend, startIngress } from '../support/ingress-server.ts';
import { FORM_TYPE, signedHeaders } from '../support/signed.ts';
import { respond } from './respond.ts';

test('the responders of the README match the shown code, and answer', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(new URL('respond.ts', import.meta.url), 'utf8')}\`\`\`\n`);

  const { post } = await startIngress(memoryBackend(), { responders: respond });
  const send = async (path: string, fields: Record<string, string>) => {
    const body = new URLSearchParams(fields).toString();
    return (await post(path, body, { ...signedHeaders(body), 'content-type': FORM_TYPE })).json();
  };
  const interact = (payload: object) => send('/slack/interactivity', { payload: JSON.stringify(payload) });

  expect(await interact({ type: 'view_submission', trigger_id: '1', view: {} })).toEqual({
    response_action: 'errors',
    errors: { date: 'Choose a later date.' },
  });
  expect(await interact({ type: 'block_suggestion', value: 'pro' })).toEqual({
    options: [{ text: { type: 'plain_text', text: 'production' }, value: 'production' }],
  });
  expect(await send('/slack/commands', { command: '/deploy', text: 'staging', trigger_id: '2' })).toEqual({
    response_type: 'ephemeral',
    text: 'Deploying staging …',
  });
});
