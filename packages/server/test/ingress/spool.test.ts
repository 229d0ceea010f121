import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import {
  type BackendCapabilities,
  ConnectionError,
  PayloadTooLargeError,
  type PublishOptions,
  type PublishPayload,
  payloadOf,
  type QueueBackend,
  UnroutableError,
} from '@slack-mcp/core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Spool } from '../../src/ingress/spool/spool.ts';
import { encodeRecord, type SpoolRecord } from '../../src/ingress/spool/spool-record.ts';
import { SpoolFullError } from '../../src/ingress/spool/spool-status.ts';
import { createSpoolingPublisher, type SpoolingPublisher } from '../../src/ingress/spool/spooling-publisher.ts';
import { createMetrics } from '../../src/ops/metrics.ts';
import { addSpoolMetrics } from '../../src/servers/spool-metrics.ts';
import { errorOf, recordingLogger, startIngress } from '../support/ingress-server.ts';
import { signedHeaders } from '../support/signed.ts';

const MIB = 2 ** 20;
const WAIT = 20_000;

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spool-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function openSpool(folder: string, options: { maxBytes?: number; segmentBytes?: number } = {}) {
  const logger = recordingLogger();
  const spool = await Spool.open({ folder, maxBytes: 64 * MIB, logger, ...options });
  return { spool, log: logger.lines };
}

/** A broker that goes away and comes back. Records what it stored. */
class Broker implements Pick<QueueBackend, 'publish' | 'capabilities'> {
  readonly capabilities = { maxPayloadBytes: 1_000 } as BackendCapabilities;
  readonly stored: string[] = [];
  isUp = true;
  takesAll = false;
  /** Called before each publish. */
  before: (id: string) => void = () => {};

  async publish(_key: string, payload: PublishPayload, { messageId = '' }: PublishOptions = {}): Promise<void> {
    this.before(messageId);
    if (!this.isUp) throw new ConnectionError('the broker is away');
    if (payloadOf(payload)['refuse'] === true && !this.takesAll) throw new PayloadTooLargeError('too large');
    this.stored.push(messageId);
  }
}

async function open(folder: string, broker: Broker): Promise<SpoolingPublisher & { log: string[]; spool: Spool }> {
  const { spool } = await openSpool(folder);
  const logger = recordingLogger();
  const publisher = createSpoolingPublisher({ backend: broker, spool, logger, retryMs: 1 });
  return Object.assign(publisher, { log: logger.lines, spool });
}

const publish = (publisher: SpoolingPublisher, messageId: string, orderingKey = 'C1', payload: object = {}) =>
  publisher.publish('slack_events', { ...payload }, { messageId, orderingKey, timeoutMs: 1_000 });

const record = (messageId: string, payload = '{}'): SpoolRecord => ({
  key: 'k',
  payload,
  options: { messageId },
  at: Date.now(),
});

const idsIn = async (spool: Spool): Promise<(string | undefined)[]> =>
  (await spool.head(1_000)).map(({ options }) => options.messageId);

describe('a spool', () => {
  test('keeps the order over several files and over a restart', async () => {
    const folder = temporaryFolder();
    const first = await openSpool(folder, { segmentBytes: 300 });
    for (let n = 0; n < 20; n += 1) await first.spool.append(record(`m${n}`));
    expect(readdirSync(folder).filter((name) => name.endsWith('.spool')).length).toBeGreaterThan(3);
    await first.spool.head(3);
    await first.spool.drained(3);
    await first.spool.close();

    const { spool } = await openSpool(folder);
    expect(spool.status).toMatchObject({ records: 17 });
    await spool.append(record('m20'));
    const seen: (string | undefined)[] = [];
    while (!spool.isEmpty) {
      const ids = await idsIn(spool);
      seen.push(...ids);
      await spool.drained(ids.length);
    }
    expect(seen).toEqual(Array.from({ length: 18 }, (_, n) => `m${n + 3}`));
    expect(readdirSync(folder).filter((name) => name.endsWith('.spool'))).toEqual([]);
    expect(spool.status).toMatchObject({ records: 0, bytes: 0 });
    await spool.close();
  });

  test('only its owner can read its folder and files', async () => {
    const folder = join(temporaryFolder(), 'new');
    const { spool } = await openSpool(folder);
    await spool.append(record('m'));
    const modes = [folder, ...readdirSync(folder).map((name) => join(folder, name))]
      .filter((path) => !path.endsWith('.lock'))
      .map((path) => statSync(path).mode & 0o077);
    expect(modes.length).toBeGreaterThan(2);
    expect(new Set(modes)).toEqual(new Set([0]));
    await spool.close();
    chmodSync(folder, 0o755);
    await expect(openSpool(folder)).rejects.toThrow(
      `${folder} is accessible to other users: give the spool its own folder`,
    );
  });

  test('belongs to one process at a time', async () => {
    const folder = temporaryFolder();
    const { spool } = await openSpool(folder);
    await expect(openSpool(folder)).rejects.toThrow('in use by another process');
    await spool.close();
    await (await openSpool(folder)).spool.close();
  });

  test.each([
    ['in the middle of the line', 20],
    ['before its line break', 1],
  ])('leaves out a last record that was torn %s', async (_what, missing) => {
    const folder = temporaryFolder();
    const whole = encodeRecord(record('whole'));
    writeFileSync(join(folder, '0000000007.spool'), `${whole}${encodeRecord(record('torn')).slice(0, -missing)}`);
    const { spool } = await openSpool(folder);
    await spool.append(record('next'));
    expect(await idsIn(spool)).toEqual(['whole', 'next']);
    await spool.drained(1);
    expect(await idsIn(spool)).toEqual(['next']);
    await spool.close();
  });

  test('skips a damaged record with an error, and keeps the ones around it', async () => {
    const folder = temporaryFolder();
    const damaged = encodeRecord(record('damaged')).replace('damaged', 'changed');
    writeFileSync(
      join(folder, '0000000001.spool'),
      `${encodeRecord(record('a'))}${damaged}\n${encodeRecord(record('b'))}`,
    );
    const { spool, log } = await openSpool(folder);
    expect(spool.status.records).toBe(2);
    expect(await idsIn(spool)).toEqual(['a', 'b']);
    await spool.drained(2);
    expect(spool.isEmpty).toBe(true);
    expect(log.join()).toMatch(/error .*"lines":2.*spool_damaged/);
    await spool.close();
  });

  test('begins with the first file if its position is damaged', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '0000000003.spool'), encodeRecord(record('a')));
    writeFileSync(join(folder, 'position'), 'nonsense');
    const { spool } = await openSpool(folder);
    expect(await idsIn(spool)).toEqual(['a']);
    await spool.close();
  });

  test('refuses events beyond its limit, and takes events again when there is room', async () => {
    const { spool } = await openSpool(temporaryFolder(), { maxBytes: 400 });
    const appended = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((id) => spool.append(record(id))));
    const taken = appended.filter(({ status }) => status === 'fulfilled').length;
    expect(taken).toBeLessThan(5);
    await expect(spool.append(record('f'))).rejects.toThrow(SpoolFullError);
    expect(spool.status.bytes).toBeLessThanOrEqual(400);
    await spool.head(10);
    await spool.drained(1);
    await spool.append(record('g'));
    expect((await idsIn(spool)).at(0)).toBe('b');
    await spool.close();
  });

  test('keeps what it acknowledged when the disk is full, and works again when there is room', async () => {
    const folder = temporaryFolder();
    const file = fileURLToPath(new URL('./support/full-disk.ts', import.meta.url));
    // Reaching the file size limit in the middle of a line has the same effect as a full disk.
    const script = `trap '' XFSZ; ulimit -f 4; exec "$0" --conditions=@slack-mcp/source "$1" "$2"`;
    const child = spawn('bash', ['-c', script, process.execPath, file, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
    expect(JSON.parse(String(line))).toEqual({ refused: 'EFBIG', failure: 'EFBIG', after: 'taken' });
    await once(child, 'exit');
    const { spool } = await openSpool(folder);
    const ids = await idsIn(spool);
    await spool.drained(ids.length);
    expect([...ids, ...(await idsIn(spool))]).toEqual(['first', 'after']);
    await spool.close();
  });
});

describe('a spool that was damaged or moved', () => {
  test('an outage after a drained one loses nothing, whatever the position says', async () => {
    const folder = temporaryFolder();
    for (let outage = 1; outage <= 3; outage += 1) {
      const ids = Array.from({ length: 10 }, (_, n) => `o${outage}-${n}`);
      const first = await openSpool(folder, { segmentBytes: 300 });
      for (const id of ids) await first.spool.append(record(id));
      await first.spool.close();
      const { spool } = await openSpool(folder, { segmentBytes: 300 });
      expect(spool.status.records).toBe(10);
      const seen: (string | undefined)[] = [];
      while (!spool.isEmpty) {
        const batch = (await spool.head(4)).map(({ options }) => options.messageId);
        seen.push(...batch);
        await spool.drained(batch.length);
      }
      expect(seen).toEqual(ids);
      await spool.close();
    }
  });

  test('a position of another file repeats events, and loses none', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '0000000001.spool'), `${encodeRecord(record('a'))}${encodeRecord(record('b'))}`);
    writeFileSync(join(folder, 'position'), `${'1 37'.padEnd(31)}\n`);
    const { spool } = await openSpool(folder);
    expect(await idsIn(spool)).toEqual(['a', 'b']);
    await spool.close();
  });

  const lastFile = (folder: string): string =>
    join(
      folder,
      readdirSync(folder)
        .filter((name) => name.endsWith('.spool'))
        .sort()
        .at(-1) as string,
    );

  test.each<[string, (folder: string) => void, number]>([
    ['one line is damaged', (folder) => flip(lastFile(folder)), 1],
    ['the file was cut', (folder) => truncateSync(lastFile(folder), statSync(lastFile(folder)).size - 20), 1],
    ['the file was removed', (folder) => rmSync(lastFile(folder)), 3],
    ['the folder was removed', (folder) => rmSync(folder, { recursive: true }), 3],
  ])('the server goes on when %s while it runs', async (_what, damage, lost) => {
    const folder = join(temporaryFolder(), 'spool');
    const broker = new Broker();
    const publisher = await open(folder, broker);
    broker.isUp = false;
    // The broker has tried, and nothing was read yet.
    const { spool } = publisher;
    for (const id of ['a', 'b', 'c']) await spool.append(record(id));
    damage(folder);
    broker.isUp = true;
    publisher.start();
    await vi.waitFor(() => expect(spool.isEmpty).toBe(true), WAIT);
    expect(broker.stored).toHaveLength(3 - lost);
    await vi.waitFor(async () => expect(await publish(publisher, 'd')).toBe('published'), WAIT);
    await publisher.close();
  });

  test('the position deletes no file that is put into the folder', async () => {
    const folder = temporaryFolder();
    const earlier = await openSpool(folder);
    for (const id of ['a', 'b', 'c']) await earlier.spool.append(record(id));
    await earlier.spool.head(2);
    await earlier.spool.drained(2);
    await earlier.spool.close();
    // For example from the folder of a replica that was removed, with a lower number and with the same number.
    for (const number of ['0000000000', '0000000001']) {
      writeFileSync(join(folder, `${number}-00000000000000aa.spool`), encodeRecord(record(`moved ${number}`)));
    }
    const { spool } = await openSpool(folder);
    expect((await idsIn(spool)).sort()).toEqual(expect.arrayContaining(['c', 'moved 0000000000', 'moved 0000000001']));
    await spool.close();
  });

  test.each<[string, (folder: string) => void]>([
    ['its file was emptied', (folder) => truncateSync(lastFile(folder))],
    ['its folder was moved', (folder) => renameSync(folder, `${folder}.old`)],
    [
      'its folder was replaced',
      (folder) => {
        renameSync(folder, `${folder}.old`);
        mkdirSync(folder, { mode: 0o700 });
      },
    ],
  ])('an event is refused if %s', async (_what, change) => {
    const folder = join(temporaryFolder(), 'spool');
    const { spool } = await openSpool(folder);
    await spool.append(record('a'));
    change(folder);
    await expect(spool.append(record('b'))).rejects.toThrow('was removed');
    const left = await idsIn(spool);
    expect(left).not.toContain('a');
    await spool.drained(left.length);
    expect(spool.isEmpty).toBe(true);
    await spool.close();
  });

  test('says in health that a file cannot be read, and goes on when it is gone', async () => {
    const folder = temporaryFolder();
    const publisher = await open(folder, new Broker());
    await publisher.spool.append(record('a'));
    const file = lastFile(folder);
    rmSync(file);
    mkdirSync(file);
    publisher.start();
    await vi.waitFor(() => expect(publisher.health().detail).toMatchObject({ events: 1, problem: 'EISDIR' }), WAIT);
    rmdirSync(file);
    await vi.waitFor(() => expect(publisher.health()).toMatchObject({ status: 'up' }), WAIT);
    expect(publisher.health().detail).not.toHaveProperty('problem');
    await publisher.close();
  });

  test('logs damaged lines of the refused events', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'refused'), `${encodeRecord(record('a'))}damaged\n`);
    const { spool, log } = await openSpool(folder);
    expect(await idsIn(spool)).toEqual(['a']);
    expect(log.join()).toMatch(/"lines":1.*spool_damaged/);
    await spool.close();
  });

  test('takes no events into a folder that it no longer holds', async () => {
    const folder = join(temporaryFolder(), 'spool');
    const { spool } = await openSpool(folder);
    renameSync(folder, `${folder}.old`);
    mkdirSync(folder, { mode: 0o700 });
    await expect(spool.append(record('a'))).rejects.toThrow('was removed');
    expect(readdirSync(folder)).toEqual([]);
    await spool.close();
  });

  test('a line without a record counts as damaged, even if its checksum is valid', async () => {
    const folder = temporaryFolder();
    const lines = ['{', 'null', '{"payload":1}'].map(
      (text) => `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`,
    );
    writeFileSync(join(folder, '0000000001.spool'), `${lines.join('')}${encodeRecord(record('a'))}`);
    const { spool, log } = await openSpool(folder);
    expect(await idsIn(spool)).toEqual(['a']);
    expect(log.join()).toMatch(/"lines":3.*spool_damaged/);
    await spool.close();
  });

  test('an event is refused if its file is no longer in the folder', async () => {
    const folder = temporaryFolder();
    const { spool, log } = await openSpool(folder);
    await spool.append(record('a'));
    rmSync(lastFile(folder));
    await expect(spool.append(record('b'))).rejects.toThrow('was removed');
    expect(spool.status.failure).toBe('ENOENT');
    await spool.append(record('c'));
    expect(await idsIn(spool)).toEqual(['c']);
    expect(log.join()).toMatch(/"events":1.*spool_damaged/);
    await spool.close();
  });
});

/** Changes one byte in the middle of the first line. */
function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

describe('publishing with a spool', () => {
  test('passes events to the broker while it is there', async () => {
    const broker = new Broker();
    const publisher = await open(temporaryFolder(), broker);
    expect(await publish(publisher, 'a')).toBe('published');
    expect(publisher.health()).toMatchObject({ status: 'up', detail: { events: 0 } });
    await publisher.close();
  });

  test('keeps events while the broker is away, and publishes them in order, before later ones', async () => {
    const folder = temporaryFolder();
    const broker = new Broker();
    const publisher = await open(folder, broker);
    broker.isUp = false;
    for (const id of ['a1', 'b1', 'a2']) expect(await publish(publisher, id, id[0])).toBe('spooled');
    expect(publisher.health()).toMatchObject({ status: 'degraded', detail: { events: 3 } });
    expect(publisher.takesEvents).toBe(true);
    // Comes back while a later event of the same key arrives.
    let later: Promise<unknown> | undefined;
    broker.before = (id) => {
      if (id === 'a1' && broker.isUp) later ??= publish(publisher, 'a3', 'a');
    };
    broker.isUp = true;
    await vi.waitFor(() => expect(publisher.spool.isEmpty && broker.stored.length).toBe(4), WAIT);
    expect(await later).toBe('spooled');
    expect(broker.stored.filter((id) => id.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(broker.stored).toContain('b1');
    await vi.waitFor(async () => expect(await publish(publisher, 'a4')).toBe('published'), WAIT);
    expect(publisher.log.join()).toMatch(/spool_begun.*spool_drained/);
    await publisher.close();
  });

  test('an event that fails holds back only the later events of its key', async () => {
    const broker = new Broker();
    const publisher = await open(temporaryFolder(), broker);
    broker.isUp = false;
    for (const id of ['a1', 'a2', 'b1', 'b2']) await publish(publisher, id, id[0]);
    let failures = 0;
    broker.before = (id) => {
      if (id === 'a1' && broker.isUp && failures < 3) {
        failures += 1;
        throw new ConnectionError('once more');
      }
    };
    broker.isUp = true;
    await vi.waitFor(() => expect(publisher.spool.isEmpty).toBe(true), WAIT);
    expect(broker.stored).toEqual(['b1', 'b2', 'a1', 'a2']);
    await publisher.close();
  });

  test('publishes what an earlier process left, with id and key', async () => {
    const folder = temporaryFolder();
    const broker = new Broker();
    broker.isUp = false;
    const earlier = await open(folder, broker);
    for (const id of ['a', 'b', 'c']) await publish(earlier, id);
    await earlier.close();
    expect(earlier.log.join()).toMatch(/"events":3.*spool_not_empty/);
    broker.isUp = true;
    const publisher = await open(folder, broker);
    publisher.start();
    await vi.waitFor(() => expect(broker.stored).toEqual(['a', 'b', 'c']), WAIT);
    await vi.waitFor(() => expect(publisher.spool.isEmpty).toBe(true), WAIT);
    await publisher.close();
  });

  test('refuses what can never be published, and keeps it apart for an operator', async () => {
    const folder = temporaryFolder();
    const broker = new Broker();
    const publisher = await open(folder, broker);
    const large = { text: 'x'.repeat(2_000) };
    broker.isUp = false;
    await expect(publish(publisher, 'large', 'C1', large)).rejects.toThrow('exceeds the limit');
    await publish(publisher, 'refused', 'C1', { refuse: true });
    await publish(publisher, 'next');
    broker.isUp = true;
    await vi.waitFor(() => expect(broker.stored).toEqual(['next']), WAIT);
    await vi.waitFor(() => expect(publisher.spool.isEmpty).toBe(true), WAIT);
    expect(publisher.log.join()).toMatch(/"messageId":"refused".*spool_event_refused/);
    expect(publisher.status).toMatchObject({ records: 0, refused: 1 });
    expect(publisher.health()).toMatchObject({ status: 'degraded', detail: { events: 0, refused: 1 } });
    await publish(publisher, 'later');
    await vi.waitFor(() => expect(broker.stored).toEqual(['next', 'later']), WAIT);
    await publisher.close();

    // The operator raised the limit of the broker, and starts the server again.
    broker.takesAll = true;
    const again = await open(folder, broker);
    again.start();
    await vi.waitFor(() => expect(broker.stored).toEqual(['next', 'later', 'refused']), WAIT);
    await vi.waitFor(() => expect(again.health()).toMatchObject({ status: 'up', detail: { refused: 0 } }), WAIT);
    await again.close();
  });

  test('an error that waiting cannot cure holds back its keys only, beyond any batch and file', async () => {
    const broker = new Broker();
    const { spool } = await openSpool(temporaryFolder(), { segmentBytes: 1_000 });
    const logger = recordingLogger();
    const publisher = createSpoolingPublisher({ backend: broker, spool, logger, retryMs: 1 });
    broker.isUp = false;
    // More events than a batch, each with a key of its own, and a second one behind each.
    const blocked = Array.from({ length: 250 }, (_, n) => `x${n}`);
    await Promise.all(blocked.map((id) => publish(publisher, id, id)));
    await Promise.all(blocked.map((id) => publish(publisher, `${id}-2`, id)));
    await Promise.all(Array.from({ length: 50 }, (_, n) => publish(publisher, `y${n}`, `y${n % 5}`)));
    expect(spool.status.segments).toBeGreaterThan(1);
    let isCured = false;
    broker.before = (id) => {
      if (broker.isUp && !isCured && id.startsWith('x')) throw new UnroutableError('nothing receives it');
    };
    broker.isUp = true;
    await vi.waitFor(() => expect(broker.stored).toHaveLength(50), WAIT);
    expect(broker.stored.filter((id) => Number(id.slice(1)) % 5 === 0)).toEqual(
      Array.from({ length: 10 }, (_, n) => `y${5 * n}`),
    );
    await vi.waitFor(() => expect(publisher.status.blocked).toBe(500), WAIT);
    expect(publisher.health()).toMatchObject({ status: 'degraded', detail: { blocked: 500 } });
    const complaints = logger.lines.filter((line) => line.includes('spool_event_blocked'));
    expect(complaints).toHaveLength(1);
    isCured = true;
    await vi.waitFor(() => expect(spool.isEmpty).toBe(true), WAIT);
    expect(broker.stored).toHaveLength(550);
    for (const id of blocked) expect(broker.stored.indexOf(id)).toBeLessThan(broker.stored.indexOf(`${id}-2`));
    expect(publisher.status).toMatchObject({ blocked: 0, refused: 0, records: 0 });
    await publisher.close();
  });

  test('reports what waits as metrics', async () => {
    const broker = new Broker();
    const publisher = await open(temporaryFolder(), broker);
    const metrics = createMetrics();
    addSpoolMetrics(metrics, publisher);
    broker.isUp = false;
    await publish(publisher, 'a');
    await publisher.spool.head(1);
    const text = await metrics.text();
    expect(text).toMatch(/slack_mcp_spool_events 1\n/);
    expect(text).toMatch(/slack_mcp_spool_segments 1\n/);
    expect(text).toMatch(/slack_mcp_spool_bytes [1-9]\d*\n/);
    expect(text).toMatch(/slack_mcp_spool_max_bytes 67108864\n/);
    for (const name of ['oldest_age_seconds', 'blocked_events', 'refused_events', 'failing']) {
      expect(text).toMatch(new RegExp(`slack_mcp_spool_${name} \\d`));
    }
    await publisher.close();
  });
});

describe('the ingress with a spool', () => {
  const event = (id: string): string =>
    JSON.stringify({
      type: 'event_callback',
      event_id: id,
      event: { type: 'message', channel: 'C1', text: 'private' },
    });

  test('answers 200 while the broker is away, and 503 when the spool is full', async () => {
    const broker = new Broker();
    broker.isUp = false;
    const { spool } = await openSpool(temporaryFolder(), { maxBytes: 1_000 });
    const publisher = createSpoolingPublisher({ backend: broker, spool, logger: recordingLogger(), retryMs: 1 });
    onTestFinished(() => publisher.close());
    const { post, results, log } = await startIngress(broker, { spool: publisher });
    const send = async (id: string) => post('/slack/events', event(id), signedHeaders(event(id)));
    expect((await send('Ev1')).status).toBe(200);
    const refused = [await send('Ev2'), await send('Ev3'), await send('Ev4')].at(-1) as Response;
    expect([refused.status, (await errorOf(refused))['code']]).toEqual([503, 'queue_unavailable']);
    expect(results.at(0)).toBe('spooled');
    expect(log.join()).not.toContain('private');
  });

  test('keeps no command, whose user waits for an answer', async () => {
    const broker = new Broker();
    broker.isUp = false;
    const folder = temporaryFolder();
    const publisher = await open(folder, broker);
    onTestFinished(() => publisher.close());
    const { post } = await startIngress(broker, { spool: publisher });
    const body = 'command=%2Fdeploy&text=now&trigger_id=1.2&channel_id=C1';
    const headers = { ...signedHeaders(body), 'content-type': 'application/x-www-form-urlencoded' };
    const response = await post('/slack/commands', body, headers);
    expect(await response.text()).toMatch(/not|try/i);
    expect(publisher.health().detail).toMatchObject({ events: 0 });
    expect(readdirSync(folder).filter((name) => name.endsWith('.spool'))).toEqual([]);
    expect(readFileSync(join(folder, 'position'), 'utf8')).toBe('');
  });
});
