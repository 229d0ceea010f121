import { count } from './format.js';
import { html } from './html.js';

const WIDTH = 120;
const HEIGHT = 28;

/** A line of the latest values. Screen readers get its first, last and highest value. */
export function Sparkline({ values, noun }) {
  if (values.length < 2) return null;
  const highest = Math.max(1, ...values);
  const step = WIDTH / (values.length - 1);
  const points = values.map((value, index) => {
    const y = HEIGHT - 2 - (value / highest) * (HEIGHT - 4);
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`;
  });
  const label = `${noun}: ${values[0]} at first, ${values.at(-1)} now, at most ${count(Math.max(...values), 'message')}`;
  return html`
    <svg class="sparkline" role="img" aria-label=${label} viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">
      <polygon points="0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}" />
      <polyline points=${points.join(' ')} vector-effect="non-scaling-stroke" />
    </svg>
  `;
}
