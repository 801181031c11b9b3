import { type RequestHandler } from 'express';
import { type EventBridgeEvent, type PublishEvent } from './event';

const kept = 1_000;
/** A follower that lags behind by more bytes is disconnected. */
const maximumLag = 4 * 1024 * 1024;

/** The latest events, in memory. */
export interface EventLog {
  readonly publish: PublishEvent;
  /**
   * Answers the events as JSON lines; with `?follow` also each further one, until the client disconnects.
   */
  readonly handler: RequestHandler;
  /** Ends the responses that follow. */
  close(): void;
}

export function createEventLog(onLag: () => void): EventLog {
  const latest: EventBridgeEvent[] = [];
  const followers = new Set<{ write(line: string): void; end(): void }>();
  const lineOf = (event: EventBridgeEvent) => `${JSON.stringify(event)}\n`;
  return {
    publish: (event) => {
      latest.push(event);
      if (latest.length > kept) latest.shift();
      for (const follower of followers) follower.write(lineOf(event));
    },
    handler: (request, response) => {
      response.setHeader('content-type', 'application/x-ndjson');
      response.setHeader('cache-control', 'no-store');
      response.write(latest.map(lineOf).join(''));
      if (!('follow' in request.query)) return void response.end();
      response.flushHeaders();
      const follower = {
        write: (line: string) => {
          if (response.writableLength <= maximumLag) return void response.write(line);
          followers.delete(follower);
          onLag();
          response.destroy();
        },
        end: () => response.end(),
      };
      followers.add(follower);
      response.on('close', () => followers.delete(follower));
    },
    close: () => {
      for (const follower of followers) follower.end();
      followers.clear();
    },
  };
}
