/** Unfilled placeholders of shells, templates and documents: `$(openssl …)`, `${TOKEN}`, `<token>`. */
const UNFILLED = /^['"]?(\$[({]|`|<|\{\{|%\w+%$)/;

/** Words that mark an example, and words that only accompany them. */
const TELLING = 'your|example|placeholder|change-?me|replace|todo|x{3,}|\\.{3}|…|\\*{3,}';
const BESIDE = 'my|the|a|me|this|with|here|goes|bot|user|app|slack|auth|api|access|bearer|signing|token|key|secret';

/** Matches text that consists only of such words, including at least one that marks an example. */
const EXAMPLE = new RegExp(`^(?:xox[a-z]-|xapp-)?(?=.*(?:${TELLING}))(?:(?:${TELLING}|${BESIDE})(?:[-_. ]|$))+$`, 'i');

/** Whether a secret is a placeholder from an example, which everyone can know. */
export function isPlaceholder(text: string): boolean {
  return UNFILLED.test(text) || EXAMPLE.test(text);
}
