import { mutantsOf } from '../mutant.ts';

const SUBSCRIPTION = 'delivery/delivery-subscription.ts';
const HAND_OUT = 'delivery/hand-out.ts';
const SETTLEMENTS = 'delivery/settlements.ts';
const ISOLATION = 'delivery/isolation.ts';

const DELIVERY = ['delivery-settle', 'delivery-unsettled', 'delivery-next'];

/** The machine that delivers and settles. */
export const delivery = mutantsOf('delivery', 'core', [
  {
    id: 'nacks-take-no-slot',
    file: SUBSCRIPTION,
    original: 'this.#handOut.settle(message);\n    begin();',
    replacement: 'begin();\n    this.#handOut.settle(message);\n    this.#reserved = Math.max(0, this.#reserved - 1);',
    tests: DELIVERY,
  },
  {
    id: 'settlements-without-a-bound',
    file: SUBSCRIPTION,
    original: 'this.#stopped || this.#settlements.size >= this.#settings.maxSettling',
    replacement: 'this.#stopped',
    tests: DELIVERY,
  },
  {
    id: 'credits-are-given-twice',
    file: SUBSCRIPTION,
    original: 'this.#reserved += count;',
    replacement: 'this.#reserved += count > 1 ? count : 0;',
    tests: ['delivery-next', 'delivery-counts'],
  },
  {
    id: 'returned-credits-wake-no-one',
    file: SUBSCRIPTION,
    original: 'this.#reserved -= count;\n          this.#advance();',
    replacement: 'this.#reserved -= count;',
    tests: ['delivery-next', 'delivery-counts'],
  },
  {
    id: 'delivered-after-the-end',
    file: SUBSCRIPTION,
    original: 'if (this.#stopped) this.#release([delivery], false);\n    else if',
    replacement: 'if',
    tests: ['delivery-end'],
  },
  {
    id: 'independent-consumers-park',
    file: SUBSCRIPTION,
    original: 'delivery.metadata.group !== undefined && this.#isolation.condemns',
    replacement: 'this.#isolation.condemns',
    tests: ['delivery-counts', 'delivery-next'],
  },
  {
    id: 'buffered-messages-are-kept',
    file: SUBSCRIPTION,
    original: 'this.#release(this.#handOut.drain(), false);',
    replacement: 'this.#handOut.drain();',
    tests: ['delivery-end'],
  },
  {
    id: 'loop-ends-before-its-acks',
    file: SUBSCRIPTION,
    original: 'if (this.#handOut.inFlight === 0) await this.#closed.promise;',
    replacement: '',
    tests: ['delivery-end'],
  },
  {
    id: 'leaves-with-settlements-under-way',
    file: SUBSCRIPTION,
    original: 'if (this.#handOut.inFlight + this.#settlements.size === 0) void this.#leave();',
    replacement: 'if (this.#handOut.inFlight === 0) void this.#leave();',
    tests: ['delivery-end', 'delivery-unsettled'],
  },
  {
    id: 'lost-message-is-handed-out',
    file: HAND_OUT,
    original: ' || this.#buffer.remove(delivery);',
    replacement: ';',
    tests: DELIVERY,
  },
  {
    id: 'uncounted-delivery-is-handed-out',
    file: HAND_OUT,
    original: 'counted = false;',
    replacement: '',
    tests: ['delivery-counts'],
  },
  {
    id: 'lost-delivery-is-given-back',
    file: HAND_OUT,
    original: "if (isQueueError(err, 'ERR_QUEUE_LEASE_LOST')) this.#beginning.delete(delivery);",
    replacement: '',
    tests: ['delivery-counts'],
  },
  {
    id: 'settled-messages-are-counted',
    file: HAND_OUT,
    original: 'this.#fresh.filter(({ isInFlight }) => isInFlight)',
    replacement: 'this.#fresh',
    tests: ['delivery-counts'],
  },
  {
    id: 'patience-is-never-restored',
    file: ISOLATION,
    original: 'this.#timer = undefined;\n    this.#impatient = false;',
    replacement: 'this.#timer = undefined;',
    tests: ['delivery-counts', 'delivery-next'],
  },
  {
    id: 'suspect-beside-others',
    file: ISOLATION,
    original: 'this.#impatient || (!suspect && !this.#alone)',
    replacement: 'this.#impatient || !this.#alone',
    tests: ['delivery-counts', 'delivery-next'],
  },
  {
    id: 'healthy-messages-are-suspects',
    file: ISOLATION,
    original: 'return deliveryCount - 1 - retryCount;',
    replacement: 'return deliveryCount - 1;',
    tests: ['delivery-counts', 'delivery-next'],
  },
  {
    id: 'isolated-for-ever',
    file: ISOLATION,
    original: 'this.#impatient = true;\n      this.#onOver();',
    replacement: 'this.#onOver();',
    tests: ['delivery-counts', 'delivery-next'],
  },
  {
    id: 'refused-ack-is-not-repeated',
    file: SETTLEMENTS,
    original: 'this.#problem = problem;\n    this.#schedule();',
    replacement: 'this.#problem = problem;',
    tests: ['delivery-unsettled'],
  },
  {
    id: 'unparked-message-is-forgotten',
    file: SETTLEMENTS,
    original:
      "if (step.name === 'dead_letter') for (const { delivery } of messages) this.nack(unheld(delivery), PARK_AGAIN_MS);\n    else if",
    replacement: "if (step.name === 'dead_letter') this.#problem = '';\n    else if",
    tests: DELIVERY,
  },
  {
    id: 'lost-lease-is-repeated',
    file: SETTLEMENTS,
    original: 'step.messages = step.messages.filter((other) => other !== message);',
    replacement: '',
    tests: ['delivery-unsettled'],
  },
  {
    id: 'partly-lost-batch-is-lost',
    file: SETTLEMENTS,
    original: 'lost !== undefined && !lost.includes(message.delivery)',
    replacement: 'lost !== undefined && lost.length === 0',
    tests: DELIVERY,
  },
  {
    id: 'pause-never-shrinks',
    file: SETTLEMENTS,
    original: 'if (due.some((step) => !this.#steps.has(step))) this.#round = 0;',
    replacement: '',
    tests: ['delivery-unsettled'],
  },
  {
    id: 'urgent-acks-wait',
    file: 'delivery/ack-batcher.ts',
    original: 'if (this.#urgent) this.flush();',
    replacement: '',
    tests: DELIVERY,
  },
  {
    id: 'endless-drain-ends-at-once',
    file: 'delivery/drain-deadline.ts',
    original: 'else if (timeoutMs <= LONGEST_TIMER_MS) this.#timer',
    replacement: 'else this.#timer',
    tests: ['delivery-end'],
  },
  {
    id: 'caller-waits-for-ever',
    file: 'delivery/delivered-message.ts',
    original: ' || performance.now() < this.#deadline) return;',
    replacement: ' || performance.now() > this.#deadline) return;',
    tests: ['delivery-unsettled'],
  },
  {
    id: 'signal-made-late-is-not-aborted',
    file: 'delivery/delivered-message.ts',
    original: 'if (this.#lost !== undefined) this.#controller.abort(this.#lost);',
    replacement: '',
    tests: DELIVERY,
  },
  {
    id: 'removed-item-is-due',
    file: 'delivery/due-queue.ts',
    original: 'first === undefined || this.#waiting.get(first.item) === first',
    replacement: 'first === undefined || this.#order > 0',
    tests: ['deque'],
  },
]);
