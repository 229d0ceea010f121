/** A module for `--import`, which names on stderr every module that is loaded after it. */
export const NAME_MODULES: string = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => (process.stderr.write(url + '\\n'), next(url, context)) });
`)}`;
