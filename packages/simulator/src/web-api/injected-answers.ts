/** An answer that a test injects in place of the real answer. */
export type InjectedAnswer =
  | { readonly kind: 'rate-limit'; readonly retryAfterS: number }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'status'; readonly status: number };

/** Injected answers for the next calls of each method, returned in order of injection. */
export class InjectedAnswers {
  readonly #queues = new Map<string, { answer: InjectedAnswer; times: number }[]>();

  add(method: string, answer: InjectedAnswer, times: number): void {
    const queue = this.#queues.get(method) ?? [];
    queue.push({ answer, times });
    this.#queues.set(method, queue);
  }

  /** Returns the injected answer for a call, or undefined if no answer is injected. */
  take(method: string): InjectedAnswer | undefined {
    const queue = this.#queues.get(method);
    const first = queue?.[0];
    if (!queue || !first) return undefined;
    first.times -= 1;
    if (first.times <= 0) queue.shift();
    return first.answer;
  }
}
