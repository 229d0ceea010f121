import { mutantsOf } from '../mutant.ts';

const LANE = 'publishing/publish-lane.ts';
const PUBLISHER = 'publishing/lane-publisher.ts';

/** The machine that publishes, what keeps secrets out of logs, and the end of a backend. */
export const publishing = mutantsOf('publishing', 'core', [
  {
    id: 'unsettled-publish-is-sent',
    file: LANE,
    original:
      'if (next.isSettled) {\n        this.#waiting.shift();\n        this.#host.leave(next);\n        continue;\n      }',
    replacement: '',
    tests: ['publishing-end'],
  },
  {
    id: 'late-answer-counts-again',
    file: LANE,
    original: 'if (isOpen && pending?.isUnderWay) this.#apply(pending, outcome);',
    replacement: 'if (pending !== undefined && isOpen) this.#apply(pending, outcome);',
    tests: ['publishing-end'],
  },
  {
    id: 'repeated-after-later-ones',
    file: LANE,
    original: 'const waiting = this.#waiting.drain();\n    for (const pending of again) this.#waiting.push(pending);',
    replacement: 'const waiting = again.splice(0);',
    tests: ['publishing-order'],
  },
  {
    id: 'sends-on-while-something-is-repeated',
    file: LANE,
    original: '!this.#isHeld && this.#again.length === 0 && this.#batches < this.#depth',
    replacement: '!this.#isHeld && this.#batches < this.#depth',
    tests: ['publishing-model'],
  },
  {
    id: 'budget-is-not-given-back',
    file: LANE,
    original: 'budget.release(batch.length, size);',
    replacement: 'budget.release(batch.length, 0);',
    tests: ['publishing-end'],
  },
  {
    id: 'unknown-counts-as-refused',
    file: LANE,
    original: 'if (isUnknown) pending.isUncertain = true;',
    replacement: 'if (isUnknown) pending.isUncertain = pending.isUncertain && isUnknown;',
    tests: ['publishing-end'],
  },
  {
    id: 'keys-take-two-lanes',
    file: PUBLISHER,
    original: 'order.lane = this.#laneFor(pending);\n        moved.add(order);',
    replacement: 'moved.add(order);',
    tests: ['publishing-order'],
  },
  {
    id: 'expired-publish-blocks-its-key',
    file: PUBLISHER,
    original: 'this.#orderingKeys.prune();',
    replacement: '',
    tests: ['publishing-end'],
    survives: 'The message before them skips expired ones when it leaves. Until then they only take memory.',
  },
  {
    id: 'tail-of-a-secret-is-logged',
    file: 'text/redact-secrets.ts',
    original: '.sort((a, b) => b.length - a.length);',
    replacement: ';',
    tests: ['redact-secrets'],
  },
  {
    id: 'escaped-secret-is-logged',
    file: 'text/redact-secrets.ts',
    original: 'JSON.stringify(secret).slice(1, -1)',
    replacement: 'secret.trim()',
    tests: ['redact-secrets'],
  },
  {
    id: 'password-with-a-slash-is-logged',
    file: 'text/redact-url.ts',
    original: "host === '' ||",
    replacement: "host === ''",
    tests: ['redact-url'],
  },
  {
    id: 'retries-past-the-deadline',
    file: 'retry/retry-until.ts',
    original: 'performance.now() + delayMs >= deadline',
    replacement: 'performance.now() >= deadline + delayMs',
    tests: ['retry-until'],
  },
  {
    id: 'endless-close-is-forced',
    file: 'lifecycle/backend-lifecycle.ts',
    original: 'Math.min(patienceMs, MAX_TIMER_MS));',
    replacement: 'patienceMs);',
    tests: ['backend-lifecycle'],
  },
  {
    id: 'closed-backend-connects-again',
    file: 'lifecycle/backend-lifecycle.ts',
    original: 'if (this.#isDisconnected) throw this.#closed();',
    replacement: '',
    tests: ['backend-lifecycle'],
  },
]);
