/** What a user may do. */
export interface RabbitMQRights {
  readonly configure?: string;
  readonly write?: string;
  readonly read?: string;
}

const REQUEST_TIMEOUT_MS = 15_000;

/** RabbitMQ's HTTP API, as far as tests need it. Its counts of messages are up to five seconds old. */
export class RabbitMQManagement {
  readonly url: string;

  /** @param url - where the API is, such as a broker's `managementUrl` */
  constructor(url: string) {
    this.url = url;
  }

  /** Sends a request, such as `request('GET', 'queues')`. @throws {Error} on any status but success. */
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/api/${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}`,
        'content-type': 'application/json',
      },
      // A node waits for others that stand still, before it answers what concerns all.
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
   * Creates a user with rights in one virtual host, each a pattern for names: `configure` for what it may declare,
   * `write` for what it may publish to, `read` for what it may consume from. Default of each: nothing.
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

  /** Deletes all queues, exchanges and policies, and all virtual hosts but `/`. */
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
