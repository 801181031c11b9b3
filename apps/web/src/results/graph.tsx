import 'uplot/dist/uPlot.min.css';
import { type SecondOfTyping } from '@typerush/typing';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useTheme } from '../app/theme';

const HEIGHT = 220;

/** Speed, raw speed and errors of each second. Loaded with the first result: uPlot is not needed before. */
export default function Graph({ seconds }: { readonly seconds: readonly SecondOfTyping[] }) {
  const place = useRef<HTMLDivElement>(null);
  const theme = useTheme();

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const draw = () => new uPlot(optionsOf(element), dataOf(seconds), element);
    let plot = draw();
    // The colours of a canvas do not follow the style sheet.
    const system = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => {
      plot.destroy();
      plot = draw();
    };
    system.addEventListener('change', redraw);
    const resizing = new ResizeObserver(() => {
      plot.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    resizing.observe(element);
    return () => {
      resizing.disconnect();
      system.removeEventListener('change', redraw);
      plot.destroy();
    };
  }, [seconds, theme]);

  const fastest = Math.max(...seconds.map(({ raw }) => raw));
  const errors = seconds.reduce((sum, second) => sum + second.errors, 0);
  return (
    <div
      className="graph"
      role="img"
      aria-label={`Speed over ${seconds.length} seconds: ends at ${seconds.at(-1)?.wpm ?? 0} words a minute, fastest second ${fastest}, ${errors} errors.`}
    >
      <div ref={place} />
      <p aria-hidden="true">
        <span className="key wpm">wpm</span>
        <span className="key raw">raw</span>
        <span className="key errors">errors</span>
      </p>
    </div>
  );
}

function dataOf(seconds: readonly SecondOfTyping[]): uPlot.AlignedData {
  return [
    seconds.map(({ second }) => second),
    seconds.map(({ raw }) => raw),
    seconds.map(({ wpm }) => wpm),
    seconds.map(({ errors }) => (errors > 0 ? errors : null)),
  ];
}

function optionsOf(element: HTMLElement): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--muted'),
    font: '13px Barlow, sans-serif',
    ticks: { show: false },
  };
  const grid = { stroke: color('--line'), width: 1 };
  const round = (_: uPlot, values: number[]) =>
    values.map((value) => (Number.isInteger(value) ? String(value) : ''));
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false },
      speed: { range: (_, _least, most) => [0, Math.max(20, most * 1.1)] },
      errors: { range: (_, _least, most) => [0, Math.max(4, most + 1)] },
    },
    axes: [
      { ...axis, grid: { show: false }, values: round },
      { ...axis, scale: 'speed', grid, size: 44 },
      { ...axis, scale: 'errors', side: 1, grid: { show: false }, values: round, size: 30 },
    ],
    series: [
      {},
      {
        scale: 'speed',
        stroke: color('--muted'),
        width: 1.5,
        dash: [4, 4],
        points: { show: false },
      },
      { scale: 'speed', stroke: color('--accent-text'), width: 2.5, points: { show: false } },
      {
        scale: 'errors',
        paths: () => null,
        points: { show: true, size: 8, fill: color('--error'), stroke: color('--error') },
      },
    ],
  };
}
