import fc from 'fast-check';
import { type Markup, markup } from './markup';

describe('markup', () => {
  it('escapes values, and not the markup of other templates', () => {
    const inner = markup`<b>${'<&>"\''}</b>`;
    expect(markup`<p>${inner}${[inner, 1]}</p>`.text).toBe(
      '<p><b>&lt;&amp;&gt;&quot;&#39;</b><b>&lt;&amp;&gt;&quot;&#39;</b>1</p>',
    );
  });

  it('leaves out what is undefined or false', () => {
    expect(markup`[${undefined}${false}${0}${''}]`.text).toBe('[0]');
  });

  it('lets no text end an element or an attribute, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(markup`${text}`.text).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('does not trust an object that only looks like markup', () => {
    const forged = { text: '<script>' } as unknown as Markup;
    expect(() => markup`${forged}`).toThrow(TypeError);
  });
});
