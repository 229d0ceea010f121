/** RabbitMQ's HTTP API, as far as tests need it. */
export class RabbitMQManagement {
  readonly url: string;

  constructor(port: number) {
    this.url = `http://127.0.0.1:${port}/api`;
  }

  /** Sends a request, such as `request('GET', 'queues')`. @throws {Error} on any status but success. */
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}`,
        'content-type': 'application/json',
      },
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

  /** Deletes all queues, exchanges and policies, and all virtual hosts but `/`. */
  async wipe(): Promise<void> {
    for (const kind of ['policies', 'queues', 'exchanges']) {
      const items = (await this.request('GET', kind)) as { name: string; vhost: string }[];
      const own = items.filter(({ name }) => name !== '' && !name.startsWith('amq.'));
      await Promise.all(own.map(({ name, vhost }) => this.#delete(kind, vhost, name)));
    }
    const hosts = (await this.request('GET', 'vhosts')) as { name: string }[];
    for (const { name } of hosts) if (name !== '/') await this.#delete('vhosts', name);
  }

  async #delete(kind: string, ...names: string[]): Promise<void> {
    await this.request('DELETE', [kind, ...names.map(encodeURIComponent)].join('/'));
  }
}
