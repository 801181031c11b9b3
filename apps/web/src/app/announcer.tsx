import { create } from 'zustand';

const useAnnouncement = create(() => ({ text: '', count: 0 }));

/** Has a screen reader read a sentence. */
export function announce(text: string): void {
  useAnnouncement.setState(({ count }) => ({ text, count: count + 1 }));
}

export function Announcer() {
  const { text, count } = useAnnouncement();
  return (
    <p className="sr-only" role="status" data-testid="announcer">
      {/* The same sentence twice is read twice. */}
      <span key={count}>{text}</span>
    </p>
  );
}
