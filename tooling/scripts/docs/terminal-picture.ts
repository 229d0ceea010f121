const COLUMN = 8.4;
const ROW = 19;
const MARGIN = 18;

/** Draws terminal lines as an SVG picture: monospaced, dark in both color schemes, readable without scripts. */
export function terminalPicture(title: string, lines: readonly string[]): string {
  const columns = Math.max(...lines.map((line) => line.length));
  const width = Math.ceil(columns * COLUMN) + 2 * MARGIN;
  const height = (lines.length + 1) * ROW + 2 * MARGIN;
  const rows = lines.map((line, index) => {
    const y = MARGIN + (index + 2) * ROW;
    return `  <text x="${MARGIN}" y="${y}" fill="${colourOf(line)}" xml:space="preserve">${escaped(line)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `  <rect width="${width}" height="${height}" rx="10" fill="#1a1d24"/>`,
    '  <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">',
    `  <text x="${MARGIN}" y="${MARGIN + ROW / 2}" fill="#8b93a5">$ ${escaped(title)}</text>`,
    ...rows,
    '  </g>',
    '</svg>',
    '',
  ].join('\n');
}

function colourOf(line: string): string {
  if (/\blost, 0 handled twice|^Nothing lost/.test(line)) return '#7ee2a8';
  if (/cut off/.test(line)) return '#f2c879';
  return '#dfe3ec';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
