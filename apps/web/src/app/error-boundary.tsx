import { Component, type ReactNode } from 'react';

/** What is left of a page that failed: usually a part of it could not be loaded. */
export class ErrorBoundary extends Component<
  { readonly children: ReactNode },
  { hasFailed: boolean }
> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <section className="panel" role="alert">
        <h1>This page could not be shown</h1>
        <p>
          Either the connection was lost while it was loading, or it has a bug. Reload to try again.
        </p>
        <button className="button primary" onClick={() => location.reload()}>
          Reload
        </button>
      </section>
    );
  }
}
