import { runService } from '@typerush/service-kit';
import { createApp } from './app';
import { configSchema } from './config';
import { SessionTokens } from './sessions/session-tokens';

void runService({
  name: 'game-service',
  schema: configSchema,
  env: process.env,
  start({ config, logger, metrics }) {
    const now = Date.now;
    return createApp({
      sessions: new SessionTokens({
        secret: config.SESSION_SECRET,
        ttlMs: config.SESSION_TTL,
        now,
      }),
      logger,
      metrics,
      now,
      sessionsPerMinute: config.SESSIONS_PER_MINUTE,
      trustedProxies: config.TRUSTED_PROXIES,
      recordServiceUrl: config.RECORD_SERVICE_URL,
    });
  },
});
