import { create } from 'zustand';
import { stored } from './stored';

const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const isTheme = (value: unknown): value is Theme => themes.includes(value as Theme);
/** Read before the first paint by early-theme.js, too. */
const kept = stored(() => localStorage, 'typerush.theme', isTheme);

export const useTheme = create<Theme>(() => kept.read() ?? 'system');

export function nextTheme(theme: Theme): Theme {
  return themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
}

export function setTheme(theme: Theme): void {
  useTheme.setState(theme, true);
  kept.write(theme === 'system' ? undefined : theme);
  applyTheme();
}

/** Without the attribute the style sheet follows the system. */
function applyTheme(): void {
  const theme = useTheme.getState();
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}
