import type { JsonObject } from '../json.ts';
import type { SharedFile, SharedFiles } from './shared-files.ts';

/** The media type of lists. */
const LIST = 'application/vnd.slack-list';

/** A column of a list, as `list_metadata.schema` shows it. */
export interface ListColumn extends JsonObject {
  id: string;
  key: string;
  name: string;
  type: string;
}

/** An item of a list, as Slack returns it. */
export interface ListItem extends JsonObject {
  id: string;
  fields: JsonObject[];
}

/** A list, which is a file with columns and items. */
export interface SlackList {
  readonly schema: readonly ListColumn[];
  readonly items: ListItem[];
  description?: JsonObject[] | undefined;
  /** Whether the list is a list of tasks. */
  isTodo?: boolean | undefined;
}

/** The lists of a workspace, by the id of their file. */
export class Lists {
  readonly #files: SharedFiles;
  readonly #lists = new Map<string, SlackList>();

  constructor(files: SharedFiles) {
    this.#files = files;
  }

  /** Creates a list that is in no channel yet. */
  create(file: { id: string; name: string; user: string; created: number }, schema: readonly ListColumn[]): SharedFile {
    this.#lists.set(file.id, { schema, items: [] });
    return this.#files.add({ ...file, mimetype: LIST, content: '' });
  }

  get(id: string): SlackList | undefined {
    return this.#lists.get(id);
  }
}
