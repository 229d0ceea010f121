import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TestRunner } from 'vitest';

/**
 * Imports test files by their own URL, so that Node finds them in its compile cache. Vitest adds the time to the URL,
 * which would compile each file again in each run and add it to the cache. A process runs a test file only once.
 * Setup files run before each test file, so they keep vitest's URL. A setup file in the folder `test` of a package runs
 * only before the tests of that package.
 */
// biome-ignore lint/style/noDefaultExport: the shape of a runner of vitest
export default class NativeRunner extends TestRunner {
  #testFile = '';

  // Without isolation, vitest passes one file at a time.
  onBeforeCollect([testFile = '']: string[]): void {
    this.#testFile = testFile;
  }

  override importFile(filepath: string, source: 'collect' | 'setup'): unknown {
    if (source === 'collect') return import(pathToFileURL(filepath).href);
    const folder = dirname(filepath);
    const isOfOthers = folder.endsWith('/test') && !this.#testFile.startsWith(`${folder}/`);
    return isOfOthers ? undefined : super.importFile(filepath, source);
  }
}
