import { useEffect, useState } from 'react';

/**
 * The seconds until a time, rounded up; 0 from then on, and undefined before the first frame.
 *
 * @param now a clock; it must be the same function at each rendering
 */
export function useCountdown(now: () => number, at: number): number | undefined {
  const [seconds, setSeconds] = useState<number>();
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      setSeconds(Math.max(0, Math.ceil((at - now()) / 1_000)));
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [now, at]);
  return seconds;
}
