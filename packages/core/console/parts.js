import { html } from './html.js';
import { useEffect, useRef } from './vendor/hooks.js';

/** A state, as a word with a mark: the color is never the only sign. */
export function Badge({ status }) {
  const kind = { up: 'good', running: 'good', completed: 'good', degraded: 'warn', paused: 'warn' }[status] ?? 'bad';
  const neutral = ['cancelled', 'no consumer here'].includes(status);
  return html`<span class="badge ${neutral ? 'neutral' : kind}">${status}</span>`;
}

/** An error that a screen reader announces at once. */
export function Failure({ error }) {
  return error ? html`<p class="failure" role="alert">${error.message}</p>` : null;
}

/** A button that stays focusable while its action runs. */
export function Button({ busy = false, kind = '', onClick, children, ...rest }) {
  return html`
    <button type="button" class=${kind} aria-disabled=${busy ? 'true' : undefined} onClick=${busy ? undefined : onClick} ...${rest}>
      ${children}
    </button>
  `;
}

/** A modal dialog. The browser keeps the focus in it, closes it with Escape and returns the focus. */
export function Dialog({ title, onClose, children }) {
  const dialog = useRef(null);
  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element.showModal();
    return () => {
      element.close();
      opener?.focus?.();
    };
  }, []);
  return html`
    <dialog ref=${dialog} aria-labelledby="dialog-title" onClose=${onClose}>
      <div class="dialog-head">
        <h2 id="dialog-title" tabindex="-1">${title}</h2>
        <${Button} kind="quiet" onClick=${onClose}>Close<//>
      </div>
      ${children}
    </dialog>
  `;
}

/** A time that machines can read. */
export function Time({ at, text }) {
  return html`<time datetime=${new Date(at).toISOString()}>${text}</time>`;
}
