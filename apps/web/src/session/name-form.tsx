import { type FormEvent, useId, useState } from 'react';
import { type Failure, failureOf } from '../app/failure';
import { signIn, useSession } from './session-store';

interface NameFormProps {
  readonly action: string;
  /** For a second player in the same browser. */
  readonly onlyThisTab?: boolean;
  readonly onDone?: () => void;
}

/** Asks for a name and makes a guest of it. */
export function NameForm({ action, onlyThisTab = false, onDone }: NameFormProps) {
  const { expiredName } = useSession();
  const [name, setName] = useState(onlyThisTab ? '' : (expiredName ?? ''));
  const [failure, setFailure] = useState<Failure>();
  const [isBusy, setBusy] = useState(false);
  const id = useId();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await signIn(name, { onlyThisTab });
      onDone?.();
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className="name-form" onSubmit={(event) => void submit(event)}>
      {expiredName !== undefined && !onlyThisTab && (
        <p className="note">Continue with the same name, or take another one.</p>
      )}
      <label htmlFor={id}>Your name</label>
      <div className="field-row">
        <input
          id={id}
          className="input"
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={80}
          minLength={2}
          required
          autoComplete="nickname"
          spellCheck={false}
          placeholder="2 to 20 characters"
          aria-invalid={failure !== undefined}
          aria-describedby={failure ? `${id}-error` : undefined}
        />
        <button className="button primary" disabled={isBusy}>
          {action}
        </button>
      </div>
      {failure && (
        <p className="error" role="alert" id={`${id}-error`}>
          {failure.message}
        </p>
      )}
    </form>
  );
}
