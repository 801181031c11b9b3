import { useId } from 'react';
import { announce } from '../app/announcer';

/** The link to a room. */
export function Invitation({ code }: { readonly code: string }) {
  const link = `${location.origin}/race/${code}`;
  const id = useId();
  const copy = () =>
    // Without the right to write, or on a page without TLS, the field is there to copy from.
    navigator.clipboard?.writeText(link).then(
      () => announce('The link is copied.'),
      () => document.getElementById(id)?.focus(),
    );
  return (
    <div className="invitation">
      <label htmlFor={id}>Link to invite others</label>
      <div className="field-row">
        <input
          id={id}
          className="input"
          value={link}
          readOnly
          onFocus={(event) => event.target.select()}
        />
        <button className="button" onClick={() => void copy()}>
          Copy
        </button>
      </div>
    </div>
  );
}
