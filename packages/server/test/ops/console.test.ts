import { expect, test } from 'vitest';
import { memoryBackend } from '../support/ingress-server.ts';
import { KEYS, startOpsServer } from '../support/ops-server.ts';

const withConsole = () => startOpsServer(memoryBackend(), undefined, { ops: { keys: KEYS, console: true } });

/** The files that a page or module refers to, relative to the page. */
function references(path: string, text: string): string[] {
  const found = [...text.matchAll(/(?:href=|src=|from ?)["']((?:console|\.)\/[\w./-]+)["']/g)].map(
    ([, url]) => url as string,
  );
  return found.map((url) => new URL(url, new URL(path, 'http://console')).pathname);
}

test('the console is off by default', async () => {
  const { get } = await startOpsServer(memoryBackend());
  for (const path of ['/console', '/console/main.js']) expect((await get(path)).status).toBe(404);
});

test('the page and each file that it refers to are served without a key', async () => {
  const { url } = await withConsole();
  const types: Record<string, string> = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };
  const seen = new Set(['/console']);
  for (const path of seen) {
    const response = await fetch(`${url}${path}`);
    expect([path, response.status]).toEqual([path, 200]);
    expect(response.headers.get('content-type')).toContain(types[path.split('.')[1] ?? ''] ?? 'text/html');
    for (const next of references(path, await response.text())) seen.add(next);
  }
  expect([...seen]).toEqual(expect.arrayContaining(['/console/app.js', '/console/vendor/preact.js']));
  expect(await (await fetch(`${url}/console/vendor/LICENSES.txt`)).text()).toMatch(/preact [\d.]+: MIT/);
});

test('a browser may load only files of the console, and no other site may frame it', async () => {
  const { url } = await withConsole();
  for (const path of ['/console', '/console/main.js']) {
    const { headers } = await fetch(`${url}${path}`);
    const policy = Object.fromEntries(
      (headers.get('content-security-policy') ?? '')
        .split('; ')
        .map((part) => [part.slice(0, part.indexOf(' ')), part.slice(part.indexOf(' ') + 1)]),
    );
    expect(policy).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self'",
      'form-action': "'none'",
      'base-uri': "'none'",
      'frame-ancestors': "'none'",
    });
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    });
    expect(headers.get('set-cookie')).toBe(null);
  }
});

test('a browser gets an unchanged file once, and the page has one address', async () => {
  const { url } = await withConsole();
  const etag = (await fetch(`${url}/console/main.js`)).headers.get('etag') ?? '';
  const again = await fetch(`${url}/console/main.js`, { headers: { 'if-none-match': etag } });
  expect([again.status, await again.text()]).toEqual([304, '']);
  const slash = await fetch(`${url}/console/?a=b`, { redirect: 'manual' });
  expect([slash.status, slash.headers.get('location')]).toEqual([308, '../console']);
  expect((await fetch(`${url}/console/../package.json`)).status).toBe(404);
  expect((await fetch(`${url}/console/%2e%2e/package.json`)).status).toBe(404);
});

test('the console is served on the port of the operations API', async () => {
  const { url, log } = await startOpsServer(memoryBackend(), undefined, {
    ops: { keys: KEYS, console: true, listen: { host: '127.0.0.1', port: 0 } },
  });
  const [, own] = /"address":"([^"]+)","message":"ops_listening"/.exec(log.join('\n')) ?? [];
  expect((await fetch(`${own}/console`)).status).toBe(200);
  expect((await fetch(`${url}/console`)).status).toBe(404);
});
