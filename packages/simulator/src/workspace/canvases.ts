import { type CanvasSection, sectionsOfHtml, sectionsOfMarkdown } from './canvas-sections.ts';
import type { SharedFile, SharedFiles } from './shared-files.ts';

/** The media type of canvases. */
const CANVAS = 'application/vnd.slack-docs';

/** The data of a new canvas. */
export interface NewCanvas {
  readonly id: string;
  readonly title: string;
  readonly markdown: string;
  readonly user: string;
  readonly created: number;
}

/** The canvases of a workspace, which are files with sections. */
export class Canvases {
  /** The ids of the canvases that belong to a channel itself, by the id of the channel. */
  readonly ofChannels: Map<string, string> = new Map();
  readonly #files: SharedFiles;
  readonly #sections = new Map<string, CanvasSection[]>();
  #lastSection = 0;

  constructor(files: SharedFiles) {
    this.#files = files;
  }

  /** Creates a canvas that is in no channel yet. */
  create({ title, markdown, ...file }: NewCanvas): SharedFile {
    const canvas = this.#files.add({ ...file, name: title || 'Untitled', mimetype: CANVAS, content: '' });
    this.#store(canvas.id, this.#named(sectionsOfMarkdown(markdown)));
    return canvas;
  }

  /** Returns a canvas by its id, or undefined for other files. */
  get(id: string): SharedFile | undefined {
    const file = this.#files.get(id);
    return file?.mimetype === CANVAS ? file : undefined;
  }

  sections(id: string): readonly CanvasSection[] {
    const known = this.#sections.get(id);
    if (known !== undefined) return known;
    const html = Buffer.from(this.#files.get(id)?.bytes ?? []).toString();
    const sections = this.#named(sectionsOfHtml(html));
    this.#sections.set(id, sections);
    return sections;
  }

  /**
   * Replaces sections with the sections of a Markdown text.
   *
   * @param at - the position of the first section
   * @param count - the number of sections to remove
   */
  replace(id: string, at: number, count: number, markdown: string): void {
    this.#store(id, this.sections(id).toSpliced(at, count, ...this.#named(sectionsOfMarkdown(markdown))));
  }

  /** Gives each section an id in the format that Slack's documentation of `canvases.edit` shows. */
  #named(sections: readonly string[]): CanvasSection[] {
    return sections.map((html) => {
      this.#lastSection += 1;
      return { id: `temp:C:SIM${String(this.#lastSection).padStart(25, '0')}`, html };
    });
  }

  #store(id: string, sections: CanvasSection[]): void {
    this.#sections.set(id, sections);
    this.#files.setContent(id, Buffer.from(sections.map(({ html }) => html).join('\n')));
  }
}
