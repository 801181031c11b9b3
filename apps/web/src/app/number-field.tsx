import { useEffect, useId, useRef, useState } from 'react';

interface NumberFieldProps {
  readonly name: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
  readonly onChange: (value: number) => void;
}

/** Until what is typed counts: each step of a held arrow key would be a request. */
const PAUSE_MS = 300;

/** A whole number between two bounds. A number outside of them becomes the nearest one when the field is left. */
export function NumberField({ name, value, min, max, unit, onChange }: NumberFieldProps) {
  const [text, setText] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const id = useId();

  useEffect(() => () => clearTimeout(timer.current), []);

  const commit = (number: number) => {
    clearTimeout(timer.current);
    if (number !== value) onChange(number);
  };
  const change = (typed: string) => {
    setText(typed);
    clearTimeout(timer.current);
    const number = Number(typed);
    if (/^\d+$/.test(typed) && number >= min && number <= max) {
      timer.current = setTimeout(() => commit(number), PAUSE_MS);
    }
  };
  const settle = () => {
    const number = Math.round(Number(text));
    if (text !== undefined && text.trim() !== '' && Number.isFinite(number)) {
      commit(Math.min(max, Math.max(min, number)));
    }
    setText(undefined);
  };

  return (
    <div className="number-field">
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        className="input"
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        value={text ?? value}
        onChange={(event) => change(event.target.value)}
        onBlur={settle}
        onKeyDown={({ key }) => key === 'Enter' && settle()}
      />
      {unit !== undefined && <span className="unit">{unit}</span>}
    </div>
  );
}
