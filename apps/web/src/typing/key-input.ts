import { keysBetween, keysOf } from './keys';

export interface KeyInputOptions {
  /** @param at when the key was pressed, as `performance.now` */
  readonly onKeys: (keys: readonly string[], at: number) => void;
  /** What an input method has not committed yet. */
  readonly onComposition: (text: string) => void;
  readonly onCapsLock: (isOn: boolean) => void;
}

/** With nothing before the caret, keyboards of phones report no deletion. */
const BEFORE_CARET = '\u00a0';

/** Reads keys, words that a phone's keyboard composes, and the text of input methods from a text field. */
export class KeyInput {
  private readonly ending = new AbortController();
  private pressedAt: number | undefined;
  private isVirtual = false;
  private isComposing = false;
  private composed = '';

  constructor(
    private readonly field: HTMLInputElement,
    private readonly options: KeyInputOptions,
  ) {
    const { signal } = this.ending;
    field.addEventListener('keydown', (event) => this.press(event), { signal });
    field.addEventListener('keyup', (event) => this.noticeCapsLock(event), { signal });
    field.addEventListener('beforeinput', (event) => this.beforeInput(event), { signal });
    field.addEventListener('input', () => this.reset(), { signal });
    field.addEventListener('compositionstart', () => this.startComposition(), { signal });
    field.addEventListener('compositionupdate', (event) => this.compose(event.data), { signal });
    field.addEventListener('compositionend', (event) => this.commit(event.data), { signal });
    this.reset();
  }

  close(): void {
    this.ending.abort();
  }

  private press(event: KeyboardEvent): void {
    this.noticeCapsLock(event);
    this.pressedAt = event.timeStamp;
    // A keyboard on a screen has no physical key.
    this.isVirtual = event.code === '';
  }

  private noticeCapsLock(event: KeyboardEvent): void {
    if (event.isTrusted) this.options.onCapsLock(event.getModifierState('CapsLock'));
  }

  private beforeInput(event: InputEvent): void {
    if (event.inputType === 'insertCompositionText' || this.isComposing) return;
    event.preventDefault();
    this.type(keysOf(event), event.timeStamp);
  }

  private startComposition(): void {
    this.isComposing = true;
    this.composed = '';
  }

  /** A phone's keyboard composes every word from characters that are final; an input method shows what may come. */
  private compose(text: string): void {
    if (!this.isVirtual) return this.options.onComposition(text);
    this.type(keysBetween(this.composed, text), performance.now());
    this.composed = text;
  }

  private commit(text: string): void {
    this.type(keysBetween(this.composed, text), performance.now());
    this.isComposing = false;
    this.composed = '';
    this.options.onComposition('');
    this.reset();
  }

  private type(keys: readonly string[], at: number): void {
    if (keys.length > 0) this.options.onKeys(keys, this.pressedAt ?? at);
    this.pressedAt = undefined;
  }

  private reset(): void {
    if (this.isComposing) return;
    this.field.value = BEFORE_CARET;
    this.field.setSelectionRange(1, 1);
  }
}
