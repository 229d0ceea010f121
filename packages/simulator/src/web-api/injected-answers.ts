/** An answer that was ordered in place of the real one. */
export type InjectedAnswer =
  | { readonly kind: 'rate-limit'; readonly retryAfterS: number }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'status'; readonly status: number };

/** Answers ordered for the next calls of a method, first ordered, first given. */
export class InjectedAnswers {
  readonly #queues = new Map<string, { answer: InjectedAnswer; times: number }[]>();

  add(method: string, answer: InjectedAnswer, times: number): void {
    const queue = this.#queues.get(method) ?? [];
    queue.push({ answer, times });
    this.#queues.set(method, queue);
  }

  /** The answer for this call, if one was ordered. */
  take(method: string): InjectedAnswer | undefined {
    const queue = this.#queues.get(method);
    const first = queue?.[0];
    if (!queue || !first) return undefined;
    first.times -= 1;
    if (first.times <= 0) queue.shift();
    return first.answer;
  }
}
