import type { Holdings } from './holdings.ts';

/**
 * Keeps a member from taking anything while its hand is to become empty: before it takes a message that consumers are
 * suspected to have died of, and while it has it. Not for ever: after `patienceMs` something in hand is only slow, and
 * the member goes on without emptying its hand.
 */
export class Quarantine {
  readonly #patienceMs: number;
  readonly #hands: Holdings[] = [];
  #emptied: PromiseWithResolvers<void> | undefined;
  #impatient = false;

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  watch(holdings: Holdings): void {
    this.#hands.push(holdings);
  }

  get isOn(): boolean {
    return this.#emptied !== undefined;
  }

  /** Whether nothing is in hand, or nothing but what is slow: a suspect may be taken. */
  isEmpty(): boolean {
    const inHand = this.#hands.some((holdings) => holdings.inHand);
    if (!inHand) this.#impatient = false;
    return !inHand || this.#impatient;
  }

  /** From now on nothing is to be taken, until nothing is in hand. Returns false when that lasts too long already. */
  begin(): boolean {
    if (this.#impatient) return false;
    this.#emptied ??= Promise.withResolvers();
    this.look();
    return true;
  }

  /** Ends it when nothing is in hand. */
  look(): void {
    if (this.#emptied !== undefined && this.isEmpty()) this.#end();
  }

  /** Resolves when it is over. */
  async over(signal: AbortSignal): Promise<void> {
    if (this.#emptied === undefined || signal.aborted) return;
    const end = (): void => this.#end();
    const patience = setTimeout(() => {
      this.#impatient = true;
      end();
    }, this.#patienceMs);
    signal.addEventListener('abort', end, { once: true });
    await this.#emptied.promise;
    clearTimeout(patience);
    signal.removeEventListener('abort', end);
  }

  #end(): void {
    this.#emptied?.resolve();
    this.#emptied = undefined;
  }
}
