import { Canvases } from './canvases.ts';
import { Lists } from './lists.ts';
import { SharedFiles } from './shared-files.ts';

/** A file for which the app requested an upload URL. */
export interface Upload {
  readonly id: string;
  readonly filename: string;
  /** The announced size in bytes. */
  readonly length: number;
  /** Undefined until the bytes arrive. */
  bytes: Buffer | undefined;
  /** Whether `files.completeUploadExternal` was called. */
  isComplete: boolean;
}

/** The files that the app uploads, by ID. */
export class Uploads {
  /** The address of the simulator, without a trailing slash. */
  origin = '';
  /** The files that are shared, from the seed and from uploads. */
  readonly files: SharedFiles = new SharedFiles();
  readonly canvases: Canvases = new Canvases(this.files);
  readonly lists: Lists = new Lists(this.files);
  readonly #uploads = new Map<string, Upload>();

  /** Returns the URL that accepts the bytes. */
  start(id: string, filename: string, length: number): string {
    this.#uploads.set(id, { id, filename, length, bytes: undefined, isComplete: false });
    return `${this.origin}/upload/v1/${id}`;
  }

  /** Stores the bytes. Returns false if no upload was started under this ID, or if the size differs. */
  receive(id: string, bytes: Buffer): boolean {
    const upload = this.#uploads.get(id);
    if (upload === undefined || upload.isComplete || upload.length !== bytes.length) return false;
    upload.bytes = bytes;
    return true;
  }

  get(id: string): Upload | undefined {
    return this.#uploads.get(id);
  }
}
