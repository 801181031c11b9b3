interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly explanation?: string;
  readonly isLarge?: boolean;
  readonly testId?: string;
}

/** One number with its name, inside a `dl`. */
export function Figure({ name, value, explanation, isLarge = false, testId }: FigureProps) {
  return (
    <div className={isLarge ? 'figure large' : 'figure'}>
      <dt>{name}</dt>
      <dd data-testid={testId}>{value}</dd>
      {explanation !== undefined && <dd className="explanation">{explanation}</dd>}
    </div>
  );
}
