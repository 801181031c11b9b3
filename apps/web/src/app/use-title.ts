import { useEffect } from 'react';

/** Names the document after its page. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · TypeRush`;
  }, [title]);
}
