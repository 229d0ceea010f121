/** The page that shows the OpenAPI document of the tools. */
export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Slack tools</title>
<link rel="stylesheet" href="/docs/docs.css">
<script src="/docs/docs.js" defer></script>
<main>
<h1>Slack tools</h1>
<p>The tools of this server as plain HTTP. The description for programs is <a href="/openapi.json">openapi.json</a>.</p>
<form id="access" hidden>
<label for="key">Access key</label>
<input id="key" type="password" autocomplete="off" required>
<button>Show the tools</button>
</form>
<p id="state" role="status">Loading …</p>
<div id="tools"></div>
</main>
</html>
`;

/** The script of the page. It creates all content as text nodes, because titles and descriptions are not markup. */
export const DOCS_SCRIPT = `'use strict';
const at = (id) => document.getElementById(id);

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function endpoint(path, method, { summary, responses }) {
  const answers = Object.entries(responses).map(([status, { description }]) =>
    element('li', '', element('strong', status), ' ' + description));
  return element('section', '', element('h2', method.toUpperCase() + ' ' + path), element('p', summary),
    element('details', '', element('summary', 'Answers'), element('ul', '', ...answers)));
}

function tool(name, schemas) {
  const { description, ...schema } = schemas[name + '.arguments'];
  const example = JSON.stringify({ name, arguments: {} });
  return element('section', '', element('h3', name), element('p', description),
    element('details', '', element('summary', 'Arguments'), element('pre', JSON.stringify(schema, null, 2))),
    element('pre', "curl -X POST " + location.origin + "/call_tool -H 'content-type: application/json' -d '" + example + "'"));
}

async function show(key) {
  at('state').textContent = 'Loading …';
  const answer = await fetch('/openapi.json', key ? { headers: { authorization: 'Bearer ' + key } } : {});
  at('access').hidden = answer.ok;
  if (!answer.ok) {
    at('state').textContent = key ? 'The server did not accept the key.' : 'This server needs an access key.';
    return;
  }
  const { paths, components } = await answer.json();
  const names = Object.keys(components.schemas).flatMap((name) =>
    name.endsWith('.arguments') ? [name.slice(0, -'.arguments'.length)] : []);
  at('state').textContent = names.length + ' tools';
  at('tools').replaceChildren(
    ...Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => endpoint(path, method, operation))),
    element('h2', 'Tools'), ...names.map((name) => tool(name, components.schemas)));
}

function failed() {
  at('state').textContent = 'The server cannot be reached.';
}
at('access').addEventListener('submit', (event) => {
  event.preventDefault();
  show(at('key').value).catch(failed);
});
show().catch(failed);
`;

export const DOCS_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 56rem; margin: 0 auto; padding: 1rem; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
section { border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
p { white-space: pre-line; }
`;
