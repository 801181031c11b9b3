import path from 'node:path';
import { runService } from '@typerush/service-kit';
import { createApp } from './app';
import { configSchema } from './config';
import { openResults } from './outbox/open-results';
import { PracticeTickets } from './practice/practice-tickets';
import { SessionTokens } from './sessions/session-tokens';

/** Of SHUTDOWN_LIMIT, what is left for the last messages after races have been aborted. */
const lastWordsMs = 1_000;

void runService({
  name: 'game-service',
  schema: configSchema,
  env: process.env,
  async start({ config, logger, metrics, onClose }) {
    const { results, close } = await openResults(config, { logger, metrics });
    onClose('outbox', close);
    // A race must not end early or late because the system's clock is set.
    const now = () => performance.timeOrigin + performance.now();
    return createApp({
      sessions: new SessionTokens({
        secret: config.SESSION_SECRET,
        ttlMs: config.SESSION_TTL,
        now: Date.now,
      }),
      practiceTickets: new PracticeTickets({ secret: config.SESSION_SECRET, now }),
      logger,
      metrics,
      now,
      results,
      raceLimitMs: Math.max(0, config.SHUTDOWN_LIMIT - lastWordsMs),
      sessionsPerMinute: config.SESSIONS_PER_MINUTE,
      trustedProxies: config.TRUSTED_PROXIES,
      recordServiceUrl: config.RECORD_SERVICE_URL,
      // In the bundle, beside the folder of main.js.
      pageFolder: path.join(__dirname, '../public'),
    });
  },
});
