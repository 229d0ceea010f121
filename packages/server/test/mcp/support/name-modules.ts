/** A module for `--import` that prints to stderr every module loaded after it. */
export const NAME_MODULES: string = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => (process.stderr.write(url + '\\n'), next(url, context)) });
`)}`;
