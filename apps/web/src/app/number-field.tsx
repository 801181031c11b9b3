import { useId, useState } from 'react';

interface NumberFieldProps {
  readonly name: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
  readonly onChange: (value: number) => void;
}

/** A whole number between two bounds. What is typed counts as soon as it is one; anything else is taken back at the end. */
export function NumberField({ name, value, min, max, unit, onChange }: NumberFieldProps) {
  const [text, setText] = useState<string>();
  const id = useId();

  const change = (typed: string) => {
    setText(typed);
    const number = Number(typed);
    const isValid = /^\d+$/.test(typed) && number >= min && number <= max;
    if (isValid && number !== value) onChange(number);
  };
  const settle = () => {
    const number = Math.round(Number(text));
    if (text !== undefined && text.trim() !== '' && Number.isFinite(number)) {
      const nearest = Math.min(max, Math.max(min, number));
      if (nearest !== value) onChange(nearest);
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
      />
      {unit !== undefined && <span className="unit">{unit}</span>}
    </div>
  );
}
