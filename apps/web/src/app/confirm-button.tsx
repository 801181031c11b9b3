import { useEffect, useRef, useState } from 'react';

interface ConfirmButtonProps {
  readonly name: string;
  /** Of the button, if its name is not enough out of context. */
  readonly label?: string;
  /** What follows from it. */
  readonly question: string;
  readonly confirm: string;
  readonly onConfirm: () => void;
}

/** A button for what cannot be undone: it asks before it acts. */
export function ConfirmButton({ name, label, question, confirm, onConfirm }: ConfirmButtonProps) {
  const [isAsking, setAsking] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  const start = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);

  useEffect(() => {
    // The safe answer has the focus.
    if (isAsking) keep.current?.focus();
    else if (wasAsking.current) start.current?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);

  if (!isAsking) {
    return (
      <button
        className="button quiet"
        ref={start}
        aria-label={label}
        onClick={() => setAsking(true)}
      >
        {name}
      </button>
    );
  }
  return (
    <span
      className="confirm"
      role="group"
      aria-label={question}
      onKeyDown={({ key }) => key === 'Escape' && setAsking(false)}
    >
      <span>{question}</span>
      <button
        className="button"
        onClick={() => {
          setAsking(false);
          onConfirm();
        }}
      >
        {confirm}
      </button>
      <button className="button quiet" ref={keep} onClick={() => setAsking(false)}>
        Cancel
      </button>
    </span>
  );
}
