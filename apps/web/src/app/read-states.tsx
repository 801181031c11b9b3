import { type Failure } from './failure';

/** What a reader of records can do about a failure. */
const sentences: Readonly<Record<string, string>> = {
  UNAVAILABLE: 'The records cannot be read at the moment. Nothing is lost. Try again in a minute.',
};

export const sentenceOf = ({ code, message }: Failure) => sentences[code] ?? message;

interface UnreadProps {
  readonly failure: Failure;
  readonly retry: () => void;
}

/** Instead of what could not be read. */
export function Unread({ failure, retry }: UnreadProps) {
  return (
    <div className="unread" role="alert">
      <p className="error">{sentenceOf(failure)}</p>
      <button className="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <p className="loading" role="status">
      Loading {what}…
    </p>
  );
}

interface MoreProps {
  readonly more: (() => void) | undefined;
  readonly isReadingMore: boolean;
  readonly moreFailure: Failure | undefined;
}

/** Reads the next page of a list. */
export function More({ more, isReadingMore, moreFailure }: MoreProps) {
  return (
    <div className="more">
      {moreFailure && (
        <p className="error" role="alert">
          {sentenceOf(moreFailure)}
        </p>
      )}
      {more && (
        // Not disabled while it reads: that would take the focus away.
        <button
          className="button"
          aria-busy={isReadingMore}
          onClick={isReadingMore ? undefined : more}
        >
          {isReadingMore ? 'Loading…' : 'Show more'}
        </button>
      )}
    </div>
  );
}
