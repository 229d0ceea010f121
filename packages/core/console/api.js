/** An error that the server answered, or the failure to reach it. */
export class ApiError extends Error {
  constructor(message, { code = 'unreachable', status = 0 } = {}) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * A client of the operations API. The key stays in this object and in the header of each request. URLs are relative to
 * the page, so that the console works below any path of a proxy.
 */
export function createApi(key, { onUnauthorized = () => {} } = {}) {
  async function request(path, { method = 'GET', query = {}, body, signal } = {}) {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) search.set(name, value);
    }
    const url = search.size > 0 ? `${path}?${search}` : path;
    const headers = { authorization: `Bearer ${key}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    let response;
    try {
      response = await fetch(url, {
        method,
        headers,
        signal,
        credentials: 'omit',
        cache: 'no-store',
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiError('The process does not answer.');
    }
    if (response.ok) return response;
    const { error = {} } = await response.json().catch(() => ({}));
    const failure = new ApiError(error.message ?? `The process answered ${response.status}.`, {
      code: error.code,
      status: response.status,
    });
    if (response.status === 401) onUnauthorized(failure);
    throw failure;
  }

  const json = async (path, options) => (await request(path, options)).json();
  const at = (name) => encodeURIComponent(name);
  return {
    groups: () => json('ops/groups'),
    errors: (group) => json('ops/dead-letters/errors', { query: { group } }),
    deadLetters: (query) => json('ops/dead-letters', { query }),
    deadLetter: (group, id, payload) =>
      json(`ops/dead-letters/${at(id)}`, { query: { group, ...(payload && { payload: 'true' }) } }),
    // A field that the operator left empty selects nothing.
    events: (query) =>
      json('ops/events', { query: Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')) }),
    jobs: () => json('ops/jobs'),
    job: (id) => json(`ops/jobs/${at(id)}`),
    startJob: (body) => json('ops/jobs', { method: 'POST', body }),
    cancelJob: (id) => json(`ops/jobs/${at(id)}/cancel`, { method: 'POST' }),
    pause: (group) => json(`ops/groups/${at(group)}/pause`, { method: 'POST' }),
    resume: (group) => json(`ops/groups/${at(group)}/resume`, { method: 'POST' }),
    live: (signal) => request('ops/live', { signal }),
  };
}

/** Reads the paths that this version of the API has. */
export async function readPaths() {
  const response = await fetch('ops/openapi.json', { credentials: 'omit' }).catch(() => undefined);
  const { paths = {} } = response?.ok ? await response.json() : {};
  return new Set(Object.keys(paths));
}

/** Reads the health of the process, which needs no key. Returns undefined if this port does not serve it. */
export async function readHealth() {
  const response = await fetch('health', { credentials: 'omit', cache: 'no-store' }).catch(() => undefined);
  if (response === undefined) throw new ApiError('The process does not answer.');
  if (response.status !== 200 && response.status !== 503) return undefined;
  return response.json();
}

/** Yields the name and the data of each server-sent event of a response. The name of most events is `message`. */
export async function* readEventStream(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const valuesOf = (field) =>
        block
          .split('\n')
          .filter((line) => line.startsWith(`${field}:`))
          .map((line) => line.slice(field.length + 1).trim());
      const data = valuesOf('data').join('\n');
      if (data !== '') yield { name: valuesOf('event')[0] ?? 'message', data: JSON.parse(data) };
    }
  }
}
