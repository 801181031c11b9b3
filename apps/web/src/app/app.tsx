import { lazy, Suspense } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { PracticePage } from '../practice/practice-page';
import { useSession } from '../session/session-store';
import { Announcer } from './announcer';
import { ErrorBoundary } from './error-boundary';
import { nextTheme, setTheme, useTheme } from './theme';

const RacePage = lazy(() => import('../race/race-page'));

export function App() {
  const [path] = useLocation();
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        {/* Another page is a way on after one that failed. */}
        <ErrorBoundary key={path}>
          <Suspense fallback={<p className="loading">Loading…</p>}>
            <Switch>
              <Route path="/" component={PracticePage} />
              <Route path="/race/:code?">{({ code }) => <RacePage code={code} />}</Route>
              <Route>
                <section className="panel">
                  <h1>Page not found</h1>
                  <p>There is nothing at this address.</p>
                  <Link className="button primary" href="/">
                    Practice
                  </Link>
                </section>
              </Route>
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </main>
      <Announcer />
    </>
  );
}

const pages = [
  { href: '/', name: 'Practice' },
  { href: '/race', name: 'Race' },
];

function Header() {
  const [path] = useLocation();
  const { session } = useSession();
  const theme = useTheme();
  const isCurrent = (href: string) => (href === '/' ? path === '/' : path.startsWith(href));
  return (
    <header className="header">
      <Link className="wordmark" href="/" aria-label="TypeRush, practice">
        Type<span>Rush</span>
      </Link>
      <nav aria-label="Pages">
        {pages.map(({ href, name }) => (
          <Link key={href} href={href} aria-current={isCurrent(href) ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      <div className="header-end">
        {session && (
          <span className="player-link" title={session.name}>
            <bdi>{session.name}</bdi>
          </span>
        )}
        <button
          className="button quiet"
          onClick={() => setTheme(nextTheme(theme))}
          aria-label={`Colours: ${theme}. Change`}
        >
          <span aria-hidden="true">{{ system: '◐', light: '○', dark: '●' }[theme]}</span> {theme}
        </button>
      </div>
    </header>
  );
}
