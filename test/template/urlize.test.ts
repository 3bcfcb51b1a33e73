/** What Jinja2 3.1 gives for the same texts. */
import { expect, it } from 'vitest'
import { evaluate } from './make-templar.ts'

it.each([
  [
    "'see http://a.org/x(y). and (www.b.com), <c.net>' | urlize",
    'see <a href="http://a.org/x(y)" rel="noopener">http://a.org/x(y)</a>. and (<a href="https://www.b.com" rel="noopener">www.b.com</a>), &lt;c.net&gt;',
  ],
  [
    "'a@b.org mailto:c@d.org' | urlize",
    '<a href="mailto:a@b.org">a@b.org</a> <a href="mailto:c@d.org">c@d.org</a>',
  ],
  [
    "'http://example.org/long/path' | urlize(trim_url_limit=10)",
    '<a href="http://example.org/long/path" rel="noopener">http://exa...</a>',
  ],
  [
    "'x.org ftp://y' | urlize(nofollow=true, target='_blank', extra_schemes=['ftp://'])",
    'x.org <a href="ftp://y" rel="nofollow noopener" target="_blank">ftp://y</a>',
  ],
  [
    "'http://1.2.3.4:80/ http://[::1]/ & <b>' | urlize",
    '<a href="http://1.2.3.4:80/" rel="noopener">http://1.2.3.4:80/</a> <a href="http://[::1]/" rel="noopener">http://[::1]/</a> &amp; &lt;b&gt;',
  ],
  ["'<http://a.org>' | urlize(rel='x')", '&lt;<a href="http://a.org" rel="noopener x">http://a.org</a>&gt;'],
  ["'foo.de https://x' | urlize", 'foo.de https://x'],
])('%s', (source, text) => {
  expect(evaluate(`{{ ${source} }}`)).toBe(text)
})

it('a scheme without its colon is refused', () => {
  expect(() => evaluate("{{ 'x' | urlize(extra_schemes=['ftp']) }}")).toThrow("'ftp' is no scheme")
})
