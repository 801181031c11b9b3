import { type TypingState, type Words } from '@typerush/typing';
import { lettersOf } from './letters';

/** Words in the document ahead of the typist; an open-ended text has thousands. */
const AHEAD = 120;

/**
 * Shows a text and what was typed of it. It changes only the letters that a key changes, without React, so that a key is
 * painted in the next frame however long the text is.
 */
export class TextView {
  private readonly lines = document.createElement('div');
  private readonly caret = document.createElement('span');
  private readonly composition = document.createElement('span');
  private readonly shown: HTMLElement[] = [];
  private readonly drawn: string[] = [];
  private readonly resizing: ResizeObserver;
  private current = 0;
  private column = 0;
  /** How many words were behind the typist at the last painting. */
  private settled = 0;

  constructor(
    private readonly window: HTMLElement,
    private words: Words,
  ) {
    this.lines.className = 'text-lines';
    this.caret.className = 'caret';
    this.composition.className = 'composition';
    this.lines.append(this.caret, this.composition);
    this.window.replaceChildren(this.lines);
    this.extend();
    this.resizing = new ResizeObserver(() => this.placeCaret());
    this.resizing.observe(this.window);
    void document.fonts.ready.then(() => this.placeCaret());
    this.placeCaret();
  }

  paint({ typed, current }: Pick<TypingState, 'typed' | 'current'>): void {
    this.current = Math.min(typed.length, this.words.length - 1);
    this.extend();
    // The words before both places are as they were.
    const first = Math.min(this.settled, typed.length);
    const last = Math.max(this.settled, typed.length);
    this.settled = typed.length;
    for (let index = first; index <= last; index += 1) {
      this.draw(
        index,
        typed[index] ?? (index === typed.length ? current : ''),
        index < typed.length,
      );
    }
    this.column = typed.length >= this.words.length ? Infinity : [...current].length;
    this.caret.classList.toggle('resting', typed.length === 0 && current === '');
    this.placeCaret();
  }

  compose(text: string): void {
    this.composition.textContent = text;
  }

  close(): void {
    this.resizing.disconnect();
    this.window.replaceChildren();
  }

  private extend(): void {
    const wanted = Math.min(this.words.length, this.current + AHEAD);
    if (this.shown.length >= wanted) return;
    const fragment = document.createDocumentFragment();
    // Twice as many as wanted, so that the next words are not added at every space.
    const end = Math.min(this.words.length, wanted + AHEAD);
    while (this.shown.length < end) {
      const word = document.createElement('span');
      word.className = 'word';
      for (const text of this.words[this.shown.length] ?? []) word.append(letter(text));
      this.shown.push(word);
      this.drawn.push('');
      fragment.append(word, ' ');
    }
    this.lines.append(fragment);
  }

  private draw(index: number, typed: string, isSettled: boolean): void {
    const word = this.shown[index];
    const target = this.words[index];
    if (!word || !target) return;
    if (this.drawn[index] !== typed) {
      this.drawn[index] = typed;
      const letters = lettersOf(target, typed);
      letters.forEach(({ text, look }, at) => {
        const element = (word.children[at] as HTMLElement | undefined) ?? letter(text);
        if (!element.parentNode) word.append(element);
        const name = look === 'untyped' ? '' : look;
        if (element.className !== name) element.className = name;
        if (look === 'extra' && element.textContent !== text) element.textContent = text;
      });
      while (word.children.length > letters.length) word.lastElementChild?.remove();
    }
    word.classList.toggle('mistyped', isSettled && typed !== target.join(''));
  }

  private placeCaret(): void {
    const word = this.shown[this.current];
    if (!word) return;
    const at = word.children[this.column] as HTMLElement | undefined;
    const last = word.lastElementChild as HTMLElement | null;
    const left = at ? at.offsetLeft : (last?.offsetLeft ?? 0) + (last?.offsetWidth ?? 0);
    const top = word.offsetTop;
    const height = word.offsetHeight;
    this.caret.style.transform = `translate(${left}px, ${top}px)`;
    this.caret.style.height = `${height}px`;
    this.composition.style.transform = `translate(${left}px, ${top}px)`;
    // The line that is typed is the second one that is shown.
    const above = (this.shown[0]?.offsetTop ?? 0) + height;
    this.lines.style.transform = `translateY(${top > above ? above - top : 0}px)`;
  }
}

function letter(text: string): HTMLElement {
  const element = document.createElement('span');
  element.textContent = text;
  return element;
}
