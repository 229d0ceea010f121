import type { FileSeed } from './seed.ts';

/** A file that is shared in conversations. */
export interface SharedFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  /** Slack's name of the type, such as `csv` or `png`. */
  readonly filetype: string;
  /** `hosted`, `quip` for a canvas, or `list` for a list. */
  readonly mode: string;
  readonly bytes: Uint8Array;
  /** The id of the user who uploaded the file. */
  readonly user: string;
  /** The time of the upload, in seconds since the epoch. */
  readonly created: number;
  /** The messages that share the file. */
  readonly shares: { readonly channel: string; readonly ts: string }[];
}

/** Media types by extension. The type of every other file is `application/octet-stream`. */
const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  gif: 'image/gif',
  jpg: 'image/jpeg',
  md: 'text/markdown',
  pdf: 'application/pdf',
  png: 'image/png',
  txt: 'text/plain',
};

/** The media type of canvases, whose content Slack returns as HTML. */
const CANVAS = 'application/vnd.slack-docs';

/** The media type of lists, which have no content to download. */
const LIST = 'application/vnd.slack-list';

/** The files of a workspace, by ID. */
export class SharedFiles {
  readonly #files = new Map<string, SharedFile>();

  get all(): readonly SharedFile[] {
    return [...this.#files.values()];
  }

  get(id: string): SharedFile | undefined {
    return this.#files.get(id);
  }

  delete(id: string): void {
    this.#files.delete(id);
  }

  /** Replaces the content of a file. */
  setContent(id: string, bytes: Uint8Array): void {
    const file = this.#files.get(id);
    if (file !== undefined) this.#files.set(id, { ...file, bytes });
  }

  /** Adds a file that is shared nowhere yet. */
  add(seed: FileSeed & { id: string; user: string; created: number }): SharedFile {
    const { id, name, title = name, content, user, created } = seed;
    const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
    const mimetype = seed.mimetype ?? TYPES[extension] ?? 'application/octet-stream';
    const special = mimetype === CANVAS ? 'quip' : mimetype === LIST ? 'list' : undefined;
    const file: SharedFile = {
      id,
      name,
      title,
      mimetype,
      filetype: special ?? (extension in TYPES ? extension : 'binary'),
      mode: special ?? 'hosted',
      bytes: typeof content === 'string' ? Buffer.from(content) : content,
      user,
      created,
      shares: [],
    };
    this.#files.set(id, file);
    return file;
  }
}
