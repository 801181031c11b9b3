import { lazy, Suspense, useEffect, useRef } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { PracticePage } from '../practice/practice-page';
import { useSession } from '../session/session-store';
import { Announcer } from './announcer';
import { ErrorBoundary } from './error-boundary';
import { useTitle } from './use-title';
import { nextTheme, setTheme, useTheme } from './theme';

const RacePage = lazy(() => import('../race/race-page'));
const LeaderboardsPage = lazy(() => import('../records/leaderboards-page'));
const ProfilePage = lazy(() => import('../records/profile-page'));

/** Another page takes the focus, as a new document would, unless something in it has taken it. */
function useFocusOnNavigation(path: string): void {
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    const main = document.getElementById('main');
    if (!main?.contains(document.activeElement)) main?.focus();
  }, [path]);
}

export function App() {
  const [path] = useLocation();
  useFocusOnNavigation(path);
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
              <Route path="/leaderboards" component={LeaderboardsPage} />
              <Route path="/players/:playerId">
                {({ playerId }) => <ProfilePage key={playerId} playerId={playerId} />}
              </Route>
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </main>
      <Announcer />
    </>
  );
}

function NotFound() {
  useTitle('Page not found');
  return (
    <section className="panel">
      <h1>Page not found</h1>
      <p>There is nothing at this address.</p>
      <Link className="button primary" href="/">
        Practice
      </Link>
    </section>
  );
}

const pages = [
  { href: '/', name: 'Practice' },
  { href: '/race', name: 'Race' },
  { href: '/leaderboards', name: 'Leaderboards' },
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
          <Link
            className="player-link"
            href={`/players/${session.playerId}`}
            title="Your profile"
            aria-current={isCurrent(`/players/${session.playerId}`) ? 'page' : undefined}
          >
            <bdi>{session.name}</bdi>
          </Link>
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
