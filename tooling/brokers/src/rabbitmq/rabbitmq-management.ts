/** The permissions of a user. */
export interface RabbitMQRights {
  readonly configure?: string;
  readonly write?: string;
  readonly read?: string;
}

const REQUEST_TIMEOUT_MS = 60_000;

/** The part of RabbitMQ's HTTP API that tests need. Its message counts are up to five seconds old. */
export class RabbitMQManagement {
  readonly url: string;

  /** @param url - the address of the API, for example a broker's `managementUrl` */
  constructor(url: string) {
    this.url = url;
  }

  /** Sends a request, for example `request('GET', 'queues')`. @throws {Error} unless it succeeds */
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/api/${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}`,
        'content-type': 'application/json',
      },
      // A node waits for paused nodes before it answers requests about all nodes.
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async createVirtualHost(name: string): Promise<void> {
    const host = encodeURIComponent(name);
    await this.request('PUT', `vhosts/${host}`);
    await this.request('PUT', `permissions/${host}/guest`, { configure: '.*', write: '.*', read: '.*' });
  }

  async deleteVirtualHost(name: string): Promise<void> {
    await this.#delete('vhosts', name);
  }

  /**
   * Creates a user with permissions in one virtual host. Each is a pattern for names that the user may declare
   * (`configure`), publish to (`write`) or consume from (`read`). Each defaults to no access.
   */
  async createUser(name: string, password: string, virtualHost: string, rights: RabbitMQRights = {}): Promise<void> {
    const { configure = '', write = '', read = '' } = rights;
    await this.request('PUT', `users/${encodeURIComponent(name)}`, { password, tags: '' });
    const path = `permissions/${encodeURIComponent(virtualHost)}/${encodeURIComponent(name)}`;
    await this.request('PUT', path, { configure, write, read });
  }

  /** Closes the connections of a virtual host. */
  async closeConnections(virtualHost: string): Promise<void> {
    const path = `vhosts/${encodeURIComponent(virtualHost)}/connections`;
    const connections = (await this.request('GET', path)) as { name: string }[];
    await Promise.all(connections.map(({ name }) => this.#delete('connections', name)));
  }

  /** Deletes all queues, exchanges and policies, and all virtual hosts except `/`. */
  async wipe(): Promise<void> {
    for (const kind of ['policies', 'queues', 'exchanges']) {
      const items = (await this.request('GET', kind)) as { name: string; vhost: string }[];
      const own = items.filter(({ name }) => name !== '' && !name.startsWith('amq.'));
      await Promise.all(own.map(({ name, vhost }) => this.#delete(kind, vhost, name)));
    }
    const hosts = (await this.request('GET', 'vhosts')) as { name: string }[];
    for (const { name } of hosts) if (name !== '/') await this.deleteVirtualHost(name);
  }

  async #delete(kind: string, ...names: string[]): Promise<void> {
    await this.request('DELETE', [kind, ...names.map(encodeURIComponent)].join('/'));
  }
}
