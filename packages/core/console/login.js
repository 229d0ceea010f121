import { createApi } from './api.js';
import { useAction } from './hooks.js';
import { html } from './html.js';
import { useRef } from './vendor/hooks.js';

/** Asks for a key. The field has no name and the policy of the page forbids forms, so that it never enters a URL. */
export function Login({ refusal, onAccepted }) {
  const field = useRef(null);
  const {
    run,
    busy,
    error = refusal,
  } = useAction(async () => {
    const key = field.current.value.trim();
    try {
      await createApi(key).groups();
    } catch (failure) {
      field.current.focus();
      throw failure;
    }
    onAccepted(key);
  });
  return html`
    <main class="login">
      <h1>slack-mcp console</h1>
      <form
        method="post"
        onSubmit=${(event) => {
          event.preventDefault();
          run();
        }}
      >
        <label for="key">Key of the operations API</label>
        <input
          id="key"
          ref=${field}
          type="password"
          required
          autofocus
          autocomplete="off"
          spellcheck=${false}
          aria-invalid=${error ? 'true' : undefined}
          aria-describedby="key-help"
        />
        <p id="key-help" class="help">
          A key of <code>SLACK_MCP_OPS_KEY</code>. It stays in this tab until you close the tab.
        </p>
        ${error && html`<p class="failure" role="alert">${error.message}</p>`}
        <button type="submit" class="primary" aria-disabled=${busy ? 'true' : undefined}>Open the console</button>
      </form>
    </main>
  `;
}
