import { mutantsOf } from '../mutant.ts';

const LOG = 'tools/gates/idempotency/append-log.ts';
const RECORDS = 'tools/gates/idempotency/key-records.ts';
const STORE = 'tools/gates/idempotency/file-idempotency-store.ts';
const ONCE = 'tools/gates/idempotency/idempotency.ts';

/** Posting once for one key, across failed writes and restarts. */
export const idempotency = mutantsOf('idempotency', 'server', [
  {
    id: 'half-a-line-stays',
    file: LOG,
    original: 'await this.#file.truncate(this.#size);',
    replacement: 'await this.#file.datasync();',
    tests: ['tools/gates/file-idempotency-store'],
  },
  {
    id: 'size-is-not-counted',
    file: LOG,
    original: 'this.#size += Buffer.byteLength(text);',
    replacement: 'this.#size += text.length;',
    tests: ['tools/gates/file-idempotency-store'],
  },
  {
    id: 'one-failed-write-fails-the-next',
    file: LOG,
    original: '() => this.#write(),\n      () => this.#write(),',
    replacement: '() => this.#write(),',
    tests: ['tools/gates/file-idempotency-store'],
  },
  {
    id: 'file-only-grows',
    file: LOG,
    original: 'this.#lines > FEW_LINES + 4 * this.#content().length',
    replacement: 'this.#lines > FEW_LINES * FEW_LINES + 4 * this.#content().length',
    tests: ['tools/gates/file-idempotency-store'],
  },
  {
    id: 'claim-kept-after-failed-write',
    file: STORE,
    original: 'records.delete(key);\n          throw error;',
    replacement: 'throw error;',
    tests: ['tools/gates/file-idempotency-store'],
  },
  {
    id: 'last-half-line-is-read',
    file: STORE,
    original: 'lines.pop();',
    replacement: "if (lines.at(-1) === '') lines.pop();",
    tests: ['tools/gates/file-idempotency-store'],
  },
  {
    id: 'file-of-keys-names-callers',
    file: STORE,
    original: 'caller === undefined ? undefined : digest(caller)',
    replacement: 'caller',
    tests: ['tools/gates/file-idempotency-store'],
  },
  {
    id: 'lock-stays-after-failed-open',
    file: STORE,
    original: '} catch (error) {\n    await release();\n    throw error;',
    replacement: '} catch (error) {\n    throw error;',
    tests: ['tools/gates/file-idempotency-store'],
  },
  {
    id: 'keys-never-expire',
    file: RECORDS,
    original: 'record !== undefined && this.#isOver(record) ? undefined : record',
    replacement: 'record',
    tests: ['tools/gates/idempotency'],
  },
  {
    id: 'deleted-keys-count-for-their-caller',
    file: RECORDS,
    original: 'if (left > 0) this.#counts.set(caller, left);',
    replacement: 'if (left > 0) this.#counts.set(caller, left + 1);',
    tests: ['tools/gates/idempotency'],
  },
  {
    id: 'completed-key-counts-twice',
    file: RECORDS,
    original: '!this.#records.has(key) && caller !== undefined',
    replacement: 'caller !== undefined',
    tests: ['tools/gates/idempotency'],
  },
  {
    id: 'one-key-more-per-caller',
    file: RECORDS,
    original: 'own >= this.#limits.maxKeysPerCaller',
    replacement: 'own > this.#limits.maxKeysPerCaller',
    tests: ['tools/gates/idempotency'],
  },
  {
    id: 'shared-call-ignores-content',
    file: ONCE,
    original:
      "if (running.fingerprint !== fingerprint) throw new IdempotencyError('idempotency_key_reused');\n      return",
    replacement: 'return',
    tests: ['tools/gates/idempotency'],
  },
  {
    id: 'key-in-use-for-ever',
    file: ONCE,
    original: '.finally(() => this.#running.delete(key))',
    replacement: '.finally(() => this.#running.has(key))',
    tests: ['tools/gates/idempotency'],
  },
  {
    id: 'unknown-outcome-releases-the-key',
    file: ONCE,
    original: 'return !error.outcomeUnknown;',
    replacement: 'return true;',
    tests: ['tools/gates/idempotency'],
  },
  {
    id: 'internal-error-releases-the-key',
    file: ONCE,
    original: "  'internal_error',\n",
    replacement: '',
    tests: ['tools/gates/idempotency'],
  },
  {
    id: 'failing-store-fails-what-was-done',
    file: ONCE,
    original: 'await write();\n    } catch (error) {',
    replacement: 'await write();\n    } catch (error) {\n      if (error instanceof Error) throw error;',
    tests: ['tools/gates/idempotency'],
  },
  {
    id: 'keys-are-shared-between-callers',
    file: ONCE,
    original: 'return caller === undefined ? key : JSON.stringify([caller, key]);',
    replacement: 'return caller === null ? JSON.stringify([caller, key]) : key;',
    tests: ['tools/gates/idempotency'],
  },
  {
    id: 'lock-of-a-living-process-is-taken',
    file: 'tools/hold-file.ts',
    original: 'attempt > 2 || (await isHeld(address)) || !(await takeAway(address))',
    replacement: 'attempt > 2 || !(await takeAway(address))',
    tests: ['tools/gates/file-idempotency-store'],
    survives: 'Taking the socket away checks again whether a process listens; the first check only saves the rename.',
  },
]);
