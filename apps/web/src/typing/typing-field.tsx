import './typing-field.css';
import { type TypingState, type Words } from '@typerush/typing';
import {
  type KeyboardEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from 'react';
import { KeyInput } from './key-input';
import { TextView } from './text-view';

export interface TypingFieldHandle {
  focus(): void;
  paint(state: TypingState): void;
}

interface TypingFieldProps {
  readonly words: Words;
  readonly label: string;
  /** The state to start from: of a round that was resumed. */
  readonly state: TypingState;
  /** @returns the state after a key */
  readonly onKey: (key: string, at: number) => TypingState;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly isDisabled?: boolean;
  readonly ref?: Ref<TypingFieldHandle>;
}

/** A text, its caret, and the field that takes the keys. */
export function TypingField(props: TypingFieldProps) {
  const { words, label, state, onKey, onKeyDown, isDisabled = false, ref } = props;
  const text = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const view = useRef<TextView>(undefined);
  const typeKey = useRef(onKey);
  const [hasFocus, setFocus] = useState(false);
  const [hasCapsLock, setCapsLock] = useState(false);
  const id = useId();

  useEffect(() => {
    typeKey.current = onKey;
  });

  useEffect(() => {
    if (!text.current || !field.current) return undefined;
    const shown = new TextView(text.current, words);
    view.current = shown;
    shown.paint(state);
    const input = new KeyInput(field.current, {
      onKeys: (keys, at) => {
        for (const key of keys) shown.paint(typeKey.current(key, at));
      },
      onComposition: (composed) => shown.compose(composed),
      onCapsLock: setCapsLock,
    });
    return () => {
      input.close();
      shown.close();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the state to start from; a later one is painted by the handle
  }, [words]);

  useEffect(() => {
    if (!isDisabled) field.current?.focus({ preventScroll: true });
  }, [words, isDisabled]);

  useEffect(() => {
    const takeKey = ({ key, target, ctrlKey, altKey, metaKey }: globalThis.KeyboardEvent) => {
      const isFree =
        (target === document.body || target === document.getElementById('main')) &&
        !ctrlKey &&
        !altKey &&
        !metaKey;
      // The key that brings the focus is typed, too: its input follows.
      if (isFree && [...key].length === 1) field.current?.focus({ preventScroll: true });
    };
    document.addEventListener('keydown', takeKey);
    return () => document.removeEventListener('keydown', takeKey);
  }, []);

  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    paint: (next) => view.current?.paint(next),
  }));

  return (
    <div className={hasFocus || isDisabled ? 'typing-field' : 'typing-field unfocused'}>
      <p className="caps-notice" role="status">
        {hasCapsLock && hasFocus ? 'Caps lock is on' : ''}
      </p>
      <div className="typing-area">
        <p className="sr-only" id={`${id}-text`}>
          {words
            .slice(0, 120)
            .map((word) => word.join(''))
            .join(' ')}
        </p>
        <div className="text-window" ref={text} aria-hidden="true" data-testid="text" />
        <input
          ref={field}
          className="key-catcher"
          type="text"
          aria-label={label}
          aria-describedby={`${id}-text`}
          autoCapitalize="off"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          disabled={isDisabled}
          onFocus={() => setFocus(true)}
          onBlur={() => setFocus(false)}
          onKeyDown={onKeyDown}
          onPaste={(event) => event.preventDefault()}
          data-testid="typing-input"
        />
        {!hasFocus && !isDisabled && (
          <p className="focus-notice" aria-hidden="true">
            Click here or press a key to continue
          </p>
        )}
      </div>
    </div>
  );
}
