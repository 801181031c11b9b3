// Runs before the page is painted, so that it does not flash in the colours of the system. Plain, without imports: the
// page's own code is loaded after the first paint. The key and the values are those of theme.ts.
try {
  const theme = JSON.parse(globalThis.localStorage.getItem('typerush.theme'));
  if (theme === 'light' || theme === 'dark')
    globalThis.document.documentElement.dataset.theme = theme;
} catch {
  // Without storage, or with what another version wrote in it, the page follows the system.
}
