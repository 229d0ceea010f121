import { expect, it } from 'vitest';
import { canvasText } from '../../../../src/tools/toolsets/files/canvas-text.ts';

it.each([
  ['<h1 id="a">Title</h1><h2>Part</h2><p>One<br>two</p>', '# Title\n\n## Part\n\nOne\ntwo'],
  ['<ul><li class="checked">Done</li><li class="unchecked">Open</li></ul>', '- [x] Done\n- [ ] Open'],
  ['<a href="https://example.com/?a=1&amp;b=2">Docs</a>', '[Docs](https://example.com/?a=1&b=2)'],
  ['<a href="https://example.com">https://example.com</a>', 'https://example.com'],
  ['<table><tr><td>a</td><td>b</td></tr></table>', '| a | b'],
  ['<script>alert(1)</script><style>p{}</style>text', 'text'],
  ['&lt;b&gt; &#65;&#x42; &unknown; &#xd800;', '<b> AB &unknown; &#xd800;'],
  ['', ''],
  ['<p', '<p'],
])('canvasText converts %j', (html, text) => {
  expect(canvasText(html)).toBe(text);
});

it('canvasText takes linear time for markup that never ends', () => {
  for (const open of ['<a href="', '<a href=">', '<script>', '<li class="', '<td ', '&#1', '<', ' ', '\n']) {
    const started = performance.now();
    canvasText(open.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  }
});
