/** Quotes a path for a command line, if it needs quotes. */
export function quotePath(path: string, platform: NodeJS.Platform = process.platform): string {
  const separate = path.startsWith('-') ? `./${path}` : path;
  if (/^[\p{L}\p{N}_@%+=:,./\\-]+$/u.test(separate) && (platform === 'win32' || !separate.includes('\\'))) {
    return separate;
  }
  return platform === 'win32' ? `"${separate}"` : `'${separate.replaceAll("'", "'\\''")}'`;
}
