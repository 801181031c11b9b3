import { useId } from 'react';

interface ChoicesProps<T extends string | number> {
  readonly legend: string;
  readonly values: readonly T[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
  readonly nameOf?: (value: T) => string;
  readonly isDisabled?: boolean;
}

/** One of a few values: radio buttons, moved through by arrow keys. */
export function Choices<T extends string | number>(props: ChoicesProps<T>) {
  const { legend, values, chosen, onChoose, nameOf = String, isDisabled = false } = props;
  const name = useId();
  return (
    <fieldset className="choices" disabled={isDisabled}>
      <legend>{legend}</legend>
      {values.map((value) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          <span>{nameOf(value)}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface ToggleProps {
  readonly name: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
}

export function Toggle({ name, isOn, onChange, isDisabled = false }: ToggleProps) {
  return (
    <label className="toggle">
      <input
        type="checkbox"
        checked={isOn}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{name}</span>
    </label>
  );
}
