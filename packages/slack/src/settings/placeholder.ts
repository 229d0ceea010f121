/**
 * Matches unfilled placeholders from shells, templates and documents, for example `$(openssl …)`, `${TOKEN}` or
 * `<token>`.
 */
const UNFILLED = /^['"]?(\$[({]|`|<|\{\{|%\w+%$)/;

/** Words that mark an example value. Words in `BESIDE` may appear next to words in `TELLING`. */
const TELLING = 'your|example|placeholder|change-?me|replace|todo|x{3,}|\\.{3}|…|\\*{3,}';
const BESIDE = 'my|the|a|me|this|with|here|goes|bot|user|app|slack|auth|api|access|bearer|signing|token|key|secret';

/** Matches text that consists only of words from `TELLING` and `BESIDE`, with at least one word from `TELLING`. */
const EXAMPLE = new RegExp(`^(?:xox[a-z]-|xapp-)?(?=.*(?:${TELLING}))(?:(?:${TELLING}|${BESIDE})(?:[-_. ]|$))+$`, 'i');

/** Whether a secret is a placeholder from a published example. */
export function isPlaceholder(text: string): boolean {
  return UNFILLED.test(text) || EXAMPLE.test(text);
}
