import type { FileSeed } from './seed.ts';

/** A file that is shared in conversations. */
export interface SharedFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  /** Slack's name of the type, such as `csv` or `png`. */
  readonly filetype: string;
  /** `hosted`, `quip` for a canvas, `list` for a list, or `external` for a file that is stored elsewhere. */
  readonly mode: string;
  readonly bytes: Uint8Array;
  /** The id of the user who uploaded the file. */
  readonly user: string;
  /** The time of the upload, in seconds since the epoch. */
  readonly created: number;
  /** The messages that share the file. In a channel with the level `read`, members can only read a canvas or a list. */
  readonly shares: { readonly channel: string; readonly ts: string; readonly level?: string }[];
  /** The level of access that was given to single users, such as `write`, by user id. */
  readonly access: Map<string, string>;
  /** Whether the file has a public link. */
  readonly isPublicUrlShared?: boolean;
  /** Where the file is stored, if not in Slack. */
  readonly external?: { readonly id: string; readonly url: string };
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

  /** Replaces some fields of a file. */
  change(
    id: string,
    facts: Partial<Pick<SharedFile, 'name' | 'title' | 'filetype' | 'isPublicUrlShared' | 'external'>>,
  ): void {
    const file = this.#files.get(id);
    if (file !== undefined) this.#files.set(id, { ...file, ...facts });
  }

  /** Adds a file that is shared nowhere yet. */
  add(seed: FileSeed & Pick<SharedFile, 'id' | 'user' | 'created' | 'external'>): SharedFile {
    const { id, name, title = name, content, user, created, external } = seed;
    const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
    const mimetype = seed.mimetype ?? TYPES[extension] ?? 'application/octet-stream';
    const special = mimetype === CANVAS ? 'quip' : mimetype === LIST ? 'list' : undefined;
    const file: SharedFile = {
      id,
      name,
      title,
      mimetype,
      filetype: special ?? (extension in TYPES ? extension : 'binary'),
      mode: external === undefined ? (special ?? 'hosted') : 'external',
      bytes: typeof content === 'string' ? Buffer.from(content) : content,
      user,
      created,
      shares: [],
      access: new Map(),
      ...(external && { external }),
    };
    this.#files.set(id, file);
    return file;
  }
}
