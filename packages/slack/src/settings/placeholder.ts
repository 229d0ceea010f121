/** What shells, templates and documents leave where a value was meant to be: `$(openssl …)`, `${TOKEN}`, `<token>`. */
const UNFILLED = /^['"]?(\$[({]|`|<|\{\{|%\w+%$)/;

/** Words of examples, and those that only stand beside them. */
const TELLING = 'your|example|placeholder|change-?me|replace|todo|x{3,}|\\.{3}|…|\\*{3,}';
const BESIDE = 'my|the|a|me|this|with|here|goes|bot|user|app|slack|auth|api|access|bearer|signing|token|key|secret';

/** What consists of such words alone, and of one that is telling. */
const EXAMPLE = new RegExp(`^(?:xox[a-z]-|xapp-)?(?=.*(?:${TELLING}))(?:(?:${TELLING}|${BESIDE})(?:[-_. ]|$))+$`, 'i');

/** Whether a secret is what an example shows in the place of one: every reader of the example would know it. */
export function isPlaceholder(text: string): boolean {
  return UNFILLED.test(text) || EXAMPLE.test(text);
}
